import type { AccountId } from "../identity.ts";
import { logonNameOf } from "../logon-name.ts";
import type { TagsRef } from "./permissions.ts";

/** Where the tags of a user are read: Ims knows users by their full names. */
export const tagsRefOf = (user: {
  readonly accountId: AccountId;
  readonly userName: string;
  readonly principalName?: string;
}): TagsRef => ({
  kind: "tags",
  accountId: user.accountId,
  route: "Ims",
  resourceType: "user",
  resource: logonNameOf(user),
  namedBy: "ResourcePrincipalName",
});
