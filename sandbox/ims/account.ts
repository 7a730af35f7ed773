import { need } from "../access/needs.ts";
import type { Operations } from "../operation.ts";

/** Quotas of `ram-api.md` §4 beside what is used of them. */
export const accountOperations: Operations = {
  GetAccountMFAInfo: {
    access: "Read",
    needs: () => [need("ram:GetAccountMFAInfo", "*")],
    run: ({ account }) => ({ IsMFAEnable: account.rootMfa }),
  },
  /** Only what the sandbox can tell; the score, the level of passwords and the age of keys are left out. */
  GetAccountSecurityPracticeReport: {
    access: "Read",
    needs: () => [need("ram:GetAccountSecurityPracticeReport", "*")],
    run: ({ account }) => ({
      AccountSecurityPracticeInfo: {
        AccountSecurityPracticeUserInfo: {
          BindMfa: account.rootMfa,
          RootWithAccessKey: account.rootKeys.length,
          SubUser: account.users.size,
        },
      },
    }),
  },
  GetAccountSummary: {
    access: "Read",
    needs: () => [need("ram:GetAccountSummary", "*")],
    run: ({ account }) => ({
      SummaryMap: {
        Users: account.users.size,
        UsersQuota: 5000,
        Groups: account.groups.size,
        GroupsQuota: 300,
        Roles: account.roles.size,
        RolesQuota: 1000,
        Policies: [...account.policies.values()].filter((policy) => policy.policyType === "Custom").length,
        PoliciesQuota: 1500,
        PolicySizeQuota: 6144,
        VersionsPerPolicyQuota: 5,
        AccessKeysPerUserQuota: 2,
        GroupsPerUserQuota: 10,
        AttachedPoliciesPerUserQuota: 10,
        AttachedPoliciesPerGroupQuota: 10,
        AttachedPoliciesPerRoleQuota: 10,
        AttachedSystemPoliciesPerUserQuota: 20,
        AttachedSystemPoliciesPerGroupQuota: 20,
        AttachedSystemPoliciesPerRoleQuota: 20,
      },
    }),
  },
};
