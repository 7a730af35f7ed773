import type { AccountId, Principal } from "../domain/identity.ts";
import type { Call } from "../domain/plan.ts";
import type { Permission, Permissions } from "./permission.ts";
import { onAny, onPrincipal, parameter } from "./permission.ts";
import { shortName } from "./principals.ts";

/** The user of a call, by the name that its service gives it; empty where the call names none, and then nothing fits. */
const userOf = (call: Call): Principal => ({
  kind: "user",
  name: shortName(parameter(call, call.service === "Ram" ? "UserName" : "UserPrincipalName")) ?? "",
});

const onUser = (call: Call, accountId: AccountId): readonly Permission[] => onPrincipal(call, accountId, userOf(call));

const onGroup = (call: Call, accountId: AccountId): readonly Permission[] =>
  onPrincipal(call, accountId, { kind: "group", name: parameter(call, "GroupName") });

/** Both ends of a membership are asked for. */
const onBoth = (call: Call, accountId: AccountId): readonly Permission[] => [
  ...onUser(call, accountId),
  ...onGroup(call, accountId),
];

/** What does not exist yet has no name to be allowed by: the pages print all of its kind. */
const onAll =
  (kind: Principal["kind"]) =>
  (call: Call, accountId: AccountId): readonly Permission[] =>
    onAny(call, `acs:ram:*:${accountId}:${kind}/*`);

/**
 * Users, groups and memberships, and what a user has to lose before it can be deleted. Ims is authorised under the code
 * `ram`. RestoreUserFromRecycleBin's page says All Resources.
 */
export const identitiesPermissions: Permissions = {
  "Ram.CreateUser": onAll("user"),
  "Ims.CreateUser": onAll("user"),
  "Ram.UpdateUser": onUser,
  "Ims.UpdateUser": onUser,
  "Ram.DeleteUser": onUser,
  "Ims.DeleteUser": onUser,
  "Ims.RestoreUserFromRecycleBin": (call) => onAny(call),
  "Ram.DeleteAccessKey": onUser,
  "Ims.UpdateLoginProfile": onUser,
  "Ram.DeleteLoginProfile": onUser,
  "Ram.UnbindMFADevice": onUser,
  "Ram.CreateGroup": onAll("group"),
  "Ims.CreateGroup": onAll("group"),
  "Ram.UpdateGroup": onGroup,
  "Ims.UpdateGroup": onGroup,
  "Ram.DeleteGroup": onGroup,
  "Ims.DeleteGroup": onGroup,
  "Ram.AddUserToGroup": onBoth,
  "Ims.AddUserToGroup": onBoth,
  "Ram.RemoveUserFromGroup": onBoth,
  "Ims.RemoveUserFromGroup": onBoth,
};
