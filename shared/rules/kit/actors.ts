import type { Bilingual } from "../../domain/finding.ts";
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

/** Who made a change, among the facts of its evidence; nobody where it is a state that is told, and not who made it so. */
export const madeBy = (actor: Actor | undefined): { readonly maker?: string } =>
  actor === undefined ? {} : { maker: actorText(actor) };

const kinds = { user: "用户", group: "用户组", role: "角色" } as const;

/**
 * That a policy is attached, as the beginning of a sentence: who attached it, or that it is so, where nobody is known to
 * have made it so. `place` follows whom it is attached to.
 */
export const attachedBy = (
  actor: Actor | undefined,
  policyName: string,
  { kind, name }: Principal,
  place: Bilingual = { en: "", "zh-CN": "" },
): Bilingual => {
  const [whom, zhWhom] = [`${kind} \`${name}\`${place.en}`, `${kinds[kind]} \`${name}\`${place["zh-CN"]}`];
  return actor === undefined
    ? { en: `\`${policyName}\` is attached to ${whom}`, "zh-CN": `策略 \`${policyName}\` 已授予${zhWhom}` }
    : {
        en: `\`${actorText(actor)}\` attached \`${policyName}\` to ${whom}`,
        "zh-CN": `\`${actorText(actor)}\` 将 \`${policyName}\` 授予${zhWhom}`,
      };
};

/** How a person reads who made a change, where nobody may be known. */
export const makerOf = (actor: Actor | undefined): string =>
  actor === undefined ? "somebody unknown" : actorText(actor);
