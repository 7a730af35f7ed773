import { need, ownOrNamed, userArn } from "../access/needs.ts";
import type { User } from "../account.ts";
import { ApiError, limitExceeded, notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operation, Operations, Work } from "../operation.ts";
import { oneOf, required } from "../params.ts";
import { type PublicKey, withList } from "../state/logins.ts";
import { ownerOf } from "./access-keys.ts";

const keysPerUser = 2;

const userIn = (asked: Asked): User => {
  const owner = ownerOf(asked, asked.params.UserName);
  if (owner.kind === "user") return owner.user;
  throw new ApiError(400, "MissingParameter.UserName", "The account itself has no public keys.");
};

const operation = (action: string, run: (work: Work, user: User) => JsonObject): Operation => ({
  access: "Write",
  needs: (asked) => [need(`ram:${action}`, userArn(asked, ownOrNamed(asked)))],
  run: (work) => run(work, userIn(work)),
  touches: (asked) => ({ "ACS::RAM::User": [ownOrNamed(asked)] }),
});

const keyOf = (user: User, { params }: Work): PublicKey => {
  const id = required(params, "UserPublicKeyId");
  const key = user.publicKeys?.find((each) => each.publicKeyId === id);
  if (key === undefined) throw notExist("User.PublicKey", id);
  return key;
};

const put = ({ account }: Work, user: User, publicKeys: readonly PublicKey[]): JsonObject => {
  account.users.set(user.userName, withList(user, "publicKeys", publicKeys));
  return {};
};

/** Of the Japan site only, without a published contract: what is here beyond the parameters' names is a guess. */
export const publicKeyOperations: Operations = {
  UploadPublicKey: operation("UploadPublicKey", (work, user) => {
    const before = user.publicKeys ?? [];
    if (before.length >= keysPerUser) throw limitExceeded("User.PublicKey", keysPerUser);
    const key: PublicKey = {
      publicKeyId: work.ids.publicKeyId(),
      publicKeySpec: required(work.params, "PublicKeySpec"),
      status: "Active",
      createDate: work.now,
    };
    put(work, user, [...before, key]);
    return { PublicKey: { PublicKeyId: key.publicKeyId, Status: key.status, CreateDate: key.createDate } };
  }),
  UpdatePublicKey: operation("UpdatePublicKey", (work, user) => {
    const status = oneOf(work.params, "Status", ["Active", "Inactive"] as const);
    const key = keyOf(user, work);
    return put(
      work,
      user,
      (user.publicKeys ?? []).map((each) => (each === key ? { ...key, status } : each)),
    );
  }),
  DeletePublicKey: operation("DeletePublicKey", (work, user) => {
    const key = keyOf(user, work);
    return put(
      work,
      user,
      (user.publicKeys ?? []).filter((each) => each !== key),
    );
  }),
};
