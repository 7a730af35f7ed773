import { type AccountId, samePrincipal } from "../domain/identity.ts";
import type { AccountFacts, AccountIdentity, AccountRole } from "./account-facts.ts";
import type { EscalationTarget } from "./escalation-primitive.ts";
import { policyTiers } from "./tiers.ts";
import { entityCovers, type LetIn, type TrustEntity, trustEntities } from "./trust-entities.ts";

/** An identity whose power is worth taking, and the policy that makes it so. */
export type Target = { readonly kind: "user" | "group" | "role"; readonly name: string; readonly holds: string };

/** The resource that stands for an identity in a request; role names are lower case there. */
export const targetResource = (target: Target, accountId: AccountId | undefined): string =>
  `acs:ram:*:${accountId ?? "*"}:${target.kind}/${target.kind === "role" ? target.name.toLowerCase() : target.name}`;

const kindOf: { readonly [target in EscalationTarget]: Target["kind"] } = {
  user: "user",
  group: "group",
  role: "role",
  "assumable-role": "role",
  "service-role": "role",
};

/** The strong identities of the account that a primitive with this target could lend, the holder itself left out. */
export const targetsOf = (
  target: EscalationTarget,
  services: readonly string[],
  facts: AccountFacts,
): readonly Target[] => {
  const kind = kindOf[target];
  return identitiesOf(kind, facts)
    .filter((identity) => !isHolder(kind, identity, facts) && lends(target, identity, services, facts))
    .flatMap((identity) => {
      const holds = strongestPolicy(identity);
      return holds === undefined ? [] : [{ kind, name: identity.name, holds }];
    });
};

const identitiesOf = (kind: Target["kind"], facts: AccountFacts): readonly AccountRole[] =>
  (kind === "user" ? facts.users : kind === "group" ? facts.groups : facts.roles) ?? [];

const isHolder = (kind: Target["kind"], { name }: AccountIdentity, { holder }: AccountFacts): boolean =>
  holder !== undefined && samePrincipal({ kind, name }, holder);

/** Assuming needs the role's consent, and so does a service that is to run with it; unknown trust is taken as consent. */
const lends = (
  target: EscalationTarget,
  role: AccountRole,
  services: readonly string[],
  facts: AccountFacts,
): boolean => {
  if (target !== "assumable-role" && target !== "service-role") return true;
  if (role.trust === undefined) return true;
  const letIn = trustEntities(role.trust);
  if (!letIn.ok) return true;
  return letIn.value.some((entry) => (target === "service-role" ? isService(entry, services) : admits(entry, facts)));
};

const isService = ({ entity }: LetIn, services: readonly string[]): boolean =>
  entity.kind === "everyone" || (entity.kind === "service" && services.some((name) => nameMay(name, entity.name)));

/** Service patterns of the primitives hold at most a star at either side of one word. */
const nameMay = (pattern: string, name: string): boolean =>
  pattern === name || (pattern.startsWith("*") && name.includes(pattern.split("*")[1] ?? pattern));

const admits = ({ entity }: LetIn, { accountId, holder }: AccountFacts): boolean => {
  if (entity.kind === "everyone") return true;
  if (accountId === undefined) return entity.kind === "account" || entity.kind === "user" || entity.kind === "role";
  const caller: TrustEntity =
    holder === undefined ? { kind: "account", accountId } : { kind: holder.kind, accountId, name: holder.name };
  return entityCovers(entity, caller) || (holder === undefined && entityCovers(caller, entity));
};

/** The name of the policy that makes an identity strong, the strongest first; undefined where none does. */
const strongestPolicy = (identity: AccountIdentity): string | undefined => {
  const strong = identity.policies.map((policy) => ({ name: policy.name, rank: rankOf(policy) }));
  const best = strong.reduce<{ name: string; rank: number } | undefined>(
    (found, next) => (next.rank > (found?.rank ?? 0) ? next : found),
    undefined,
  );
  return best?.name;
};

const rankOf = (policy: AccountIdentity["policies"][number]): number => {
  const { tiers } = policyTiers(policy.document, policy);
  return tiers.includes("admin")
    ? 3
    : tiers.includes("identity-admin")
      ? 2
      : tiers.includes("escalation-capable")
        ? 1
        : 0;
};
