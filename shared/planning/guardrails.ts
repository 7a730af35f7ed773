import type { Change } from "../domain/change.ts";
import type { Principal } from "../domain/identity.ts";
import { actorText, samePrincipal } from "../domain/identity.ts";
import { namesIn, touchedBy } from "../domain/kinds.ts";
import type { Reason } from "../domain/plan.ts";
import type { Guardrails } from "../domain/settings.ts";

/** Owned by the cloud itself: no update, attach or detach (`ram-api.md` §9.27). Compared without case. */
export const isServiceLinkedName = (roleName: string): boolean =>
  roleName.toLowerCase().startsWith("aliyunservicerolefor");

/** Owned by CloudSSO: changed there and nowhere else (`ram-api.md` §9.28). */
export const isCloudSsoName = (name: string): boolean => name.toLowerCase().startsWith("aliyunreservedsso-");

const isServiceLinked = (change: Change, principal: Principal): boolean =>
  principal.kind === "role" &&
  (isServiceLinkedName(principal.name) ||
    (change.kind === "role-trust" && change.after.kind !== "gone" && change.after.serviceLinked));

/**
 * Roles that a console made for a cloud service, which look like any other and break the service when they are put back
 * wrongly: `AliyunECSInstanceForXDefaultRole`, `AliyunFcDefaultRole` (`ram-api.md` §9.29).
 */
export const isClassicServiceRoleName = (name: string): boolean => /^aliyun[a-z0-9]+role$/i.test(name);

/** The names of the roles that RAM Warden itself works with. */
export const ownRoleNames = ({ ownRoles }: Guardrails): readonly string[] =>
  [ownRoles.looking, ownRoles.acting, ownRoles.approving].filter((role) => role !== undefined);

/** The first reason why the subject must not be written, whatever the rules ask for. */
export const guardrail = (change: Change, guardrails: Guardrails): Reason | undefined => {
  const principal = touchedBy(change.subject);
  if (principal === "root")
    return { kind: "root-credential", detail: "credentials of the account owner cannot be managed by a RAM role" };
  const sso = namesIn(change.subject).find(isCloudSsoName);
  const ofCloudSso = change.kind === "policy" || change.kind === "saml-provider" || change.kind === "tags";
  if (ofCloudSso && sso !== undefined)
    return { kind: "cloudsso-owned", detail: `${sso} belongs to CloudSSO; change it there` };
  const own = ownRoleNames(guardrails);
  // The policies of our own roles bear their names (functions/roles).
  if (change.kind === "policy" && own.includes(change.subject.policyName))
    return {
      kind: "own-identity",
      detail: `policy ${change.subject.policyName} is one that RAM Warden itself works with`,
    };
  if (principal === "account") return undefined;
  const name = `${principal.kind} ${principal.name}`;
  if (isServiceLinked(change, principal))
    return { kind: "service-linked", detail: `${name} belongs to a cloud service, which alone may change it` };
  if (principal.kind === "role" && isCloudSsoName(principal.name))
    return { kind: "cloudsso-owned", detail: `${name} belongs to CloudSSO; change it there` };
  if (own.some((role) => samePrincipal({ kind: "role", name: role }, principal)))
    return { kind: "own-identity", detail: `${name} is one that RAM Warden itself works with` };
  // A membership touches the group's rights as much as the user's.
  const alsoTouched: readonly Principal[] = [
    principal,
    ...(change.kind === "membership" ? [{ kind: "group", name: change.subject.groupName } as const] : []),
    ...bornBefore(change, principal),
  ];
  // What a change took away is not there to be spared, and only a person brings it back.
  if (isLost(change)) return undefined;
  const spared = alsoTouched.find((one) => guardrails.protected.some((identity) => samePrincipal(identity, one)));
  if (spared !== undefined)
    return { kind: "protected", detail: `${spared.kind} ${spared.name} is one that the settings protect` };
  return undefined;
};

/** Under which name the settings may know what was renamed: neither a new name nor an old one is a way around them. */
const bornBefore = ({ subject }: Change, { kind }: Principal): readonly Principal[] =>
  "formerName" in subject && subject.formerName !== undefined ? [{ kind, name: subject.formerName }] : [];

/** Whether the change deleted the user or the group that it is about, or took a policy or a membership from one. */
const isLost = ({ kind, after }: Change): boolean =>
  (kind === "user" || kind === "group" || kind === "grant" || kind === "membership") &&
  (after.kind === "gone" || (after.kind === "user" && after.recycled === true));

/** A reason to put a plan that would write to a person, whatever the rules ask for. */
export const reasonToAsk = (change: Change, { pipelines, accountId }: Guardrails): Reason | undefined => {
  const { actor } = change;
  // By the role itself, never by what its user agent says: that is the caller's to choose (`ram-api.md` §9.25).
  const isPipeline =
    actor !== undefined &&
    (actor.kind === "user" || actor.kind === "role") &&
    actor.accountId === accountId &&
    !(actor.kind === "role" && actor.namedBy === "request") &&
    pipelines.some((pipeline) => samePrincipal(pipeline, { kind: actor.kind, name: actor.name }));
  if (isPipeline)
    return {
      kind: "pipeline",
      detail: `${actorText(actor)} is a declared pipeline, which would make the change again`,
    };
  const touched = touchedBy(change.subject);
  if (typeof touched === "object" && touched.kind === "role" && isClassicServiceRoleName(touched.name))
    return { kind: "classic-service-role", detail: `role ${touched.name} is one that a cloud service works with` };
  return undefined;
};
