import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { chains } from "../shared/chains/registry.ts";
import { checks } from "../shared/checks/registry.ts";
import type { Config, Environment } from "../shared/config.ts";
import { configJsonSchema, problemText, readConfig } from "../shared/config.ts";
import { rules } from "../shared/rules/registry.ts";

const base = ['account: "1234567890123456"', ""].join("\n");
const environment: Environment = {
  HOOK: "https://hooks.example/x",
  NEWEST: `whsec_${"A".repeat(32)}`,
  OLDER: `whsec_${"B".repeat(32)}`,
};

const refusedWith = (text: string, given: Environment = environment): readonly string[] => {
  const read = readConfig(text, "warden.yaml", given);
  return read.ok ? [] : read.error.map(problemText);
};
const accepted = (text: string, given: Environment = environment): Config => {
  const read = readConfig(text, "warden.yaml", given);
  if (!read.ok) throw new Error(read.error.map(problemText).join("\n"));
  return read.value;
};

const topLevel =
  "`mode`, `account`, `region`, `language`, `timeZone`, `roles`, `trusted`, `provisioners`, `pipelines`, `protected`, `highRiskPolicies`, `naming`, `classes`, `sso`, `logon`, `limits`, `passwords`, `requiredGroups`, `resourceGroupOnly`, `allowedProducts`, `longestSession`, `rules`, `exemptions`, `audit`, `budgets`, `approvals`, `channels`, `state`";

/** Text after the account's line, and what is said of it. Those that a JSON Schema can see are marked. */
const mistakes: readonly (readonly [string, string, readonly string[], "in the schema" | "at reading"])[] = [
  ["an unknown key", "modee: enforce", [`2:1: unknown key \`modee\`; allowed: ${topLevel}`], "in the schema"],
  [
    "an unknown key further in",
    "trusted:\n  account: []",
    ["3:3: unknown key `account` under `trusted`; allowed: `accounts`, `services`, `entities`"],
    "in the schema",
  ],
  [
    "a pattern of names that matches every name",
    "classes:\n  service: ['*']",
    [
      "3:13: `classes.service.0`: a pattern of names has 1 to 64 letters, digits, points, hyphens, `_`, `*` or `?`, and not wildcards alone",
    ],
    "in the schema",
  ],
  [
    "a way to log on that nobody knows",
    "logon: { passkey: forbidden }",
    ["2:10: unknown key `passkey` under `logon`; allowed: `passkeys`, `personalDingTalk`"],
    "in the schema",
  ],
  [
    "a benchmark that there is not",
    "passwords: { age: cis-3.0 }",
    ["2:14: `passwords.age`: must be one of `cis-1.0`, `cis-2.0`"],
    "in the schema",
  ],
  [
    "an unknown key of a channel, which depends on its kind",
    "channels:\n  - kind: console\n    url: { env: HOOK }",
    ["4:5: unknown key `url` under `channels.0`; allowed: `kind`, `name`, `severity`, `rules`"],
    "in the schema",
  ],
  [
    "a key that every object has",
    "constructor: 1",
    [`2:1: unknown key \`constructor\`; allowed: ${topLevel}`],
    "in the schema",
  ],
  [
    "a key that changes objects",
    "__proto__: { mode: enforce }",
    [`2:1: unknown key \`__proto__\`; allowed: ${topLevel}`],
    "at reading",
  ],
  ["a number as a key", "1: a", [`2:1: unknown key \`1\`; allowed: ${topLevel}`], "in the schema"],
  [
    "a scalar where a map is",
    "trusted: 5",
    ["2:1: `trusted`: must be a map of `accounts`, `services`, `entities`"],
    "in the schema",
  ],
  [
    "nothing where a map is",
    "trusted:",
    ["2:1: `trusted`: must be a map of `accounts`, `services`, `entities`"],
    "in the schema",
  ],
  ["a text where a list is", "protected: user/alice", ["2:1: `protected`: must be a list"], "in the schema"],
  ["a number where a text is", "region: 5", ["2:1: `region`: must be a text"], "in the schema"],
  ["an unknown mode", "mode: off", ["2:1: `mode`: must be one of `observe`, `enforce`"], "in the schema"],
  ["a mode in another case", "mode: Enforce", ["2:1: `mode`: must be one of `observe`, `enforce`"], "in the schema"],
  ["an unknown language", "language: de", ["2:1: `language`: must be one of `en`, `zh-CN`"], "in the schema"],
  [
    "an unknown time zone",
    "timeZone: Mars/Phobos",
    ["2:1: `timeZone`: an IANA time zone, such as `Asia/Shanghai`"],
    "at reading",
  ],
  [
    "a region that is an address",
    "region: evil.example/",
    ["2:1: `region`: a region reads `cn-hangzhou` or `ap-southeast-1`"],
    "in the schema",
  ],
  [
    "an unknown kind of channel",
    "channels:\n  - kind: slack",
    ["3:5: `channels.0.kind`: must be one of `dingtalk`, `webhook`, `console`"],
    "in the schema",
  ],
  [
    "an unknown kind of state",
    "state: { kind: redis }",
    ["2:10: `state.kind`: must be one of `sqlite`, `tablestore`"],
    "in the schema",
  ],
  [
    "a state whose requests would go out in the open",
    "state: { kind: tablestore, endpoint: http://i.cn-hangzhou.ots.aliyuncs.com, instance: i }",
    ["2:28: `state.endpoint`: an address such as `https://INSTANCE.REGION.ots.aliyuncs.com`"],
    "at reading",
  ],
  [
    "a table that cannot be",
    "state: { kind: tablestore, endpoint: https://i.cn-hangzhou.ots.aliyuncs.com, instance: i, table: ram-warden! }",
    ["2:91: `state.table`: a table is named by 1 to 255 letters, digits and `_`, and not by a digit first"],
    "in the schema",
  ],
  [
    "a rule that does not exist",
    "rules:\n  RAM.Nonsense: { response: alert }",
    [
      `3:3: unknown key \`RAM.Nonsense\` under \`rules\`; allowed: ${[...rules, ...chains, ...checks].map(({ id }) => `\`${id}\``).join(", ")}`,
    ],
    "in the schema",
  ],
  [
    "a response that no rule knows",
    "rules:\n  RAM.TrustEntityAdded: { response: delete }",
    ["3:27: `rules.RAM.TrustEntityAdded.response`: must be one of `revert`, `ask`, `alert`, `off`, `observe`"],
    "in the schema",
  ],
  [
    "a response that this rule cannot give",
    "rules:\n  RAM.RootAccessKey: { response: contain }",
    ["3:24: `rules.RAM.RootAccessKey.response`: must be one of `alert`, `off`, `observe`"],
    "in the schema",
  ],
  [
    "a time to answer that is none",
    "rules:\n  RAM.UserSsoChanged: { approvalHours: 0 }",
    ["3:25: `rules.RAM.UserSsoChanged.approvalHours`: Too small: expected number to be >=1"],
    "in the schema",
  ],
  [
    "a time to answer for a rule that never asks",
    "rules:\n  RAM.RootAccessKey: { approvalHours: 24 }",
    ["3:24: unknown key `approvalHours` under `rules.RAM.RootAccessKey`; allowed: `response`, `maturity`"],
    "in the schema",
  ],
  [
    "enforce without an acting role",
    "mode: enforce",
    ["2:1: `mode`: `enforce` needs `roles.acting`, the name of the role that writes"],
    "in the schema",
  ],
  [
    "enforce with a looking role only",
    "mode: enforce\nroles: { looking: looker }",
    ["2:1: `mode`: `enforce` needs `roles.acting`, the name of the role that writes"],
    "in the schema",
  ],
  [
    "an account id as a number",
    "trusted:\n  accounts: [2345678901234567]",
    ["3:14: `trusted.accounts.0`: an account id is text: put it in quotes"],
    "in the schema",
  ],
  [
    "a wildcard in an account id",
    "trusted: { accounts: ['23*'] }",
    ["2:23: `trusted.accounts.0`: an account id is digits only, in quotes"],
    "in the schema",
  ],
  [
    "a wildcard in a service",
    "trusted: { services: ['*.aliyuncs.com'] }",
    ["2:23: `trusted.services.0`: a service principal reads `ecs.aliyuncs.com`, in lower case, without wildcards"],
    "in the schema",
  ],
  ...["acs:ram::*:root", "acs:ram::1:user/*", "acs:ram::1:role/a?", "acs:ram::1:*", "*", "acs:ram::1:root/x"].map(
    (arn) =>
      [
        `an entity that is not one: ${arn}`,
        `trusted: { entities: ['${arn}'] }`,
        [
          "2:23: `trusted.entities.0`: an entity is the whole ARN of a user, a role, an identity provider or a root, without wildcards",
        ],
        "in the schema",
      ] as const,
  ),
  ...["role/*", "user/a?", "alice", "group/admins", "user/alice@corp.onaliyun.com"].map(
    (name) =>
      [
        `a provisioner that is not one: ${name}`,
        `provisioners: ['${name}']`,
        ["2:16: `provisioners.0`: an acting identity reads `user/NAME` or `role/NAME`, without wildcards"],
        "in the schema",
      ] as const,
  ),
  ...["user/*", "alice", "root", "policy/x"].map(
    (name) =>
      [
        `a protected identity that is not one: ${name}`,
        `protected: ['${name}']`,
        ["2:13: `protected.0`: an identity reads `user/NAME`, `group/NAME` or `role/NAME`, without wildcards"],
        "in the schema",
      ] as const,
  ),
  [
    "a wildcard in the name of a policy",
    "highRiskPolicies: ['Aliyun*']",
    ["2:20: `highRiskPolicies.0`: a policy's name has 1 to 128 letters, digits or hyphens, without wildcards"],
    "in the schema",
  ],
  [
    "a time to decide of a rule that is set to tell",
    "rules:\n  RAM.UserSsoChanged: { response: alert, approvalHours: 8 }",
    [
      "3:42: `rules.RAM.UserSsoChanged.approvalHours`: with the response `alert` the rule asks nobody, so that there is nothing to decide within any time: take this out, or have the rule do more",
    ],
    "at reading",
  ],
  [
    "a time to decide of a rule that is off unless set",
    "rules:\n  RAM.ChangeOutsidePipeline:\n    approvalHours: 8",
    [
      "4:5: `rules.RAM.ChangeOutsidePipeline.approvalHours`: with the response `off` the rule asks nobody, so that there is nothing to decide within any time: take this out, or have the rule do more",
    ],
    "at reading",
  ],
  [
    "a tag of programs twice",
    "classes:\n  serviceTags:\n    - { key: usage, value: service }\n    - { key: usage }\n    - { value: service, key: usage }",
    ["6:7: `classes.serviceTags.2`: this tag stands here a second time: take one of the two out"],
    "at reading",
  ],
  [
    "a second channel of the same name",
    "channels:\n  - kind: console\n  - kind: console",
    ["4:5: `channels.1`: a second channel is named `console`; give it a `name` of its own"],
    "at reading",
  ],
  [
    "a webhook without a secret",
    "channels:\n  - { kind: webhook, url: { env: HOOK }, secrets: [] }",
    [expect.stringMatching(/^3:\d+: `channels\.0\.secrets`: /)],
    "in the schema",
  ],
  [
    "a file of exemptions that is elsewhere",
    "exemptions: ../elsewhere.yaml",
    ["2:1: `exemptions`: the name of a YAML file that is beside this one, such as `exemptions.yaml`"],
    "in the schema",
  ],
  [
    "two mistakes",
    "mode: off\nlanguage: de",
    ["2:1: `mode`: must be one of `observe`, `enforce`", "3:1: `language`: must be one of `en`, `zh-CN`"],
    "in the schema",
  ],
];

describe("settings are refused, with the place and what is allowed there", () => {
  test.each(mistakes.map(([name, text, said]) => [name, text, said] as const))("%s", (_, text, said) => {
    expect(refusedWith(`${base}${text}\n`).map((line) => line.replace(/^warden\.yaml:/, ""))).toEqual(said);
  });

  test.each<[string, string, readonly string[]]>([
    ["nothing at all", "", ["warden.yaml:1:1: `account`: is missing; it is a text"]],
    ["a list", "- a", [`warden.yaml:1:1: the settings: must be a map of ${topLevel}`]],
    [
      "an account id as a number",
      "account: 1234567890123456",
      ["warden.yaml:1:1: `account`: an account id is text: put it in quotes"],
    ],
    [
      "a key that stands twice",
      `${base}mode: observe\nmode: enforce`,
      ["warden.yaml:3:1: this key stands here a second time"],
    ],
    [
      "a list that does not end",
      `${base}protected: [user/a`,
      [expect.stringMatching(/^warden\.yaml:\d+:\d+: not YAML: /)],
    ],
    [
      "a second document",
      `${base}---\n${base}`,
      ["warden.yaml:2:1: not YAML: a second document begins here, and one is allowed"],
    ],
    ["a tag of somebody's own", `${base}region: !secret x`, ["warden.yaml:2:9: not YAML: Unresolved tag: !secret"]],
    [
      "an alias",
      `${base}trusted: &a {}\nroles: *a`,
      ["warden.yaml:3:8: the alias `*a` is not taken here: write the value out"],
    ],
    [
      "an alias of nothing",
      `${base}roles: *a`,
      ["warden.yaml:2:8: the alias `*a` is not taken here: write the value out"],
    ],
  ])("%s", (_, text, said) => {
    expect(refusedWith(text)).toEqual(said);
  });

  test("a bomb of aliases, in no time and few words", () => {
    const bomb = [
      "a0: &a0 [x, x, x, x, x, x, x, x, x]",
      ...Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(", ")}]`),
    ].join("\n");
    expect(refusedWith(bomb).length).toBeGreaterThan(0);
    expect(refusedWith(bomb).length).toBeLessThanOrEqual(20);
  });

  test.each(["[", "{a: ", "- ", "? "])("nesting without end: %s", (opening) => {
    const said = refusedWith(`${base}trusted: ${opening.repeat(5_000)}`);
    expect(said.length).toBeGreaterThan(0);
    expect(said.length).toBeLessThanOrEqual(20);
    expect(said.join("\n")).not.toContain("call stack");
  });

  test("any bytes are an answer, never a throw", () => {
    const yamlish = fc.array(
      fc.constantFrom(
        "account",
        "mode",
        "rules",
        "channels",
        ": ",
        "\n",
        "  ",
        "- ",
        "&a ",
        "*a",
        "!!set",
        "[",
        "{",
        "}",
        "]",
        '"',
        "'",
        "|",
        ">",
        "#",
        "---",
        "?",
        "%",
        "\t",
        "1",
        "\u0000",
        "\ud800",
      ),
      { maxLength: 40 },
    );
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("utf8")),
      yamlish.map((parts) => parts.join("")),
      yamlish.map((parts) => `${base}${parts.join("")}`),
      fc.json({ maxDepth: 4 }),
      fc.object({ maxDepth: 3 }).map((value) => JSON.stringify({ account: "1", ...value })),
    );
    fc.assert(
      fc.property(text, (given) => {
        for (const line of refusedWith(given)) expect(line).toMatch(/^warden\.yaml:[1-9]\d*:[1-9]\d*: ./s);
      }),
      { numRuns: 600 },
    );
  });
});

describe("secrets", () => {
  const channels = [
    "channels:",
    "  - kind: webhook",
    "    url: { env: HOOK }",
    "    secrets: [{ env: NEWEST }, { env: OLDER }]",
    "",
  ].join("\n");

  test("are taken from the environment", () => {
    expect(accepted(base + channels).channels).toEqual([
      { kind: "webhook", name: "webhook", url: environment.HOOK, secrets: [environment.NEWEST, environment.OLDER] },
    ]);
  });

  test.each<[string, Environment]>([
    ["missing", { ...environment, OLDER: undefined }],
    ["empty", { ...environment, OLDER: "" }],
  ])("that are %s are named with their place, and no value is shown", (_, given) => {
    expect(refusedWith(base + channels, given)).toEqual([
      "warden.yaml:5:32: the environment has no `OLDER`, which the settings name here",
    ]);
  });

  test("are all named at once", () => {
    expect(refusedWith(base + channels, {})).toHaveLength(3);
  });

  const robot = "channels:\n  - { kind: dingtalk, url: { env: HOOK } }\n";
  test.each<[string, string, string]>([
    ["is not a URL", "hooks.example/x?access_token=TOKEN", channels],
    ["is not a URL", "oapi.dingtalk.com/robot/send?access_token=TOKEN", robot],
    ["is not a URL", "https://", robot],
    ["must start with `https://`", "http://hooks.example/TOKEN", channels],
    ["must start with `https://`", "javascript:TOKEN", channels],
    ["has no `access_token`", "https://oapi.dingtalk.com/robot/send?token=TOKEN", robot],
  ])("an address that %s is refused with its place, and not shown: %s", (what, HOOK, text) => {
    const [line, ...others] = refusedWith(base + text, { ...environment, HOOK });
    expect(line).toMatch(/^warden\.yaml:[34]:\d+: what the environment has as `HOOK` /);
    expect(line).toContain(what);
    expect(line).not.toContain("TOKEN");
    expect(others).toEqual([]);
  });

  test("a signing secret of another form is refused with its place, and not shown", () => {
    expect(refusedWith(base + channels, { ...environment, OLDER: "whsec_short" })).toEqual([
      "warden.yaml:5:32: what the environment has as `OLDER` must be `whsec_` and 24 to 64 bytes in base64",
    ]);
  });

  test("plain HTTP will do towards this machine", () => {
    for (const HOOK of ["http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]:1/x"])
      expect(refusedWith(base + channels, { ...environment, HOOK })).toEqual([]);
  });

  test("may be left out with their channels where nobody is told", () => {
    const read = readConfig(base + channels, "warden.yaml", {}, "left-out");
    expect(read.ok && read.value.channels).toEqual([]);
  });

  test("that are wrong make a channel that refuses, where the guard must go on without it", () => {
    const two = `${base}${channels}  - kind: console\n`;
    const read = readConfig(two, "warden.yaml", { ...environment, HOOK: "TOKEN" }, "tolerated");
    expect(read.ok && read.value.channels).toEqual([
      { kind: "broken", name: "webhook", because: "what the environment has as `HOOK` is not a URL" },
      { kind: "console", name: "console" },
    ]);
  });

  test("say which messages they are for, broken or not", () => {
    const routed = `${base}channels:\n  - { kind: console, severity: high }\n  - { kind: webhook, url: { env: HOOK }, secrets: [{ env: NONE }], rules: [RAM.MfaRemoved] }\n`;
    const read = readConfig(routed, "warden.yaml", environment, "tolerated");
    expect(read.ok && read.value.channels.map(({ name, route }) => ({ name, route }))).toEqual([
      { name: "console", route: { atLeast: "high" } },
      { name: "webhook", route: { rules: ["RAM.MfaRemoved"] } },
    ]);
  });

  const secret = `SEC${"0123456789abcdef".repeat(4)}`;
  test.each([
    `channels:\n  - { kind: dingtalk, url: { env: HOOK }, secret: ${secret} }`,
    `channels:\n  - { kind: dingtalk, url: { env: HOOK }, secret: { env: ${secret} } }`,
    `channels:\n  - { kind: dingtalk, url: { env: HOOK }, secret: { env: HOOK, value: ${secret} } }`,
    `channels:\n  - { kind: dingtalk, url: "https://oapi.dingtalk.com/robot/send?access_token=${secret}" }`,
    `channels:\n  - { kind: webhook, url: { env: HOOK }, secrets: [${secret}] }`,
    `channels: ${secret}`,
    `channels: []\n"${secret}" "${secret}"`,
    `channels: []\n] ${secret}`,
    `mode: ${secret}`,
    `account: ${secret}`,
    `trusted: { accounts: [${secret}] }`,
    `protected: [${secret}]`,
  ])("that stand in the file by mistake are refused and not shown: %s", (text) => {
    const said = refusedWith((text.startsWith("account") ? "" : base) + text);
    expect(said.length).toBeGreaterThan(0);
    expect(said.join("\n")).not.toContain(secret.slice(0, 12));
  });
});

describe("the address of a robot", () => {
  const robot = `${base}channels:\n  - kind: dingtalk\n    url: { env: ROBOT }\n`;

  test.each(["https://oapi.dingtalk.com.evil.example/robot/send", "https://evil.example/?x=oapi.dingtalk.com"])(
    "%s is refused with its line, without being shown",
    (address) => {
      const [said, ...others] = refusedWith(robot, { ROBOT: `${address}?access_token=hidden` });
      expect(others).toEqual([]);
      expect(said).toContain(
        "warden.yaml:4:5: what the environment has as `ROBOT` names a host that is not DingTalk's; allowed: `oapi.dingtalk.com`",
      );
      expect(said).not.toMatch(/evil|hidden/);
    },
  );

  test.each(["https://oapi.dingtalk.com/robot/send?access_token=x", "http://127.0.0.1:1/robot/send?access_token=x"])(
    "%s is taken",
    (address) => {
      expect(refusedWith(robot, { ROBOT: address })).toEqual([]);
    },
  );
});

describe("the mode", () => {
  const enforcing = `${base}mode: enforce\nroles: { acting: actor }\n`;
  const modeOf = (text: string, given: Environment) => accepted(text, given).guardrails.mode;

  test("is observe unless the file says enforce", () => {
    expect(modeOf(base, {})).toBe("observe");
    expect(modeOf(enforcing, {})).toBe("enforce");
  });

  test("is observe when the environment says so", () => {
    expect(modeOf(enforcing, { WARDEN_MODE: "observe" })).toBe("observe");
  });

  test("is what the file says when the environment says nothing of its own", () => {
    expect(modeOf(enforcing, { WARDEN_MODE: "" })).toBe("enforce");
    expect(modeOf(enforcing, { WARDEN_MODE: "enforce" })).toBe("enforce");
  });

  // Somebody tried to switch something: the side that writes nothing is the safe one to be wrong on.
  test.each(["Observe", "OBSERVE", " observe", "off", "dry-run", "false"])(
    "is observe when the environment says `%s`",
    (asked) => {
      expect(modeOf(enforcing, { WARDEN_MODE: asked })).toBe("observe");
    },
  );

  test("is never enforce by the environment", () => {
    const variables = fc.dictionary(
      fc.oneof(fc.constantFrom("WARDEN_MODE", "MODE", "mode", "NODE_ENV"), fc.string()),
      fc.oneof(fc.constantFrom("enforce", "ENFORCE", "1", "true"), fc.string()),
    );
    fc.assert(fc.property(variables, (given) => void expect(modeOf(base, given)).toBe("observe")));
  });
});

describe("the example", () => {
  const text = readFileSync(new URL("../warden.yaml", import.meta.url), "utf8");
  const config = accepted(text, {
    DINGTALK_WEBHOOK: "https://oapi.dingtalk.com/robot/send?access_token=x",
    DINGTALK_SECRET: "SECx",
  });

  test("is read as it stands", () => {
    expect(config.guardrails).toEqual({
      mode: "enforce",
      protected: [{ kind: "user", name: "break-glass" }],
      accountId: "1234567890123456",
      pipelines: [{ kind: "role", name: "terraform" }],
      budgets: { rule: 60, actor: 60, account: 120, subject: 3, failures: 10 },
      ownRoles: {
        looking: "ram-warden-looking",
        acting: "ram-warden-acting",
        approving: "ram-warden-approving",
      },
    });
    expect(config.rules).toMatchObject({
      accountId: "1234567890123456",
      trusted: (parse(text) as { trusted: object }).trusted,
      provisioners: [{ kind: "role", name: "identity-provisioner" }],
      responses: { "RAM.AccessKeyUnapproved": "contain" },
    });
    expect(config.telling).toEqual({ language: "en", timeZone: "Asia/Shanghai", approvals: config.approvals });
    expect(config.state).toEqual({ kind: "sqlite", path: ".warden/state.sqlite" });
    // The account is looked at as it stands unless the settings say otherwise.
    expect(config.audit).toBe("daily");
  });
});

describe("the JSON Schema", () => {
  const ajv = new Ajv2020({ strict: false, formats: { uri: true } });
  const isValid = ajv.compile(configJsonSchema());

  test("takes the example", () => {
    isValid(parse(readFileSync(new URL("../warden.yaml", import.meta.url), "utf8")));
    expect(isValid.errors ?? []).toEqual([]);
  });

  test("takes the shortest settings", () => {
    expect(isValid({ account: "1" })).toBe(true);
    expect(isValid({ account: "1", mode: "enforce", roles: { acting: "a" } })).toBe(true);
  });

  test.each(mistakes.filter(([, , , where]) => where === "in the schema").map(([name, text]) => [name, text] as const))(
    "refuses the same mistake: %s",
    (_, text) => {
      expect(isValid(parse(`${base}${text}\n`))).toBe(false);
    },
  );

  test("lets each rule be told what it can do, and nothing else", () => {
    const responses = ["revert", "contain", "ask", "alert", "off"];
    for (const rule of rules)
      expect(
        responses.filter((response) => isValid({ account: "1", rules: { [rule.id]: { response } } })),
        rule.id,
      ).toEqual(responses.filter((response) => (rule.responses as readonly string[]).includes(response)));
  });

  test("and the reader agree on what else comes", () => {
    const value = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        1,
        "",
        "x",
        "enforce",
        "1234",
        [],
        {},
        ["1"],
        [1],
        { kind: "console" },
        { acting: "a" },
      ),
      fc.constantFrom<unknown>(
        ["user/a"],
        ["role/*"],
        [{ kind: "console" }],
        { kind: "sqlite", path: "p" },
        { accounts: ["1"] },
      ),
    );
    const key = fc.constantFrom(
      "mode",
      "account",
      "region",
      "language",
      "roles",
      "trusted",
      "provisioners",
      "pipelines",
      "protected",
      "highRiskPolicies",
      "naming",
      "classes",
      "sso",
      "logon",
      "limits",
      "passwords",
      "rules",
      "exemptions",
      "budgets",
      "approvals",
      "channels",
      "state",
      "other",
    );
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 3 }), (given) => {
        const settings = { account: "1", ...given };
        expect(isValid(settings)).toBe(readConfig(JSON.stringify(settings), "f", {}).ok);
      }),
      { numRuns: 400 },
    );
  });
});

describe("where the state is", () => {
  const file = `${base}state: { kind: sqlite, path: s.sqlite }\n`;
  const [endpoint, instance] = ["https://i.cn-hangzhou.ots.aliyuncs.com", "i"];
  const [E, I, T] = ["WARDEN_TABLESTORE_ENDPOINT", "WARDEN_TABLESTORE_INSTANCE", "WARDEN_TABLESTORE_TABLE"];

  test("is what the environment says, before what the file says, and empty is as good as absent", () => {
    const at = (given: Environment) => accepted(file, given).state;
    expect(at({ [E]: endpoint, [I]: instance })).toEqual({
      kind: "tablestore",
      endpoint,
      instance,
      table: "ram_warden",
    });
    expect(at({ [E]: endpoint, [I]: instance, [T]: "of_another" })).toMatchObject({ table: "of_another" });
    expect(at({ [E]: endpoint, [I]: instance, [T]: "" })).toMatchObject({ table: "ram_warden" });
    expect(at({ [E]: "http://127.0.0.1:8080", [I]: instance })).toMatchObject({ kind: "tablestore" });
    for (const given of [{}, { [E]: "", [I]: "", [T]: "" }])
      expect(at(given)).toEqual({ kind: "sqlite", path: "s.sqlite" });
  });

  test.each<[string, Environment, readonly string[]]>([
    ["no instance", { [E]: endpoint }, [`the environment has \`${E}\` and no \`${I}\`: set both, or neither`]],
    [
      "an empty endpoint",
      { [E]: "", [I]: instance },
      [`the environment has \`${I}\` and no \`${E}\`: set both, or neither`],
    ],
    [
      "a table alone",
      { [T]: "one" },
      [
        `the environment has \`${T}\` and no \`${E}\`: set both, or neither`,
        `the environment has \`${T}\` and no \`${I}\`: set both, or neither`,
      ],
    ],
    [
      "an endpoint in the open",
      { [E]: "http://i.cn-hangzhou.ots.aliyuncs.com", [I]: instance },
      [`what the environment has as \`${E}\` must be an address such as \`https://INSTANCE.REGION.ots.aliyuncs.com\``],
    ],
    [
      "a name that no table can have",
      { [E]: endpoint, [I]: instance, [T]: "ram-warden!" },
      [
        `what the environment has as \`${T}\` is no name of a table: a table is named by 1 to 255 letters, digits and \`_\`, and not by a digit first`,
      ],
    ],
  ])("is never guessed of %s", (_, given, problems) => {
    expect(refusedWith(file, given)).toEqual(problems.map((what) => `warden.yaml:2:1: ${what}`));
    // Without the key in the file, it is told of its first line.
    expect(refusedWith(base, given)).toEqual(problems.map((what) => expect.stringContaining(what)));
  });
});
