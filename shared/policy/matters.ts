import type { PolicyName } from "../domain/subject.ts";
import { matchesAny } from "./action-globs.ts";
import { highRiskPolicies } from "./high-risk-policies.ts";
import { parseDocument } from "./parse.ts";
import { tierRules } from "./tier-rules.ts";
import { policyTiers } from "./tiers.ts";

const ofPower = new Set<string>(["admin", "identity-admin", "escalation-capable"]);

/** The actions of which each way to more power needs at least one. */
const pieces: readonly string[] = [
  ...new Set(tierRules.filter(({ tier }) => ofPower.has(tier)).flatMap(({ requires }) => requires.flat())),
].filter((action) => !action.endsWith(":*"));

const isWholeProduct = (pattern: string): boolean => pattern === "*" || /^[^:*?]+:\*+$/.test(pattern);

/**
 * Whether it counts what the holder of a policy has besides: where the policy may give power with others, a whole product that
 * the holder has anyway, or takes some by a Deny. What makes an administrator does so whatever else there is.
 */
export const matters = ({ type, name }: PolicyName, text: string | undefined): boolean => {
  const known = type === "System" && Object.hasOwn(highRiskPolicies, name) ? highRiskPolicies[name] : undefined;
  if (known?.tiers.includes("admin") || (text !== undefined && policyTiers(text).tiers.includes("admin"))) return false;
  if (known?.tiers.some((tier) => ofPower.has(tier))) return true;
  if (text === undefined) return type === "Custom";
  const parsed = parseDocument(text, "permission");
  if (!parsed.ok) return true;
  return parsed.value.statements.some(
    ({ effect, action }) =>
      effect === "Deny" ||
      action.complement ||
      action.patterns.some(isWholeProduct) ||
      pieces.some((piece) => matchesAny(action, piece)),
  );
};
