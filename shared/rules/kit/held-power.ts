import type { RuleSettings } from "../../domain/settings.ts";
import { policyTiers } from "../../policy/tiers.ts";
import { isHighRiskName } from "./high-risk.ts";
import type { Facts } from "./rule.ts";

/**
 * The name of a policy that makes its holder an administrator of the account or its identities; `none`, where no policy
 * does, or `unknown` where that was not read.
 */
export const heldPower = (held: Facts["held"], settings: RuleSettings): string => {
  if (held === undefined) return "unknown";
  const strong = held.find(
    ({ policy, text }) =>
      isHighRiskName(policy, settings) ||
      (text !== undefined && policyTiers(text).tiers.some((tier) => tier === "admin" || tier === "identity-admin")),
  );
  if (strong !== undefined) return strong.policy.name;
  return held.some(({ text }) => text === undefined) ? "unknown" : "none";
};
