import { need, userArn } from "../access/needs.ts";
import { type Account, attachmentKey, attachmentsOf, groupsOf, type User, userPrincipalName } from "../account.ts";
import { ApiError, notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Need, Operations, Work } from "../operation.ts";
import { pageByMarker, required } from "../params.ts";
import { userNameIn } from "../principal-names.ts";
import { deviceOf, userOf } from "../ram/look-up.ts";
import { imsLimits, tagged, tagsGiven } from "../ram/tags.ts";
import { addUser, changeUser, detailsOf } from "../ram/users.ts";

/** Ims allows shorter display names than Ram (`ram-api.md` §4). */
export const displayNameAtMost = 24;
const recycledUsersAtMost = 1000;

export const userShape = (account: Account, user: User): JsonObject => ({
  UserId: user.userId,
  UserPrincipalName: userPrincipalName(account, user.userName),
  DisplayName: user.displayName,
  MobilePhone: user.mobilePhone,
  Email: user.email,
  Comments: user.comments,
  CreateDate: user.createDate,
  UpdateDate: user.updateDate,
  LastLoginDate: user.lastLoginDate,
  ProvisionType: user.provisionType,
});

/** The user that a principal name of this account names; throws `EntityNotExist.User`. */
export const userOfPrincipal = (account: Account, principal: string): User =>
  userOf(account, userNameIn(account, principal));

const soughtUser = ({ account, params }: Asked): User | undefined => {
  const users = [...account.users.values()];
  if (params.UserId !== undefined) return users.find((user) => user.userId === params.UserId);
  if (params.UserAccessKeyId !== undefined) {
    return users.find((user) => user.accessKeys.some((key) => key.accessKeyId === params.UserAccessKeyId));
  }
  return account.users.get(params.UserPrincipalName?.split("@")[0] ?? "");
};

/** A user by principal name, by id, or by one of its keys, whichever the call gives. */
const seek = (asked: Asked): User => {
  const { account, params } = asked;
  if (params.UserPrincipalName !== undefined) return userOfPrincipal(account, params.UserPrincipalName);
  const by = params.UserId ?? params.UserAccessKeyId;
  if (by === undefined) {
    throw new ApiError(400, "MissingParameter.UserPrincipalName", "Name a user by UserPrincipalName, UserId or key.");
  }
  const user = soughtUser(asked);
  if (user === undefined) throw notExist(params.UserId === undefined ? "User.AccessKey" : "User", by);
  return user;
};

const onUser =
  (action: string) =>
  (asked: Asked): readonly Need[] => [
    need(
      `ram:${action}`,
      userArn(asked, soughtUser(asked)?.userName ?? asked.params.UserPrincipalName?.split("@")[0] ?? "*"),
    ),
  ];

const onUsers =
  (action: string) =>
  (asked: Asked): readonly Need[] => [need(`ram:${action}`, userArn(asked, "*"))];

const touches = (asked: Asked) => ({
  "ACS::RAM::User": [asked.params.UserPrincipalName ?? soughtUser(asked)?.userName ?? ""],
});

/**
 * Moves a user and its keys to the recycle bin and takes it out of all groups and grants. Whether links survive the bin
 * is not documented; here they do not (`ram-api.md` §4 and §10).
 */
const recycle = (work: Work): JsonObject => {
  const { account, now } = work;
  const user = seek(work);
  for (const group of groupsOf(account, user.userName)) {
    const members = group.members.filter((each) => each.userName !== user.userName);
    account.groups.set(group.groupName, { ...group, members });
  }
  for (const link of attachmentsOf(account, "user", user.userName)) account.attachments.delete(attachmentKey(link));
  const device = deviceOf(account, user.userName);
  if (device !== undefined) account.mfaDevices.set(device.serialNumber, { serialNumber: device.serialNumber });
  account.users.delete(user.userName);
  const { loginProfile: _off, passkeys: _lost, personalDingTalk: _unbound, ...rest } = user;
  account.recycledUsers.set(user.userId, { ...rest, recycleDate: now });
  const [oldest] = account.recycledUsers.keys();
  if (account.recycledUsers.size > recycledUsersAtMost && oldest !== undefined) account.recycledUsers.delete(oldest);
  return {};
};

export const userOperations: Operations = {
  CreateUser: {
    access: "Write",
    needs: onUsers("CreateUser"),
    run: (work) => {
      const { account, params } = work;
      required(params, "DisplayName");
      const name = userNameIn(account, required(params, "UserPrincipalName"));
      const details = tagged(detailsOf(params, "", displayNameAtMost), tagsGiven(params, imsLimits));
      return { User: userShape(account, addUser(work, name, details)) };
    },
    touches,
  },
  GetUser: {
    access: "Read",
    needs: onUser("GetUser"),
    run: (asked) => ({ User: userShape(asked.account, seek(asked)) }),
    touches,
  },
  UpdateUser: {
    access: "Write",
    needs: onUser("UpdateUser"),
    run: (work) => {
      const { account, params } = work;
      const user = seek(work);
      const newName =
        params.NewUserPrincipalName === undefined
          ? user.userName
          : userNameIn(account, params.NewUserPrincipalName, "NewUserPrincipalName");
      return { User: userShape(account, changeUser(work, user, newName, detailsOf(params, "New", displayNameAtMost))) };
    },
    touches,
  },
  DeleteUser: { access: "Write", needs: onUser("DeleteUser"), run: recycle, touches },
  ListUsers: {
    access: "Read",
    needs: onUsers("ListUsers"),
    run: ({ account, params }) => {
      const { items, ...page } = pageByMarker(params, [...account.users.values()], 1000);
      return { ...page, Users: { User: items.map((user) => userShape(account, user)) } };
    },
  },
  ListUserBasicInfos: {
    access: "Read",
    needs: onUsers("ListUserBasicInfos"),
    run: ({ account, params }) => {
      const { items, ...page } = pageByMarker(params, [...account.users.values()], 1000);
      const UserBasicInfo = items.map((user) => ({
        UserId: user.userId,
        UserPrincipalName: userPrincipalName(account, user.userName),
        DisplayName: user.displayName,
      }));
      return { ...page, UserBasicInfos: { UserBasicInfo } };
    },
  },
};
