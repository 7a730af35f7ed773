import {
  setAlias,
  setPasswordPolicy,
  setSecurityPreference,
  setUserSsoSettings,
} from "../../shared/operations/setting-calls.ts";

const accountId = "1234567890123456";

/** Every call on settings of the account that a plan has, sent by itself or with a person's word. */
export const plannedSettings = [
  setSecurityPreference({ LoginSessionDuration: 6 }),
  setPasswordPolicy({ MinimumPasswordLength: 8 }),
  setUserSsoSettings({ SsoEnabled: false }),
  setAlias("corp", "Ims", accountId),
  setAlias("corp", "Ram", accountId),
  setAlias("", "Ram", accountId),
];
