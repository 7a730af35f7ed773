import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import type { Finding, Response } from "../../shared/domain/finding.ts";
import { gone } from "../../shared/domain/subject.ts";
import type { Login, LoginRef } from "../../shared/domain/subjects/credentials.ts";
import { asking, isWriting, onlyTelling, planChange } from "../../shared/planning/plan-change.ts";
import { finding, guardrails, keyChange, onTrial, own, unsure } from "./changes.ts";
import { changed } from "./golden-plans.ts";

const loginRef: LoginRef = { kind: "login", accountId: own, route: "Ims", userName: "alice" };
const login = (over: Partial<Login> = {}): Login => ({
  kind: "login",
  userId: "200",
  status: "Active",
  mfaBindRequired: false,
  passwordResetRequired: false,
  ...over,
});
const evidence = [{ sentence: { en: "a thing", "zh-CN": "一件事" }, facts: {} }] as const;
const mendable = (response: Response, over: Partial<Finding> = {}): Finding =>
  finding(response, { verdict: { kind: "violation", evidence, mend: "demand-second-factor" }, ...over });
const exemption = { id: "one", owner: "alice", reason: "agreed", until: 86_400_000 };

const rails = guardrails();
const fresh = changed(loginRef, gone, login());
const planned = (findings: readonly Finding[], change: Change = fresh) => planChange(change, findings, rails);
const operations = (findings: readonly Finding[], change?: Change) => {
  const { response, remediation } = planned(findings, change);
  return [response, ...(remediation?.calls ?? []).map(({ operation }) => operation)];
};

describe("a logon without a second factor", () => {
  test("is only made to demand one, and may be led back", () => {
    const { response, remediation, because } = planned([mendable("revert")]);
    const call = (demands: boolean) => ({
      service: "Ims",
      operation: "UpdateLoginProfile",
      parameters: {
        UserPrincipalName: `alice@${own}.onaliyun.com`,
        Status: "Active",
        MFABindRequired: demands,
        PasswordResetRequired: false,
      },
    });
    expect([response, because]).toEqual(["revert", undefined]);
    expect(remediation?.calls).toEqual([call(true)]);
    expect(remediation?.undo).toEqual([call(false)]);
    expect(remediation?.becomes).toEqual(login({ mfaBindRequired: true }));
  });

  test.each<[string, readonly Finding[], readonly string[]]>([
    ["as strongly as is asked for", [mendable("ask")], ["ask", "UpdateLoginProfile"]],
    ["beside what only tells", [mendable("revert"), finding("alert")], ["revert", "UpdateLoginProfile"]],
    [
      "but goes where another rule asks for it",
      [mendable("revert"), finding("revert")],
      ["revert", "DeleteLoginProfile"],
    ],
    [
      "but is put to a person where another rule does so",
      [mendable("revert"), finding("ask")],
      ["ask", "DeleteLoginProfile"],
    ],
    [
      "but is set Inactive where another rule asks to contain it",
      [mendable("revert"), finding("contain")],
      ["contain", "UpdateLoginProfile"],
    ],
    ["but not on trial", [mendable("revert", { maturity: "trial" })], ["alert", "UpdateLoginProfile"]],
    ["but not where it is exempt", [mendable("revert", { exemption })], ["alert"]],
    ["but not where it is only told", [mendable("alert")], ["alert"]],
    ["but not where nobody is sure", [unsure("revert")], ["alert"]],
    [
      "by the rule that is not exempt",
      [mendable("revert", { exemption }), mendable("ask")],
      ["ask", "UpdateLoginProfile"],
    ],
  ])("is mended %s", (_, findings, expected) => {
    expect(operations(findings)).toEqual(expected);
  });

  test("is not written where it demands one already, or is gone", () => {
    const reason = { kind: "nothing-to-write", detail: "the logon demands a second factor already" };
    for (const after of [gone, login({ mfaBindRequired: true })])
      expect(planned([mendable("revert")], changed(loginRef, gone, after))).toMatchObject({
        response: "alert",
        because: reason,
      });
  });
});

describe("why a plan only tells", () => {
  test("is what nobody is sure about, before what is on trial", () => {
    expect(planned([onTrial("revert"), unsure("revert")]).because).toEqual({
      kind: "undetermined",
      detail: "it is not known",
    });
  });

  test("is that a rule is on trial", () => {
    expect(planned([onTrial("ask")]).because).toEqual({
      kind: "trial",
      detail: "a rule on trial tells and never writes",
    });
    expect(planned([onTrial("alert"), finding("alert")]).because).toBeUndefined();
  });

  test("is an exemption only where nothing else is found", () => {
    const letBe: Finding = { ...finding("revert"), exemption };
    expect(planned([letBe]).because?.kind).toBe("exempt");
    expect(planned([letBe, finding("alert")]).because).toBeUndefined();
    expect(planned([]).because).toBeUndefined();
  });
});

describe("a plan", () => {
  test("that contains is put to a person for a pipeline, and not because of a newer change", () => {
    const actor = { kind: "user", accountId: own, name: "deployer" } as const;
    const pipelines = guardrails({ pipelines: [{ kind: "user", name: "deployer" }] });
    const change = { ...keyChange(), actor } as Change;
    expect(planChange(change, [finding("contain")], pipelines)).toMatchObject({
      response: "ask",
      because: { kind: "pipeline" },
    });
    const key = keyChange();
    if (key.kind !== "access-key" || key.after.kind === "gone") throw new Error("not a key");
    const inactive = { ...key.after, status: "Inactive" } as const;
    const again = changed(key.subject, inactive, key.after, { whole: true, claimed: inactive });
    expect(planChange(again, [finding("contain")], rails)).toMatchObject({ response: "contain" });
    expect(planChange(again, [finding("revert")], rails)).toMatchObject({ response: "ask" });
  });

  test("can be put to a person, or told without a write", () => {
    const plan = planned([finding("revert")]);
    const because = { kind: "kill-switch", detail: "stopped" } as const;
    expect(asking(plan, because)).toEqual({ ...plan, response: "ask", because });
    expect(onlyTelling(plan, because)).toEqual({
      change: plan.change,
      findings: plan.findings,
      response: "alert",
      because,
    });
  });

  test("writes by itself where it puts back or contains, and has something to write", () => {
    const plan = planned([finding("revert")]);
    expect(isWriting(plan)).toBe(true);
    expect(isWriting({ ...plan, response: "contain" })).toBe(true);
    for (const response of ["ask", "alert", "off"] as const) expect(isWriting({ ...plan, response })).toBe(false);
    const { remediation: _, ...bare } = plan;
    expect(isWriting(bare)).toBe(false);
  });
});
