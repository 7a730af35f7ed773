import { describe, expect, test } from "vitest";
import type { PolicyDocument } from "../../shared/policy/document.ts";
import { parseDocument } from "../../shared/policy/parse.ts";
import { questionsAbout } from "../../shared/policy/questions.ts";
import { allWide, atBest, wideProbes } from "../../shared/policy/reach.ts";

const statement = (Action: unknown, Resource: unknown = "*", more: object = {}): object => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const document = (...statements: readonly object[]): PolicyDocument => {
  const parsed = parseDocument(JSON.stringify({ Version: "1", Statement: statements }), "permission");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
};
const names = ["example", "some-name", "whatever"];

describe("a document at its most generous", () => {
  const on = (key: string) => ({ Condition: { StringEquals: { [key]: "x" } } });

  test("conditions of an Allow hold, but for those that say for which services it is", () => {
    const given = statement("ram:PassRole", "*", {
      Condition: { StringEquals: { "ACS:service": "x", "ram:ServiceName": "y" }, Bool: { "acs:MFAPresent": "true" } },
    });
    const [best] = atBest(document(given)).statements;
    expect(best?.conditions.map(({ key }) => key)).toEqual(["ACS:service", "ram:ServiceName"]);
    expect(best?.action.patterns).toEqual(["ram:PassRole"]);
    expect(atBest(document(statement("*", "*", on("acs:SourceVpc")))).statements[0]?.conditions).toEqual([]);
  });

  test("a Deny stays as it is, and under a condition is none", () => {
    const deny = { ...statement("ram:*"), Effect: "Deny" };
    const given = document(statement("*"), deny, { ...deny, ...on("acs:Service") });
    expect(atBest(given).statements).toEqual(given.statements.slice(0, 2));
    expect(atBest(given)).toMatchObject({ kind: "permission", flaws: [] });
  });
});

describe("requests that show that a grant is bound to no resource", () => {
  const resources = (action: string, wanted: Parameters<typeof wideProbes>[1], ...documents: PolicyDocument[]) =>
    wideProbes(action, wanted, documents).map((shapes) =>
      shapes.map((shape) => shape.map((probe) => probe.resources.join())),
    );
  const named = (start: string) => names.map((name) => `${start}${name}`);

  test("one of any name for each resource that the action needs", () => {
    expect(resources("ram:AddUserToGroup", {})).toEqual([[named("acs:ram:*:*:user/")], [named("acs:ram:*:*:group/")]]);
    expect(resources("kms:Decrypt", {})).toEqual([[named("acs:kms:*:*:")]]);
    expect(resources("KMS:Decrypt", {})).toEqual([[named("acs:kms:*:*:")]]);
  });

  test("on what is wanted in place of the last", () => {
    const onlyOn = ["acs:ram:*:*:policy/*", "acs:ram:*:system:policy/A"];
    expect(resources("ram:AttachPolicyToUser", { onlyOn })).toEqual([
      [named("acs:ram:*:*:user/")],
      [named("acs:ram:*:*:policy/"), ["acs:ram:*:system:policy/A"]],
    ]);
    expect(resources("sts:AssumeRole", { onlyOn: ["acs:ram:*:?:role/x"] })).toEqual([[["acs:ram:*:?:role/x"]]]);
  });

  test("of any action of a service, and for services only where the action is bound to them", () => {
    const asked = (action: string, services?: readonly string[]) =>
      wideProbes(action, services === undefined ? {} : { services }, []).flat(2)[0];
    expect(asked("kms:*")?.action).toBe("kms:?");
    expect(asked("kms:Decrypt")?.action).toBe("kms:Decrypt");
    expect(asked("ram:PassRole", ["ecs.aliyuncs.com"])?.given).toEqual({
      key: "acs:Service",
      patterns: ["ecs.aliyuncs.com"],
    });
    expect(asked("ram:PassRole")).not.toHaveProperty("given");
    expect(asked("ecs:RunInstances", ["ecs.aliyuncs.com"])).not.toHaveProperty("given");
  });

  test.each<[string, string, readonly string[]]>([
    ["kms:Decrypt", "acs:kms:cn-x:7:key/*", ["acs:kms:cn-x:7:key/"]],
    ["kms:Decrypt", "acs:kms:*:*:key/*", ["acs:kms:cn-hangzhou:1234567890123456:key/"]],
    ["kms:Decrypt", "acs:kms:*:7:key/app-*", ["acs:kms:cn-hangzhou:7:key/"]],
    ["kms:Decrypt", "acs:kms:*:*:key/app", []],
    ["kms:Decrypt", "acs:kms:*:*:*", []],
    ["kms:Decrypt", "*", []],
    ["kms:Decrypt", "acs:kms:*/*", []],
    ["log:Get", "acs:log:*:7:project/*/logstore/*", ["acs:log:cn-hangzhou:7:project/{}/logstore/"]],
    ["log:Get", "acs:log:*:7:project/p/logstore/*", []],
    ["log:Get", "acs:log:*:7:project/*/logstore/l", []],
    ["log:Get", "acs:log:*:7:project/*/a:b", ["acs:log:cn-hangzhou:7:project/{}/a:b"]],
    ["oss:GetObject", "acs:oss:*:7:*/*", ["acs:oss:cn-hangzhou:7:{}/"]],
    ["oss:GetObject", "acs:oss:*:7:*/log", ["acs:oss:cn-hangzhou:7:{}/log"]],
    ["oss:GetObject", "acs:oss:*:7:bucket/*", []],
  ])("%s: in the shape of %s", (action, pattern, shapes) => {
    const [service] = action.split(":");
    const spelled = (shape: string) =>
      names.map((name) => {
        const filled = shape.replaceAll("{}", name);
        return filled.endsWith("/") ? `${filled}${name}` : filled;
      });
    expect(resources(action, {}, document(statement(action, pattern)))).toEqual([
      [named(`acs:${service}:*:*:`), ...shapes.map(spelled)],
    ]);
  });

  test("in no shape of a Deny, of another action, or of everything but some", () => {
    const shape = "acs:kms:cn-x:7:key/*";
    expect(
      resources(
        "kms:Decrypt",
        {},
        document({ ...statement("kms:*", shape), Effect: "Deny" }, statement("kms:Encrypt", shape), {
          Effect: "Allow",
          Action: "kms:*",
          NotResource: shape,
        }),
      ),
    ).toEqual([[named("acs:kms:*:*:")]]);
  });

  test("in a few shapes, however many there are", () => {
    const many = Array.from({ length: 30 }, (_, at) => statement("kms:*", `acs:kms:r${at}:7:key/*`));
    const [shapes] = resources("kms:Decrypt", {}, document(...many));
    expect(shapes).toHaveLength(8);
    expect(shapes?.[1]).toEqual(named("acs:kms:r0:7:key/"));
  });
});

describe("whether a grant is bound to no resource", () => {
  const wide = (actions: readonly string[], ...statements: readonly object[]): boolean => {
    const given = document(...statements);
    const asked = questionsAbout([], [given]);
    if (!asked.ok) throw new Error(asked.error);
    return allWide(actions, {}, [given], asked.value);
  };

  test.each<[string, readonly string[], object[], boolean]>([
    ["any", ["kms:Decrypt"], [statement("kms:*")], true],
    ["any of a shape", ["kms:Decrypt"], [statement("kms:*", "acs:kms:*:*:key/*")], true],
    ["some", ["kms:Decrypt"], [statement("kms:*", "acs:kms:*:*:key/some*")], false],
    ["all actions", ["kms:Decrypt", "ecs:Run"], [statement(["kms:Decrypt", "ecs:Run"])], true],
    ["one of two actions", ["kms:Decrypt", "ecs:Run"], [statement("kms:Decrypt")], false],
    ["users but no groups", ["ram:AddUserToGroup"], [statement("ram:*", "acs:ram:*:*:user/*")], false],
    [
      "users and groups",
      ["ram:AddUserToGroup"],
      [statement("ram:*", ["acs:ram:*:*:user/*", "acs:ram:*:*:group/*"])],
      true,
    ],
  ])("%s", (_, actions, statements, expected) => {
    expect(wide(actions, ...statements)).toBe(expected);
  });
});
