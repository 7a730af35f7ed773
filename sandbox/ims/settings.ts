import type { Operations } from "../operation.ts";
import { preferenceShape, resetting, setting } from "../ram/settings.ts";
import { usualPasswordPolicy, usualSecurityPreference, usualUserSsoSettings } from "../usual-settings.ts";

export const settingOperations: Operations = {
  GetPasswordPolicy: setting("GetPasswordPolicy", "Read", ({ account }) => ({
    PasswordPolicy: account.passwordPolicy,
  })),
  SetPasswordPolicy: setting("SetPasswordPolicy", "Write", ({ account, params }) => {
    account.passwordPolicy = resetting(params, usualPasswordPolicy);
    return { PasswordPolicy: account.passwordPolicy };
  }),
  GetSecurityPreference: setting("GetSecurityPreference", "Read", ({ account }) =>
    preferenceShape(account.securityPreference, true),
  ),
  SetSecurityPreference: setting("SetSecurityPreference", "Write", ({ account, params }) => {
    account.securityPreference = resetting(params, usualSecurityPreference);
    return preferenceShape(account.securityPreference, true);
  }),
  GetUserSsoSettings: setting("GetUserSsoSettings", "Read", ({ account }) => ({
    UserSsoSettings: account.userSsoSettings,
  })),
  /** Replaces the settings as a whole (`ram-api.md` §5). */
  SetUserSsoSettings: setting("SetUserSsoSettings", "Write", ({ account, params }) => {
    account.userSsoSettings = resetting(params, usualUserSsoSettings);
    return { UserSsoSettings: account.userSsoSettings };
  }),
};
