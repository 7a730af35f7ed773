import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TrailEvent } from "../../shared/domain/trail-event.ts";
import { refusedRecord } from "../../shared/intake/refused-records.ts";
import { takeIn } from "../../shared/intake/take-in.ts";
import { deadEvent, deadLetter, deadRecord } from "../../shared/ledger/dead-letters.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { deadLetterMessage } from "../../shared/response/messages/dead-letter-message.ts";
import type { Store } from "./journal-tools.ts";
import { accountId, newStore, verify } from "./journal-tools.ts";

let on: Store;
beforeEach(() => {
  on = newStore();
});
afterEach(async () => {
  const { flaws } = await verify(on);
  on.state.close();
  expect(flaws).toEqual([]);
});

const recordOf = (payload: unknown) =>
  takeIn(payload).refusals.map((refusal) => deadRecord(refusal.where, refusal.reason, refusedRecord(refusal)));

/** Records in whatever may stand around them. */
const anyWrapping = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<unknown>({ moon: 1 }, { eventName: "X" }, 5, "text"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom("data", "Data", "event", "events", "Logs", "body", "statusCode", "id", "time", "event.eventName"),
      tie("value"),
      { maxKeys: 4 },
    ),
    tie("value").map((value) => JSON.stringify(value)),
  ),
})).value;

describe("what is kept of a record", () => {
  test("is what it takes to be refused again, whatever the payload", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.string(), anyWrapping), (payload) => {
        for (const { value, reason, altered } of recordOf(payload)) {
          if (value === undefined || altered) continue;
          const again = takeIn(value).refusals;
          // A text that is a whole payload is read another way than one inside of one: piece by piece.
          if (typeof value === "string") expect(again.length).toBeGreaterThan(0);
          else expect(again.map((one) => one.reason)).toEqual([reason]);
        }
      }),
      { numRuns: 600 },
    );
  });

  test("has the envelope that it came in", () => {
    const cut = { eventName: "UpdateRole", eventId: "e" };
    const [record] = recordOf({
      specversion: "1.0",
      aliyunaccountid: accountId,
      time: "2026-11-22T00:00:00Z",
      data: cut,
    });
    expect(record?.value).toMatchObject({ aliyunaccountid: accountId, time: "2026-11-22T00:00:00Z", data: cut });
  });

  const cut = { eventName: "UpdateRole", eventId: "e" };
  const around = { id: "x-1", source: "acs.ram", type: "ram:ActionTrail:ApiCall", extra: { kept: true } };
  test.each([
    ["an envelope", { ...around, data: cut }, [{ ...around, data: cut }]],
    ["an envelope in an answer", { statusCode: 200, body: { ...around, data: cut } }, undefined],
    [
      "an envelope of several",
      { ...around, data: [cut, { moon: 1 }] },
      [
        { ...around, data: cut },
        { ...around, data: { moon: 1 } },
      ],
    ],
    ["a list of envelopes", [{ ...around, Data: JSON.stringify(cut) }], [{ ...around, Data: cut }]],
    ["an envelope of text", { ...around, data: "no event" }, undefined],
    ["columns", { __time__: 5, "event.eventName": "UpdateRole", other: "x" }, undefined],
    ["pairs", { time: 5, contents: [{ key: "eventName", value: "UpdateRole" }] }, undefined],
    ["a list, beside which stands nothing of its records", { NextToken: "t", Events: [cut] }, [cut]],
  ])("is all that came around it: %s", (_, payload, kept) => {
    const records = recordOf(payload);
    expect(records.map(({ value }) => value)).toEqual(kept ?? [payload]);
    expect(records.map(({ altered }) => altered)).toEqual(records.map(() => false));
  });

  test.each([
    ["by name", { eventName: "X", NewPassword: "hunter2-hunter2" }],
    ["by name, in JSON within a text", { eventName: "X", requestParameterJson: '{"Password":"hunter2-hunter2"}' }],
    ["by name, in JSON within JSON", { eventName: "X", a: JSON.stringify({ b: '{"Secret":"hunter2-hunter2"}' }) }],
    ["by name, in a text that was cut off", '{"eventName":"X","NewPassword":"hunter2-hunter2","oth'],
    ["by name, quoted twice, cut off", '"{\\"eventName\\":\\"X\\",\\"Base32StringSeed\\":\\"hunter2-hunter2\\",\\"oth'],
    ["by its shape", { eventName: "X", note: "STS.hunter2hunter2" }],
  ])("lacks a secret: %s", (_, payload) => {
    const records = recordOf(payload);
    expect(records).toMatchObject([{ altered: true }]);
    expect(JSON.stringify(records)).not.toContain("hunter2");
  });

  test("is nothing of a record that is too large, or that cannot be read", () => {
    expect(deadRecord("$", "is odd", "x".repeat(200_000))).toEqual({
      where: "$",
      reason: "is odd",
      form: "record",
      altered: false,
    });
    let deep: unknown = [];
    for (let depth = 0; depth < 50_000; depth += 1) deep = [deep];
    expect(deadRecord("$", "is odd", deep)).not.toHaveProperty("value");
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    for (const value of [undefined, cycle, 5n]) expect(deadRecord("$", "is odd", value)).not.toHaveProperty("value");
  });

  test.each(["x", "password", "a.b", "token ", "\\\\", "https://", "A1b", "CAIa/", '{"a":'])(
    "is found without delay, however often a text holds %j",
    (piece) => {
      const from = performance.now();
      deadRecord("$", "is odd", piece.repeat(Math.floor(60_000 / piece.length)));
      expect(performance.now() - from).toBeLessThan(3_000);
    },
  );

  test("keeps names and documents of an event exactly", () => {
    const document =
      '{"Statement":[{"Condition":{"StringEquals":{"oidc:iss":["https://oidc.example.com/id/AB12CD34EF56"]}}}]}';
    const event = { eventId: "e", claimed: { kind: "role-trust", document } } as unknown as TrailEvent;
    expect(deadEvent("could not be handled", event)).toMatchObject({ altered: false, value: event });
  });
});

describe("the list", () => {
  const letter = (values: readonly unknown[]) =>
    deadLetter(
      "not-understood",
      values.map((value, at) => deadRecord(`$[${at}]`, "is odd", value)),
      on.clock.now(),
    );

  test("has a letter once, tells of it first, and once", async () => {
    const ledger = openLedger(on.state, on.clock, accountId);
    const told: string[] = [];
    const keep = async (values: readonly unknown[]) => {
      const one = letter(values);
      return ledger.keepDead(one, async () => {
        expect(await ledger.deadLetterOf(one.id)).toBeUndefined();
        told.push(one.id);
      });
    };
    expect(await keep([1])).toBe(true);
    on.clock.advance(1_000);
    expect(await keep([2])).toBe(true);
    expect(await keep([1])).toBe(false);
    expect(told).toHaveLength(2);
    expect((await ledger.deadLetters()).map((row) => row.letter.records[0]?.value)).toEqual([1, 2]);
  });

  test("counts what it cannot keep, and says that it is left", async () => {
    const many = letter(Array.from({ length: 30 }, (_, at) => `${at} ${"x".repeat(100_000)}`));
    expect(many.count).toBe(30);
    expect(many.records.length).toBeLessThan(10);
    const ledger = openLedger(on.state, on.clock, accountId);
    await ledger.keepDead(many, async () => undefined);
    const row = await ledger.deadLetterOf(many.id);
    if (row === undefined) throw new Error("no letter");
    await ledger.noteReplay(row, [], row.letter.records.length);
    const left = await ledger.deadLetterOf(many.id);
    expect(left?.letter).toMatchObject({ count: 30 - many.records.length, records: [] });
  });
});

describe("what is told of a letter", () => {
  const records = Array.from({ length: 7 }, (_, at) =>
    deadRecord(`$[${at}] <b>`, `\`evil.example\` ${at}`, `held ${at}`),
  );
  const letter = deadLetter("not-understood", records, 0);

  test.each(["en", "zh-CN"] as const)("says where and why, not what was held (%s)", (language) => {
    const message = deadLetterMessage(letter, { language, timeZone: "UTC" });
    expect(JSON.stringify(message)).not.toContain("held");
    expect(message.id).toBe(`dead-${letter.id}`);
    expect(message.fields).toHaveLength(7);
    expect(message.fields[0]?.value).toEqual([{ untrusted: "$[0] <b>" }, ": ", { untrusted: "`evil.example` 0" }]);
    expect(message.data).toMatchObject({ deadLetter: letter.id, count: 7 });
  });
});
