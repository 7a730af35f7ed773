import type { AccountId, Actor, Principal } from "../../domain/identity.ts";
import { actorText, samePrincipal } from "../../domain/identity.ts";
import type { RuleSettings } from "../../domain/settings.ts";

/** The RAM identity behind an actor; undefined for root, services and what we do not know. */
export const actorPrincipal = (actor: Actor): Principal | undefined =>
  actor.kind === "user" || actor.kind === "role" ? { kind: actor.kind, name: actor.name } : undefined;

/**
 * Whether an actor is one of the identities named. Parts are compared as parts, and only an actor of the own account
 * can match: a role of the same name elsewhere is somebody else. A name that the caller may have chosen matches nobody.
 */
export const actorIsOneOf = (actor: Actor, identities: readonly Principal[], accountId: AccountId): boolean => {
  const principal = actorPrincipal(actor);
  if (actor.kind === "role" && actor.namedBy === "request") return false;
  if (principal === undefined || !("accountId" in actor) || actor.accountId !== accountId) return false;
  return identities.some((identity) => samePrincipal(identity, principal));
};

/** Whether it is somebody's declared job to change identities: a provisioner, or a pipeline. */
export const isDeclared = (actor: Actor | undefined, settings: RuleSettings): boolean =>
  actor !== undefined &&
  (actorIsOneOf(actor, settings.provisioners, settings.accountId) ||
    actorIsOneOf(actor, settings.pipelines, settings.accountId));

/** Whether an actor is the user of that name itself. */
export const isUserItself = (actor: Actor | undefined, userName: string, { accountId }: RuleSettings): boolean =>
  actor?.kind === "user" && actor.accountId === accountId && actor.name === userName;

/** How a person reads who made a change, where nobody may be known. */
export const makerOf = (actor: Actor | undefined): string =>
  actor === undefined ? "somebody unknown" : actorText(actor);
