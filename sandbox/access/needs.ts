import type { PolicyType } from "../account.ts";
import type { Asked, Need } from "../operation.ts";
import { userNameOfPrincipal } from "../principal-names.ts";

/** One permission on one resource; further spellings of the resource may follow. */
export const need = (action: string, ...resources: readonly string[]): Need => ({ action, resources });

const ram = (asked: Asked, relative: string): string => `acs:ram:*:${asked.account.accountId}:${relative}`;

export const userArn = (asked: Asked, name: string): string => ram(asked, `user/${name}`);
export const groupArn = (asked: Asked, name: string): string => ram(asked, `group/${name}`);
export const roleResource = (asked: Asked, name: string): string => ram(asked, `role/${name}`);
export const resourceGroupArn = (asked: Asked, name: string): string => ram(asked, `resourcegroup/${name}`);

/** System policies live under the segment `system` (`policy-semantics.md` §1). */
export const policyArn = (asked: Asked, type: string | undefined, name: string): string =>
  type === ("System" satisfies PolicyType) ? `acs:ram:*:system:policy/${name}` : ram(asked, `policy/${name}`);

export const wholeAccount = (asked: Asked): string => ram(asked, "*");

/** The user that a call is about: named, or the caller itself where the name is left out. */
export const ownOrNamed = (asked: Asked): string =>
  asked.params.UserName ?? (asked.caller.kind === "user" ? asked.caller.userName : "");

/** The same for Ims, which names users by their principal name. */
export const ownOrPrincipal = (asked: Asked): string => {
  const principal = asked.params.UserPrincipalName;
  if (principal !== undefined) return userNameOfPrincipal(principal);
  return asked.caller.kind === "user" ? asked.caller.userName : "";
};
