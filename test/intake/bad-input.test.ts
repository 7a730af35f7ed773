import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { takeIn } from "../../shared/intake/take-in.ts";
import { attachToUser, cloudEvent, createAccessKey, event, type Raw, slsRecord, updateRole } from "./synthetic.ts";

const count = (payload: unknown): number => {
  const { events, passedOver, refusals } = takeIn(payload);
  return events.length + passedOver.length + refusals.length;
};

/** Values of every kind in the places that intake reads. */
const key = fc.constantFrom(
  "serviceName",
  "eventName",
  "eventId",
  "eventRW",
  "eventType",
  "eventCategory",
  "eventTime",
  "errorCode",
  "errorMessage",
  "requestId",
  "requestParameters",
  "responseElements",
  "userIdentity",
  "recipientAccountId",
  "data",
  "event",
  "Events",
  "logs",
  "contents",
  "body",
  "statusCode",
  "type",
  "userName",
  "UserName",
  "RoleName",
  "Role",
  "AccessKey",
  "__proto__",
  "toString",
);
const word = fc.constantFrom(
  "Ram",
  "Ims",
  "Ecs",
  "UpdateRole",
  "CreateAccessKey",
  "AttachPolicyToUser",
  "Read",
  "",
  "{}",
  "[]",
  "null",
);
const odd = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    word,
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true, withNullPrototype: true }),
    fc.dictionary(key, tie("value")),
    fc.array(tie("value"), { maxLength: 4 }),
  ),
})).value;

describe("whatever comes", () => {
  test("any value: never throws", () => {
    fc.assert(
      fc.property(odd, (value) => {
        expect(() => takeIn(value)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  test("any bytes and any text: never throws, and is accounted for", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: "binary" })), (payload) => {
        const empty = count(payload) === 0;
        if (empty) expect(Buffer.from(payload as string).toString()).toMatch(/\[\s*\]/);
      }),
      { numRuns: 500 },
    );
  });

  test("any list of records: each is in exactly one of the three", () => {
    const record = fc.oneof(
      fc.constantFrom(
        updateRole(),
        attachToUser(),
        event("Ecs", "X"),
        event("Ram", "GetRole"),
        {},
        null,
        7,
        "text",
        [],
      ),
      fc.dictionary(
        fc.constantFrom("serviceName", "eventName", "eventId", "errorCode", "requestParameters", "x"),
        fc.jsonValue(),
      ),
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), (records) => {
        const wanted = records.filter((one) => !Array.isArray(one)).length;
        expect(count(records)).toBe(wanted);
        expect(count(JSON.stringify(records))).toBe(wanted);
        expect(count({ Events: records })).toBe(wanted);
        const places = [...takeIn(records).passedOver, ...takeIn(records).refusals].map(({ where }) => where);
        expect(new Set(places).size).toBe(places.length);
      }),
      { numRuns: 300 },
    );
  });

  test("values that no JSON holds", () => {
    const cyclic: { [name: string]: unknown } = { specversion: "1.0" };
    cyclic.data = cyclic;
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const throwing = new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
        ownKeys: () => {
          throw new Error("no");
        },
      },
    );
    let deep: unknown = {};
    for (let level = 0; level < 50_000; level++) deep = level % 2 === 0 ? [deep] : { data: deep };
    for (const value of [
      cyclic,
      revoked.proxy,
      throwing,
      deep,
      undefined,
      10n,
      Symbol("s"),
      () => 1,
      new Map(),
      new Date(),
      new ArrayBuffer(3),
    ]) {
      expect(takeIn(value).refusals).toHaveLength(1);
      expect(takeIn([value, attachToUser()]).events).toHaveLength(1);
    }
    expect(takeIn(`${"[".repeat(100_000)}${"]".repeat(100_000)}`).refusals).toHaveLength(1);
    expect(takeIn("[".repeat(100_000)).refusals).toHaveLength(1);
  });
});

describe("secrets", () => {
  const secrets = ["hunter2-password", "the-secret-of-the-new-key", "CAIS-security-token", "123456-code"];
  const secretRequest = {
    Password: secrets[0],
    SecurityToken: secrets[2],
    AuthenticationCode1: secrets[3],
    AccessKeySecret: secrets[1],
  };
  const records: readonly Raw[] = [
    createAccessKey("Ram", { UserName: "alice", ...secretRequest }),
    createAccessKey("Ram", secretRequest, { userIdentity: undefined }),
    updateRole({ requestParameters: secretRequest, responseElements: secretRequest }),
    event("Ram", "CreateLoginProfile", { requestParameters: secretRequest }),
    event("Ims", "ChangePassword", { errorCode: "Denied", errorMessage: secrets[0], requestParameters: secretRequest }),
    { Password: secrets[0], data: secrets[1] },
    { eventName: "CreateLoginProfile", requestParameters: secretRequest },
    slsRecord(event("Ims", "CreateVirtualMFADevice", { requestParameters: secretRequest })),
    cloudEvent(`{"Password":"${secrets[0]}"`),
  ];

  test.each(records.map((record, index) => [index, record] as const))("record %i: none comes out", (_, record) => {
    const said = (payload: unknown): string => JSON.stringify(takeIn(payload));
    const text = JSON.stringify(record);
    for (const payload of [
      record,
      [record],
      text,
      text.slice(0, -2),
      `${text}x`,
      `[${text}, {"Password":"${secrets[0]}", oops}]`,
    ])
      for (const secret of secrets) expect(said(payload)).not.toContain(secret);
  });

  test("control characters of a record do not reach a terminal", () => {
    const said = JSON.stringify(takeIn(event("\u001b[31mEcs", "a`b\u0007")));
    expect(said).toContain("?[31mEcs.a?b?");
    expect(said).not.toMatch(/\\u001b|\\u0007/);
  });
});
