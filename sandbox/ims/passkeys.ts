import { need, ownOrPrincipal, userArn } from "../access/needs.ts";
import type { User } from "../account.ts";
import { notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operation, Operations, Work } from "../operation.ts";
import { bounded, required } from "../params.ts";
import { type Passkey, withList } from "../state/logins.ts";
import { userOfPrincipal } from "./users.ts";

const operation = (
  action: string,
  access: Operation["access"],
  run: (work: Work, user: User) => JsonObject,
): Operation => ({
  access,
  needs: (asked: Asked) => [need(`ram:${action}`, userArn(asked, ownOrPrincipal(asked)))],
  run: (work) => run(work, userOfPrincipal(work.account, required(work.params, "UserPrincipalName"))),
  touches: ({ params }) => ({ "ACS::RAM::User": [params.UserPrincipalName ?? ""] }),
});

const passkeyOf = (user: User, { params }: Work): Passkey => {
  const id = required(params, "PasskeyId");
  const passkey = user.passkeys?.find((each) => each.passkeyId === id);
  if (passkey === undefined) throw notExist("User.Passkey", id);
  return passkey;
};

const put = ({ account }: Work, user: User, passkeys: readonly Passkey[]): JsonObject => {
  account.users.set(user.userName, withList(user, "passkeys", passkeys));
  return {};
};

/** A person registers a passkey with a device at the console; no call does that, so they come from snapshots. */
export const passkeyOperations: Operations = {
  UpdatePasskey: operation("UpdatePasskey", "Write", (work, user) => {
    required(work.params, "PasskeyName");
    const passkeyName = bounded(work.params, "PasskeyName", 64) ?? "";
    const passkey = passkeyOf(user, work);
    return put(
      work,
      user,
      (user.passkeys ?? []).map((each) => (each === passkey ? { ...passkey, passkeyName } : each)),
    );
  }),
  DeletePasskey: operation("DeletePasskey", "Write", (work, user) => {
    const passkey = passkeyOf(user, work);
    return put(
      work,
      user,
      (user.passkeys ?? []).filter((each) => each !== passkey),
    );
  }),
  ListPasskeys: operation("ListPasskeys", "Read", (_work, user) => ({
    Passkeys: (user.passkeys ?? []).map((each) => ({
      PasskeyId: each.passkeyId,
      PasskeyName: each.passkeyName,
      CreateDate: each.createDate,
      LastUseDate: each.lastUseDate,
    })),
  })),
};
