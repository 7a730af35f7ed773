import type { Severity } from "../domain/finding.ts";
import type { AccountId } from "../domain/identity.ts";
import type { PolicyDocument } from "./document.ts";
import { type EscalationRoute, escalationRoutes } from "./escalation.ts";
import { policyTiers, type Tier, type TierReason } from "./tiers.ts";
import { entitiesLetIn } from "./trust-entities.ts";
import { entityTrusted, type TrustStep } from "./trust-step.ts";

/** What documents that are attached together allow that matters. */
export type Explanation =
  | {
      readonly kind: "permission";
      readonly tiers: readonly Tier[];
      readonly severity: Severity | undefined;
      readonly exact: boolean;
      readonly reasons: readonly TierReason[];
      readonly routes: readonly EscalationRoute[];
    }
  | {
      readonly kind: "trust";
      readonly exact: boolean;
      /** Everybody who is let in, in the order of the documents. */
      readonly letsIn: readonly Omit<TrustStep, "kind" | "widens">[];
    };

/** Explains permission documents as if nothing had been allowed before them. */
export const explainPermissions = (documents: readonly PolicyDocument[]): Explanation => {
  const { tiers, severity, exact, reasons } = policyTiers(documents);
  const { routes, undecided } = escalationRoutes([], documents);
  const sure = exact && undecided === undefined && routes.every((route) => route.exact);
  return { kind: "permission", tiers, severity, exact: sure, reasons, routes };
};

/** Explains a role's trust; `ownAccountId` tells the own account from others. */
export const explainTrust = (
  documents: readonly PolicyDocument[],
  ownAccountId: AccountId | undefined,
): Explanation => ({
  kind: "trust",
  exact: documents.every((document) => document.flaws.length === 0),
  letsIn: entitiesLetIn(documents.flatMap((document) => document.statements)).map((entry) =>
    entityTrusted(entry, ownAccountId),
  ),
});
