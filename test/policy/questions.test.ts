import { describe, expect, test } from "vitest";
import type { Attached } from "../../shared/policy/comparison.ts";
import type { Probe } from "../../shared/policy/probe.ts";
import { type Questions, questionsAbout } from "../../shared/policy/questions.ts";

const own = "1234567890123456";
const statement = (Action: unknown, Resource: unknown = "*", more: object = {}): object => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const deny = (Action: unknown, Resource: unknown = "*"): object => ({ ...statement(Action, Resource), Effect: "Deny" });
const document = (...statements: readonly object[]): string => JSON.stringify({ Version: "1", Statement: statements });
const about = (before: readonly Attached[], after: readonly Attached[]): Questions => {
  const asked = questionsAbout(before, after);
  if (!asked.ok) throw new Error(asked.error);
  return asked.value;
};

const role: Probe = { action: "ram:UpdateRole", resources: ["acs:ram:*:*:role/*"] };
const request = { action: "ram:UpdateRole", resource: `acs:ram:cn-hangzhou:${own}:role/example`, context: {} };
const roles = document(statement("ram:UpdateRole"));
const mfa = { Condition: { Bool: { "acs:MFAPresent": "true" } } };

describe("whether a kind of request is allowed", () => {
  test("shown by a plain example where there is one", () => {
    const { holds, example } = about([], [roles]);
    expect(holds(role)).toEqual({ yes: true, sure: true, request });
    expect(example(role)).toEqual(request);
    expect(holds(role)).toEqual(holds({ ...role, action: "RAM:updaterole" }));
  });

  test("not without an Allow, nor where a Deny takes all of it", () => {
    for (const after of [
      [],
      [document(deny("*"))],
      [document(statement("ram:UpdateUser"))],
      [roles, document(deny("ram:*"))],
    ]) {
      const { holds, gains, example } = about([], after);
      expect(holds(role)).toEqual({ yes: false, sure: true });
      expect(gains(role)).toEqual({ yes: false, sure: true });
      expect(example(role)).toBeUndefined();
    }
  });

  test("found by comparing where no plain example is allowed", () => {
    const { holds, example } = about([], [document(statement("ram:UpdateRole", `acs:ram:*:${own}:role/app-*`, mfa))]);
    expect(example(role)).toBeUndefined();
    expect(holds(role)).toMatchObject({
      yes: true,
      sure: true,
      request: { action: "ram:UpdateRole", context: { "acs:MFAPresent": "true" } },
    });
    expect(holds(role).request?.resource).toMatch(/:role\/app-/);
  });

  test("of the resources that count, and with the key that must be given", () => {
    const { holds } = about([], [document(statement("ram:PassRole", "*"))]);
    const pass: Probe = { action: "ram:PassRole", resources: role.resources };
    expect(holds({ ...pass, except: ["acs:ram:*:*:role/example"] })).toMatchObject({ yes: true, sure: true });
    expect(holds({ ...pass, except: ["acs:ram:*:*:role/example"] }).request?.resource).not.toMatch(/example$/);
    expect(holds({ ...pass, given: { key: "acs:Service", patterns: ["ecs.aliyuncs.com"] } }).request?.context).toEqual({
      "acs:Service": "ecs.aliyuncs.com",
    });
    const forOss = { Condition: { StringEquals: { "acs:Service": "oss.aliyuncs.com" } } };
    const bound = about([], [document(statement("ram:PassRole", "*", forOss))]);
    expect(bound.holds({ ...pass, given: { key: "acs:Service", patterns: ["ecs.aliyuncs.com"] } }).yes).toBe(false);
  });

  test("an example that is excepted does not count, one of another name does", () => {
    const { example } = about([], [roles]);
    const except = (...names: readonly string[]) => names.map((name) => `acs:ram:*:*:role/${name}`);
    expect(example({ ...role, except: except("other") })).toEqual(request);
    expect(example({ ...role, except: except("other", "example") })).toBeUndefined();
    expect(example({ ...role, except: [] })).toEqual(request);
  });

  test("where the documents' own resources are", () => {
    const there = document(statement("ram:UpdateRole", "acs:ram:*:77:role/*"));
    expect(about([], [there]).example(role)?.resource).toBe("acs:ram:cn-hangzhou:77:role/example");
  });
});

describe("whether it is allowed newly", () => {
  test("only what was not", () => {
    const { gains } = about([roles], [document(statement("ram:*"))]);
    expect(gains(role)).toEqual({ yes: false, sure: true });
    expect(gains({ ...role, action: "ram:UpdateUser", resources: ["acs:ram:*:*:user/*"] })).toMatchObject({
      yes: true,
      sure: true,
      request: { action: "ram:UpdateUser" },
    });
  });

  test("in part, beside the example that was", () => {
    const one = document(statement("ram:UpdateRole", `acs:ram:*:${own}:role/example`));
    const found = about([one], [roles]).gains(role);
    expect(found).toMatchObject({ yes: true, sure: true });
    expect(found.request?.resource).not.toBe(request.resource);
  });

  test("where a Deny is gone", () => {
    expect(about([roles, document(deny("ram:*"))], [roles]).gains(role)).toEqual({ yes: true, sure: true, request });
  });
});

describe("what is not for certain", () => {
  const flawed = document(statement("oss: GetObject"));

  test("a flaw on either side", () => {
    for (const [before, after] of [
      [[flawed], [roles]],
      [[], [roles, flawed]],
    ] as const) {
      const { holds, gains } = about(before, after);
      expect(holds(role)).toEqual({ yes: true, sure: false, request });
      expect(gains(role)).toEqual({ yes: true, sure: false, request });
      expect(holds({ ...role, action: "kms:Decrypt", resources: ["?"] })).toEqual({ yes: false, sure: false });
    }
  });

  test("a test that is not understood", () => {
    const odd = { Condition: { Odd: { k: "x" } } };
    expect(about([], [document(statement("ram:UpdateRole", "*", odd))]).holds(role)).toMatchObject({
      yes: true,
      sure: false,
    });
  });

  test("which document cannot be read is said", () => {
    expect(questionsAbout(["{"], [roles])).toEqual({
      ok: false,
      error: "document 0 of before cannot be read: not JSON at `$`",
    });
    expect(questionsAbout([roles], [roles, "{"])).toEqual({
      ok: false,
      error: "document 1 of after cannot be read: not JSON at `$`",
    });
  });

  const many = document(
    ...Array.from({ length: 2000 }, (_, at) => statement("ram:UpdateRole", `acs:ram:*:${own}:role/a${at}-*`, mfa)),
  );
  /** Questions that no plain example answers, each another. */
  const different = (at: number): Probe => ({ ...role, given: { key: `k:${at}`, patterns: ["x"] } });

  test("more than may be asked about one change: a yes that is not sure, from then on", () => {
    const { holds } = about([], [many]);
    const answers = Array.from({ length: 13 }, (_, at) => holds(different(at)));
    for (const answer of answers.slice(0, 4)) expect(answer).toMatchObject({ yes: true, sure: true });
    for (const answer of answers.slice(11)) expect(answer).toStrictEqual({ yes: true, sure: false });
    // What was answered before is remembered.
    expect(holds(different(0))).toEqual(answers[0]);
  });
});
