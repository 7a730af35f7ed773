import { need, userArn } from "../access/needs.ts";
import { type Account, attachmentKey, attachmentsOf, groupsOf, type User } from "../account.ts";
import { alreadyExists, deleteConflict, limitExceeded } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Need, Operations, Work } from "../operation.ts";
import { bounded, named, optional, pageByMarker, required } from "../params.ts";
import { deviceOf, userOf } from "./look-up.ts";
import { userShape } from "./shapes.ts";

const usersPerAccount = 5000;
export const userNamePattern = /^[A-Za-z0-9._-]+$/;

/** What Ram and Ims call by the same names, `New` before each when a user is changed. */
export const detailsOf = (params: Asked["params"], prefix: "" | "New", displayNameAtMost: number): Partial<User> => {
  const details = {
    displayName: bounded(params, `${prefix}DisplayName`, displayNameAtMost),
    email: optional(params, `${prefix}Email`),
    mobilePhone: optional(params, `${prefix}MobilePhone`),
    comments: bounded(params, `${prefix}Comments`, 128),
  };
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
};

export const addUser = ({ account, ids, now }: Work, userName: string, details: Partial<User>): User => {
  if (account.users.has(userName)) throw alreadyExists("User", userName);
  if (account.users.size >= usersPerAccount) throw limitExceeded("User", usersPerAccount);
  const user: User = {
    userName,
    userId: ids.userId(),
    displayName: userName,
    email: "",
    mobilePhone: "",
    comments: "",
    lastLoginDate: "",
    provisionType: "Manual",
    accessKeys: [],
    recycledKeys: [],
    ...details,
    createDate: now,
    updateDate: now,
  };
  account.users.set(userName, user);
  return user;
};

/** Gives memberships and grants the user's new name; the user keeps its place and its id. */
const rename = (account: Account, from: string, to: string): void => {
  for (const group of groupsOf(account, from)) {
    const members = group.members.map((each) => (each.userName === from ? { ...each, userName: to } : each));
    account.groups.set(group.groupName, { ...group, members });
  }
  const device = deviceOf(account, from);
  if (device !== undefined) account.mfaDevices.set(device.serialNumber, { ...device, userName: to });
  for (const link of attachmentsOf(account, "user", from)) {
    const moved = { ...link, principalName: to };
    account.attachments.delete(attachmentKey(link));
    account.attachments.set(attachmentKey(moved), moved);
  }
};

export const changeUser = ({ account, now }: Work, user: User, newName: string, details: Partial<User>): User => {
  const changed: User = { ...user, ...details, userName: newName, updateDate: now };
  if (newName !== user.userName) {
    if (account.users.has(newName)) throw alreadyExists("User", newName);
    account.users.delete(user.userName);
    rename(account, user.userName, newName);
  }
  account.users.set(newName, changed);
  return changed;
};

/** RAM's own text demands that everything is taken off a user first; the recycle bin is filled by Ims only here. */
const removeUser = ({ account, params }: Work): JsonObject => {
  const user = userOf(account, required(params, "UserName"));
  const conflicts: readonly (readonly [boolean, string, string])[] = [
    [groupsOf(account, user.userName).length > 0, "Group", "The user is in groups."],
    [deviceOf(account, user.userName) !== undefined, "MFADevice", "The user has an MFA device."],
    [user.accessKeys.length > 0, "AccessKey", "The user has access keys."],
    [user.loginProfile !== undefined, "LoginProfile", "The user has a login profile."],
    [attachmentsOf(account, "user", user.userName).length > 0, "Policy", "The user has policies attached."],
  ];
  for (const [holds, what, message] of conflicts) if (holds) throw deleteConflict(`User.${what}`, message);
  account.users.delete(user.userName);
  return {};
};

const onUser =
  (action: string) =>
  (asked: Asked): readonly Need[] => [need(`ram:${action}`, userArn(asked, asked.params.UserName ?? ""))];

const onUsers =
  (action: string) =>
  (asked: Asked): readonly Need[] => [need(`ram:${action}`, userArn(asked, "*"))];

const touches = (asked: Asked) => ({ "ACS::RAM::User": [asked.params.UserName ?? ""] });

export const userOperations: Operations = {
  CreateUser: {
    access: "Write",
    needs: onUsers("CreateUser"),
    run: (work) => {
      const name = named(work.params, "UserName", userNamePattern, 64);
      return { User: userShape(addUser(work, name, detailsOf(work.params, "", 128))) };
    },
    touches,
  },
  GetUser: {
    access: "Read",
    needs: onUser("GetUser"),
    run: ({ account, params }) => {
      const user = userOf(account, required(params, "UserName"));
      return { User: { ...userShape(user), LastLoginDate: user.lastLoginDate } };
    },
    touches,
  },
  UpdateUser: {
    access: "Write",
    needs: onUser("UpdateUser"),
    run: (work) => {
      const user = userOf(work.account, required(work.params, "UserName"));
      const newName =
        work.params.NewUserName === undefined ? user.userName : named(work.params, "NewUserName", userNamePattern, 64);
      return { User: userShape(changeUser(work, user, newName, detailsOf(work.params, "New", 128))) };
    },
    touches,
  },
  DeleteUser: { access: "Write", needs: onUser("DeleteUser"), run: removeUser, touches },
  ListUsers: {
    access: "Read",
    needs: onUsers("ListUsers"),
    run: ({ account, params }) => {
      const { items, ...page } = pageByMarker(params, [...account.users.values()], 1000);
      return { ...page, Users: { User: items.map(userShape) } };
    },
  },
};
