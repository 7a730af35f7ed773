import { actiontrailOperations } from "./actiontrail/operations.ts";
import { accessKeyPolicyOperations } from "./ims/access-key-policies.ts";
import { accessKeyOperations as imsAccessKeys } from "./ims/access-keys.ts";
import { accountOperations as imsAccount } from "./ims/account.ts";
import { applicationOperations } from "./ims/applications.ts";
import { consoleUserOperations } from "./ims/console-users.ts";
import { domainOperations } from "./ims/domains.ts";
import { groupOperations as imsGroups } from "./ims/groups.ts";
import { loginProfileOperations as imsLoginProfiles } from "./ims/login-profiles.ts";
import { passkeyOperations } from "./ims/passkeys.ts";
import { providerOperations } from "./ims/providers.ts";
import { provisioningOperations } from "./ims/provisioning.ts";
import { recycleBinOperations } from "./ims/recycle-bin.ts";
import { reportOperations } from "./ims/reports.ts";
import { serviceCredentialOperations } from "./ims/service-credentials.ts";
import { settingOperations as imsSettings } from "./ims/settings.ts";
import { tagOperations as imsTags } from "./ims/tags.ts";
import { userOperations as imsUsers } from "./ims/users.ts";
import { verificationOperations } from "./ims/verification.ts";
import type { Operation, Operations, Service } from "./operation.ts";
import { accessKeyOperations } from "./ram/access-keys.ts";
import { accountAliasOperations } from "./ram/account-alias.ts";
import { attachmentOperations } from "./ram/attachments.ts";
import { groupOperations } from "./ram/groups.ts";
import { loginProfileOperations } from "./ram/login-profiles.ts";
import { imsNaming, mfaOperations, ramNaming } from "./ram/mfa-devices.ts";
import { policyOperations } from "./ram/policies.ts";
import { publicKeyOperations } from "./ram/public-keys.ts";
import { roleOperations } from "./ram/roles.ts";
import { serviceLinkedRoleOperations } from "./ram/service-linked-roles.ts";
import { settingOperations } from "./ram/settings.ts";
import { tagOperations } from "./ram/tags.ts";
import { userOperations } from "./ram/users.ts";
import { attachmentOperations as managedAttachments } from "./resource-manager/attachments.ts";
import { controlPolicyOperations } from "./resource-manager/control-policies.ts";
import { controlPolicyAttachmentOperations } from "./resource-manager/control-policy-attachments.ts";
import { directoryOperations } from "./resource-manager/directory.ts";
import { policyOperations as managedPolicies } from "./resource-manager/policies.ts";
import { resourceGroupOperations } from "./resource-manager/resource-groups.ts";
import { resourceOperations } from "./resource-manager/resources.ts";
import { roleOperations as managedRoles } from "./resource-manager/roles.ts";
import { stsOperations } from "./sts/operations.ts";

type Api = { readonly service: Service; readonly version: string; readonly operations: Operations };

/** Every API by its version: `x-acs-version` tells which one is meant, since all share one port. */
const apis: readonly Api[] = [
  {
    service: "Ram",
    version: "2015-05-01",
    operations: {
      ...userOperations,
      ...groupOperations,
      ...accessKeyOperations,
      ...loginProfileOperations,
      ...roleOperations,
      ...serviceLinkedRoleOperations(),
      ...policyOperations,
      ...attachmentOperations,
      ...accountAliasOperations,
      ...settingOperations,
      ...mfaOperations(ramNaming),
      ...tagOperations,
      ...publicKeyOperations,
    },
  },
  {
    service: "Ims",
    version: "2019-08-15",
    operations: {
      ...imsUsers,
      ...imsGroups,
      ...imsAccessKeys,
      ...accessKeyPolicyOperations,
      ...imsLoginProfiles,
      ...recycleBinOperations,
      ...imsSettings,
      ...providerOperations,
      ...mfaOperations(imsNaming),
      ...imsAccount,
      ...imsTags,
      ...passkeyOperations,
      ...serviceCredentialOperations,
      ...verificationOperations,
      ...domainOperations,
      ...consoleUserOperations,
      ...applicationOperations,
      ...provisioningOperations,
      ...reportOperations,
    },
  },
  {
    service: "ResourceManager",
    version: "2020-03-31",
    operations: {
      ...managedRoles,
      ...managedPolicies,
      ...managedAttachments,
      ...resourceGroupOperations,
      ...resourceOperations,
      ...directoryOperations,
      ...controlPolicyOperations,
      ...controlPolicyAttachmentOperations,
    },
  },
  { service: "Sts", version: "2015-04-01", operations: stsOperations },
  { service: "Actiontrail", version: "2020-07-06", operations: actiontrailOperations },
];

export const apiOf = (version: string): Api | undefined => apis.find((api) => api.version === version);

export const operationOf = (api: Api, name: string): Operation | undefined =>
  Object.hasOwn(api.operations, name) ? api.operations[name] : undefined;

/** All modelled operations as `Ram.GetRole`, for documentation and tests. */
export const modelled: readonly string[] = apis.flatMap((api) =>
  Object.keys(api.operations).map((name) => `${api.service}.${name}`),
);
