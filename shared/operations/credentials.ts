import type { Entries } from "./entry.ts";
import { keyPolicyOperations } from "./key-policies.ts";
import { loginOperations } from "./logins.ts";
import { publicKeyOperations } from "./public-keys.ts";
import { recycleBinOperations } from "./recycle-bin.ts";
import { secondFactorOperations } from "./second-factors.ts";
import { serviceCredentialOperations } from "./service-credentials.ts";

/** The operations on what a user logs on or signs with, beside making AccessKeys and switching them. */
export const credentialsOperations = {
  ...loginOperations,
  ...secondFactorOperations,
  ...serviceCredentialOperations,
  ...publicKeyOperations,
  ...keyPolicyOperations,
  ...recycleBinOperations,
} as const satisfies Entries;
