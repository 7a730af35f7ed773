import type { AccountId } from "../domain/identity.ts";
import type { Call } from "../domain/plan.ts";
import type { Permission, Permissions } from "./permission.ts";
import { onAny, onPrincipal, parameter } from "./permission.ts";
import { shortName } from "./principals.ts";

/** On the user that the call names, in either service's way: the printed resource of these calls is the user's ARN. */
const ofUser = (call: Call, accountId: AccountId): readonly Permission[] => {
  const named = parameter(call, "UserName") || parameter(call, "UserPrincipalName");
  return onPrincipal(call, accountId, { kind: "user", name: shortName(named) ?? "" });
};

/** The pages of the device calls print `mfa/*`. */
const ofDevices = (call: Call, accountId: AccountId): readonly Permission[] =>
  onAny(call, `acs:ram:*:${accountId}:mfa/*`);

/**
 * Logons, factors and credentials. The Ram calls are documented on each call's page; those of Ims that no page prints
 * are taken to be on the user's ARN too. The recycle bin's pages say All Resources.
 */
export const credentialsPermissions: Permissions = {
  "Ram.UpdateLoginProfile": ofUser,
  "Ims.UpdateLoginProfile": ofUser,
  "Ram.DeleteLoginProfile": ofUser,
  "Ims.DeleteLoginProfile": ofUser,
  "Ram.UnbindMFADevice": ofUser,
  "Ims.UnbindMFADevice": ofUser,
  "Ram.DeleteVirtualMFADevice": ofDevices,
  "Ims.DeleteVirtualMFADevice": ofDevices,
  "Ims.UpdatePasskey": ofUser,
  "Ims.SetVerificationInfo": ofUser,
  "Ims.UnbindVerification": ofUser,
  "Ims.UpdateServiceCredential": ofUser,
  "Ims.SetAccessKeyPolicy": ofUser,
  "Ims.RestoreAccessKeyFromRecycleBin": (call) => onAny(call),
  "Ram.DeleteAccessKey": ofUser,
  "Ims.DeleteAccessKey": ofUser,
};
