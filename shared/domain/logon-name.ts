import type { AccountId } from "./identity.ts";

/**
 * The full name by which Ims knows a user. Where no event gave it, the account id serves as the domain: it is valid beside
 * any alias, and stays so when the alias changes.
 */
export const logonNameOf = (user: {
  readonly accountId: AccountId;
  readonly userName: string;
  readonly principalName?: string;
}): string => user.principalName ?? `${user.userName}@${user.accountId}.onaliyun.com`;
