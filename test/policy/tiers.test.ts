import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareDocuments } from "../../shared/policy/compare.ts";
import { parseDocument } from "../../shared/policy/parse.ts";
import { servicesPassedTo } from "../../shared/policy/tier-rules.ts";
import { policyTiers, type Tier } from "../../shared/policy/tiers.ts";

type SystemPolicy = { name: string; tiers: Tier[]; severity: string; document: object };
const systemPolicies: SystemPolicy[] = JSON.parse(
  readFileSync(new URL("../fixtures/system-policies/documents.json", import.meta.url), "utf8"),
);

const own = "1234567890123456";
const statement = (
  action: string | readonly string[],
  resource: string | readonly string[] = "*",
  more: object = {},
): object => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
  ...more,
});
const document = (...statements: readonly object[]): string => JSON.stringify({ Version: "1", Statement: statements });
const tiers = (...statements: readonly object[]): readonly Tier[] => policyTiers(document(...statements)).tiers;
const deny = (action: string, resource = "*", more: object = {}): object => ({
  ...statement(action, resource, more),
  Effect: "Deny",
});

const letters = [..."abcdefghijklmnopqrstuvwxyz"];
const mfa = { Condition: { Bool: { "acs:MFAPresent": "true" } } };

describe("administrators in every spelling", () => {
  test.each<[string, object[]]>([
    ["a star", [statement("*")]],
    ["a star for service and name", [statement("*:*")]],
    ["stars in a row", [statement("**", "**")]],
    ["a list", [statement(["ecs:*", "*"])]],
    ["split by first letters", [statement(letters.map((letter) => `${letter}*`))]],
    ["split over statements", letters.map((letter) => statement(`${letter}*:*`))],
    ["everything but nothing", [{ Effect: "Allow", NotAction: [], Resource: "*" }]],
    ["everything but what is not", [{ Effect: "Allow", NotAction: "nosuch:Thing", Resource: "*" }]],
    [
      "two complements that fill each other",
      [
        { Effect: "Allow", NotAction: "ram:*", Resource: "*" },
        { Effect: "Allow", NotAction: "sts:*", Resource: "*" },
      ],
    ],
    ["every kind of resource name", [statement("*", "acs:*:*:*:*")]],
    ["less one harmless thing", [statement("*"), deny("bss:PayOrder")]],
    ["less one bucket", [statement("*"), deny("oss:*", "acs:oss:*:*:audit/*")]],
    ["under a condition", [statement("*", "*", mfa)]],
    [
      "with a Deny that only holds without MFA",
      [statement("*"), deny("*", "*", { Condition: { Bool: { "acs:MFAPresent": "false" } } })],
    ],
    ["all of RAM", [statement("ram:*")]],
    [
      "all of RAM in this account and the system's policies",
      [statement("ram:*", [`acs:ram:*:${own}:*`, "acs:ram:*:system:policy/*"])],
    ],
    ["everything in one account", [statement("*", `acs:*:*:${own}:*`)]],
    ["all of RAM, spelled in another case", [statement("RAM:*")]],
    ["all of RAM in this account, whose own policies may say anything", [statement("ram:*", `acs:ram:*:${own}:*`)]],
  ])("%s", (_name, statements) => {
    const found = policyTiers(document(...statements));
    expect(found.tiers[0]).toBe("admin");
    expect(found.severity).toBe("critical");
    const [reason] = found.reasons;
    expect(reason?.request?.action).toMatch(/^ram:AttachPolicyToUser$/i);
    expect(reason?.sentence.en).toContain("ram:AttachPolicyToUser");
    expect(reason?.sentence["zh-CN"]).toMatch(/\p{Script=Han}/u);
  });

  test("documents attached together count as one", () => {
    const found = policyTiers([
      document(statement(letters.slice(0, 13).map((l) => `${l}*`))),
      document(statement(letters.slice(13).map((l) => `${l}*`))),
    ]);
    expect(found.tiers[0]).toBe("admin");
    expect(policyTiers([document(statement("*")), document(deny("*"))]).tiers).toEqual([]);
  });

  test.each<[string, object[]]>([
    ["everything but RAM", [{ Effect: "Allow", NotAction: "ram:*", Resource: "*" }]],
    ["a star on one service's resources", [statement("*", "acs:oss:*:*:*")]],
    ["a star on one user", [statement("*", `acs:ram:*:${own}:user/alice`)]],
    ["read only", [statement(["*:Describe*", "*:List*", "*:Get*"])]],
    ["a star that a Deny takes back", [statement("*"), deny("*")]],
    ["attaching and keys, but no roles", [statement(["ram:AttachPolicyToUser", "ram:CreateAccessKey"])]],
    [
      "attaching to one user, whatever it is called, and the rest of RAM",
      [
        statement(["ram:CreatePolicyVersion", "ram:CreateAccessKey", "ram:UpdateRole"]),
        statement("ram:AttachPolicyToUser", ["acs:ram:*:*:user/example", "acs:ram:*:*:policy/*"]),
      ],
    ],
    [
      "a star that needs what nobody has",
      [statement("*", "*", { Condition: { StringEquals: { "acs:SourceVpc": [] } } })],
    ],
  ])("not: %s", (_name, statements) => {
    expect(tiers(...statements)).not.toContain("admin");
  });
});

describe("the services that roles may be passed to", () => {
  const passed = (...statements: object[]): readonly (readonly string[] | undefined)[] => {
    const parsed = parseDocument(document(...statements));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    return servicesPassedTo([parsed.value]).map(({ requires, services }) => [...requires.flat(), ...(services ?? [])]);
  };
  const to = (condition: object, action = "ram:PassRole"): object => statement(action, "*", { Condition: condition });
  const named = (...services: readonly string[]): object => ({ StringEquals: { "acs:Service": services } });

  test("are those that an Allow of passing names, each once", () => {
    expect(passed(to(named("x1.aliyuncs.com", "y-2.aliyuncs.com")), to(named("x1.aliyuncs.com"), "ram:Pass*"))).toEqual(
      [
        ["ram:PassRole", "x1:*", "x1.aliyuncs.com"],
        ["ram:PassRole", "y-2:*", "y-2.aliyuncs.com"],
      ],
    );
    expect(passed(to({ StringLike: { "ACS:service": "x1.aliyuncs.com" } }))).toHaveLength(1);
  });

  test("not those of a Deny, of another action, under a negation, of another key or kind of test", () => {
    expect(
      passed(
        { ...to(named("x1.aliyuncs.com")), Effect: "Deny" },
        to(named("x1.aliyuncs.com"), "ram:GetRole"),
        to({ StringNotEquals: { "acs:Service": "x1.aliyuncs.com" } }),
        to({ StringEquals: { "acs:Other": "x1.aliyuncs.com" } }),
        to({ Odd: { "acs:Service": "x1.aliyuncs.com" } }),
      ),
    ).toEqual([]);
  });

  test("only where the name of one service can be read from them", () => {
    const odd = ["*.aliyuncs.com", "x*", "x.y.aliyuncs.com", "x.aliyuncs.com.evil", "X.aliyuncs.com", "*"];
    expect(passed(to(named(...odd)))).toEqual([]);
  });

  test("no more than a few", () => {
    expect(passed(to(named(...Array.from({ length: 30 }, (_, at) => `s${at}.aliyuncs.com`))))).toHaveLength(20);
  });
});

describe("the other tiers by what a document allows", () => {
  test.each<[string, object[], readonly Tier[]]>([
    ["attach any policy to a user", [statement("ram:AttachPolicyToUser")], ["identity-admin"]],
    ["attach any policy to a user, pattern", [statement("ram:*Policy*User")], ["identity-admin"]],
    [
      "attach a harmless policy",
      [statement("ram:AttachPolicyToUser", ["acs:ram:*:*:user/*", "acs:ram:*:system:policy/AliyunOSSReadOnlyAccess"])],
      [],
    ],
    ["keys of anyone", [statement("ram:CreateAccessKey", `acs:ram:*:${own}:user/*`)], ["identity-admin"]],
    ["keys of one user", [statement("ram:CreateAccessKey", `acs:ram:*:${own}:user/alice`)], []],
    ["trust of any role", [statement("ram:UpdateRole", "acs:ram::*:role/*")], ["identity-admin"]],
    ["trust of some roles", [statement("ram:UpdateRole", "acs:ram::*:role/app-*")], []],
    ["any role of the account", [statement("sts:AssumeRole", `acs:ram:*:${own}:role/*`)], ["escalation-capable"]],
    ["any role of any account", [statement("sts:AssumeRole")], ["escalation-capable", "cross-account"]],
    ["one role", [statement("sts:AssumeRole", `acs:ram:*:${own}:role/reader`)], []],
    ["functions, any", [statement("fc:UpdateFunction", "acs:fc:*:*:functions/*")], ["escalation-capable"]],
    ["functions, own", [statement("fc:UpdateFunction", "acs:fc:*:*:functions/pay-*")], []],
    ["a role for ECS, with instances", [statement(["ram:PassRole", "ecs:RunInstances"])], ["escalation-capable"]],
    [
      "a role for OSS, with instances",
      [
        statement("ram:PassRole", "*", { Condition: { StringEquals: { "acs:Service": "oss.aliyuncs.com" } } }),
        statement("ecs:RunInstances"),
      ],
      [],
    ],
    [
      "any role for OSS and one for ECS, with instances",
      [
        statement("ram:PassRole", "*", { Condition: { StringEquals: { "acs:Service": "oss.aliyuncs.com" } } }),
        statement("ram:PassRole", `acs:ram:*:${own}:role/example`, {
          Condition: { StringEquals: { "acs:Service": "ecs.aliyuncs.com" } },
        }),
        statement("ecs:RunInstances"),
      ],
      [],
    ],
    ["instances without a role", [statement("ecs:RunInstances")], []],
    [
      "a role that nobody could pass, with instances",
      [
        statement("ram:PassRole", "*", { Condition: { StringEquals: { "acs:SourceVpc": [] } } }),
        statement("ecs:RunInstances"),
      ],
      [],
    ],
    ["trails", [statement("actiontrail:Stop*")], ["audit-tampering"]],
    ["secrets, all", [statement("kms:GetSecretValue")], ["data-plane-full"]],
    [
      "secrets, all of an account",
      [statement("kms:GetSecretValue", `acs:kms:cn-beijing:${own}:secret/*`)],
      ["data-plane-full"],
    ],
    ["one secret", [statement("kms:GetSecretValue", `acs:kms:*:${own}:secret/db`)], []],
    ["one bucket", [statement("oss:*", ["acs:oss:*:*:photos", "acs:oss:*:*:photos/*"])], []],
    ["all buckets", [statement("oss:*", "acs:oss:*:*:*")], ["audit-tampering", "data-plane-full"]],
    ["read all buckets", [statement(["oss:Get*", "oss:List*"])], []],
    ["money", [statement("bss:*")], ["guardrail-or-financial"]],
    [
      "a name with an account that is a pattern",
      [statement("kms:GetSecretValue", "acs:kms:cn-*:123*:secret/*")],
      ["data-plane-full"],
    ],
    [
      "all secrets but one",
      [statement("kms:GetSecretValue"), deny("kms:GetSecretValue", "acs:kms:*:*:secret/root")],
      ["data-plane-full"],
    ],
    ["secrets, taken back", [statement("kms:GetSecretValue"), deny("kms:Get*")], []],
    ["secrets when MFA", [statement("kms:GetSecretValue", "*", mfa)], ["data-plane-full"]],
  ])("%s", (_name, statements, expected) => {
    expect(tiers(...statements)).toEqual(expected);
  });

  test.each(systemPolicies.map((policy) => [policy.name, policy] as const))(
    "the text of %s shows what it is known for",
    (name, policy) => {
      const found = policyTiers(JSON.stringify(policy.document));
      // Its one dangerous action is bounded by what service-linked roles may do; the name speaks there.
      const byNameOnly = name === "AliyunServiceRolePolicyForResourceDirectory";
      if (!byNameOnly) expect(found.tiers).toEqual(expect.arrayContaining(policy.tiers));
      expect(policyTiers(JSON.stringify(policy.document), { type: "System", name }).tiers).toEqual(
        expect.arrayContaining(policy.tiers),
      );
    },
  );
});

describe("what a reason shows", () => {
  test("the request is one that the document allows, with the conditions that it needs", () => {
    const text = document(statement("kms:GetSecretValue", "*", mfa));
    const { reasons, exact } = policyTiers(text);
    expect(exact).toBe(true);
    expect(reasons[0]?.request).toMatchObject({ action: "kms:GetSecretValue", context: { "acs:MFAPresent": "true" } });
    expect(reasons[0]?.facts.request).toContain("acs:MFAPresent=true");
  });

  test("every reason of an administrator is proven by a request", () => {
    for (const reason of policyTiers(document(statement("*"))).reasons) {
      const only = document(statement(reason.request?.action ?? "", reason.request?.resource ?? ""));
      expect(compareDocuments([document(statement("*"))], [only]).result, reason.sentence.en).toBe("no-new-access");
    }
  });
});

describe("a role passed to a service that is only known by the document", () => {
  const passRole = (service: string | readonly string[], operator = "StringEquals", key = "acs:Service"): object =>
    statement("ram:PassRole", "*", { Condition: { [operator]: { [key]: service } } });
  const any = (code: string) => ({
    tier: "escalation-capable",
    severity: "medium",
    request: { action: `${code}:Example`, resource: `acs:${code}:cn-hangzhou:${own}:example`, context: {} },
    facts: { actions: `ram:PassRole, ${code}:*`, request: `${code}:Example on acs:${code}:cn-hangzhou:${own}:example` },
    sentence: {
      en: `can run \`${code}\` with any role that trusts \`${code}.aliyuncs.com\`; for one, \`${code}:Example on acs:${code}:cn-hangzhou:${own}:example\``,
      "zh-CN": `可以用任何信任 \`${code}.aliyuncs.com\` 的角色运行 \`${code}\`；例如 \`${code}:Example on acs:${code}:cn-hangzhou:${own}:example\``,
    },
  });
  const reasons = (...statements: readonly object[]) => policyTiers(document(...statements)).reasons;

  test("with everything in that service", () => {
    expect(reasons(passRole("pai.aliyuncs.com"), statement("pai:*"))).toEqual([any("pai")]);
    expect(
      reasons(passRole(["oss.aliyuncs.com", "pai.aliyuncs.com", "foo.aliyuncs.com"]), statement(["pai:*", "foo:*"])),
    ).toEqual([any("pai"), any("foo")]);
    expect(reasons(passRole("pai.aliyuncs.com", "StringLike", "ACS:service"), statement("pai:*"))).toEqual([
      any("pai"),
    ]);
  });

  test.each<[string, object[]]>([
    ["nothing in that service", [passRole("pai.aliyuncs.com")]],
    ["some of that service", [passRole("pai.aliyuncs.com"), statement("pai:Create*")]],
    ["no name of a service", [passRole("*.aliyuncs.com", "StringEquals"), statement("pai:*")]],
    ["a longer name", [passRole("x.pai.aliyuncs.com"), statement("pai:*")]],
    ["a name that goes on", [passRole("pai.aliyuncs.com.evil"), statement("pai:*")]],
    ["another key", [passRole("pai.aliyuncs.com", "StringEquals", "acs:Other"), statement("pai:*")]],
    ["all but the service", [passRole("pai.aliyuncs.com", "StringNotEquals"), statement("pai:*")]],
    ["a Deny that names it", [{ ...passRole("pai.aliyuncs.com"), Effect: "Deny" }, statement("pai:*")]],
    [
      "the condition of another action",
      [
        statement("ram:GetRole", "*", { Condition: { StringEquals: { "acs:Service": "pai.aliyuncs.com" } } }),
        statement("pai:*"),
      ],
    ],
  ])("not with %s", (_name, statements) => {
    expect(reasons(...statements).filter(({ sentence }) => sentence.en.includes("`pai`"))).toEqual([]);
  });
});

describe("the answer as a whole", () => {
  test("the severity is that of the worst reason, wherever it stands", () => {
    const money = statement("bss:*");
    expect(policyTiers(document(money)).severity).toBe("medium");
    const named = policyTiers(document(money), { type: "System", name: "AliyunRAMFullAccess" });
    expect(named).toMatchObject({ tiers: ["admin", "identity-admin", "guardrail-or-financial"], severity: "critical" });
    expect(named.reasons.map(({ severity }) => severity)).toEqual(["medium", "critical", "critical"]);
    expect(policyTiers(document(statement("*"), money)).severity).toBe("critical");
  });

  test("a document that was read before is judged as its text is", () => {
    const text = document(statement("bss:*"), statement("kms:GetSecretValue", "*", mfa));
    const parsed = parseDocument(text, "permission");
    if (!parsed.ok) throw new Error("not read");
    expect(policyTiers(parsed.value)).toEqual(policyTiers(text));
    expect(policyTiers([parsed.value, text]).tiers).toEqual(["data-plane-full", "guardrail-or-financial"]);
  });

  test("nothing attached is nothing, for certain", () => {
    expect(policyTiers([])).toEqual({ tiers: [], severity: undefined, reasons: [], exact: true });
  });

  test("one flaw, or one text that is no document, makes the whole unsure", () => {
    const plain = document(statement("bss:*"));
    const flawed = document(statement("bss: *"));
    expect(policyTiers([plain, plain]).exact).toBe(true);
    expect(policyTiers([plain, flawed])).toMatchObject({ exact: false, tiers: ["guardrail-or-financial"] });
    expect(policyTiers([flawed]).exact).toBe(false);
    expect(policyTiers([plain, "{"])).toMatchObject({ exact: false, tiers: ["guardrail-or-financial"] });
  });

  test("what makes an administrator is told: everything, or control of RAM", () => {
    const first = (...statements: readonly object[]) => policyTiers(document(...statements)).reasons[0];
    const request = `ram:AttachPolicyToUser on acs:ram:cn-hangzhou:${own}:user/example`;
    expect(first(statement("ram:*"))).toEqual({
      tier: "admin",
      severity: "critical",
      request: { action: "ram:AttachPolicyToUser", resource: `acs:ram:cn-hangzhou:${own}:user/example`, context: {} },
      facts: { covers: "ram", request },
      sentence: {
        en: `controls all of RAM, so that its holder can make itself administrator; for one, \`${request}\``,
        "zh-CN": `可完全控制 RAM，持有者可将自己变为管理员；例如 \`${request}\``,
      },
    });
    expect(first(statement("*"))).toMatchObject({
      severity: "critical",
      facts: { covers: "everything" },
      sentence: { en: expect.stringMatching(/^allows every action on every resource; for one, /) },
    });
  });

  test("an action that needs more than one grant names them all", () => {
    const found = policyTiers(document(statement(["ram:CreatePolicy", "ram:AttachPolicyToUser"]))).reasons;
    expect(found.map(({ facts }) => facts.actions)).toContain("ram:CreatePolicy, ram:AttachPolicyToUser");
  });
});

describe("names", () => {
  test("are a floor under a text that is not there", () => {
    expect(policyTiers(undefined, { type: "System", name: "AliyunRAMFullAccess" })).toMatchObject({
      tiers: ["admin", "identity-admin"],
      severity: "critical",
      exact: false,
    });
    expect(
      policyTiers(document(statement("ram:ListUsers")), { type: "System", name: "AliyunRAMFullAccess" }).tiers,
    ).toContain("admin");
  });

  test("are told as what they are known for, once for each tier that the text does not show", () => {
    const name = { type: "System", name: "AliyunRAMFullAccess" } as const;
    const admin = {
      tier: "admin",
      severity: "critical",
      facts: { policy: "AliyunRAMFullAccess" },
      sentence: {
        en: "system policy `AliyunRAMFullAccess` is known to be full administration",
        "zh-CN": "系统策略 `AliyunRAMFullAccess` 属于已知的完全管理策略",
      },
    };
    expect(policyTiers(undefined, name).reasons).toHaveLength(2);
    expect(policyTiers(undefined, name).reasons).toContainEqual(admin);
    const keys = policyTiers(document(statement("ram:CreateAccessKey")), name).reasons;
    expect(keys.filter(({ request }) => request === undefined)).toEqual([admin]);
    const all = policyTiers(document(statement("ram:*")), name).reasons;
    expect(all.every(({ request }) => request !== undefined)).toBe(true);
    expect(policyTiers(undefined, { type: "System", name: "AliyunSomethingSSOAccess" })).toEqual({
      tiers: ["identity-admin"],
      severity: "high",
      exact: false,
      reasons: [
        {
          tier: "identity-admin",
          severity: "high",
          facts: { policy: "AliyunSomethingSSOAccess" },
          sentence: {
            en: "the text of system policy `AliyunSomethingSSOAccess` is not known, and its name speaks of identities",
            "zh-CN": "系统策略 `AliyunSomethingSSOAccess` 的内容未知，且其名称与身份管理相关",
          },
        },
      ],
    });
  });

  test("of custom policies say nothing", () => {
    expect(
      policyTiers(document(statement("oss:GetObject")), { type: "Custom", name: "AdministratorAccess" }).tiers,
    ).toEqual([]);
  });

  test("that speak of identities count when the text cannot be read", () => {
    expect(policyTiers(undefined, { type: "System", name: "AliyunSomethingSSOAccess" }).tiers).toEqual([
      "identity-admin",
    ]);
    expect(policyTiers(undefined, { type: "System", name: "AliyunNewThingAccess" })).toMatchObject({
      tiers: [],
      exact: false,
    });
    expect(policyTiers(undefined, { type: "System", name: "AliyunNewThingAccess" }).reasons).toEqual([]);
    const read = document(statement("ims:ListUsers"));
    expect(policyTiers(read, { type: "System", name: "AliyunIMSNewAccess" }).reasons).toEqual([]);
    expect(policyTiers("{", { type: "System", name: "AliyunIMSNewAccess" })).toMatchObject({
      tiers: ["identity-admin"],
      exact: false,
    });
    expect(policyTiers("{}", { type: "System", name: "constructor" })).toMatchObject({ tiers: [], exact: false });
  });
});

describe("laws", () => {
  const action = fc.constantFrom(
    "*",
    "ram:*",
    "ram:UpdateRole",
    "sts:AssumeRole",
    "kms:*",
    "actiontrail:*",
    "oss:GetObject",
    "fc:*",
    "ram:PassRole",
  );
  const resource = fc.constantFrom(
    "*",
    "acs:ram:*:*:*",
    "acs:kms:*:*:secret/*",
    "acs:oss:*:*:b/*",
    "acs:fc:*:*:functions/*",
  );
  const some = fc.array(
    fc.record({
      Effect: fc.constant("Allow"),
      Action: fc.array(action, { minLength: 1, maxLength: 3 }),
      Resource: fc.array(resource, { minLength: 1, maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 3 },
  );

  test("more statements never take a tier away, and their order does not matter", () => {
    fc.assert(
      fc.property(some, some, (a, b) => {
        const both = tiers(...a, ...b);
        expect(both).toEqual(tiers(...b, ...a));
        expect(both).toEqual(expect.arrayContaining([...tiers(...a)]));
      }),
      { numRuns: 25 },
    );
  });
});
