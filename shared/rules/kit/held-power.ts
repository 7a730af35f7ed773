import type { RuleSettings } from "../../domain/settings.ts";
import { policyTiers } from "../../policy/tiers.ts";
import { isHighRiskName } from "./high-risk.ts";
import type { Facts } from "./rule.ts";

/** Whether somebody is an administrator, and by which policy. A name is kept apart: whoever makes a policy chooses it. */
export type HeldPower = { readonly kind: "none" | "unknown" } | { readonly kind: "strong"; readonly by: string };

/** The policy that makes its holder an administrator of the account or its identities; `unknown` where that was not read. */
export const heldPower = (held: Facts["held"], settings: RuleSettings): HeldPower => {
  if (held === undefined) return { kind: "unknown" };
  const strong = held.find(
    ({ policy, text }) =>
      isHighRiskName(policy, settings) ||
      (text !== undefined && policyTiers(text).tiers.some((tier) => tier === "admin" || tier === "identity-admin")),
  );
  if (strong !== undefined) return { kind: "strong", by: strong.policy.name };
  return { kind: held.some(({ text }) => text === undefined) ? "unknown" : "none" };
};
