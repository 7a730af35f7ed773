import { expect, test } from "vitest";
import type { Change } from "../../../shared/domain/change.ts";
import type { Gain } from "../../../shared/rules/kit/gains.ts";
import { isAssumingAny, isIdentityPower, isPassingAny, judgeGain } from "../../../shared/rules/kit/gains.ts";
import type { PermissionKind } from "../../../shared/rules/kit/permissions.ts";
import type { Facts, HeldDocument } from "../../../shared/rules/kit/rule.ts";
import {
  allowing,
  carrying,
  custom,
  grantChange,
  membershipChange,
  policyChange,
  policyOf,
  settings,
  system,
} from "../changes.ts";

const alice = { kind: "user", name: "alice" } as const;
const grant = grantChange(alice, custom("work"));
const held = (text: string | undefined, settled: boolean): HeldDocument => ({
  policy: custom("other"),
  scope: "account",
  text,
  settled,
});

/** What a rule is handed as newly allowed, and what comes of a rule that finds nothing in it. */
const gained = (change: Change, facts: Partial<Facts>): { readonly gain: Gain | undefined; readonly kind: string } => {
  let gain: Gain | undefined;
  const { kind } = judgeGain(change as Change<PermissionKind>, { settings: settings(), ...facts }, (handed) => {
    gain = handed;
    return { evidence: [] };
  });
  return { gain, kind };
};
const abilitiesOf = (change: Change, facts: Partial<Facts> = {}): readonly string[] | undefined =>
  gained(change, facts).gain?.reasons.map(
    ({ tier, facts }) => `${tier} ${facts.actions ?? facts.covers ?? facts.policy}`,
  );

test("only what is able to matter now and was not before is new", () => {
  const before = policyOf([allowing("ram:CreateAccessKey")]);
  expect(abilitiesOf(policyChange(before, policyOf([allowing(["ram:CreateAccessKey", "ram:UpdateRole"])])))).toEqual([
    "identity-admin ram:UpdateRole",
  ]);
});

test("what whoever gains had anyway, for long, is not new; what came a moment ago hides nothing", () => {
  const facts = { policyDocument: allowing("ram:UpdateRole") };
  expect(gained(grant, { ...facts, beside: [held(allowing("ram:*Role"), true)] })).toEqual({
    gain: undefined,
    kind: "compliant",
  });
  expect(abilitiesOf(grant, { ...facts, beside: [held(allowing("ram:*Role"), false)] })).toEqual([
    "identity-admin ram:UpdateRole",
  ]);
  // Nor does a text that was not read, or that nobody can understand.
  for (const text of [undefined, "{"])
    expect(abilitiesOf(grant, { ...facts, beside: [held(text, true)] })).toEqual(["identity-admin ram:UpdateRole"]);
});

test("what it takes two policies for is new, whenever the other came", () => {
  const facts = { policyDocument: allowing("fc:*") };
  const together = "escalation-capable ram:PassRole, fc:CreateFunction, fc:InvokeFunction";
  expect(abilitiesOf(grant, facts)).not.toContain(together);
  for (const settled of [true, false])
    expect(abilitiesOf(grant, { ...facts, beside: [held(allowing("ram:PassRole"), settled)] })).toContain(together);
});

test("what a policy allows alone is told once, though another that came a moment ago allows it too", () => {
  const beside = [held(allowing("oss:GetObject"), false)];
  expect(abilitiesOf(grant, { policyDocument: allowing("ram:UpdateRole"), beside })).toEqual([
    "identity-admin ram:UpdateRole",
  ]);
});

test("a system policy is known by its name, and by its text where that was read; not by both", () => {
  const admin = grantChange(alice, system("AdministratorAccess"));
  expect(abilitiesOf(admin)).toEqual(["admin AdministratorAccess"]);
  expect(abilitiesOf(admin, { policyDocument: allowing("*") })?.filter((one) => one.startsWith("admin"))).toEqual([
    "admin everything",
  ]);
});

test("a custom policy is known by its text alone, whatever it is called", () => {
  const named = grantChange(alice, custom("AliyunSTSAssumeRoleAccess"));
  const { highRiskPolicies: _, ...others } = settings();
  expect(
    gained(named, { settings: { ...others, highRiskPolicies: [] }, policyDocument: allowing("oss:GetObject") }),
  ).toMatchObject({ gain: { reasons: [], administration: false }, kind: "compliant" });
});

test("full administration is new by what a text allows, or by one name of several", () => {
  expect(gained(grant, { policyDocument: allowing("*") })).toMatchObject({
    gain: { administration: true },
    kind: "compliant",
  });
  const { carried: [reading] = [] } = carrying(allowing("oss:GetObject"));
  if (reading === undefined) throw new Error("the group carries nothing");
  const carried = [reading, { policy: system("AdministratorAccess"), scope: "account", text: undefined } as const];
  expect(gained(membershipChange("ops"), { carried }).gain?.administration).toBe(true);
  expect(gained(membershipChange("ops"), { carried: [reading] }).gain?.administration).toBe(false);
});

test("nothing is decided where a text was not read or is none, and a rule finds nothing", () => {
  expect(gained(grant, {}).kind).toBe("undetermined");
  expect(gained(grant, { policyDocument: "{" }).kind).toBe("undetermined");
  expect(gained(grant, { policyDocument: allowing("oss:GetObject") }).kind).toBe("compliant");
});

test("abilities are told apart by what they rest on", () => {
  const reason = (
    tier: "admin" | "identity-admin" | "escalation-capable",
    facts: { readonly [name: string]: string },
  ) => ({ tier, severity: "high", sentence: { en: "", "zh-CN": "" }, facts }) as const;
  expect(
    ["admin", "identity-admin", "escalation-capable"].map((tier) => isIdentityPower(reason(tier as "admin", {}))),
  ).toEqual([true, true, false]);
  expect(isAssumingAny(reason("escalation-capable", { actions: "sts:AssumeRole" }))).toBe(true);
  expect(isAssumingAny(reason("escalation-capable", { policy: "AliyunSTSAssumeRoleAccess" }))).toBe(true);
  expect(isAssumingAny(reason("escalation-capable", { actions: "ram:PassRole" }))).toBe(false);
  expect(isPassingAny(reason("escalation-capable", { actions: "ram:PassRole, ecs:RunInstances" }))).toBe(true);
  expect(isPassingAny(reason("escalation-capable", { actions: "sts:AssumeRole" }))).toBe(false);
  expect(isPassingAny(reason("escalation-capable", { policy: "AliyunSTSAssumeRoleAccess" }))).toBe(false);
});
