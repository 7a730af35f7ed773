import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { octetsOf, skipSpace, skipValue } from "../../shared/intake/json-skip.ts";
import { skim } from "../../shared/intake/skim.ts";
import { takeIn, takeInWhole } from "../../shared/intake/take-in.ts";
import { attachToUser, cloudEvent, event, slsRecord, updateRole } from "./synthetic.ts";

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const skips = (text: string): boolean => {
  const octets = octetsOf(Buffer.from(text));
  const end = skipValue(octets, skipSpace(octets, 0));
  return end !== -1 && skipSpace(octets, end) === octets.bytes.length;
};

/** JSON that is nearly right: one character of it changed, lost or doubled. */
const nearlyJson = fc
  .tuple(
    fc.json({ maxDepth: 4 }),
    fc.nat(),
    fc.constantFrom("", '"', "\\", "{", "}", "[", "]", ",", ":", "0", "-", ".", "e", "u", " ", "\n", "\u0001", "t"),
  )
  .map(([text, place, put]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + put + text.slice(at + (place % 2));
  });

describe("walking over JSON", () => {
  test.each([
    ...[
      "1",
      "-0",
      "0.5e+10",
      "-1E3",
      '"\\u00e9\\n\\/"',
      "[]",
      "{}",
      "[1,[],{}]",
      ' {"a" : [ true , null ] } ',
      '"é"',
      "[\t1\r\n]",
    ],
    ...[
      "",
      "01",
      "1.",
      ".5",
      "-",
      "+1",
      "1e",
      '"\\x"',
      '"\\u12g4"',
      '"a',
      '"\n"',
      "[1,]",
      "[,]",
      "{,}",
      '{"a"}',
      '{"a":}',
      '{"a":1,}',
      "{a:1}",
      "tru",
      "nul",
      "truefalse",
      "[1 2]",
      "]",
      "NaN",
      "'a'",
      '{"a":1 "b":2}',
      "\u00a0 1",
      "[1]]",
    ],
  ])("accepts %j exactly when JSON.parse does", (text) => {
    expect(skips(text)).toBe(parses(text));
  });

  test("accepts what JSON.parse accepts, and nothing else", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), nearlyJson, fc.string()), (text) => {
        expect(skips(text)).toBe(parses(text));
      }),
      { numRuns: 1000 },
    );
  });
});

const services = fc.constantFrom(
  "Ecs",
  "Oss",
  "Ram",
  "Ims",
  "ResourceManager",
  "ram",
  " Ecs ",
  "",
  "R\u0061m",
  "Tag",
  "Sts",
  "Ecs\u00e9",
  'E"c',
  7,
  null,
);
const names = fc.constantFrom(
  "RunInstances",
  "UpdateRole",
  "AttachPolicyToUser",
  "AttachPolicy",
  "CreateUser",
  "",
  'a"b',
  1,
  null,
);
const keys = fc.constantFrom(
  "serviceName",
  "eventName",
  "eventId",
  "ServiceName",
  "EventName",
  "requestParameters",
  "data",
  "event",
  "Events",
  "events",
  "type",
  "x",
  "Data",
  "logs",
);

const text = (value: unknown): fc.Arbitrary<string> =>
  fc.constantFrom(JSON.stringify(value), JSON.stringify(value, null, 2), JSON.stringify(value, null, "\t"));

/** Some letters of a text's keys and words written as escapes, which only a parser reads. */
const escaped = (value: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    value,
    value.replace("serviceName", "service\\u004eame"),
    value.replace('"Ram"', '"\\u0052am"'),
    value.replace("eventName", "\\u0065ventName"),
    value.replace('"data"', '"d\\u0061ta"'),
  );

const someRecord = fc.oneof(
  fc.constantFrom<unknown>(
    updateRole(),
    attachToUser(),
    event("Ecs", "RunInstances"),
    event("Ram", "GetRole"),
    {},
    null,
    [],
    3,
  ),
  fc.record(
    { serviceName: services, eventName: names, eventId: fc.constantFrom("e", 5, "", null, "é", "x".repeat(250)) },
    { requiredKeys: [] },
  ),
  fc.dictionary(keys, fc.oneof(services, names, fc.jsonValue({ maxDepth: 2 }))),
);
const wrapped = fc.tuple(someRecord, someRecord, fc.nat(9)).map(([record, other, way]) => {
  switch (way) {
    case 0:
      return cloudEvent(record);
    case 1:
      return cloudEvent(JSON.stringify(record));
    case 2:
      return slsRecord(record);
    case 3:
      return { type: "mns:Queue:SendMessage", aliyunaccountid: "7", Events: [record, other] };
    case 4:
      return { event: record, data: other };
    case 5:
      return { data: record, event: other };
    default:
      return record;
  }
});
const payload = fc.oneof(
  fc.array(wrapped, { maxLength: 6 }).chain(text),
  wrapped.chain(text),
  fc
    .array(wrapped, { maxLength: 5 })
    .map((records) => ({ RequestId: "r", Events: records }))
    .chain(text),
  fc.array(wrapped, { maxLength: 5 }).map((records) => records.map((record) => JSON.stringify(record)).join("\n")),
  // Duplicate keys: the last one counts.
  fc.tuple(someRecord, someRecord).map((pair) =>
    pair
      .map((record) => JSON.stringify(record))
      .join("")
      .replace("}{", ",")
      .replace("{,", "{")
      .replace(",}", "}"),
  ),
);

describe("the cheap look", () => {
  test("sorts every payload as the full way does", () => {
    fc.assert(
      fc.property(payload.chain(escaped), (given) => {
        expect(takeIn(given)).toEqual(takeInWhole(given));
      }),
      { numRuns: 1500 },
    );
  });

  test("sorts damaged payloads as the full way does", () => {
    fc.assert(
      fc.property(
        payload,
        fc.nat(),
        fc.constantFrom("", "\\", '"', "}", ",", "\n", "\u00e9", "\ufffd"),
        (given, place, put) => {
          const at = place % (given.length + 1);
          const damaged = given.slice(0, at) + put + given.slice(at + (place % 3));
          expect(takeIn(damaged)).toEqual(takeInWhole(damaged));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("sorts a large feed as the full way does, whatever the share of ours", () => {
    const feed = (share: number): string =>
      JSON.stringify(
        Array.from({ length: 400 }, (_, index) =>
          index % share === 0
            ? attachToUser({ eventId: `e${index}`, requestId: `e${index}` })
            : event("Ecs", "RunInstances", { eventId: `e${index}` }),
        ),
      );
    for (const share of [1, 2, 3, 50, 1000]) {
      const intake = takeIn(feed(share));
      expect(intake).toEqual(takeInWhole(feed(share)));
      expect(intake.events.length + intake.passedOver.length).toBe(400);
    }
  });

  test("is taken for foreign feeds of every shape, and left for what it cannot tell", () => {
    const ecs = event("Ecs", "RunInstances");
    const cheap = (value: unknown): boolean => skim(Buffer.from(JSON.stringify(value)), "$") !== undefined;
    for (const value of [ecs, [ecs, ecs], cloudEvent(ecs), [slsRecord(ecs)], { Events: [ecs] }])
      expect(cheap(value)).toBe(true);
    expect(skim(Buffer.from(`${JSON.stringify(ecs)}\n${JSON.stringify(ecs)}\n`), "$")).toBeDefined();
    expect(cheap(updateRole())).toBe(false);
    expect(skim(Buffer.from(`[${JSON.stringify(ecs)},{]`), "$")).toBeUndefined();
  });
});
