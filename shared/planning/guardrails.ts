import type { Change } from "../domain/change.ts";
import type { Principal } from "../domain/identity.ts";
import { samePrincipal } from "../domain/identity.ts";
import { touchedBy } from "../domain/kinds.ts";
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

/** The first reason why the subject must not be written, whatever the rules ask for. */
export const guardrail = (change: Change, guardrails: Guardrails): Reason | undefined => {
  const principal = touchedBy(change.subject);
  if (principal === "root")
    return { kind: "root-credential", detail: "credentials of the account owner cannot be managed by a RAM role" };
  if (principal === "account") return undefined;
  const name = `${principal.kind} ${principal.name}`;
  if (isServiceLinked(change, principal))
    return { kind: "service-linked", detail: `${name} belongs to a cloud service, which alone may change it` };
  if (principal.kind === "role" && isCloudSsoName(principal.name))
    return { kind: "cloudsso-owned", detail: `${name} belongs to CloudSSO; change it there` };
  const own = [guardrails.ownRoles.looking, guardrails.ownRoles.acting].filter((role) => role !== undefined);
  if (own.some((role) => samePrincipal({ kind: "role", name: role }, principal)))
    return { kind: "own-identity", detail: `${name} is one that RAM Warden itself works with` };
  if (guardrails.protected.some((identity) => samePrincipal(identity, principal)))
    return { kind: "protected", detail: `${name} is one that the settings protect` };
  return undefined;
};
