import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CompareFlags, comparePolicies } from "../../cli/policy/compare.ts";
import { explainPolicies } from "../../cli/policy/explain.ts";
import { brokenJsonPlace } from "../../cli/policy/json-place.ts";
import { terminalJson, terminalText } from "../../cli/policy/terminal-text.ts";
import type { TrustStep } from "../../shared/policy/trust-difference.ts";

const own = "1234567890123456";
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "policy-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return path;
};

const document = (...statements: readonly object[]): object => ({ Version: "1", Statement: statements });
const allow = (action: string | readonly string[], more: object = {}): object => ({
  Effect: "Allow",
  Action: action,
  Resource: "*",
  ...more,
});
const trust = (...accounts: readonly string[]): object =>
  document({
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Principal: { RAM: accounts.map((id) => `acs:ram::${id}:root`) },
  });

const statements = (of: object): readonly object[] => (of as { readonly Statement: readonly object[] }).Statement;

const read = document(allow("oss:Get*"));
const attach = document(allow(["oss:Get*", "ram:AttachPolicyToUser"], { Sid: "extra" }));

const compare = (before: unknown, after: unknown, flags: CompareFlags = {}) =>
  comparePolicies(file("before.json", before), file("after.json", after), flags);
const json = (before: unknown, after: unknown, flags: CompareFlags = {}) => {
  const { exit, out, err } = compare(before, after, { ...flags, json: true });
  if (out === undefined) throw new Error(err);
  return { exit, answer: JSON.parse(out) };
};

const members = ["result", "newAccess", "exact", "ambiguous", "witness", "allowedBy", "noLongerDeniedBy"];

describe("policy compare", () => {
  test("new access, with its request and its statement", () => {
    const { exit, answer } = json(read, attach);
    expect(exit).toBe(1);
    expect(Object.keys(answer)).toEqual(members);
    expect(answer).toMatchObject({
      result: "new-access",
      newAccess: true,
      exact: true,
      ambiguous: [],
      witness: { action: "ram:AttachPolicyToUser", context: {} },
      allowedBy: { document: 0, statement: 0, sid: "extra" },
      noLongerDeniedBy: null,
    });
  });

  test("nothing new", () => {
    const { exit, answer } = json(attach, read);
    expect(exit).toBe(0);
    expect(answer).toEqual({
      result: "no-new-access",
      newAccess: false,
      exact: true,
      ambiguous: [],
      witness: null,
      allowedBy: null,
      noLongerDeniedBy: null,
    });
  });

  test("lists are attached together, and `[]` is nothing", () => {
    const deny = document({ ...allow("ram:*"), Effect: "Deny" });
    expect(json([], []).answer.newAccess).toBe(false);
    expect(json([attach], []).answer.newAccess).toBe(false);
    expect(json([], [attach, deny]).answer.witness.action).toMatch(/^oss:Get/);
    expect(json([read], [attach, deny]).answer.newAccess).toBe(false);
    expect(json([attach, deny], [attach]).answer).toMatchObject({
      newAccess: true,
      allowedBy: { document: 0 },
      noLongerDeniedBy: { document: 1, statement: 0 },
    });
  });

  test("documents as text, in a list or alone, as events carry them", () => {
    expect(json(JSON.stringify(JSON.stringify(read)), [JSON.stringify(read)]).answer.newAccess).toBe(false);
  });

  test("the kind is seen from the documents", () => {
    expect(json(trust(own), trust(own, "9876543210987654")).answer.witness).toMatchObject({
      principal: { type: "RAM", value: expect.stringContaining("9876543210987654") },
    });
    expect(json([], trust(own), { trust: true }).answer.newAccess).toBe(true);
    expect(compare(read, trust(own))).toMatchObject({ exit: 2, err: expect.stringContaining("cannot be compared") });
  });

  test("a document that says one thing twice is undecided, and says where", () => {
    const twice = '{"Version":"1","Statement":[{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}]}';
    const { exit, answer } = json(read, twice);
    expect(exit).toBe(1);
    expect(Object.keys(answer)).toEqual([...members, "because"]);
    expect(answer).toMatchObject({ result: "undecided", newAccess: null, exact: false, witness: null });
    expect(answer.because).toContain("after.json`: $.Statement[0].Effect");
  });

  test("so is one with a part that has no meaning", () => {
    const { exit, answer } = json(read, [read, document({ Effect: "Perhaps", Action: "*", Resource: "*" })]);
    expect(exit).toBe(1);
    expect(answer).toMatchObject({ newAccess: null, because: expect.stringContaining("$[1].Statement[0].Effect") });
  });

  test("an operator that nobody knows is not exact", () => {
    const { answer } = json(
      document(allow("*", { Condition: { Frobnicate: { "a:b": "c" } } })),
      document(allow("*", { Condition: { Frobnicate: { "a:b": "d" } } })),
    );
    expect(Object.keys(answer)).toEqual([...members, "inexactBecause"]);
    expect(answer).toMatchObject({
      newAccess: true,
      exact: false,
      inexactBecause: ["`Frobnicate` on `a:b` is not understood"],
    });
  });

  test("for people: the request, the statement, and what changed in a trust", () => {
    const { out } = compare(read, attach);
    expect(out).toMatch(
      /^new access: .*\n {2}for one {5}ram:AttachPolicyToUser on .*\n {2}allowed by {2}statement 1 \(extra\) of .*after\.json\n {2}exact {7}yes$/,
    );
    const words = compare(trust(own), trust(own, "9876543210987654"), { account: own }).out;
    expect(words).toContain(
      "critical  the role newly trusts every RAM user and role of account `9876543210987654` (another account)",
    );
    expect(compare(attach, attach).out).toContain("no new access");
  });

  test("a change of trust is told step by step, for machines", () => {
    const oidc = (more: object = {}): object => ({
      Effect: "Allow",
      Action: "sts:AssumeRoleWithOIDC",
      Principal: { Federated: `acs:ram::${own}:oidc-provider/ci` },
      ...more,
    });
    const sub = (...values: readonly string[]): object => ({ Condition: { StringLike: { "oidc:sub": values } } });
    const before = document(oidc(sub("repo:o/r")), ...statements(trust(own)));
    const after = document(oidc(sub("repo:o/r", "repo:o/*")), ...statements(trust("9876543210987654")));
    const { exit, answer } = json(before, after, { account: own });
    expect(exit).toBe(1);
    expect(Object.keys(answer)).toEqual([...members, "trustDifference"]);
    const { steps, exact } = answer.trustDifference;
    expect(exact).toBe(true);
    expect(steps.map((step: TrustStep) => [step.kind, step.widens, step.severity, step.entity?.kind])).toEqual([
      ["condition-weakened", true, "critical", "oidc-provider"],
      ["entity-added", true, "critical", "account"],
      ["entity-removed", false, "medium", "account"],
    ]);
    expect(steps[0].facts).toMatchObject({ conditionKey: "oidc:sub", conditionBefore: "StringLike repo:o/r" });
    expect(steps[1].sentence).toEqual({
      en: "the role newly trusts every RAM user and role of account `9876543210987654` (another account)",
      "zh-CN": "该角色新增信任账号 `9876543210987654` 下的所有 RAM 用户和角色（外部账号）",
    });
    const narrower = json(trust(own, "9876543210987654"), trust(own));
    expect(narrower.exit).toBe(0);
    expect(narrower.answer).toMatchObject({
      newAccess: false,
      trustDifference: { steps: [{ kind: "entity-removed" }] },
    });
    expect(json(trust(own), trust(own)).answer.trustDifference).toEqual({ steps: [], exact: true });
    const twice = `[${JSON.stringify(trust(own))},{"Version":"1","Statement":[],"Statement":[]}]`;
    expect(json(trust(own), twice).answer).toMatchObject({
      newAccess: null,
      trustDifference: { steps: [], exact: false, undecided: expect.stringContaining("$[1].Statement") },
    });
  });

  test("in Chinese", () => {
    const zh = { lang: "zh-CN" } as const;
    const { out } = compare(read, [read, attach], zh);
    expect(out).toMatch(
      /^有新增权限：.*\n {2}示例请求 {2}ram:AttachPolicyToUser on .*\n {2}允许来源 {2}.*after\.json 的第 2 个文档的第 1 条语句（extra）\n {2}精确 {6}是$/,
    );
    expect(compare(attach, attach, zh).out).toMatch(/^无新增权限：.*\n {2}精确 {2}是$/);
    const deny = document({ ...allow("ram:*"), Effect: "Deny" });
    expect(compare([attach, deny], [attach], zh).out).toMatch(
      /此前的拒绝来源 {2}.*before\.json 的第 2 个文档的第 1 条语句$/m,
    );
    expect(compare(trust(own), trust(own, "9876543210987654"), { ...zh, account: own }).out).toContain(
      "\n\n变化说明\n  严重  该角色新增信任账号 `9876543210987654` 下的所有 RAM 用户和角色（外部账号）",
    );
    const mine = document(allow("*", { Resource: "acs:oss:*:*:a/*" }));
    const flat = document(allow("*", { Resource: "acs:oss:*:a/*" }));
    expect(compare(flat, mine, zh).out).toContain("取决于    资源名称中通配符的匹配范围");
    expect(compare(flat, mine).out).toContain("hangs on    how far a wildcard reaches in a resource name");
  });

  test("what is not certain is said in Chinese too", () => {
    const zh = { lang: "zh-CN" } as const;
    const unknown = (value: string): object => document(allow("*", { Condition: { Frobnicate: { "a:b": value } } }));
    expect(compare(unknown("c"), unknown("d"), zh).out).toContain("精确      否：无法理解针对 `a:b` 的 `Frobnicate`");
    const { out } = compare(read, [read, document({ Effect: "Perhaps", Action: "*" })], zh);
    expect(out).toMatch(
      /^无法判定：请按新增权限处理\n {2}原因 {2}`.*after\.json` 的 `\$\[1\]\.Statement\[0\]\.Effect`：既不是 `Allow`，也不是 `Deny`；`.*after\.json` 的 `\$\[1\]\.Statement\[0\]`：缺少 `Resource`$/,
    );
  });

  /** Latin letters in a row that stand outside of what is quoted. */
  const english = /[a-z]{3,}/;
  const unquoted = (text: string): string => text.replaceAll(/`[^`]*`/g, "");

  test.each<[string, unknown]>([
    [
      "a flaw of each kind",
      {
        Version: 1,
        Id: "x",
        Statement: [
          {
            Effect: "Allow",
            Extra: 1,
            Action: ["\u0024{acs:x}:y", "oss: Get*", "öss:Get", "plain"],
            NotResource: [" acs:oss:*:*:a"],
            Condition: { StringEqualsIfExists: { "a:b": "1", "A:b": "2" }, Odd: { "c:d": 1 } },
          },
          { Effect: "Allow", Action: "kms:*", Resource: "*" },
        ],
      },
    ],
    ["no version", { Statement: [allow("oss:*")] }],
    ["another version", { Version: "2", Statement: [allow("oss:*")] }],
    ["a statement that is none", document("x" as unknown as object)],
    ["neither action nor resource", document({ Effect: "Allow" })],
    ["both", document(allow("a:b", { NotAction: "a:c" }))],
    ["no text", document(allow(["a:b", 1 as unknown as string]), { Effect: "Allow", Action: 5, Resource: "*" })],
    ["conditions that are none", document(allow("a:b", { Condition: 5 }), allow("a:b", { Condition: { Bool: 5 } }))],
    ["a value that is none", document(allow("a:b", { Condition: { Bool: { "a:b": {} } } }))],
    ["no statement that could be read twice", '{"Version":"1","Version":"1","Statement":[]}'],
  ])("no reason is left in English: %s", (_name, content) => {
    const { out = "" } = compare(read, content, { lang: "zh-CN" });
    expect(
      out
        .split("\n")
        .filter((line) => /原因|精确/.test(line))
        .map(unquoted)
        .join("\n"),
    ).not.toMatch(english);
    expect(unquoted(compare(read, content).out ?? "")).toMatch(/because|exact +no/);
  });

  test.each<[string, unknown]>([
    [
      "a principal without a type, in blanks, of another type, by no name",
      document(
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { RAM: [" x "], Group: "y" },
        },
        { Effect: "Allow", Action: "sts:AssumeRole", Principal: ["*", "z"] },
      ),
    ],
    [
      "a resource and no principal",
      document({ Effect: "Allow", Action: "sts:AssumeRole", NotPrincipal: { RAM: "*" }, Resource: "*" }),
    ],
    ["a statement without a principal", document({ Effect: "Allow", Action: "sts:AssumeRole" })],
    ["a type that is none", document({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { "R*": "*" } })],
    [
      "a condition on who calls",
      document({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: "*",
        Condition: { StringEquals: { "acs:PrincipalARN": "a" } },
      }),
    ],
  ])("nor of a trust document: %s", (_name, content) => {
    const { out = "" } = compare([], content, { lang: "zh-CN", trust: true });
    expect(
      out
        .split("\n")
        .filter((line) => /原因|精确/.test(line))
        .map(unquoted)
        .join("\n"),
    ).not.toMatch(english);
    expect(unquoted(compare([], content, { trust: true }).out ?? "")).toMatch(/because|exact +no/);
  });

  test.each<[string, unknown, string]>([
    ["nothing at all", "", "is empty"],
    ["no JSON", '{"Version":"1",\n"Statement":[}', "line 2, column 14"],
    ["a number", "5", "not a policy document"],
    ["a text", '"hello"', "not JSON"],
    ["a list of numbers", "[1]", "$[0]: not a policy document"],
    ["another object", "{}", "no `Statement`"],
    ["not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe]), "not UTF-8 text, from byte 2 on"],
    ["nested beyond measure", `${"[".repeat(5000)}${"]".repeat(5000)}`, "nested deeper"],
  ])("bad input: %s", (_name, content, message) => {
    const outcome = compare(read, content);
    expect(outcome).toMatchObject({ exit: 2, err: expect.stringContaining(message) });
    expect(outcome.err).toContain("after.json");
    expect(outcome.out).toBeUndefined();
  });

  test("a file that is not there, a folder, and twice standard input", () => {
    expect(comparePolicies(join(folder, "nothing"), file("a.json", read), {})).toMatchObject({
      exit: 2,
      err: expect.stringContaining("no such file"),
    });
    expect(comparePolicies(folder, file("a.json", read), {})).toMatchObject({
      exit: 2,
      err: expect.stringContaining("folder"),
    });
    expect(comparePolicies("-", "-", {})).toMatchObject({ exit: 2, err: expect.stringContaining("only one") });
  });

  test("whatever the bytes, an answer and no exception", () => {
    const whole = JSON.stringify(attach);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 60 }),
          fc.nat({ max: whole.length }).map((at) => Buffer.from(whole.slice(0, at))),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          const { exit, out, err } = compare(read, Buffer.from(bytes), { json: true });
          expect(exit === 2 ? err : out).toBeTypeOf("string");
          if (out !== undefined) expect(members.every((member) => member in JSON.parse(out))).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("text from a document on a terminal", () => {
  const hostile = "oss:Get\u001b[2J\u202eevil\u009b31m\u2066\r\nok\u0007";
  const unsafe = /(?!\n)[\p{Cc}\p{Cf}]/u;

  test("neither in words nor in JSON does anything unseen get out", () => {
    const before = document();
    const after = document(
      allow(hostile, { Sid: "\u001b]0;owned\u0007", Condition: { StringEquals: { "a:\u202eb": "\u001b[1m" } } }),
    );
    for (const flags of [{}, { json: true }]) {
      const { out = "" } = compare(before, after, flags);
      expect(out).not.toMatch(unsafe);
      expect(out).toContain("oss:Get");
    }
    const named = document({
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { RAM: `acs:ram::${own}:user/a\u001b[8m\nforged line` },
    });
    const shown = compare(document({ ...allow("sts:AssumeRole"), Principal: "*", Effect: "Deny" }), named).out ?? "";
    expect(shown).not.toMatch(unsafe);
    expect(shown.split("\n").some((line) => line.startsWith("forged"))).toBe(false);
    expect(explainPolicies(file("named.json", named), {}).out).not.toMatch(unsafe);
  });

  test("the JSON is still the same value", () => {
    const value = { a: [hostile, "\u{e0041}\u200b 中文"], b: "\ud800" };
    expect(JSON.parse(terminalJson(value))).toEqual(value);
    expect(terminalJson(value)).not.toMatch(unsafe);
    expect(terminalText(`中文 ${hostile}`)).toBe(
      "中文 oss:Get\\u{1b}[2J\\u{202e}evil\\u{9b}31m\\u{2066}\\u{d}\\u{a}ok\\u{7}",
    );
  });
});

describe("where a text stops being JSON", () => {
  test.each<[string, { line: number; column: number } | undefined]>([
    ['{"a":[1,-2.5e3,true,null,"\\u00e9\\n"]}', undefined],
    [" [ ] ", undefined],
    ["", { line: 1, column: 1 }],
    ["{", { line: 1, column: 2 }],
    ['{"a"}', { line: 1, column: 5 }],
    ['{"a":1,}', { line: 1, column: 8 }],
    ["[1,]", { line: 1, column: 4 }],
    ["[1 2]", { line: 1, column: 4 }],
    ["{\n  'a': 1}", { line: 2, column: 3 }],
    ["[]\n x", { line: 2, column: 2 }],
    ['["a\nb"]', { line: 1, column: 4 }],
    ["[01]", { line: 1, column: 3 }],
    ["[}", { line: 1, column: 2 }],
  ])("%j", (text, place) => {
    expect(brokenJsonPlace(text)).toEqual(place);
  });

  test("agrees with the parser on what is JSON", () => {
    const parses = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const near = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", "}", "]", '"', ":", "0", "\\", "x"))
      .map(([text, at, more]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + more + text.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(near, fc.json()), (text) => {
        expect(brokenJsonPlace(text) === undefined).toBe(parses(text));
      }),
      { numRuns: 500 },
    );
  });
});

describe("policy explain", () => {
  test("tiers, reasons and routes, for machines", () => {
    const { exit, out = "" } = explainPolicies(file("admin.json", document(allow("*"))), { json: true });
    expect(exit).toBe(0);
    const answer = JSON.parse(out);
    expect(Object.keys(answer)).toEqual(["kind", "tiers", "severity", "exact", "reasons", "routes"]);
    expect(answer).toMatchObject({ kind: "permission", severity: "critical", exact: true });
    expect(answer.tiers[0]).toBe("admin");
    expect(answer.reasons[0]).toMatchObject({
      tier: "admin",
      sentence: { en: expect.any(String), "zh-CN": expect.any(String) },
    });
    expect(answer.routes[0]).toMatchObject({ id: expect.any(String), path: { en: expect.stringMatching(/^can /) } });
  });

  test("in either language", () => {
    const path = file("attach.json", attach);
    expect(explainPolicies(path, {}).out).toMatch(
      /administration of identities \(identity-admin\)\n {2}\d+ of the ways below\n\nhow its holder can become more\n\n {2}critical {2}can attach a stronger policy to a user: /,
    );
    expect(explainPolicies(path, { lang: "zh-CN" }).out).toContain("可以为用户授予更高权限的策略");
    expect(explainPolicies(file("read.json", read), {}).out).toBe("nothing that is known to be dangerous");
    expect(explainPolicies(file("none.json", "[]"), { json: true }).out).toContain('"severity": null');
  });

  test("each way once, with its requests, and what is no way under what it can do", () => {
    const { out = "" } = explainPolicies(file("all.json", document(allow("*"))), {});
    const told = [...out.matchAll(/^ {2}(?:critical|high|medium|low|info) +(can [^:;]+)[:;] /gm)].map(
      ([, what]) => what,
    );
    expect(told.length).toBeGreaterThan(20);
    expect(told.filter((what, at) => told.indexOf(what) !== at)).toEqual([]);
    const [before = ""] = out.split("how its holder can become more");
    expect(before).toContain("critical  allows every action on every resource; for one, ");
    expect(before).toMatch(/\n {2}\d+ of the ways below\n/);
  });

  test("who may take on a role", () => {
    const path = file("trust.json", trust(own, "9876543210987654"));
    const { out } = explainPolicies(path, { account: own });
    expect(out).toContain(`high      every RAM user and role of account \`${own}\` (this account)`);
    expect(out).toContain("critical  every RAM user and role of account `9876543210987654` (another account)");
    expect(explainPolicies(file("nobody.json", document()), { trust: true }).out).toContain("nobody");
  });

  test("bad input names the place", () => {
    const bad = file("bad.json", document({ Effect: "Perhaps", Action: "*", Resource: "*" }));
    expect(explainPolicies(bad, {})).toMatchObject({
      exit: 2,
      err: expect.stringContaining("bad.json`: $.Statement[0].Effect"),
    });
  });
});

describe("as a process", () => {
  const warden = (input: string, ...args: readonly string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "cli/warden.ts", "policy", ...args], { input, encoding: "utf8" });

  test("compare reads one document from standard input and tells by its exit code", () => {
    const found = warden(JSON.stringify(attach), "compare", file("p1.json", read), "-", "--json");
    expect(found.stderr).toBe("");
    expect(found.status).toBe(1);
    expect(JSON.parse(found.stdout)).toMatchObject({ newAccess: true });
    const bad = warden("{", "compare", file("p2.json", read), "-");
    expect(bad.status).toBe(2);
    expect(bad.stdout).toBe("");
    expect(bad.stderr).toBe("warden: `standard input` is not JSON, at line 1, column 2\n");
  });

  test("compare speaks the language that is asked for, and refuses one that it does not", () => {
    const [one, other] = [file("p5.json", read), file("p6.json", attach)];
    const found = warden("", "compare", one, other, "--lang", "zh-CN");
    expect(found.status).toBe(1);
    expect(found.stdout).toContain("有新增权限");
    expect(warden("", "compare", one, other, "--lang", "fr").status).toBe(2);
  });

  test("explain answers, and refuses a language that it does not speak", () => {
    const found = warden("", "explain", file("p3.json", attach), "--lang", "zh-CN");
    expect(found.status).toBe(0);
    expect(found.stdout).toContain("身份管理");
    expect(warden("", "explain", file("p4.json", attach), "--lang", "fr").status).toBe(2);
  });
});
