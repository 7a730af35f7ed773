import { need, ownOrNamed, userArn } from "../access/needs.ts";
import type { AccessKey, User } from "../account.ts";
import { ApiError, limitExceeded, notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operation, Operations, Work } from "../operation.ts";
import { oneOf, required } from "../params.ts";
import { userOf } from "./look-up.ts";

const keysPerUser = 2;
const recycledPerUser = 3;

/** Whose keys a call is about: a user, or the account itself when its owner names nobody. */
export type Owner =
  | { readonly kind: "user"; readonly user: User }
  | { readonly kind: "root"; readonly keys: readonly AccessKey[] };

/** A call without a user's name acts on the caller's own keys (`ram-api.md` gotcha 19). */
export const ownerOf = ({ account, caller }: Asked, userName: string | undefined): Owner => {
  if (userName !== undefined && userName !== "") return { kind: "user", user: userOf(account, userName) };
  if (caller.kind === "root") return { kind: "root", keys: account.rootKeys };
  if (caller.kind === "user") return { kind: "user", user: userOf(account, caller.userName) };
  throw new ApiError(400, "MissingParameter.UserName", "A role has no access keys of its own.");
};

export const keysOf = (owner: Owner): readonly AccessKey[] =>
  owner.kind === "user" ? owner.user.accessKeys : owner.keys;

/** Replaces all keys of an owner. */
export const putKeys = ({ account }: Work, owner: Owner, keys: readonly AccessKey[]): void => {
  if (owner.kind === "root") account.rootKeys = keys;
  else account.users.set(owner.user.userName, { ...owner.user, accessKeys: keys });
};

const keyOf = (owner: Owner, accessKeyId: string): AccessKey => {
  const key = keysOf(owner).find((each) => each.accessKeyId === accessKeyId);
  if (key === undefined) throw notExist("User.AccessKey", accessKeyId);
  return key;
};

export const createKey = (work: Work, owner: Owner): AccessKey => {
  if (keysOf(owner).length >= keysPerUser) throw limitExceeded("User.AccessKey", keysPerUser);
  const key: AccessKey = {
    accessKeyId: work.ids.accessKeyId(),
    secret: work.ids.accessKeySecret(),
    status: "Active",
    createDate: work.now,
    updateDate: work.now,
  };
  putKeys(work, owner, [...keysOf(owner), key]);
  return key;
};

export const updateKey = (work: Work, owner: Owner): JsonObject => {
  const status = oneOf(work.params, "Status", ["Active", "Inactive"] as const);
  const key = keyOf(owner, required(work.params, "UserAccessKeyId"));
  putKeys(
    work,
    owner,
    keysOf(owner).map((each) => (each === key ? { ...key, status, updateDate: work.now } : each)),
  );
  return {};
};

/** Moves a key to the recycle bin, which holds three per user: a fourth pushes the oldest out (`ram-api.md` §4). */
export const deleteKey = (work: Work, owner: Owner): JsonObject => {
  const key = keyOf(owner, required(work.params, "UserAccessKeyId"));
  putKeys(
    work,
    owner,
    keysOf(owner).filter((each) => each !== key),
  );
  if (owner.kind === "user") {
    const user = userOf(work.account, owner.user.userName);
    const recycled = [...user.recycledKeys, { ...key, recycleDate: work.now }].slice(-recycledPerUser);
    work.account.users.set(user.userName, { ...user, recycledKeys: recycled });
  }
  return {};
};

export const lastUsedOf = (work: Asked, owner: Owner) =>
  work.account.keyUse.get(keyOf(owner, required(work.params, "UserAccessKeyId")).accessKeyId);

const needs =
  (action: string) =>
  (asked: Asked): ReturnType<Operation["needs"]> => [need(`ram:${action}`, userArn(asked, ownOrNamed(asked)))];

const touches = (asked: Asked) => ({
  "ACS::RAM::User": [ownOrNamed(asked)],
  ...(asked.params.UserAccessKeyId === undefined ? {} : { "ACS::RAM::AccessKey": [asked.params.UserAccessKeyId] }),
});

const owner = (work: Asked): Owner => ownerOf(work, work.params.UserName);

export const accessKeyOperations: Operations = {
  CreateAccessKey: {
    access: "Write",
    needs: needs("CreateAccessKey"),
    run: (work) => {
      const key = createKey(work, owner(work));
      return {
        AccessKey: {
          AccessKeyId: key.accessKeyId,
          AccessKeySecret: key.secret,
          Status: key.status,
          CreateDate: key.createDate,
        },
      };
    },
    touches,
  },
  UpdateAccessKey: {
    access: "Write",
    needs: needs("UpdateAccessKey"),
    run: (work) => updateKey(work, owner(work)),
    touches,
  },
  DeleteAccessKey: {
    access: "Write",
    needs: needs("DeleteAccessKey"),
    run: (work) => deleteKey(work, owner(work)),
    touches,
  },
  ListAccessKeys: {
    access: "Read",
    needs: needs("ListAccessKeys"),
    run: (work) => ({
      AccessKeys: {
        AccessKey: keysOf(owner(work)).map((key) => ({
          AccessKeyId: key.accessKeyId,
          Status: key.status,
          CreateDate: key.createDate,
        })),
      },
    }),
    touches,
  },
  GetAccessKeyLastUsed: {
    access: "Read",
    needs: needs("GetAccessKeyLastUsed"),
    run: (work) => ({ AccessKeyLastUsed: { LastUsedDate: lastUsedOf(work, owner(work))?.date ?? "" } }),
    touches,
  },
};
