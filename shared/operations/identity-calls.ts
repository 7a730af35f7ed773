import type { Call } from "../domain/plan.ts";
import type { RefBase } from "../domain/subjects/common.ts";
import type { Group, Login, User } from "../domain/subjects/identities.ts";
import { principalNameOf } from "./principals.ts";

type At = Pick<RefBase<string>, "accountId"> & { readonly principalName?: string };

/**
 * The full name that Ims wants: in the domain in which the event named the user, else in that of the account's id, which
 * is valid beside any alias.
 */
export const fullName = (userName: string, { accountId, principalName }: At): string => {
  const at = principalName?.indexOf("@") ?? -1;
  return principalName === undefined || at === -1
    ? principalNameOf({ kind: "user", name: userName }, accountId)
    : `${userName}${principalName.slice(at)}`;
};

/** How the two services name a user; by name and not by id, as permissions are given on names. */
const named = (service: "Ram" | "Ims", userName: string, at: At) =>
  service === "Ram" ? { UserName: userName } : { UserPrincipalName: fullName(userName, at) };

/** What is empty is left out: some values have a form that an empty text has not. */
const given = (values: { readonly [name: string]: string }) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));

export const addToGroup = (service: "Ram" | "Ims", userName: string, groupName: string, at: At): Call => ({
  service,
  operation: "AddUserToGroup",
  parameters: { ...named(service, userName, at), GroupName: groupName },
});

export const removeFromGroup = (service: "Ram" | "Ims", userName: string, groupName: string, at: At): Call => ({
  service,
  operation: "RemoveUserFromGroup",
  parameters: { ...named(service, userName, at), GroupName: groupName },
});

/** Ims allows 24 characters, Ram 128 (`ram-api.md` §4): a longer name is put back through Ram. */
const displayNameInIms = 24;

const serviceFor = (route: "Ram" | "Ims", { displayName }: Pick<User, "displayName">): "Ram" | "Ims" =>
  displayName.length > displayNameInIms || displayName === "" ? "Ram" : route;

/** Makes a user anew, with what Ram and Ims keep of it; no credential comes with it. */
export const createUser = (route: "Ram" | "Ims", user: User, at: At): Call => {
  const service = serviceFor(route, user);
  const { displayName, comments, email, mobilePhone } = user;
  return {
    service,
    operation: "CreateUser",
    parameters: {
      ...named(service, user.userName, at),
      ...given({ DisplayName: displayName, Comments: comments, Email: email, MobilePhone: mobilePhone }),
    },
  };
};

export const deleteUser = (service: "Ram" | "Ims", userName: string, at: At): Call => ({
  service,
  operation: "DeleteUser",
  parameters: named(service, userName, at),
});

const changeable = [
  ["displayName", "NewDisplayName"],
  ["comments", "NewComments"],
  ["email", "NewEmail"],
  ["mobilePhone", "NewMobilePhone"],
] as const;

/** Leads a user from one state to another; what is equal in both is left out. An empty text clears a value. */
export const updateUser = (route: "Ram" | "Ims", from: User, to: User, at: At): Call => {
  const service = from.displayName === to.displayName ? route : serviceFor(route, to);
  const values = changeable
    .filter(([field]) => from[field] !== to[field])
    .map(([field, parameter]): [string, string] => [parameter, to[field]]);
  const isRenamed = from.userName !== to.userName;
  const [newName] = Object.values(named(service, to.userName, at));
  return {
    service,
    operation: "UpdateUser",
    parameters: {
      ...named(service, from.userName, at),
      ...(isRenamed && newName !== undefined
        ? { [service === "Ram" ? "NewUserName" : "NewUserPrincipalName"]: newName }
        : {}),
      ...Object.fromEntries(values),
    },
  };
};

export const restoreUser = (userId: string): Call => ({
  service: "Ims",
  operation: "RestoreUserFromRecycleBin",
  parameters: { UserId: userId },
});

export const deleteKey = (userName: string, accessKeyId: string): Call => ({
  service: "Ram",
  operation: "DeleteAccessKey",
  parameters: { UserName: userName, UserAccessKeyId: accessKeyId },
});

/** Switches console logon off, or on again: only Ims can. The other settings of the logon travel along. */
export const setLoginStatus = (userName: string, login: Login, status: Login["status"], at: At): Call => ({
  service: "Ims",
  operation: "UpdateLoginProfile",
  parameters: {
    UserPrincipalName: fullName(userName, at),
    Status: status,
    PasswordResetRequired: login.passwordResetRequired,
    MFABindRequired: login.mfaBindRequired,
  },
});

export const deleteLogin = (userName: string): Call => ({
  service: "Ram",
  operation: "DeleteLoginProfile",
  parameters: { UserName: userName },
});

export const unbindMfa = (userName: string): Call => ({
  service: "Ram",
  operation: "UnbindMFADevice",
  parameters: { UserName: userName },
});

/** Only Ims knows a group's display name; Ram gives a new group its own name for one. */
const groupService = (route: "Ram" | "Ims", { displayName, groupName }: Group): "Ram" | "Ims" =>
  displayName === "" || displayName === groupName ? route : "Ims";

export const createGroup = (route: "Ram" | "Ims", group: Group): Call => {
  const service = groupService(route, group);
  return {
    service,
    operation: "CreateGroup",
    parameters: {
      GroupName: group.groupName,
      ...given({ Comments: group.comments, ...(service === "Ims" ? { DisplayName: group.displayName } : {}) }),
    },
  };
};

export const deleteGroup = (service: "Ram" | "Ims", groupName: string): Call => ({
  service,
  operation: "DeleteGroup",
  parameters: { GroupName: groupName },
});

/** Leads a group from one state to another; what is equal in both is left out. */
export const updateGroup = (route: "Ram" | "Ims", from: Group, to: Group): Call => ({
  service: from.displayName === to.displayName ? route : "Ims",
  operation: "UpdateGroup",
  parameters: {
    GroupName: from.groupName,
    ...(from.groupName === to.groupName ? {} : { NewGroupName: to.groupName }),
    ...(from.comments === to.comments ? {} : { NewComments: to.comments }),
    ...(from.displayName === to.displayName ? {} : { NewDisplayName: to.displayName }),
  },
});
