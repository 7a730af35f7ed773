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

const knownFor = ({ type, name }: PolicyName) =>
  type === "System" && Object.hasOwn(highRiskPolicies, name) ? highRiskPolicies[name] : undefined;

/** Whether a policy makes an administrator of its holder, whatever else there is. */
export const makesAdministrator = (policy: PolicyName, text: string | undefined): boolean =>
  knownFor(policy)?.tiers.includes("admin") === true ||
  (text !== undefined && policyTiers(text).tiers.includes("admin"));

/**
 * Whether it counts what the holder of a policy has besides: where the policy may give power with others, a whole product that
 * the holder has anyway, or takes some by a Deny. What makes an administrator does so whatever else there is.
 */
export const matters = (policy: PolicyName, text: string | undefined): boolean => {
  if (makesAdministrator(policy, text)) return false;
  const known = knownFor(policy);
  if (known?.tiers.some((tier) => ofPower.has(tier))) return true;
  if (text === undefined) return policy.type === "Custom";
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
