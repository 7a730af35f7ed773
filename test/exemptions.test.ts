import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { exemptionsIn, readExemptions } from "../shared/exemptions.ts";
import { exemptionsJsonSchema } from "../shared/exemptions-schema.ts";

const good = `# Agreed exceptions.
exemptions:
  - id: auditors-2026
    rules: [RAM.TrustForeignAccount, RAM.TrustEntityAdded]
    subject: role-trust/Audit-*
    actor: role/Terraform
    change: 0123456789abcdef0123456789abcdef
    owner: alice@example.com
    reason: the auditors' own account, until they are done
    ticket: SEC-42
    from: 2026-11-01
    until: 2026-11-30
  - id: short
    rules: [RAM.AccessKeyForAnother]
    subject: access-key/LTAI123
    owner: bob
    reason: migration
    from: 2026-11-01T08:00:00+08:00
    until: 2026-11-02T08:00:00+08:00
`;

const at = (text: string): number => Date.parse(text);

describe("a file of exemptions", () => {
  test("is read as values", () => {
    const read = readExemptions(good, "exemptions.yaml");
    expect(read).toEqual({
      ok: true,
      value: [
        {
          id: "auditors-2026",
          rules: ["RAM.TrustForeignAccount", "RAM.TrustEntityAdded"],
          // Roles compare without case.
          subject: "role-trust/audit-*",
          actor: "role/terraform",
          change: "0123456789abcdef0123456789abcdef",
          owner: "alice@example.com",
          reason: "the auditors' own account, until they are done",
          ticket: "SEC-42",
          from: at("2026-11-01T00:00:00Z"),
          // The last day is in it, whole.
          until: at("2026-12-01T00:00:00Z"),
        },
        {
          id: "short",
          rules: ["RAM.AccessKeyForAnother"],
          subject: "access-key/LTAI123",
          owner: "bob",
          reason: "migration",
          from: at("2026-11-01T00:00:00Z"),
          until: at("2026-11-02T00:00:00Z"),
        },
      ],
    });
  });

  test("fits the published schema", () => {
    const fits = new Ajv2020({ strict: false }).compile(exemptionsJsonSchema());
    fits(parse(good));
    expect(fits.errors ?? []).toEqual([]);
    expect(fits({ exemptions: [{ id: "a" }] })).toBe(false);
  });

  const entry = (over: { readonly [key: string]: string | undefined }): string => {
    const members = {
      id: "one",
      rules: "[RAM.TrustForeignAccount]",
      subject: "role-trust/deploy",
      owner: "alice",
      reason: "agreed",
      from: "2026-11-01",
      until: "2026-12-01",
      ...over,
    };
    const lines = Object.entries(members).flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`]));
    return `exemptions:\n  - ${lines.join("\n    ")}\n`;
  };

  const problems = (text: string): readonly string[] => {
    const read = readExemptions(text, "e.yaml");
    return read.ok ? [] : read.error.map(({ line, column, what }) => `${line}:${column}: ${what}`);
  };

  test("of the form that the table below breaks, is good", () => {
    expect(problems(entry({}))).toEqual([]);
  });

  test.each<[string, { readonly [key: string]: string | undefined }, string]>([
    ["a subject that is any subject", { subject: '"*"' }, "4:5: `exemptions.0.subject`: a subject reads"],
    ["a subject of any kind", { subject: '"*/deploy"' }, "4:5: `exemptions.0.subject`: a subject reads"],
    [
      "a pattern that is everything of its kind",
      { subject: "role-trust/*" },
      "4:5: `exemptions.0.subject`: this pattern stands for everything",
    ],
    [
      "the same in other letters",
      { subject: "role-trust/**?" },
      "4:5: `exemptions.0.subject`: this pattern stands for everything",
    ],
    [
      "everything, with words of ours",
      { subject: "grant/user/*/System/*" },
      "4:5: `exemptions.0.subject`: this pattern stands for everything",
    ],
    ["an unknown kind", { subject: "roles/deploy" }, "4:5: `exemptions.0.subject`: a subject reads"],
    ["a kind alone", { subject: "role-trust/" }, "4:5: `exemptions.0.subject`: a subject reads"],
    ["an actor that is anybody", { actor: '"role/*"' }, "`exemptions.0.actor`: this pattern stands for everybody"],
    ["an actor of another form", { actor: "terraform" }, "`exemptions.0.actor`: an actor reads"],
    ["no scope at all", { subject: undefined }, "`exemptions.0.rules`: this exempts everything"],
    ["an unknown rule", { rules: "[RAM.NoSuchRule]" }, "3:13: `exemptions.0.rules.0`: there is no such rule"],
    ["a pattern of rules", { rules: '["RAM.*"]' }, "`exemptions.0.rules.0`: there is no such rule"],
    ["no rules", { rules: "[]" }, "3:5: `exemptions.0.rules`: names no rule"],
    ["a rule twice", { rules: "[RAM.MfaRemoved, RAM.MfaRemoved]" }, "names a rule twice"],
    ["no owner", { owner: undefined }, "`exemptions.0.owner`: is missing"],
    ["an empty owner", { owner: '" "' }, "`exemptions.0.owner`: an owner must not be empty"],
    ["no reason", { reason: undefined }, "`exemptions.0.reason`: is missing"],
    ["no end", { until: undefined }, "`exemptions.0.until`: is missing"],
    ["no beginning", { from: undefined }, "`exemptions.0.from`: is missing"],
    [
      "an end that is far off",
      { until: "2027-11-03" },
      "8:5: `exemptions.0.until`: an exemption lasts at most 366 days",
    ],
    ["an end before the beginning", { until: "2026-10-31" }, "8:5: `exemptions.0.until`: it is over before it begins"],
    ["a day that there is not", { until: "2026-02-30" }, "`exemptions.0.until`: a time is a day"],
    ["a time without its zone", { until: "2026-12-01T10:00:00" }, "`exemptions.0.until`: a time is a day"],
    ["a time that is a number", { until: "20261201" }, "`exemptions.0.until`: a time is text"],
    ["a digest of another form", { change: "abc" }, "`exemptions.0.change`: a change is the digest"],
    ["an id with a slash", { id: "a/b" }, "2:5: `exemptions.0.id`: an id has"],
    ["an unknown key", { scope: "all" }, "9:5: unknown key `scope` under `exemptions.0`; allowed: `id`, `rules`,"],
  ])("is refused with its line: %s", (_, over, said) => {
    expect(problems(entry(over)).join("\n")).toContain(said);
  });

  test.each([
    "grant/u*",
    "grant/*account*",
    "grant/*/System*",
    "grant/*s*",
    "grant/user/*/Sys*/*",
    "grant/role/*e*",
    "access-key/*L*",
    "access-key/LTAI*",
    "access-key/u*",
    "role-trust/*A*",
    "role-trust/*-*",
    "control-policy/cp-*",
    "tags/us*",
  ])("has no pattern of subjects that stands for whatever there is: %s", (subject) => {
    expect(problems(entry({ subject: `"${subject}"` })).join("\n")).toContain("this pattern stands for everything");
  });

  test.each(["service/*.com", "service/*.aliyuncs.com", "user/*-*", "role/*E*", "1234567890123456:user/*a*"])(
    "has no pattern of actors that stands for whoever there is: %s",
    (actor) => {
      expect(problems(entry({ actor: `"${actor}"` })).join("\n")).toContain("this pattern stands for everybody");
    },
  );

  test.each([
    { subject: "grant/user/alice/*" },
    { subject: "grant/user/*/System/AliyunOSSReadOnlyAccess/account" },
    { subject: "grant/group/staff/System/*" },
    { subject: "access-key/user/terraform-*/*" },
    { subject: "role-trust/*-deploy" },
    { actor: "role/ci-*" },
    { actor: "service/fc*.aliyuncs.com" },
    { actor: "2345678901234567:role/*-ci" },
  ])("may have a pattern that names a part: %j", (over) => {
    expect(problems(entry(over))).toEqual([]);
  });

  test("lasts 366 days at the most, its last day included", () => {
    expect(problems(entry({ from: "2026-11-01", until: "2027-11-02" }))).toEqual([]);
    expect(problems(entry({ from: "2026-11-01", until: "2027-11-03" }))).toHaveLength(1);
  });

  test("has each id once", () => {
    const two = `${entry({})}${entry({}).replace("exemptions:\n", "")}`;
    expect(problems(two)).toEqual(["9:5: `exemptions.1.id`: another exemption has this id"]);
  });

  test.each([
    ["no YAML", "exemptions: [", "not YAML"],
    ["nothing", "", "`exemptions`: is missing"],
    ["a list at its top", "- id: one", "must be a map of `exemptions`"],
    ["an alias", "exemptions: &a []\nother: *a", "alias"],
    ["a key twice", "exemptions: []\nexemptions: []", "second time"],
  ])("is refused where it is %s", (_, text, said) => {
    expect(problems(text).join("\n")).toContain(said);
  });

  test("quotes nothing of what was pasted into it", () => {
    const text = entry({ owner: '"LTAIsecretsecret"', actor: "s3cr3t-value", change: "s3cr3t-value" });
    expect(problems(text).join("\n")).not.toContain("s3cr3t");
  });

  test("of 10,000 is read", () => {
    const one = entry({}).replace("exemptions:\n", "");
    const text = `exemptions:\n${Array.from({ length: 10_000 }, (_, n) => one.replace("id: one", `id: e${n}`)).join("")}`;
    const read = readExemptions(text, "e.yaml");
    expect(read.ok && read.value.length).toBe(10_000);
  });
});

describe("a file as it is found", () => {
  test("there need be none, unless the settings name it", () => {
    expect(exemptionsIn({ kind: "absent" }, "exemptions.yaml", false)).toMatchObject({ kind: "read" });
    expect(exemptionsIn({ kind: "absent" }, "own.yaml", true)).toEqual({
      kind: "unreadable",
      problems: ["own.yaml: the settings name it, and there is no such file"],
    });
  });
  test("one that cannot be read is no empty one", () => {
    expect(exemptionsIn({ kind: "unreadable", because: "EACCES" }, "exemptions.yaml", false)).toEqual({
      kind: "unreadable",
      problems: ["exemptions.yaml: cannot be read: EACCES"],
    });
    expect(exemptionsIn({ kind: "text", text: "exemptions: {}" }, "exemptions.yaml", false)).toMatchObject({
      kind: "unreadable",
      problems: [expect.stringMatching(/^exemptions\.yaml:1:1: `exemptions`: must be a list/)],
    });
  });
  test("a good one is looked up by its rules", () => {
    const read = exemptionsIn({ kind: "text", text: good }, "exemptions.yaml", true);
    expect(read.kind === "read" && [...read.exemptions.byRule.keys()].sort()).toEqual([
      "RAM.AccessKeyForAnother",
      "RAM.TrustEntityAdded",
      "RAM.TrustForeignAccount",
    ]);
  });
});
