import type { AccountId, Principal } from "../domain/identity.ts";
import type { Call } from "../domain/plan.ts";
import type { CataloguedId } from "./catalogue.ts";

/** One action and one resource that a caller must be allowed. All permissions of a call are needed together. */
export type Permission = {
  readonly action: string;
  readonly resource: string;
  /** Set where the service itself knows no narrower resource: only such a one may hold wildcards. */
  readonly wide?: true;
};

/** What the caller of an operation must be allowed, by the operation's id. */
export type Permissions = {
  readonly [id in CataloguedId]?: (call: Call, accountId: AccountId) => readonly Permission[];
};

/** A parameter as text; empty where the call has none, and then no permission fits. */
export const parameter = (call: Call, name: string): string => String(call.parameters[name] ?? "");

/** Ims and ResourceManager are authorised with the code `ram` (`fc-platform.md` §5). */
export const actionOf = (call: Call): string => `ram:${call.operation}`;

/** Role names stand in lower case in some ARNs (`ram-api.md` §4) and matching may be exact: both spellings are given. */
export const principalArns = (principal: Principal, accountId: AccountId): readonly string[] => {
  const spellings =
    principal.kind === "role" ? new Set([principal.name, principal.name.toLowerCase()]) : [principal.name];
  return [...spellings].map((name) => `acs:ram:*:${accountId}:${principal.kind}/${name}`);
};

/** The action of a call on one principal. */
export const onPrincipal = (call: Call, accountId: AccountId, principal: Principal): readonly Permission[] =>
  principalArns(principal, accountId).map((resource) => ({ action: actionOf(call), resource }));

/** The action of a call on one resource of the account, `policy/mine`. */
export const onResource = (call: Call, accountId: AccountId, path: string): readonly Permission[] => [
  { action: actionOf(call), resource: `acs:ram:*:${accountId}:${path}` },
];

/** The action of a call for which the service checks no resource, or only the printed one with a wildcard. */
export const onAny = (call: Call, resource = "*"): readonly Permission[] => [
  { action: actionOf(call), resource, wide: true },
];
