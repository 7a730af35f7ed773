import { need } from "../access/needs.ts";
import { type Account, type RecycledKey, type User, userPrincipalName } from "../account.ts";
import { alreadyExists, limitExceeded, notExist } from "../api-error.ts";
import { stamp } from "../instants.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operation, Operations, Work } from "../operation.ts";
import { pageByMarker, required } from "../params.ts";

/** What is in the bin is kept for 30 days (`ram-api.md` §4). */
const keptMs = 30 * 24 * 3600 * 1000;
const keysPerUser = 2;

type Recycled = User & { readonly recycleDate: string };

const purgedOn = (recycleDate: string): string => stamp(Date.parse(recycleDate) + keptMs);

const kept = (at: number, recycleDate: string): boolean => at < Date.parse(recycleDate) + keptMs;

const usersIn = ({ account, at }: Work): readonly Recycled[] =>
  [...account.recycledUsers.values()].filter((user) => kept(at, user.recycleDate));

const userIn = (work: Work): Recycled => {
  const id = required(work.params, "UserId");
  const user = usersIn(work).find((each) => each.userId === id);
  if (user === undefined) throw notExist("User", id);
  return user;
};

const userShape = (account: Account, user: Recycled): JsonObject => ({
  UserId: user.userId,
  UserPrincipalName: userPrincipalName(account, user.userName),
  DisplayName: user.displayName,
  CreateDate: user.createDate,
  RecycleDate: user.recycleDate,
  DeleteDate: purgedOn(user.recycleDate),
});

/** Keys are found under their user, whether that is in the bin itself or not. */
const keysIn = ({ account, at }: Work, userId: string | undefined) =>
  [...account.users.values(), ...account.recycledUsers.values()]
    .filter((user) => userId === undefined || user.userId === userId)
    .flatMap((user) => user.recycledKeys.filter((key) => kept(at, key.recycleDate)).map((key) => ({ user, key })));

const keyIn = (work: Work): { readonly user: User; readonly key: RecycledKey } => {
  const id = required(work.params, "UserAccessKeyId");
  const found = keysIn(work, work.params.UserId).find(({ key }) => key.accessKeyId === id);
  if (found === undefined) throw notExist("User.AccessKey", id);
  return found;
};

const keyShape = ({ user, key }: { readonly user: User; readonly key: RecycledKey }): JsonObject => ({
  AccessKeyId: key.accessKeyId,
  UserId: user.userId,
  Status: key.status,
  CreateDate: key.createDate,
  RecycleDate: key.recycleDate,
  DeleteDate: purgedOn(key.recycleDate),
});

const restoreUser = (work: Work): JsonObject => {
  const { recycleDate: _back, ...user } = userIn(work);
  if (work.account.users.has(user.userName)) throw alreadyExists("User", user.userName);
  work.account.recycledUsers.delete(user.userId);
  work.account.users.set(user.userName, { ...user, updateDate: work.now });
  return {};
};

/** A restored key has the status that it was deleted with: what the cloud does is not documented. */
const restoreKey = (work: Work): JsonObject => {
  const { user, key } = keyIn(work);
  if (!work.account.users.has(user.userName)) throw notExist("User", user.userId);
  if (user.accessKeys.length >= keysPerUser) throw limitExceeded("User.AccessKey", keysPerUser);
  const { recycleDate: _back, ...restored } = key;
  work.account.users.set(user.userName, {
    ...user,
    accessKeys: [...user.accessKeys, restored],
    recycledKeys: user.recycledKeys.filter((each) => each !== key),
  });
  return {};
};

const purgeKey = (work: Work): JsonObject => {
  const { user, key } = keyIn(work);
  const rest = { ...user, recycledKeys: user.recycledKeys.filter((each) => each !== key) };
  if (work.account.users.has(user.userName)) work.account.users.set(user.userName, rest);
  else {
    const recycled = work.account.recycledUsers.get(user.userId);
    if (recycled !== undefined) work.account.recycledUsers.set(user.userId, { ...recycled, ...rest });
  }
  return {};
};

/** These calls know no resource-level permissions: their pages say All Resources. */
const operation = (action: string, access: "Read" | "Write", run: (work: Work) => JsonObject): Operation => ({
  access,
  needs: () => [need(`ram:${action}`, "*")],
  run,
  touches: ({ params }: Asked) => (params.UserId === undefined ? {} : { "ACS::RAM::User": [params.UserId] }),
});

export const recycleBinOperations: Operations = {
  ListUsersInRecycleBin: operation("ListUsersInRecycleBin", "Read", (work) => {
    const wanted = /^UserPrincipalName eq (.+)$/.exec(work.params.Filter ?? "")?.[1];
    const users = usersIn(work)
      .map((user) => userShape(work.account, user))
      .filter((user) => wanted === undefined || user.UserPrincipalName === wanted);
    const { items, ...page } = pageByMarker(work.params, users, 100);
    return { ...page, Users: { User: items } };
  }),
  GetUserInRecycleBin: operation("GetUserInRecycleBin", "Read", (work) => ({
    User: userShape(work.account, userIn(work)),
  })),
  RestoreUserFromRecycleBin: operation("RestoreUserFromRecycleBin", "Write", restoreUser),
  DeleteUserInRecycleBin: operation("DeleteUserInRecycleBin", "Write", (work) => {
    work.account.recycledUsers.delete(userIn(work).userId);
    return {};
  }),
  ListAccessKeysInRecycleBin: operation("ListAccessKeysInRecycleBin", "Read", (work) => ({
    AccessKeys: { AccessKey: keysIn(work, required(work.params, "UserId")).map(keyShape) },
  })),
  GetAccessKeyInfoInRecycleBin: operation("GetAccessKeyInfoInRecycleBin", "Read", (work) => ({
    AccessKey: keyShape(keyIn(work)),
  })),
  RestoreAccessKeyFromRecycleBin: operation("RestoreAccessKeyFromRecycleBin", "Write", restoreKey),
  DeleteAccessKeyInRecycleBin: operation("DeleteAccessKeyInRecycleBin", "Write", purgeKey),
};
