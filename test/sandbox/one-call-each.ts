import { allowAll, trustOf } from "./client.ts";
import { account, device, oidcToken, providers, samlAssertion } from "./crowded-account.ts";

type Call = Readonly<Record<string, unknown>>;

const upn = (name: string) => ({ UserPrincipalName: `${name}@example.onaliyun.com` });
const codes = { AuthenticationCode1: "123456", AuthenticationCode2: "654321" };
const passwords = { OldPassword: "old-password", NewPassword: "new-password" };
const trust = trustOf({ Service: "ecs.aliyuncs.com" });
const mine = { PolicyType: "Custom", PolicyName: "mine" };
const loose = { PolicyType: "Custom", PolicyName: "loose" };
const member = { UserName: "alice", GroupName: "devs" };
const saml = { SAMLProviderName: "corp" };
const oidc = { OIDCProviderName: "ci" };
const key = { UserAccessKeyId: "LTAIalice" };
const recycled = { UserId: "200", UserAccessKeyId: "LTAIgone" };
const roleArn = `acs:ram::${account}:role/`;
const delegation = (AccountId: string) => ({ AccountId, ServicePrincipal: "cloudfw.aliyuncs.com" });
const scoped = { PrincipalType: "IMSUser", PrincipalName: "alice@example.onaliyun.com", ResourceGroupId: account };

const ram: Record<string, Call> = {
  AddUserToGroup: { UserName: "bob", GroupName: "devs" },
  AttachPolicyToGroup: { ...loose, GroupName: "devs" },
  AttachPolicyToRole: { ...loose, RoleName: "deploy" },
  AttachPolicyToUser: { ...loose, UserName: "alice" },
  BindMFADevice: { ...codes, UserName: "bob", SerialNumber: device("free") },
  ChangePassword: passwords,
  ClearAccountAlias: {},
  CreateAccessKey: { UserName: "bob" },
  CreateGroup: { GroupName: "new" },
  CreateLoginProfile: { UserName: "bob", Password: "password-1" },
  CreatePolicy: { PolicyName: "new", PolicyDocument: allowAll },
  CreatePolicyVersion: { PolicyName: "mine", PolicyDocument: allowAll },
  CreateRole: { RoleName: "new", AssumeRolePolicyDocument: trust },
  CreateServiceLinkedRole: { ServiceName: "oss.aliyuncs.com" },
  CreateUser: { UserName: "new" },
  CreateVirtualMFADevice: { VirtualMFADeviceName: "new" },
  DeleteAccessKey: { UserName: "alice", ...key },
  DeleteGroup: { GroupName: "idle" },
  DeleteLoginProfile: { UserName: "alice" },
  DeletePolicy: { PolicyName: "loose" },
  DeletePolicyVersion: { PolicyName: "mine", VersionId: "v2" },
  DeletePublicKey: { UserName: "alice", UserPublicKeyId: "LTPK1" },
  DeleteRole: { RoleName: "idle" },
  DeleteServiceLinkedRole: { RoleName: "AliyunServiceRoleForEss" },
  DeleteUser: { UserName: "bob" },
  DeleteVirtualMFADevice: { SerialNumber: device("free") },
  DetachPolicyFromGroup: { ...mine, GroupName: "devs" },
  DetachPolicyFromRole: { ...mine, RoleName: "deploy" },
  DetachPolicyFromUser: { ...mine, UserName: "alice" },
  RemoveUserFromGroup: member,
  SetAccountAlias: { AccountAlias: "other" },
  SetDefaultPolicyVersion: { PolicyName: "mine", VersionId: "v2" },
  SetPasswordPolicy: { MinimumPasswordLength: 14 },
  SetSecurityPreference: { LoginNetworkMasks: "10.0.0.0/8" },
  TagResources: { ResourceType: "role", ResourceNames: '["deploy"]', Tag: '[{"Key":"a","Value":"b"}]' },
  UnbindMFADevice: { UserName: "alice" },
  UntagResources: { ResourceType: "role", ResourceNames: '["deploy"]', TagKeys: '["team"]' },
  UpdateAccessKey: { UserName: "alice", ...key, Status: "Inactive" },
  UpdateGroup: { GroupName: "devs", NewComments: "new" },
  UpdateLoginProfile: { UserName: "alice", PasswordResetRequired: true },
  UpdatePolicyDescription: { PolicyName: "mine", NewDescription: "new" },
  UpdatePublicKey: { UserName: "alice", UserPublicKeyId: "LTPK1", Status: "Inactive" },
  UpdateRole: { RoleName: "deploy", NewAssumeRolePolicyDocument: trust },
  UpdateUser: { UserName: "alice", NewComments: "new" },
  UploadPublicKey: { UserName: "alice", PublicKeySpec: "-----BEGIN" },
};

const ims: Record<string, Call> = {
  AddClientIdToOIDCProvider: { ...oidc, ClientId: "b" },
  AddDomain: { DomainName: "corp.example" },
  AddFingerprintToOIDCProvider: { ...oidc, Fingerprint: "g" },
  AddUserToGroup: { ...upn("bob"), GroupName: "devs" },
  AddUserToUserGroup: { ...upn("bob"), GroupName: "devs" },
  BatchCreateUser: { "User.1.UserPrincipalName": "new@example.onaliyun.com", "User.1.DisplayName": "New" },
  BindMFADevice: { ...codes, ...upn("bob"), SerialNumber: device("free") },
  ChangePassword: passwords,
  CreateAccessKey: upn("bob"),
  CreateAppSecret: { AppId: "4001" },
  CreateApplication: { AppName: "other", AppType: "WebApp", DisplayName: "Other" },
  CreateGroup: { GroupName: "new", DisplayName: "New" },
  CreateLoginProfile: { ...upn("bob"), Password: "password-1" },
  CreateOIDCProvider: { OIDCProviderName: "new", IssuerUrl: "https://new.example" },
  CreateSAMLProvider: { SAMLProviderName: "new", EncodedSAMLMetadataDocument: "bWV0YQ==" },
  CreateServiceCredential: { ...upn("alice"), ServiceCredentialName: "new", ServiceName: "dashscope.aliyuncs.com" },
  CreateUser: { ...upn("new"), DisplayName: "New" },
  CreateVirtualMFADevice: { VirtualMFADeviceName: "new" },
  DeleteAccessKey: { ...upn("alice"), ...key },
  DeleteAccessKeyInRecycleBin: recycled,
  DeleteAppSecret: { AppId: "4001", AppSecretId: "secret-1" },
  DeleteApplication: { AppId: "4001" },
  DeleteGroup: { GroupName: "idle" },
  DeleteLoginProfile: upn("alice"),
  DeleteOIDCProvider: oidc,
  DeletePasskey: { ...upn("alice"), PasskeyId: "PASSKEY-1" },
  DeleteSAMLProvider: saml,
  DeleteServiceCredential: { ...upn("alice"), ServiceCredentialId: "SC1" },
  DeleteUser: upn("alice"),
  DeleteUserInRecycleBin: { UserId: "202" },
  DeleteVirtualMFADevice: { SerialNumber: device("free") },
  DeprovisionApplication: { AppId: "4001" },
  DeprovisionExternalApplication: { AppId: "5001" },
  DisableVirtualMFA: upn("alice"),
  GenerateCredentialReport: {},
  GenerateGovernanceReport: {},
  ProvisionApplication: { AppId: "4002" },
  ProvisionExternalApplication: { AppId: "5002", Scopes: "aliuid" },
  RemoveClientIdFromOIDCProvider: { ...oidc, ClientId: "a" },
  RemoveFingerprintFromOIDCProvider: { ...oidc, Fingerprint: "f" },
  RemoveUserFromGroup: { ...upn("alice"), GroupName: "devs" },
  RestoreAccessKeyFromRecycleBin: recycled,
  RestoreUserFromRecycleBin: { UserId: "202" },
  SetAccessKeyPolicy: {
    ...upn("alice"),
    ...key,
    AccessKeyPolicy: JSON.stringify({ Version: 1, Status: "Inactive", Statements: [] }),
  },
  SetDefaultDomain: { DefaultDomainName: "other.onaliyun.com" },
  SetPasswordPolicy: { MinimumPasswordLength: 14 },
  SetSecurityPreference: { LoginNetworkMasks: "10.0.0.0/8" },
  SetUserSsoSettings: { SsoEnabled: true, MetadataDocument: "bWV0YQ==" },
  SetVerificationInfo: { ...upn("alice"), VerifyType: "sms", MobilePhone: "86-13900001234" },
  TagResources: { ResourceType: "user", "ResourceId.1": "200", "Tag.1.Key": "a", "Tag.1.Value": "b" },
  UnbindMFADevice: upn("alice"),
  UnbindUserPersonalDingTalk: upn("alice"),
  UnbindVerification: { ...upn("alice"), VerifyType: "email", Email: "alice@corp.example" },
  UntagResources: { ResourceType: "user", "ResourceId.1": "200", "TagKey.1": "team" },
  UpdateAccessKey: { ...upn("alice"), ...key, Status: "Inactive" },
  UpdateApplication: { AppId: "4001", NewRedirectUris: "https://new.example" },
  UpdateGroup: { GroupName: "devs", NewComments: "new" },
  UpdateLoginProfile: { ...upn("alice"), Status: "Inactive" },
  UpdateOIDCProvider: { ...oidc, ClientIds: "b" },
  UpdatePasskey: { ...upn("alice"), PasskeyId: "PASSKEY-1", PasskeyName: "new" },
  UpdateSAMLProvider: { ...saml, NewDescription: "new" },
  UpdateServiceCredential: { ...upn("alice"), ServiceCredentialId: "SC1", Status: "Inactive" },
  UpdateUser: { ...upn("alice"), NewComments: "new" },
  UpdateUserProvisionType: upn("alice"),
};

const resourceManager: Record<string, Call> = {
  AttachControlPolicy: { PolicyId: "cp-1", TargetId: "1001" },
  AttachPolicy: { ...loose, ...scoped },
  CreateControlPolicy: { PolicyName: "new", EffectScope: "RAM", PolicyDocument: allowAll },
  CreatePolicy: { PolicyName: "new", PolicyDocument: allowAll },
  CreatePolicyVersion: { PolicyName: "mine", PolicyDocument: allowAll },
  CreateRole: { RoleName: "new", AssumeRolePolicyDocument: trust },
  CreateServiceLinkedRole: { ServiceName: "oss.aliyuncs.com" },
  DeleteControlPolicy: { PolicyId: "cp-2" },
  DeletePolicy: { PolicyName: "loose" },
  DeletePolicyVersion: { PolicyName: "mine", VersionId: "v2" },
  DeleteRole: { RoleName: "idle" },
  DeleteServiceLinkedRole: { RoleName: "AliyunServiceRoleForEss" },
  DeregisterDelegatedAdministrator: delegation("1001"),
  DetachControlPolicy: { PolicyId: "cp-1", TargetId: "fd-1" },
  DetachPolicy: { ...mine, ...scoped },
  DisableControlPolicy: {},
  EnableControlPolicy: {},
  MoveAccount: { AccountId: "1002", DestinationFolderId: "r-1" },
  MoveResources: {
    ResourceGroupId: "rg-2",
    "Resources.1.Service": "vpc",
    "Resources.1.ResourceType": "vpc",
    "Resources.1.ResourceId": "vpc-1",
  },
  RegisterDelegatedAdministrator: delegation("1002"),
  RemoveCloudAccount: { AccountId: "1001" },
  SetDefaultPolicyVersion: { PolicyName: "mine", VersionId: "v2" },
  UpdateControlPolicy: { PolicyId: "cp-1", NewDescription: "new" },
  UpdateResourceGroupAdminSetting: { CreatorAsAdmin: true },
  UpdateRole: { RoleName: "deploy", NewAssumeRolePolicyDocument: trust },
};

const sts = (at: number): Record<string, Call> => ({
  AssumeRole: { RoleArn: `${roleArn}deploy`, RoleSessionName: "me" },
  AssumeRoleWithOIDC: {
    RoleArn: `${roleArn}federated`,
    RoleSessionName: "ci-run",
    OIDCProviderArn: providers.oidc,
    OIDCToken: oidcToken(at),
  },
  AssumeRoleWithSAML: {
    RoleArn: `${roleArn}federated`,
    SAMLProviderArn: providers.saml,
    SAMLAssertion: samlAssertion("federated"),
  },
});

/** Parameters with which each write operation succeeds in the crowded account, by `Ram:CreateUser`. */
export const oneCallEach = (at: number): Readonly<Record<string, Call>> =>
  Object.fromEntries(
    Object.entries({ Ram: ram, Ims: ims, ResourceManager: resourceManager, Sts: sts(at) }).flatMap(([service, calls]) =>
      Object.entries(calls).map(([name, params]) => [`${service}:${name}`, params]),
    ),
  );
