import type { Call } from "../domain/plan.ts";
import type { Permission, Permissions } from "./permission.ts";
import { onAny } from "./permission.ts";

/** These settings are of no resource: the pages of the calls print all resources. */
const ofAccount = (call: Call): readonly Permission[] => onAny(call);

export const settingsPermissions: Permissions = {
  "Ims.SetSecurityPreference": ofAccount,
  "Ims.SetPasswordPolicy": ofAccount,
  "Ims.SetUserSsoSettings": ofAccount,
  "Ims.SetDefaultDomain": ofAccount,
  "Ram.SetAccountAlias": ofAccount,
  "Ram.ClearAccountAlias": ofAccount,
};
