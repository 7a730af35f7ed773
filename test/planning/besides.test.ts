import { describe, expect, test } from "vitest";
import type { Evidence, Finding } from "../../shared/domain/finding.ts";
import { gone } from "../../shared/domain/subject.ts";
import { changedBesides } from "../../shared/planning/besides.ts";
import { planChange } from "../../shared/planning/plan-change.ts";
import {
  finding,
  grantChange,
  guardrails,
  known,
  own,
  role,
  trustChange,
  trusting,
  unknown,
  unsure,
  wanted,
} from "./changes.ts";

const foreign = "9876543210987654";
const alice = `acs:ram::${own}:user/alice`;
const [bob, root] = [`acs:ram::${own}:user/bob`, `acs:ram::${foreign}:root`];

const from = (before: string, after: string) =>
  trustChange({ before: known(role({ document: before })), after: role({ document: after }) });
const objecting = (...evidence: readonly Evidence[]): Finding => {
  const [first, ...others] = evidence;
  if (first === undefined) throw new Error("a violation has evidence");
  return finding("revert", { verdict: { kind: "violation", evidence: [first, ...others] } });
};
const about = (facts: Evidence["facts"], en = "an objection"): Evidence => ({
  sentence: { en, "zh-CN": "反对" },
  facts,
});
const told = (evidence: readonly Evidence[]): readonly string[] => evidence.map(({ sentence }) => sentence.en);

const lettingIn = "the role newly trusts every RAM user and role of account `9876543210987654` (another account)";
const lettingBob = `the role newly trusts RAM user \`bob\` of account \`${own}\` (this account)`;
const keepingOut = `the role no longer trusts RAM user \`alice\` of account \`${own}\``;
const ofForeign = { entityKind: "account", accountId: foreign };

describe("what a change of a role's trust did besides", () => {
  const both = from(wanted, trusting(alice, root, bob));

  test("is all that no rule objects to, with its facts", () => {
    expect(changedBesides(both, [])).toMatchObject([
      { sentence: { en: lettingIn }, facts: { ...ofForeign, principal: root } },
      { sentence: { en: lettingBob }, facts: { entityKind: "user", accountId: own, name: "bob" } },
    ]);
    for (const one of changedBesides(both, [])) expect(Object.keys(one).sort()).toEqual(["facts", "sentence"]);
  });

  test.each<[string, readonly Finding[], readonly string[]]>([
    ["is not whom a rule objects to", [objecting(about(ofForeign))], [lettingBob]],
    ["is not whom any of several evidences is about", [objecting(about({}), about(ofForeign))], [lettingBob]],
    ["is not whom any of several findings is about", [finding("alert"), objecting(about(ofForeign))], [lettingBob]],
    ["is not what a rule says in the same words", [objecting(about({}, lettingIn))], [lettingBob]],
    ["is whom a rule is not sure about", [unsure("revert")], [lettingIn, lettingBob]],
    [
      "is whom a rule names only in part",
      [objecting(about({ entityKind: "user", accountId: own, name: "carol" }))],
      [lettingIn, lettingBob],
    ],
    ["is what a rule says nothing of", [objecting(about({}))], [lettingIn, lettingBob]],
  ])("%s", (_, findings, sentences) => {
    expect(told(changedBesides(both, findings))).toEqual(sentences);
  });

  test("is whom it keeps out now, whatever a rule says about the same user", () => {
    const instead = from(wanted, trusting(root));
    const ofAlice = { entityKind: "user", accountId: own, name: "alice" };
    expect(told(changedBesides(instead, [objecting(about(ofAlice), about(ofForeign))]))).toEqual([keepingOut]);
  });

  test("is nothing where there is no trust to compare", () => {
    expect(changedBesides(trustChange({ before: unknown }), [])).toEqual([]);
    expect(changedBesides(trustChange({ before: known(gone) }), [])).toEqual([]);
    expect(changedBesides(trustChange({ after: gone }), [])).toEqual([]);
    expect(changedBesides(from(wanted, "{"), [])).toEqual([]);
    expect(changedBesides(grantChange(), [])).toEqual([]);
    expect(changedBesides(grantChange({ before: "there" }), [])).toEqual([]);
    expect(changedBesides(from(wanted, wanted), [])).toEqual([]);
  });

  test("is said in the plan, where there is any, however the plan is called", () => {
    const calm = (response: "contain" | "ask"): Finding => ({ ...objecting(about(ofForeign)), response });
    for (const response of ["contain", "ask"] as const) {
      const { besides, remediation } = planChange(both, [calm(response)], guardrails());
      expect([response, told(besides ?? [])]).toEqual([response, [lettingBob]]);
      expect(remediation?.becomes).toEqual(role({ document: wanted }));
    }
    const plan = planChange(both, [objecting(about(ofForeign))], guardrails());
    expect(told(plan.besides ?? [])).toEqual([lettingBob]);
    expect(
      planChange(from(wanted, trusting(alice, root)), [objecting(about(ofForeign))], guardrails()),
    ).not.toHaveProperty("besides");
  });
});
