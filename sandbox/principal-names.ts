import { type Account, domainLabel } from "./account.ts";
import { invalid } from "./api-error.ts";

/** `alice` of `alice@corp.onaliyun.com`. */
export const userNameOfPrincipal = (principal: string): string => principal.split("@")[0] ?? principal;

/** The domains that names of this account may end in: its alias, its id, and those added to it. */
const labels = (account: Account): readonly string[] => [domainLabel(account), account.accountId];

/** The user name in a principal name of this account; throws `InvalidParameter.UserPrincipalName.*` for another form. */
export const userNameIn = (account: Account, principal: string, parameter = "UserPrincipalName"): string => {
  const found = /^([A-Za-z0-9._-]{1,64})@([^@]+)$/.exec(principal);
  const [, name = "", domain = ""] = found ?? [];
  const known = [...labels(account).map((label) => `${label}.onaliyun.com`), ...account.domains];
  if (found === null || !known.includes(domain)) {
    throw invalid(
      parameter,
      "Format",
      `The parameter ${parameter} must be <name>@${domainLabel(account)}.onaliyun.com.`,
    );
  }
  return name;
};

export const groupNameIn = (account: Account, principal: string, parameter = "GroupPrincipalName"): string => {
  const [name = "", domain = ""] = principal.split("@");
  if (!labels(account).some((label) => domain === `group.${label}.onaliyun.com`)) {
    throw invalid(parameter, "Format", `${parameter} must be <name>@group.${domainLabel(account)}.onaliyun.com.`);
  }
  return name;
};

export const roleNameIn = (account: Account, principal: string, parameter = "RolePrincipalName"): string => {
  const [name = "", domain = ""] = principal.split("@");
  if (!labels(account).some((label) => domain === `role.${label}.onaliyunservice.com`)) {
    throw invalid(parameter, "Format", `${parameter} must be <name>@role.${domainLabel(account)}.onaliyunservice.com.`);
  }
  return name;
};
