import type { Snapshot } from "../../sandbox/index.ts";
import { allowAll, trustOf } from "./client.ts";

export const account = "1234567890123456";
export const device = (name: string): string => `acs:ram::${account}:mfa/${name}`;
export const providers = {
  oidc: `acs:ram::${account}:oidc-provider/ci`,
  saml: `acs:ram::${account}:saml-provider/corp`,
} as const;

const date = "2026-01-01T00:00:00Z";
const old = { createDate: date, updateDate: date };

/** An account in which every write operation finds something to work on, and nothing that refuses it. */
export const crowded: Snapshot = {
  version: 1,
  accountId: account,
  alias: "example",
  users: [
    {
      userName: "administrator",
      ...old,
      accessKeys: [{ accessKeyId: "LTAIadministrator", secret: "administrator-secret" }],
      loginProfile: old,
    },
    {
      userName: "alice",
      userId: "200",
      ...old,
      accessKeys: [{ accessKeyId: "LTAIalice", ...old }],
      recycledKeys: [{ accessKeyId: "LTAIgone", ...old, recycleDate: "2026-05-31T00:00:00Z" }],
      loginProfile: old,
      tags: [{ key: "team", value: "red" }],
      passkeys: [{ passkeyId: "PASSKEY-1", passkeyName: "laptop" }],
      publicKeys: [{ publicKeyId: "LTPK1" }],
      serviceCredentials: [{ serviceCredentialId: "SC1", serviceName: "dashscope.aliyuncs.com" }],
      securityEmail: { value: "alice@corp.example", status: "active" },
      personalDingTalk: "alice.dt",
    },
    { userName: "bob", userId: "201", ...old },
  ],
  recycledUsers: [{ userName: "carol", userId: "202", ...old, recycleDate: "2026-05-31T00:00:00Z" }],
  groups: [
    { groupName: "devs", ...old, members: [{ userName: "alice" }] },
    { groupName: "idle", ...old },
  ],
  roles: [
    {
      roleName: "deploy",
      ...old,
      description: "deploys",
      maxSessionDuration: 7200,
      tags: [{ key: "team", value: "red" }],
      assumeRolePolicyDocument: trustOf({ RAM: `acs:ram::${account}:root` }),
    },
    { roleName: "idle", ...old, assumeRolePolicyDocument: trustOf({ RAM: `acs:ram::${account}:root` }) },
    {
      roleName: "federated",
      ...old,
      assumeRolePolicyDocument: trustOf({ Federated: [providers.oidc, providers.saml] }),
    },
    {
      roleName: "AliyunServiceRoleForEss",
      ...old,
      assumeRolePolicyDocument: trustOf({ Service: "ess.aliyuncs.com" }),
    },
  ],
  policies: [
    {
      policyName: "mine",
      policyType: "Custom",
      ...old,
      defaultVersion: "v1",
      versions: [
        { versionId: "v1", policyDocument: allowAll },
        { versionId: "v2", policyDocument: allowAll },
      ],
    },
    { policyName: "loose", policyType: "Custom", ...old, versions: [{ versionId: "v1", policyDocument: allowAll }] },
  ],
  attachments: [
    {
      policyType: "System",
      policyName: "AdministratorAccess",
      principalType: "user",
      principalName: "administrator",
      attachDate: date,
    },
    ...(["user/alice", "group/devs", "role/deploy"] as const).map((principal) => {
      const [principalType, principalName] = principal.split("/") as ["user" | "group" | "role", string];
      return { policyType: "Custom" as const, policyName: "mine", principalType, principalName, attachDate: date };
    }),
  ],
  resourceGroups: [
    { id: "rg-1", name: "one", createDate: date },
    { id: "rg-2", name: "two", createDate: date },
  ],
  resources: [{ service: "vpc", resourceType: "vpc", resourceId: "vpc-1", resourceGroupId: "rg-1", createDate: date }],
  mfaDevices: [
    { serialNumber: device("bound"), userName: "alice", activateDate: date },
    { serialNumber: device("free") },
  ],
  samlProviders: [{ name: "corp", encodedMetadata: "bWV0YQ==", ...old }],
  oidcProviders: [{ name: "ci", issuerUrl: "https://ci.example", clientIds: ["a"], fingerprints: ["f"], ...old }],
  applications: [
    {
      appId: "4001",
      appName: "bot",
      appType: "ServerApp",
      ...old,
      secrets: [{ appSecretId: "secret-1", createDate: date }],
      provision: { scopes: ["openid"], ...old },
    },
    { appId: "4002", appName: "new", appType: "ServerApp", ...old },
  ],
  externalApplications: [{ appId: "5001", ...old }],
  directory: {
    directoryId: "rd-1",
    rootFolderId: "r-1",
    controlPolicyStatus: "Enabled",
    createTime: date,
    folders: [{ folderId: "fd-1", folderName: "core", parentFolderId: "r-1", createTime: date }],
    accounts: [
      { accountId: "1001", folderId: "r-1", type: "CloudAccount", joinMethod: "invited", joinTime: date },
      { accountId: "1002", folderId: "fd-1", joinTime: date },
    ],
    controlPolicies: [
      { policyId: "cp-1", policyName: "guard", policyDocument: allowAll, ...old },
      { policyId: "cp-2", policyName: "spare", policyDocument: allowAll, ...old },
    ],
    controlPolicyAttachments: ["r-1", "fd-1", "1001", "1002"]
      .map((targetId) => ({ policyId: "FullAliyunAccess", targetId, attachDate: date }))
      .concat([{ policyId: "cp-1", targetId: "fd-1", attachDate: date }]),
    delegatedAdministrators: [
      { accountId: "1001", servicePrincipal: "cloudfw.aliyuncs.com", delegationEnabledTime: date },
    ],
  },
};

/** A token of the provider `ci`, unsigned: the sandbox verifies no signatures of providers. */
export const oidcToken = (at: number, claims: Record<string, unknown> = {}): string => {
  const seconds = Math.floor(at / 1000);
  const whole = {
    iss: "https://ci.example",
    aud: "a",
    sub: "repo:corp/app",
    iat: seconds,
    exp: seconds + 600,
    ...claims,
  };
  return `e30.${Buffer.from(JSON.stringify(whole)).toString("base64url")}.c2ln`;
};

/** An assertion of the provider `corp` for one role. */
export const samlAssertion = (role: string, notOnOrAfter = "2099-01-01T00:00:00Z"): string =>
  Buffer.from(
    `<Response><Issuer>https://idp.example</Issuer><Assertion><Subject><NameID>alice@corp.example</NameID>` +
      `<SubjectConfirmationData Recipient="https://signin.aliyun.com/saml-role/sso" NotOnOrAfter="${notOnOrAfter}"/>` +
      `</Subject><AttributeStatement><Attribute><AttributeValue>acs:ram::${account}:role/${role},${providers.saml}` +
      `</AttributeValue></Attribute></AttributeStatement></Assertion></Response>`,
  ).toString("base64");
