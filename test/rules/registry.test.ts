import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import type { Language } from "../../shared/domain/finding.ts";
import { severityRank } from "../../shared/domain/finding.ts";
import { subjectKinds } from "../../shared/domain/kinds.ts";
import type { RuleSettings } from "../../shared/domain/settings.ts";
import { forbidsState, isJudged, isNeeded, judgeChange, ruleById, rules } from "../../shared/rules/registry.ts";
import {
  carrying,
  grantChange,
  keyChange,
  membershipChange,
  policyChange,
  policyOf,
  root,
  settings,
  trustChange,
  trusting,
  user,
} from "./changes.ts";
import { fileOf } from "./verdicts.ts";

const filesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(fileURLToPath(new URL(folder, import.meta.url)), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map(({ name }) => name.slice(0, -ending.length))
    .filter((name) => name !== "registry")
    .sort();

/** `RAM.TrustForeignAccount` as the name of its constant, `trustForeignAccount`. */
const constantOf = (id: string): string => {
  const name = id.replace(/^RAM\./, "");
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
};

const controls = JSON.parse(
  readFileSync(new URL("../fixtures/controls/controls.json", import.meta.url), "utf8"),
) as readonly { id: string; title: string; severity: string; response: string }[];

describe("the registry", () => {
  const files = rules.map(({ id }) => fileOf(id)).sort();

  test("holds the rules of the files in shared/rules, no more and no fewer", () => {
    expect(files).toEqual(filesIn("../../shared/rules", ".ts"));
  });

  test("holds the rules that have a test file of their own", () => {
    expect(filesIn(".", ".test.ts")).toEqual(files);
  });

  test("holds the rules of which what they say is kept", () => {
    expect(filesIn("./verdicts", ".json")).toEqual(files);
  });

  test("finds a rule by its id, and nothing else", () => {
    for (const rule of rules) expect(ruleById(rule.id)).toBe(rule);
    for (const id of ["", "RAM.", "ram.trustforeignaccount", "RAM.TrustForeignAccount ", "constructor"])
      expect(ruleById(id)).toBeUndefined();
  });

  test("has each id and each control once", () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(new Set(rules.map(({ control }) => control)).size).toBe(rules.length);
  });
});

describe.each(rules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  test("is exported by its file under its name", async () => {
    const module = (await import(`../../shared/rules/${fileOf(id)}.ts`)) as { readonly [name: string]: unknown };
    expect(Object.keys(module)).toEqual([constantOf(id)]);
    expect(module[constantOf(id)]).toBe(rule);
  });

  test("has a control of the catalogue, with its severity and its response", () => {
    const control = controls.find((one) => one.id === rule.control);
    // A control that the catalogue does not have is the project's own, and says so by its id.
    if (rule.control.startsWith("RAM-OWN-")) return expect(control).toBeUndefined();
    // What the rules call `ask` is `approve` there.
    const response = rule.response === "ask" ? "approve" : rule.response;
    expect(control).toMatchObject({ severity: rule.severity, response });
  });

  test("can give its default response, can be told to alert and can be off", () => {
    expect(rule.responses).toContain(rule.response);
    expect(rule.responses).toContain("alert");
    expect(rule.responses).toContain("off");
    expect(new Set(rule.responses).size).toBe(rule.responses.length);
    expect(severityRank(rule.severity)).toBeGreaterThanOrEqual(0);
  });

  test.each<Language>(["en", "zh-CN"])("is explained in full in %s", (language) => {
    const { title, rationale, runbook, falsePositives } = rule.text[language];
    for (const text of [title, rationale, falsePositives, ...runbook]) {
      expect(text.trim()).toBe(text);
      expect(text.length).toBeGreaterThan(5);
      expect(/[\u4e00-\u9fff]/.test(text), text).toBe(language === "zh-CN");
    }
    expect(runbook.length).toBeGreaterThanOrEqual(2);
    expect(runbook.length).toBe(rule.text.en.runbook.length);
  });

  test("points to where the cloud is documented", () => {
    expect(rule.references.length).toBeGreaterThan(0);
    for (const reference of rule.references)
      expect(["www.alibabacloud.com", "help.aliyun.com"]).toContain(new URL(reference).hostname);
  });
});

describe("judging a change by all rules", () => {
  const takenOver = trustChange(
    trusting({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs.aliyuncs.com" } }),
    trusting({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM: "acs:ram::9876543210987654:root" } }),
  );

  test("asks the rules of its kind, in the order of the registry", () => {
    expect(judgeChange(takenOver, { settings: settings() }).map(({ rule }) => rule)).toEqual([
      "RAM.TrustForeignAccount",
      "RAM.TrustEntityAdded",
      "RAM.TrustEntityRemoved",
    ]);
    expect(judgeChange(keyChange("alice", user("bob")), { settings: settings() }).map(({ rule }) => rule)).toEqual([
      "RAM.AccessKeyForAnother",
      "RAM.AccessKeyUnapproved",
    ]);
    expect(judgeChange(keyChange({ kind: "root" }, root), { settings: settings() }).map(({ rule }) => rule)).toEqual([
      "RAM.RootAccessKey",
      "RAM.RootWrote",
    ]);
  });

  test("does not ask a rule that is off, and gives each the response of the settings", () => {
    const responses = {
      "RAM.TrustForeignAccount": "off",
      "RAM.TrustEntityAdded": "ask",
      "RAM.TrustEntityRemoved": "off",
    } as const;
    expect(judgeChange(takenOver, { settings: settings({ responses }) })).toMatchObject([
      { rule: "RAM.TrustEntityAdded", response: "ask" },
    ]);
  });

  test("says of each finding which control it is, how bad, and what is asked for", () => {
    const [finding] = judgeChange(takenOver, { settings: settings() });
    expect(finding).toMatchObject({
      rule: "RAM.TrustForeignAccount",
      control: "RAM-ROLE-002",
      severity: "critical",
      maturity: "stable",
      response: "revert",
      title: { en: "Role trusts an account that is not on the allow-list", "zh-CN": "角色信任未许可的外部账号" },
      verdict: { kind: "violation" },
    });
  });

  test("a rule that ends in a fault decides nothing, and what the others find stands", () => {
    const faulty = {
      ...settings({ responses: { "RAM.ChangeOutsidePipeline": "alert" } }),
      get pipelines(): RuleSettings["pipelines"] {
        throw new TypeError("the text of a fault is nobody's business");
      },
    };
    const findings = judgeChange(takenOver, { settings: faulty });
    expect(findings.map(({ rule, verdict }) => [rule, verdict.kind])).toEqual([
      ["RAM.TrustForeignAccount", "violation"],
      ["RAM.TrustEntityAdded", "violation"],
      ["RAM.TrustEntityRemoved", "violation"],
      ["RAM.ChangeOutsidePipeline", "undetermined"],
    ]);
    expect(findings[3]).toMatchObject({ severity: ruleById("RAM.ChangeOutsidePipeline")?.severity });
    expect(findings[3]?.verdict).toEqual({
      kind: "undetermined",
      because: {
        en: "judging it ended in a fault of RAM Warden (`TypeError`): look at the change yourself",
        "zh-CN": "RAM Warden 在判定时出错（`TypeError`）：请人工检查该变更",
      },
    });
    expect(JSON.stringify(findings)).not.toContain("nobody's business");
  });

  test("a fault that is no error is told as one that nobody knows", () => {
    const faulty = {
      ...settings({ responses: { "RAM.ChangeOutsidePipeline": "alert" } }),
      get pipelines(): RuleSettings["pipelines"] {
        throw "a text";
      },
    };
    const findings = judgeChange(takenOver, { settings: faulty });
    expect(findings[3]?.verdict).toMatchObject({
      because: { en: expect.stringContaining("a fault of RAM Warden (`an unknown fault`)") },
    });
  });

  test("looks at what a rule in force needs of a kind of subject, and at nothing else", () => {
    expect(isNeeded("carried", "membership", settings())).toBe(true);
    expect(isNeeded("carried", "role-trust", settings())).toBe(false);
    expect(isNeeded("roleTrust", "grant", settings())).toBe(true);
    expect(isNeeded("roleTrust", "user", settings())).toBe(false);
    const off = Object.fromEntries(
      rules.filter(({ needs }) => needs?.includes("carried")).map(({ id }) => [id, "off" as const]),
    );
    expect(isNeeded("carried", "membership", settings({ responses: off }))).toBe(false);
    expect(isJudged("membership", settings({ responses: off }))).toBe(true);
  });

  test("asks a rule of several kinds of each of them, and of no other", () => {
    const kinds = subjectKinds.filter((kind) => rules.some(({ subject }) => [subject].flat().includes(kind)));
    for (const rule of rules) {
      const others = rules.filter((one) => one !== rule).map(({ id }) => [id, "off" as const]);
      const alone = settings({ responses: Object.fromEntries(others) });
      // Whoever acts is one whose changes are judged by every rule, the account owner or a protected user.
      const isAsked = kinds.filter((kind) => [root, user("break-glass")].some((actor) => isJudged(kind, alone, actor)));
      const own = rule.subject === "any" ? kinds : kinds.filter((kind) => [rule.subject].flat().includes(kind));
      if (rule.response !== "off") expect(isAsked, rule.id).toEqual(own);
    }
  });

  test("keeps a state from being one to go back to by what is found, unless that is only to be looked at", () => {
    const findings = judgeChange(takenOver, { settings: settings() });
    const advisory = findings.filter(({ rule }) => ruleById(rule)?.advisory === true);
    expect(advisory.map(({ rule }) => rule)).toEqual(["RAM.TrustEntityRemoved"]);
    expect(forbidsState(findings)).toBe(true);
    expect(forbidsState(advisory)).toBe(false);
    expect(forbidsState([])).toBe(false);
    // What no rule of this version is called by is not taken for advice.
    expect(forbidsState(advisory.map((one) => ({ ...one, rule: "RAM.OfAnotherVersion" as const })))).toBe(true);
  });

  describe("of a document with a member that is there twice", () => {
    const narrow = trusting({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs.aliyuncs.com" } });
    const foreign = '"Principal":{"RAM":"acs:ram::9876543210987654:root"}';
    const harmless = '"Principal":{"Service":"ecs.aliyuncs.com"}';
    const document = (...members: readonly string[]): string =>
      `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",${members.join(",")}}]}`;
    const kindsOf = (after: string) =>
      judgeChange(trustChange(narrow, after), { settings: settings() }).map(({ verdict }) => verdict.kind);

    test("breaks a rule that it breaks by both readings", () => {
      const after = document(foreign).replace('"Version":"1"', '"Version":"1","Version":"1"');
      expect(kindsOf(after)).toEqual([
        ...["violation", "violation", "undetermined", "violation"],
        // These find nothing by either reading, and decide nothing on a text that has two.
        ...["undetermined", "undetermined", "undetermined", "undetermined"],
      ]);
    });

    test.each([
      ["the first", document(foreign, harmless)],
      ["the last", document(harmless, foreign)],
    ])("is undetermined where it breaks it by %s alone", (_, after) => {
      expect(new Set(kindsOf(after))).toEqual(new Set(["undetermined"]));
    });

    test("is undetermined, and not compliant, where it breaks none", () => {
      expect(kindsOf(document(harmless, harmless))).not.toEqual([]);
      expect(new Set(kindsOf(document(harmless, harmless)))).toEqual(new Set(["undetermined"]));
    });

    test("and so of a policy that is attached", () => {
      const change = grantChange({ kind: "group", name: "staff" }, { type: "Custom", name: "p" });
      const kindsWith = (statement: string) =>
        judgeChange(change, {
          settings: settings(),
          policyDocument: `{"Version":"1","Version":"1","Statement":[{"Effect":"Allow",${statement},"Resource":"*"}]}`,
        }).map(({ verdict }) => verdict.kind);
      expect(kindsWith('"Action":"*"')[0]).toBe("violation");
      for (const unclear of ['"Action":"*","Action":"oss:Get*"', '"Action":"oss:Get*"'])
        expect(new Set(kindsWith(unclear))).toEqual(new Set(["undetermined"]));
    });

    test("and so of a policy that a group carries, and of one that is written", () => {
      const twice = '{"Version":"1","Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
      const first = (change: Change, more: object) =>
        judgeChange(change, { settings: settings(), ...more }).map(({ rule, verdict }) => [rule, verdict.kind])[0];
      for (const texts of [[twice], [twice, undefined]])
        expect(first(membershipChange("ops"), carrying(...texts))).toEqual([
          "RAM.UserAddedToPrivilegedGroup",
          "violation",
        ]);
      expect(first(policyChange("new", policyOf([twice]), { did: "made" }), {})).toEqual([
        "RAM.CustomPolicyFullAdmin",
        "violation",
      ]);
    });
  });
});
