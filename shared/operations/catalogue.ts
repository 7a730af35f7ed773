import { type Service, services } from "../domain/operation-id.ts";

/**
 * Every write operation of the identity services: all that are not reads in the Ram 2015-05-01 (SDK 1.2.1), Ims
 * 2019-08-15 (SDK 2.3.2) and Sts SDKs, those of ResourceManager 2020-03-31 that touch RAM, and what the audit lists of
 * RAM and IMS name beyond the SDKs:
 * https://www.alibabacloud.com/help/en/actiontrail/product-overview/auditable-events-of-ram and
 * https://www.alibabacloud.com/help/en/actiontrail/product-overview/audit-events-of-ims
 */
const writes = {
  Ram: [
    "AddUserToGroup",
    "AttachPolicyToGroup",
    "AttachPolicyToRole",
    "AttachPolicyToUser",
    "BindMFADevice",
    "ChangePassword",
    "ClearAccountAlias",
    "CreateAccessKey",
    "CreateGroup",
    "CreateLoginProfile",
    "CreatePolicy",
    "CreatePolicyVersion",
    "CreateRole",
    "CreateServiceLinkedRole",
    "CreateUser",
    "CreateVirtualMFADevice",
    "DeleteAccessKey",
    "DeleteGroup",
    "DeleteLoginProfile",
    "DeletePolicy",
    "DeletePolicyVersion",
    "DeletePublicKey",
    "DeleteRole",
    "DeleteServiceLinkedRole",
    "DeleteUser",
    "DeleteVirtualMFADevice",
    "DetachPolicyFromGroup",
    "DetachPolicyFromRole",
    "DetachPolicyFromUser",
    "RemoveUserFromGroup",
    "SetAccountAlias",
    "SetDefaultPolicyVersion",
    "SetPasswordPolicy",
    "SetSecurityPreference",
    "TagResources",
    "UnbindMFADevice",
    "UntagResources",
    "UpdateAccessKey",
    "UpdateGroup",
    "UpdateLoginProfile",
    "UpdatePolicyDescription",
    "UpdatePublicKey",
    "UpdateRole",
    "UpdateUser",
    "UploadPublicKey",
  ],
  Ims: [
    "AddClientIdToOIDCProvider",
    "AddDomain",
    "AddFingerprintToOIDCProvider",
    "AddUserToGroup",
    "AddUserToUserGroup",
    "BatchCreateUser",
    "BindMFADevice",
    "ChangePassword",
    "CreateAccessKey",
    "CreateAppSecret",
    "CreateApplication",
    "CreateGroup",
    "CreateLoginProfile",
    "CreateOIDCProvider",
    "CreateSAMLProvider",
    "CreateServiceCredential",
    "CreateUser",
    "CreateVirtualMFADevice",
    "DeleteAccessKey",
    "DeleteAccessKeyInRecycleBin",
    "DeleteAppSecret",
    "DeleteApplication",
    "DeleteGroup",
    "DeleteLoginProfile",
    "DeleteOIDCProvider",
    "DeletePasskey",
    "DeleteSAMLProvider",
    "DeleteServiceCredential",
    "DeleteUser",
    "DeleteUserInRecycleBin",
    "DeleteVirtualMFADevice",
    "DeprovisionApplication",
    "DeprovisionExternalApplication",
    "DisableVirtualMFA",
    "GenerateCredentialReport",
    "GenerateGovernanceReport",
    "ProvisionApplication",
    "ProvisionExternalApplication",
    "RemoveClientIdFromOIDCProvider",
    "RemoveFingerprintFromOIDCProvider",
    "RemoveUserFromGroup",
    "RestoreAccessKeyFromRecycleBin",
    "RestoreUserFromRecycleBin",
    "SetAccessKeyPolicy",
    "SetDefaultDomain",
    "SetPasswordPolicy",
    "SetSecurityPreference",
    "SetUserSsoSettings",
    "SetVerificationInfo",
    "TagResources",
    "UnbindMFADevice",
    "UnbindUserPersonalDingTalk",
    "UnbindVerification",
    "UntagResources",
    "UpdateAccessKey",
    "UpdateApplication",
    "UpdateGroup",
    "UpdateLoginProfile",
    "UpdateOIDCProvider",
    "UpdatePasskey",
    "UpdateSAMLProvider",
    "UpdateServiceCredential",
    "UpdateUser",
    "UpdateUserProvisionType",
  ],
  ResourceManager: [
    "AttachControlPolicy",
    "AttachPolicy",
    "CreateControlPolicy",
    "CreatePolicy",
    "CreatePolicyVersion",
    "CreateRole",
    "CreateServiceLinkedRole",
    "DeleteControlPolicy",
    "DeletePolicy",
    "DeletePolicyVersion",
    "DeleteRole",
    "DeleteServiceLinkedRole",
    "DeregisterDelegatedAdministrator",
    "DetachControlPolicy",
    "DetachPolicy",
    "DisableControlPolicy",
    "EnableControlPolicy",
    "MoveAccount",
    "MoveResources",
    "RegisterDelegatedAdministrator",
    "RemoveCloudAccount",
    "SetDefaultPolicyVersion",
    "UpdateControlPolicy",
    "UpdateResourceGroupAdminSetting",
    "UpdateRole",
  ],
  Sts: ["AssumeRole", "AssumeRoleWithOIDC", "AssumeRoleWithSAML"],
} as const satisfies { readonly [service in Service]: readonly string[] };

/** The id of a catalogued write, so that the compiler sees where one has no entry. */
export type CataloguedId = { [service in Service]: `${service}.${(typeof writes)[service][number]}` }[Service];

/** The 137 catalogued write operations, as ids. */
export const catalogue: readonly CataloguedId[] = services.flatMap((service) =>
  writes[service].map((name) => `${service}.${name}` as CataloguedId),
);

const serviceBySpelling = new Map<string, Service>(services.map((service) => [service.toLowerCase(), service]));
const idBySpelling = new Map<string, CataloguedId>(catalogue.map((id) => [id.toLowerCase(), id]));

/** The identity service of that name, whatever its case; undefined for every other product of the cloud. */
export const serviceNamed = (name: string): Service | undefined => {
  // Two lengths only: most events are another product's, and for them this is the whole question.
  if (name.length !== 3 && name.length !== 15) return undefined;
  return serviceBySpelling.get(name) ?? serviceBySpelling.get(name.toLowerCase());
};

const exact = new Map<Service, ReadonlyMap<string, CataloguedId>>(
  services.map((service) => [
    service,
    new Map(writes[service].map((name): [string, CataloguedId] => [name, `${service}.${name}` as CataloguedId])),
  ]),
);

/** The catalogued write of that name, whatever its case; undefined when the catalogue has none, a read for instance. */
export const catalogued = (service: Service, name: string): CataloguedId | undefined =>
  exact.get(service)?.get(name) ?? idBySpelling.get(`${service}.${name}`.toLowerCase());
