import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding, Response } from "../../shared/domain/finding.ts";
import type { Guardrails } from "../../shared/domain/settings.ts";
import { isWriting, planChange } from "../../shared/planning/plan-change.ts";
import { finding, grantChange, guardrails, keyChange, onTrial, trustChange, unknown, unsure } from "./changes.ts";

const planned = (findings: readonly Finding[], rails: Guardrails = guardrails()) =>
  planChange(trustChange(), findings, rails);

describe("findings on one change", () => {
  test.each<[string, readonly Response[], Response]>([
    ["revert is stronger than alert", ["alert", "revert"], "revert"],
    ["revert is stronger than ask", ["ask", "revert"], "revert"],
    ["revert is stronger than contain", ["contain", "revert"], "revert"],
    ["ask is stronger than alert", ["alert", "ask", "off"], "ask"],
    ["alert is stronger than off", ["off", "alert"], "alert"],
    ["one finding gives its own", ["revert"], "revert"],
    ["none asks for nothing", [], "off"],
  ])("merge: %s", (_, responses, response) => {
    expect(planned(responses.map((one) => finding(one))).response).toBe(response);
    expect(planned(responses.toReversed().map((one) => finding(one))).response).toBe(response);
  });

  test("merge: contain is stronger than ask", () => {
    expect(planChange(keyChange(), [finding("ask"), finding("contain")], guardrails()).response).toBe("contain");
  });

  test("all stay in the plan, in their order", () => {
    const findings = [finding("alert"), finding("revert"), unsure("ask")];
    expect(planned(findings).findings).toEqual(findings);
  });

  test("that only alert come without a remediation and without a reason", () => {
    const plan = planned([finding("alert")]);
    expect(plan).toMatchObject({ response: "alert" });
    expect(plan.remediation).toBeUndefined();
    expect(plan.because).toBeUndefined();
  });

  test("that ask come with the exact remediation", () => {
    expect(planned([finding("ask")]).remediation).toEqual(planned([finding("revert")]).remediation);
  });
});

describe("what is not sure, and what is on trial", () => {
  test("undetermined alerts, whatever the rule asks for", () => {
    const plan = planned([unsure("revert")]);
    expect(plan).toMatchObject({
      response: "alert",
      because: { kind: "undetermined", detail: "it is not known" },
    });
    expect(plan.remediation).toBeUndefined();
  });

  test("a rule on trial alerts, whatever it asks for", () => {
    const plan = planned([onTrial("revert")]);
    expect(plan).toMatchObject({ response: "alert", because: { kind: "trial" } });
    expect(isWriting(plan)).toBe(false);
  });

  test("a rule on trial shows the calls that it would make, as they would be", () => {
    expect(planned([onTrial("revert")]).remediation).toEqual(planned([finding("revert")]).remediation);
    expect(planned([onTrial("ask")]).remediation).toEqual(planned([finding("ask")]).remediation);
    const rails = guardrails({ protected: [{ kind: "role", name: "deploy" }] });
    expect(planned([onTrial("revert")], rails).remediation).toBeUndefined();
    expect(planned([onTrial("revert"), unsure("revert")]).remediation).toBeUndefined();
  });

  test("a rule on trial that only alerts does no less than it asks for", () => {
    expect(planned([onTrial("alert")]).because).toBeUndefined();
  });

  test("neither keeps another rule's violation from being put back", () => {
    const plan = planned([unsure("revert"), onTrial("revert"), finding("revert")]);
    expect(plan.response).toBe("revert");
    expect(plan.remediation?.calls).toHaveLength(1);
    expect(plan.because).toBeUndefined();
  });

  test("neither adds strength to another rule's violation", () => {
    expect(planned([unsure("revert"), onTrial("revert"), finding("ask")]).response).toBe("ask");
    expect(planned([unsure("revert"), finding("alert")]).remediation).toBeUndefined();
  });

  test("never write, whatever else there is", () => {
    const hesitant = fc.constantFrom(
      ...(["revert", "contain", "ask", "alert"] as const).flatMap((one) => [unsure(one), onTrial(one)]),
    );
    const change = fc.constantFrom(trustChange(), keyChange(), grantChange());
    fc.assert(
      fc.property(change, fc.array(hesitant), (one, findings) => {
        const plan = planChange(one, findings, guardrails());
        expect(isWriting(plan)).toBe(false);
        expect(["alert", "off"]).toContain(plan.response);
        if (plan.because?.kind !== "trial") expect(plan.remediation).toBeUndefined();
      }),
    );
  });
});

describe("a plan that does less than its findings ask for", () => {
  test("says that what was before is not known", () => {
    const plan = planChange(trustChange({ before: unknown }), [finding("revert")], guardrails());
    expect(plan).toMatchObject({
      response: "alert",
      because: { kind: "prior-state-unknown", detail: "there is no baseline of it yet" },
    });
    expect(plan.remediation).toBeUndefined();
  });

  test("says which guardrail stopped it, before anything else", () => {
    const rails = guardrails({ protected: [{ kind: "role", name: "deploy" }] });
    for (const response of ["revert", "ask"] as const) {
      const plan = planChange(trustChange({ before: unknown }), [finding(response)], rails);
      expect(plan).toMatchObject({ response: "alert", because: { kind: "protected" } });
      expect(plan.remediation).toBeUndefined();
    }
  });

  test("says nothing of guardrails when it would not write anyway", () => {
    const rails = guardrails({ protected: [{ kind: "role", name: "deploy" }] });
    expect(planned([finding("alert")], rails).because).toBeUndefined();
  });

  test("still says in mode observe what would be done", () => {
    expect(planned([finding("revert")], guardrails({ mode: "observe" }))).toEqual(planned([finding("revert")]));
  });
});
