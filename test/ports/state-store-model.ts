import fc from "fast-check";
import { expect } from "vitest";
import type { Json } from "../../shared/domain/json.ts";
import { type Row, type StateStore, StoreUnavailable } from "../../shared/ports/state-store.ts";
import type { ManualClock } from "./manual-clock.ts";

/** What a store should hold: every row ever written and not deleted, expired ones too. */
export type Model = { readonly rows: Map<string, Row>; now: number };

/** The store under test. `settle` is called before the truth is looked up after a rejected write. */
export type Real = { readonly store: StateStore; readonly clock: ManualClock; readonly settle: () => void };

type Command = fc.AsyncCommand<Model, Real>;

const live = (model: Model, key: string): Row | undefined => {
  const row = model.rows.get(key);
  return row === undefined || (row.expiresAt !== undefined && row.expiresAt * 1000 <= model.now) ? undefined : row;
};

const expiry = (model: Model, seconds: number | undefined): { readonly expiresAt?: number } =>
  seconds === undefined ? {} : { expiresAt: Math.floor(model.now / 1000) + seconds };

/**
 * Runs a write. A store that could not tell may reject; then what it holds must be what was there before or what the
 * write would have made, and the model goes on from there.
 */
const attempt = async <Answer>(
  model: Model,
  real: Real,
  key: string,
  write: () => Promise<Answer>,
  expected: Answer,
  then: Row | undefined,
): Promise<void> => {
  const before = model.rows.get(key);
  const settled = (row: Row | undefined): void => {
    if (row === undefined) model.rows.delete(key);
    else model.rows.set(key, row);
  };
  try {
    expect(await write()).toEqual(expected);
    settled(then);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    real.settle();
    const held = await real.store.get(key);
    const seen = (row: Row | undefined): Row | undefined =>
      row?.expiresAt !== undefined && row.expiresAt * 1000 <= model.now ? undefined : row;
    expect([seen(before), seen(then)]).toContainEqual(held);
    settled(JSON.stringify(held) === JSON.stringify(seen(before)) ? before : then);
  }
};

/** A read that was not answered is asked again: it changes nothing. */
const answered = async <Answer>(read: () => Promise<Answer>): Promise<Answer> => {
  for (let left = 20; ; left -= 1) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || left === 0) throw error;
    }
  }
};

const command = (text: string, run: (model: Model, real: Real) => Promise<void>): Command => ({
  check: () => true,
  run,
  toString: () => text,
});

const get = (key: string): Command =>
  command(`get(${JSON.stringify(key)})`, async (model, real) => {
    expect(await answered(() => real.store.get(key))).toEqual(live(model, key));
  });

const putIfAbsent = (key: string, value: Json, seconds: number | undefined): Command =>
  command(`putIfAbsent(${JSON.stringify(key)}, ${JSON.stringify(value)}, ${seconds})`, async (model, real) => {
    const found = live(model, key);
    const version = (model.rows.get(key)?.version ?? 0) + 1;
    const expires = expiry(model, seconds);
    const write = (): Promise<unknown> => real.store.putIfAbsent(key, value, expires);
    if (found !== undefined) await attempt(model, real, key, write, { written: false, row: found }, found);
    else await attempt(model, real, key, write, { written: true, version }, { key, value, version, ...expires });
  });

const compareAndSet = (key: string, off: number, value: Json, seconds: number | undefined): Command =>
  command(
    `compareAndSet(${JSON.stringify(key)}, +${off}, ${JSON.stringify(value)}, ${seconds})`,
    async (model, real) => {
      const kept = model.rows.get(key);
      const version = (kept?.version ?? 1) + off;
      const holds = live(model, key)?.version === version;
      const expires = expiry(model, seconds);
      const next: Row = { key, value, version: version + 1, ...expires };
      const expected = holds ? { written: true, version: version + 1 } : { written: false };
      const write = (): Promise<unknown> => real.store.compareAndSet(key, version, value, expires);
      await attempt(model, real, key, write, expected, holds ? next : kept);
    },
  );

const remove = (key: string, off: number): Command =>
  command(`delete(${JSON.stringify(key)}, +${off})`, async (model, real) => {
    const kept = model.rows.get(key);
    const version = (kept?.version ?? 1) + off;
    const holds = live(model, key)?.version === version;
    await attempt<boolean>(model, real, key, () => real.store.delete(key, version), holds, holds ? undefined : kept);
  });

const list = (prefix: string, after: string | undefined, limit: number): Command =>
  command(`list(${JSON.stringify(prefix)}, ${JSON.stringify(after)}, ${limit})`, async (model, real) => {
    const bytes = (text: string): Buffer => Buffer.from(text);
    const matching = [...model.rows.keys()]
      .filter((key) => live(model, key) !== undefined && key.startsWith(prefix))
      .filter((key) => after === undefined || bytes(key).compare(bytes(after)) > 0)
      .sort((a, b) => bytes(a).compare(bytes(b)));
    const rows = matching.slice(0, limit).map((key) => model.rows.get(key));
    const next = matching.length > limit ? rows.at(-1)?.key : undefined;
    const page = await answered(() => real.store.list(prefix, after === undefined ? { limit } : { after, limit }));
    expect(page).toEqual(next === undefined ? { rows } : { rows, next });
  });

const advance = (seconds: number): Command =>
  command(`advance(${seconds} s)`, async (model, real) => {
    real.clock.advance(seconds * 1000);
    model.now = real.clock.now();
  });

/** Keys that a store may confuse: LIKE's wildcards, case, the orders of UTF-16 and UTF-8, NUL, neighbouring partitions. */
const keys = [
  "lease/1/a",
  "lease/1/A",
  "lease/1/a%",
  "lease/1/a_b",
  "lease/1/a\u0000b",
  "lease/1/aab",
  "lease/1/\uffee",
  "lease/1/😀",
  "lease/1/策略/角色",
  "lease/10/a",
  "lease/1 /a",
  "leas_/1/a",
];
const prefixes = [
  "lease/1/",
  "lease/1/a",
  "lease/1/a%",
  "lease/1/a_",
  "lease/1/\uffee",
  "lease/1/😀",
  "lease/10/",
  "lease/2/",
];

const value = fc.jsonValue({ maxDepth: 2 }).map((json) => JSON.parse(JSON.stringify(json)) as Json);
const key = fc.constantFrom(...keys);
const seconds = fc.option(fc.integer({ min: -2, max: 5 }), { nil: undefined });
const off = fc.constantFrom(0, 0, 0, -1, 1);

/** Any sequence of calls of the port, with time passing between them. */
export const anyCommands = (maxCommands: number): fc.Arbitrary<Iterable<Command>> =>
  fc.commands(
    [
      key.map(get),
      fc.tuple(key, value, seconds).map(([k, v, s]) => putIfAbsent(k, v, s)),
      fc.tuple(key, value, seconds).map(([k, v, s]) => putIfAbsent(k, v, s)),
      fc.tuple(key, off, value, seconds).map(([k, o, v, s]) => compareAndSet(k, o, v, s)),
      fc.tuple(key, off).map(([k, o]) => remove(k, o)),
      fc
        .tuple(fc.constantFrom(...prefixes), fc.option(key, { nil: undefined }), fc.integer({ min: 1, max: 4 }))
        .map(([p, a, l]) => list(p, a, l)),
      fc.integer({ min: 1, max: 4 }).map(advance),
    ],
    { maxCommands },
  );
