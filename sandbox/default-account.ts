import type { Ids } from "./random.ts";
import type { Snapshot } from "./snapshot/format.ts";

/** A documentation-like account id, when neither a snapshot nor an id is given. */
export const defaultAccountId = "1234567890123456";

/** An account with nothing in it but a person who may do everything. */
export const defaultSnapshot = (accountId: string, alias: string, ids: Ids): Snapshot => ({
  version: 1,
  accountId,
  alias,
  users: [administratorUser(ids)],
  attachments: [administratorLink],
});

export const administratorName = "administrator";

export const administratorUser = (ids: Ids) => ({
  userName: administratorName,
  displayName: "Administrator",
  comments: "",
  accessKeys: [{ accessKeyId: ids.accessKeyId() }],
});

export const administratorLink = {
  policyType: "System",
  policyName: "AdministratorAccess",
  principalType: "user",
  principalName: administratorName,
} as const;
