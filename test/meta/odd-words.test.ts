import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { takeIn } from "../../shared/intake/take-in.ts";
import { instantOf } from "../../shared/intake/time.ts";
import { principalOf } from "../../shared/operations/principals.ts";
import { compareDocuments } from "../../shared/policy/compare.ts";
import { explainPermissions } from "../../shared/policy/explain.ts";
import { parseDocument } from "../../shared/policy/parse.ts";
import { conditionKeyText, conditionSeverity } from "../../shared/policy/trust-condition-words.ts";
import { judgeChange } from "../../shared/rules/registry.ts";
import { attachPolicy, createAccessKey, event, updateRole } from "../intake/synthetic.ts";
import { grantChange, settings, stranger, trustChange } from "../rules/changes.ts";

// Every object has members that nobody gave it. A table that is looked up by a name from outside must not find them.
const inherited = Object.getOwnPropertyNames(Object.prototype);
/** A name of the same form that no object has. */
const ordinary = "ordinary";

/** Text as JSON has it: `{ __proto__: … }` in JavaScript is no member of that name. */
const statement = (members: string): string => `{"Version":"1","Statement":[{"Effect":"Allow",${members}}]}`;
const foreign = `"Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::${stranger}:root"]}`;

const trusts: readonly (readonly [string, (word: string) => string])[] = [
  ["an operator", (word) => statement(`${foreign},"Condition":{"${word}":{"a":"b"}}`)],
  ["a condition key", (word) => statement(`${foreign},"Condition":{"StringEquals":{"${word}":"b"}}`)],
  ["a key that must differ", (word) => statement(`${foreign},"Condition":{"StringNotEquals":{"${word}":"b"}}`)],
  [
    "a type of principal",
    (word) => statement(`"Action":"sts:AssumeRole","Principal":{"${word}":["acs:ram::${stranger}:root"]}`),
  ],
  ["a service", (word) => statement(`"Action":"sts:AssumeRole","Principal":{"Service":["${word}"]}`)],
  ["a member", (word) => statement(`${foreign},"${word}":"b"`)],
  [
    "an action",
    (word) => statement(`"Action":["${word}","sts:AssumeRole"],"Principal":{"RAM":["acs:ram::${stranger}:root"]}`),
  ],
  ["a value", (word) => statement(`${foreign},"Condition":{"StringEquals":{"acs:SourceIp":"${word}"}}`)],
];
const permissions: readonly (readonly [string, (word: string) => string])[] = [
  ["an action", (word) => statement(`"Action":["${word}","*"],"Resource":["*"]`)],
  ["an action of a service", (word) => statement(`"Action":["ram:${word}","${word}:*"],"Resource":["*"]`)],
  ["a resource", (word) => statement(`"Action":["*"],"Resource":["${word}"]`)],
  [
    "a condition key",
    (word) => statement(`"Action":["*"],"Resource":["*"],"Condition":{"StringNotEquals":{"${word}":"b"}}`),
  ],
  ["an operator", (word) => statement(`"Action":["*"],"Resource":["*"],"Condition":{"${word}":{"a":"b"}}`)],
];

/** An answer with the word taken out, so that two answers can be held against each other. */
const without = (answer: unknown, word: string): string => JSON.stringify(answer).replaceAll(word, "·");

const trustFindings = (before: string, after: string) =>
  judgeChange(trustChange(before, after), { settings: settings() }).map(({ rule, verdict }) => ({ rule, verdict }));

test.each(trusts)("in a trust policy, as %s, is a name like any other", (_, documentOf) => {
  const narrow = statement(`"Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}`);
  const findings = (word: string) => {
    const document = documentOf(word);
    return [
      trustFindings("new", document),
      trustFindings(narrow, document),
      trustFindings(document, document.replace('"b"', '["b","c"]')),
      trustFindings(document, statement(foreign)),
    ];
  };
  const expected = findings(ordinary);
  expect(JSON.stringify(expected)).not.toContain("fault of RAM Warden");
  for (const word of inherited) expect(findings(word).map(kinds), word).toEqual(expected.map(kinds));
});

const kinds = (findings: ReturnType<typeof trustFindings>) =>
  findings.map(({ rule, verdict }) => [
    rule,
    verdict.kind,
    verdict.kind === "undetermined" && verdict.because.en.includes("fault of RAM Warden") ? "by a fault of ours" : "",
  ]);

test.each(permissions)("in a permission policy, as %s, is a name like any other", (_, documentOf) => {
  const findings = (word: string) => {
    const policyDocument = documentOf(word);
    const change = grantChange({ kind: "user", name: "alice" }, { type: "Custom", name: word });
    return kinds(
      judgeChange(change, { settings: settings(), policyDocument }).map(({ rule, verdict }) => ({ rule, verdict })),
    );
  };
  const explained = (word: string) => {
    const parsed = parseDocument(documentOf(word), "permission");
    if (!parsed.ok) return "unclear";
    const { kind, ...answer } = explainPermissions([parsed.value]);
    return [kind, "tiers" in answer ? answer.tiers : [], answer.exact];
  };
  const answers = (word: string) => [findings(word), explained(word), compareDocuments([], [documentOf(word)]).result];
  const expected = answers(ordinary);
  for (const word of inherited) expect(answers(word), word).toEqual(expected);
});

test("a condition key is as bad as any other that is not known", () => {
  for (const word of inherited) {
    expect(conditionSeverity(word)).toBe(conditionSeverity(ordinary));
    expect(without(conditionKeyText(word), word)).toBe(without(conditionKeyText(ordinary), ordinary));
  }
});

test("a zone or a kind of principal of that name is none", () => {
  for (const word of inherited) {
    for (const time of [`2026-01-01T00:00:00 ${word}`, `2026-01-01T00:00:00${word}`, word])
      expect(instantOf(time), time).toBeUndefined();
    expect(principalOf(word, "alice")).toBeUndefined();
  }
});

test("in an event, wherever a name may be, is a name like any other", () => {
  const grant = { PolicyType: "Custom", PolicyName: "p", UserName: "alice" };
  const events: readonly ((word: string) => unknown)[] = [
    (word) => event("Ram", word),
    (word) => event(word, "CreateUser"),
    (word) => event("Ram", "AttachPolicyToUser", { requestParameters: { ...grant, UserName: word } }),
    (word) => event("Ram", "AttachPolicyToUser", { requestParameters: { ...grant, PolicyName: word } }),
    (word) => event("Ram", "AttachPolicyToUser", { requestParameters: { ...grant, PolicyType: word } }),
    (word) => attachPolicy({ PrincipalType: word, PrincipalName: "alice" }),
    (word) => attachPolicy({ PrincipalType: "IMSUser", PrincipalName: word }),
    (word) => createAccessKey("Ram", { UserName: word }),
    (word) => updateRole({ userIdentity: { type: word, accountId: "1", userName: word } }),
    (word) => JSON.parse(`{"${word}":{"${word}":1}}`),
    (word) => ({ ...(updateRole() as object), ...(JSON.parse(`{"${word}":"x"}`) as object) }),
  ];
  for (const make of events) {
    const counts = (word: string) => {
      const { events: taken, passedOver, refusals } = takeIn([make(word)]);
      return [taken.length, passedOver.length, refusals.length];
    };
    for (const word of inherited) expect(counts(word), `${word}: ${make}`).toEqual(counts(ordinary));
  }
});

test("no source file looks a name without case up in a plain object", () => {
  const lookUp = /\b[a-zA-Z]+\[[a-zA-Z.]+\.to(Lower|Upper)Case\(\)\]/;
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const found = ["shared", "cli", "functions", "sandbox"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && lookUp.test(readFileSync(join(root, folder, name), "utf8")))
      .map((name) => `${folder}/${name}`),
  );
  expect(found).toEqual([]);
});
