import type { JsonObject } from "../json.ts";
import type { ControlPolicy } from "./directory.ts";

const text = (from: JsonObject, name: string): string | undefined => {
  const value = from[name];
  return typeof value === "string" ? value : undefined;
};

/** A policy as `ControlPolicy` of an answer tells it; only `GetControlPolicy` tells the document, which else is given. */
export const controlPolicyOf = (answer: JsonObject, given?: string): ControlPolicy | undefined => {
  const [policyId, policyName] = [text(answer, "PolicyId"), text(answer, "PolicyName")];
  const document = text(answer, "PolicyDocument") ?? given;
  if (policyId === undefined || policyName === undefined || document === undefined) return undefined;
  return {
    kind: "control-policy",
    policyId,
    policyName,
    description: text(answer, "Description") ?? "",
    effectScope: text(answer, "EffectScope") ?? "RAM",
    document,
  };
};
