import type { Actor } from "../domain/identity.ts";
import { actorKey, actorText } from "../domain/identity.ts";
import type { Json } from "../domain/json.ts";
import { namesIn, subjectKey, subjectText, touchedBy } from "../domain/kinds.ts";
import type { SubjectRef } from "../domain/subject.ts";
import { type Row, type StateStore, StoreUnavailable } from "../ports/state-store.ts";
import type { Log } from "../ports/world.ts";
import type { RowKind } from "./keys.ts";

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const number: Check = (value) => typeof value === "number" && Number.isFinite(value);
const truth: Check = (value) => typeof value === "boolean";
const list =
  (each: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(each);
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const object =
  (members: { readonly [name: string]: Check }): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(members).every(([name, check]) => check((value as { readonly [name: string]: unknown })[name]));

const some = object({});
const kinded = object({ kind: text });
const trust = object({ kind: text, roleName: text, roleId: text, document: text });
const state: Check = (value) =>
  (kinded(value) && (value as { kind: string }).kind === "role-trust" ? trust : kinded)(value);

/** Whether everything that is asked of a value can be told of it: a form that nothing was made for makes its readers throw. */
const answers =
  <Value>(...asked: readonly ((value: Value) => unknown)[]): Check =>
  (value) => {
    try {
      for (const ask of asked) ask(value as Value);
      return true;
    } catch {
      return false;
    }
  };
const both =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.every((check) => check(value));
const subject = both(kinded, answers<SubjectRef>(subjectKey, subjectText, namesIn, touchedBy));
const actor = both(kinded, answers<Actor>(actorKey, actorText));
const remediation = object({ subject, expects: text, calls: list(object({ service: text, operation: text })) });

const occasion = object({
  eventId: text,
  operation: text,
  occurredAt: number,
  accountId: text,
  actor: maybe(actor),
  subject,
});
const baseline = { state, since: number, source: text };
const change = object({
  eventId: text,
  requestId: text,
  operation: text,
  occurredAt: number,
  notedAt: number,
  actor,
  subject,
  effect: text,
  broke: list(object({ rule: text, severity: text })),
  undoes: maybe(text),
});

/** As much of each kind of row as its readers lean on. */
const checks: { readonly [kind in RowKind]: Check } = {
  event: object({ eventId: text, outcome: text, incidentId: maybe(text) }),
  incident: object({
    id: text,
    accountId: text,
    status: text,
    openedAt: number,
    events: list(object({ eventId: text, operation: text, occurredAt: number })),
    subject,
    actor: maybe(actor),
    remediation: maybe(remediation),
    findings: list(object({ rule: text, title: some, verdict: kinded })),
    response: text,
    outcome: maybe(kinded),
    callsMade: list(object({ call: some, at: number })),
  }),
  lease: object({ incidentId: text, until: number, left: maybe(list(text)) }),
  ours: object({ incidentId: text, operation: text, by: some }),
  baseline: object({ ...baseline, earlier: maybe(object(baseline)) }),
  last: object({
    incidentId: text,
    openedAt: number,
    settledAt: number,
    seenAt: maybe(number),
    wroteAt: maybe(number),
    outcome: text,
    left: text,
  }),
  waiting: occasion,
  outbox: object({
    message: object({
      id: text,
      incidentId: text,
      severity: text,
      title: list(() => true),
      fields: list(some),
      data: some,
    }),
    channel: text,
    attempts: number,
    since: number,
    dueAt: number,
    mayHaveArrived: truth,
  }),
  told: object({ outcome: text }),
  limit: list(number),
  budget: list(object({ id: text, at: number })),
  // A switch that nobody can read is thrown all the same: it must never read as absent.
  switch: () => true,
  dead: object({
    id: text,
    at: number,
    cause: text,
    count: number,
    records: list(object({ reason: text, form: text })),
  }),
  // An entry is never written over, whatever it has become: that is for its verification to find.
  journal: () => true,
  "journal-head": object({
    seq: number,
    hash: text,
    at: number,
    recorded: number,
    from: object({ seq: number, previous: text }),
  }),
  cursor: some,
  deferred: object({ record: some, since: number, because: text, tries: maybe(number), dueAt: maybe(number) }),
  drift: object({ subject, live: text, since: number, done: truth, tries: maybe(number), dueAt: maybe(number) }),
  heartbeat: object({ at: number }),
  recheck: object({ event: occasion, dueAt: number, tries: maybe(number) }),
  // One that nobody can read may have covered anything: it must never read as absent.
  exemption: () => true,
  "let-be": object({ event: occasion, before: some, exemptions: list(text) }),
  recent: list(change),
  renamed: list(object({ to: text, at: number })),
  vanished: object({ event: occasion }),
  coming: list(object({ at: number, effect: text, eventId: text, incidentId: maybe(text) })),
  chain: object({
    rule: text,
    incidentId: text,
    openedAt: number,
    target: subject,
    finding: object({ rule: text, title: some, verdict: kinded }),
    pieces: list(change),
    over: list(text),
    by: some,
    due: truth,
    told: number,
    toldPieces: number,
    toldAt: maybe(number),
    toldOpen: maybe(truth),
    more: maybe(object({ count: number, open: number, ids: list(text) })),
    standing: maybe(some),
  }),
};

/** Another may write a row over at the same time; but a row that none can must not be tried for ever. */
const mostRounds = 8;

const kindOf = (key: string): string => key.slice(0, key.indexOf("/"));

const isSound = (key: string, value: Json): boolean => {
  const kind = kindOf(key);
  return !Object.hasOwn(checks, kind) || checks[kind as RowKind](value);
};

/**
 * A state store whose rows have the form that their readers expect: a row of another form, of a hand that meddled or a
 * version to come, or cut short, reads as absent and may be written over, so that one of them cannot stop the guard. Each is
 * logged, and `onOdd` sees its kind.
 */
export const checkedRows = (
  state: StateStore,
  log: Log,
  onOdd: (kind: string) => void = () => undefined,
): StateStore => {
  const sound = (row: Row): boolean => {
    if (isSound(row.key, row.value)) return true;
    log("error", "a row of the state store is not of its kind's form and counts as absent", { kind: kindOf(row.key) });
    onOdd(kindOf(row.key));
    return false;
  };
  return {
    get: async (key) => {
      const row = await state.get(key);
      return row !== undefined && sound(row) ? row : undefined;
    },
    putIfAbsent: async (key, value, expiry) => {
      for (let round = 0; round < mostRounds; round += 1) {
        const put = await state.putIfAbsent(key, value, expiry);
        if (put.written || sound(put.row)) return put;
        const swap = await state.compareAndSet(key, put.row.version, value, expiry);
        if (swap.written) return swap;
      }
      throw new StoreUnavailable(`a row of another form could not be written over in ${mostRounds} rounds`);
    },
    list: async (prefix, page) => {
      const listed = await state.list(prefix, page);
      return { ...listed, rows: listed.rows.filter(sound) };
    },
    compareAndSet: state.compareAndSet,
    delete: state.delete,
  };
};
