import type { Snapshot } from "../../sandbox/index.ts";
import { accountBefore, accountId } from "../support/guarded-account.ts";

const date = "2026-01-02T03:04:05Z";

export const device = (name: string): string => `acs:ram::${accountId}:mfa/${name}`;

/** How Ims names a user of the guarded account. */
export const upn = (userName: string) => ({ UserPrincipalName: `${userName}@example.onaliyun.com` });

export const limited = (...addresses: readonly string[]): string =>
  JSON.stringify({ Version: 1, Status: "Active", Statements: [{ AllowedAddresses: addresses }] });
export const noLimit = JSON.stringify({ Version: 1, Status: "Inactive", Statements: [] });

const extras: { readonly [userName: string]: object } = {
  alice: {
    userId: "200",
    accessKeys: [{ accessKeyId: "LTAIalice", createDate: date, policy: noLimit }],
    recycledKeys: [{ accessKeyId: "LTAIgone", createDate: date, recycleDate: "2026-11-20T00:00:00Z" }],
    loginProfile: { createDate: date, mfaBindRequired: true },
    passkeys: [{ passkeyId: "PASSKEY-1", passkeyName: "laptop", createDate: date }],
    publicKeys: [{ publicKeyId: "LTPK1", createDate: date }],
    serviceCredentials: [
      {
        serviceCredentialId: "SC1",
        serviceCredentialName: "one",
        serviceName: "dashscope.aliyuncs.com",
        createTime: date,
      },
    ],
    securityEmail: { value: "alice@corp.example", status: "active" },
    personalDingTalk: "alice.dt",
  },
  mallory: { loginProfile: { createDate: date } },
};

/** The guarded account, where alice has one of everything that a user logs on or signs with, and bob has nothing. */
export const accountWithCredentials = (): Snapshot => {
  const account = accountBefore();
  return {
    ...account,
    users: [
      ...(account.users ?? []).map((user) => ({ ...user, ...extras[user.userName] })),
      { userName: "bob", userId: "201" },
    ],
    mfaDevices: [
      { serialNumber: device("bound"), userName: "alice", activateDate: date },
      { serialNumber: device("free") },
    ],
  };
};

/** The account with one user changed. */
export const withUser = (
  account: Snapshot,
  userName: string,
  change: (user: NonNullable<Snapshot["users"]>[number]) => object,
): Snapshot => ({
  ...account,
  users: (account.users ?? []).map((user) =>
    user.userName === userName ? ({ ...user, ...change(user) } as typeof user) : user,
  ),
});
