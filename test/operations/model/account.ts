import type { Snapshot } from "../../../sandbox/index.ts";
import { wardenRoles } from "../../deploy/role-documents.ts";
import { allowAll, policyOf, trustOf } from "../../sandbox/client.ts";
import { providers } from "../../sandbox/crowded-account.ts";
import { accountId, ciTrust, ecsTrust, openTrust, partner } from "../../support/guarded-account.ts";
import { device, limited, noLimit } from "../account-with-credentials.ts";
import { allowing } from "../identities-account.ts";
import type { Draw } from "./draw.ts";

const date = "2026-01-02T03:04:05Z";
const old = { createDate: date, updateDate: date };

export const documents: readonly string[] = [
  allowing("oss:GetObject"),
  allowing("oss:GetObject", "oss:PutObject"),
  allowing("ecs:DescribeInstances"),
  allowing("ram:ListUsers", "ims:ListUsers"),
  policyOf({ Effect: "Deny", Action: "oss:DeleteBucket", Resource: "*" }),
  policyOf(
    { Effect: "Allow", Action: "oss:*", Resource: "*", Condition: { IpAddress: { "acs:SourceIp": ["10.0.0.0/8"] } } },
    { Effect: "Deny", Action: "oss:PutObject", Resource: "*" },
  ),
  allowAll,
];

export const trusts: readonly string[] = [
  ecsTrust,
  ciTrust,
  trustOf({ RAM: [`acs:ram::${partner}:root`] }),
  trustOf({ RAM: [`acs:ram::${partner}:root`] }, { StringEquals: { "sts:ExternalId": "x-1" } }),
  trustOf({ RAM: `acs:ram::${accountId}:root` }),
  trustOf({ Federated: [providers.oidc, providers.saml] }),
  trustOf({ Service: ["ecs.aliyuncs.com", "fc.aliyuncs.com"] }),
];

/** Trusts nobody should find in an account, and some do. */
export const looseTrusts: readonly string[] = [openTrust, ...trusts];

const people = ["alice", "bob", "chen", "dana", "break-glass", "sso"];
const groupNames = ["staff", "ops", "idle"];
const roleNames = [
  "Deploy",
  "federated",
  "idle",
  "plain",
  "break-glass",
  "AliyunFcDefaultRole",
  "AliyunReservedSSO-ops",
];
const policyNames = ["mine", "loose", "third", "fourth"];
const systemNames = ["ReadOnlyAccess", "AliyunOSSFullAccess", "AdministratorAccess", "AliyunSTSAssumeRoleAccess"];

const tagsFrom = (draw: Draw) =>
  draw
    .some(["team", "stage", "cost"])
    .map((key) => ({ key, value: draw.pick(["red", "blue", ""]) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));

const withTags = (draw: Draw) => {
  const tags = tagsFrom(draw);
  return tags.length === 0 ? {} : { tags };
};

const status = (draw: Draw) => draw.pick(["Active", "Inactive"] as const);

const userFrom = (draw: Draw, userName: string, userId: string) => ({
  userName,
  userId,
  ...old,
  displayName: draw.pick([userName, `The ${userName}`]),
  comments: draw.pick(["", "of the shop"]),
  email: draw.pick(["", `${userName}@corp.example`]),
  mobilePhone: draw.pick(["", "86-13900001234"]),
  ...(userName === "sso" ? { provisionType: "CloudSSO" } : {}),
  ...withTags(draw),
  accessKeys: Array.from({ length: draw.int(0, 2) }, (_, at) => ({
    accessKeyId: `LTAI${userName}${at}`,
    ...old,
    status: status(draw),
    ...(draw.flag() ? {} : { policy: draw.pick([noLimit, limited("10.0.0.0/8")]) }),
  })),
  recycledKeys: Array.from({ length: draw.int(0, 3) }, (_, at) => ({
    accessKeyId: `LTAIgone${userName}${at}`,
    ...old,
    status: status(draw),
    recycleDate: "2026-11-20T00:00:00Z",
  })),
  ...(draw.flag()
    ? {}
    : {
        loginProfile: {
          ...old,
          status: status(draw),
          passwordResetRequired: draw.flag(),
          mfaBindRequired: draw.flag(),
        },
      }),
  ...(draw.flag() ? {} : { passkeys: [{ passkeyId: `PASSKEY-${userName}`, passkeyName: "laptop", createDate: date }] }),
  ...(draw.flag() ? {} : { publicKeys: [{ publicKeyId: `LTPK${userName}`, createDate: date }] }),
  ...(draw.flag()
    ? {}
    : {
        serviceCredentials: [
          {
            serviceCredentialId: `SC${userName}`,
            serviceCredentialName: "one",
            serviceName: "dashscope.aliyuncs.com",
            createTime: date,
            status: status(draw),
          },
        ],
      }),
  ...(draw.flag()
    ? {}
    : { securityEmail: { value: `${userName}@corp.example`, status: draw.pick(["active", "pending"] as const) } }),
  ...(draw.flag() ? {} : { securityPhone: { value: "86-13900001234", status: "active" as const } }),
  ...(draw.flag() ? {} : { personalDingTalk: `${userName}.dt` }),
});

const policyFrom = (draw: Draw, policyName: string) => {
  const versions = draw
    .some([1, 2, 3, 4, 5, 6, 7], 4)
    .concat(8)
    .sort((a, b) => a - b)
    .map((number) => ({ versionId: `v${number}`, policyDocument: draw.pick(documents), createDate: date }));
  return {
    policyName,
    policyType: "Custom" as const,
    ...old,
    description: draw.pick(["", "of the shop"]),
    defaultVersion: draw.pick(versions).versionId,
    versions,
    ...withTags(draw),
  };
};

const roleFrom = (draw: Draw, roleName: string) => ({
  roleName,
  ...old,
  description: draw.pick(["", "of the pipeline"]),
  maxSessionDuration: draw.pick([3600, 7200]),
  assumeRolePolicyDocument:
    roleName === "federated"
      ? trustOf({ Federated: [providers.oidc, providers.saml] })
      : draw.pick(draw.flag(8) ? looseTrusts : trusts),
  ...(draw.flag(3) ? { extra: { AllowConsoleLogin: draw.flag() } } : {}),
  ...withTags(draw),
});

const attachmentsFrom = (draw: Draw, principals: readonly (readonly ["user" | "group" | "role", string])[]) =>
  principals.flatMap(([principalType, principalName]) =>
    draw
      .some(
        [
          ...policyNames.map((name) => ["Custom", name] as const),
          ...systemNames.map((name) => ["System", name] as const),
        ],
        2,
      )
      .map(([policyType, policyName]) => ({
        policyType,
        policyName,
        principalType,
        principalName,
        attachDate: date,
        ...(draw.flag(4) ? { resourceGroupId: "rg-1" } : {}),
      })),
  );

const securityPreferenceFrom = (draw: Draw) => ({
  LoginNetworkMasks: draw.pick(["", "10.0.0.0/8", "10.0.0.0/8;192.168.0.0/16"]),
  LoginSessionDuration: draw.pick([2, 6]),
  MFAOperationForLogin: draw.pick(["mandatory", "independent", "adaptive"]),
  OperationForRiskLogin: draw.pick(["enforceVerify", "autonomous"]),
  AllowUserToManageMFADevices: draw.flag(),
  AllowUserToManageAccessKeys: draw.flag(),
  AllowUserToManagePersonalDingTalk: draw.flag(),
  VerificationTypes: draw.pick([[], ["sms"], ["email", "sms"]]),
  MaxIdleDaysForUsers: draw.pick([90, 730]),
});

const passwordPolicyFrom = (draw: Draw) => ({
  MinimumPasswordLength: draw.pick([8, 14, 20]),
  MinimumPasswordDifferentCharacter: draw.pick([0, 4]),
  RequireNumbers: draw.flag(),
  RequireSymbols: draw.flag(),
  HardExpire: draw.flag(),
  MaxPasswordAge: draw.pick([0, 90]),
  PasswordReusePrevention: draw.pick([0, 5]),
  MaxLoginAttemps: draw.pick([0, 5]),
  InitialPasswordAge: draw.pick([0, 7]),
});

const federationFrom = (draw: Draw): Partial<Snapshot> => ({
  userSsoSettings: draw.flag()
    ? { SsoEnabled: true, MetadataDocument: "bWV0YQ==", AuxiliaryDomain: draw.pick(["", "corp.example"]) }
    : { SsoEnabled: false, MetadataDocument: "", AuxiliaryDomain: "" },
  samlProviders: [
    { name: "corp", description: draw.pick(["", "of the company"]), encodedMetadata: "bWV0YQ==", ...old },
    ...(draw.flag() ? [{ name: "other", encodedMetadata: "b3RoZXI=", ...old }] : []),
  ],
  oidcProviders: [
    {
      name: "ci",
      description: draw.pick(["", "of the pipeline"]),
      issuerUrl: "https://ci.example",
      clientIds: ["a", ...draw.some(["b", "c", "d"])],
      fingerprints: ["f", ...draw.some(["g", "h"])],
      issuanceLimitTime: draw.pick([12, 24]),
      ...old,
    },
  ],
  applications: [
    {
      appId: "4001",
      appName: "bot",
      appType: "ServerApp",
      displayName: "the bot",
      scopes: [
        { name: "openid", required: draw.flag() },
        { name: "aliuid", required: false },
      ],
      ...old,
      secrets: draw.some(["secret-1", "secret-2"]).map((appSecretId) => ({ appSecretId, createDate: date })),
      provision: { scopes: draw.pick([["openid"], ["openid", "aliuid"]]), ...old },
    },
    {
      appId: "4002",
      appName: "web",
      appType: "WebApp",
      displayName: "the web",
      redirectUris: ["https://web.example/in", ...draw.some(["https://web.example/out"])],
      accessTokenValidity: draw.pick([1800, 3600]),
      ...old,
    },
    { appId: "4003", appName: "spare", appType: "ServerApp", displayName: "spare", ...old },
  ],
  externalApplications: [{ appId: "5001", scopes: draw.pick([["openid"], ["openid", "aliuid"]]), ...old }],
});

const directoryFrom = (draw: Draw): NonNullable<Snapshot["directory"]> => {
  const enabled = !draw.flag(4);
  const targets = ["r-1", "fd-1", "fd-2", "1001", "1002"];
  const custom = ["cp-1", "cp-2", "cp-3"].filter(() => !draw.flag(4));
  return {
    directoryId: "rd-1",
    rootFolderId: "r-1",
    controlPolicyStatus: enabled ? "Enabled" : "Disabled",
    createTime: date,
    folders: ["fd-1", "fd-2"].map((folderId) => ({
      folderId,
      folderName: folderId,
      parentFolderId: "r-1",
      createTime: date,
    })),
    accounts: [
      {
        accountId: "1001",
        folderId: draw.pick(["r-1", "fd-1"]),
        type: "CloudAccount",
        joinMethod: "invited",
        joinTime: date,
      },
      { accountId: "1002", folderId: draw.pick(["fd-1", "fd-2"]), joinTime: date },
    ],
    controlPolicies: custom.map((policyId) => ({
      policyId,
      policyName: `guard-${policyId}`,
      description: draw.pick(["", "of the core"]),
      policyDocument: draw.pick([
        policyOf({ Effect: "Deny", Action: "oss:DeleteBucket", Resource: "*" }),
        policyOf({ Effect: "Deny", Action: "ram:CreateUser", Resource: "*" }),
      ]),
      ...old,
    })),
    controlPolicyAttachments: !enabled
      ? []
      : [
          ...targets.map((targetId) => ({ policyId: "FullAliyunAccess", targetId, attachDate: date })),
          ...custom.flatMap((policyId) =>
            draw.some(targets, 2).map((targetId) => ({ policyId, targetId, attachDate: date })),
          ),
        ],
    delegatedAdministrators: draw.flag()
      ? []
      : [{ accountId: "1001", servicePrincipal: "cloudfw.aliyuncs.com", delegationEnabledTime: date }],
  };
};

const administratorLink = (principalName: string) => ({
  policyType: "System" as const,
  policyName: "AdministratorAccess",
  principalType: "user" as const,
  principalName,
  attachDate: date,
});

/**
 * Any account: identities, credentials, permissions, settings, federation and a directory, all by chance, beside RAM
 * Warden's own roles as they are deployed, `administrator` who decides, and `mallory` who may do everything.
 */
export const accountFrom = (draw: Draw): Snapshot => {
  const own = wardenRoles(accountId);
  const names = people.filter((name) => name === "alice" || name === "bob" || draw.flag());
  const users = names.map((name, at) => userFrom(draw, name, String(200 + at)));
  const groups = groupNames.map((groupName) => ({
    groupName,
    ...old,
    displayName: draw.pick([groupName, "The group"]),
    comments: draw.pick(["", "of the shop"]),
    members: draw.some(names, 3).map((userName) => ({ userName, joinDate: date })),
  }));
  const roles = roleNames.filter((name) => name === "Deploy" || name === "federated" || !draw.flag(3));
  const policies = policyNames.map((name) => policyFrom(draw, name));
  const bare = (list: readonly string[]) => list.filter((name) => name !== "idle");
  return {
    version: 1,
    accountId,
    ...(draw.flag(4) ? {} : { alias: "example" }),
    users: [
      { userName: "administrator", userId: "100", ...old, accessKeys: [{ accessKeyId: "LTAIadministrator", ...old }] },
      {
        userName: "mallory",
        userId: "101",
        ...old,
        accessKeys: [{ accessKeyId: "LTAImallory", ...old }],
        loginProfile: { ...old },
      },
      ...users,
    ],
    recycledUsers: ["eric", "fay"].map((name, at) => ({
      ...userFrom(draw, name, String(300 + at)),
      recycleDate: "2026-11-01T00:00:00Z",
    })),
    groups,
    roles: [
      ...own.roles,
      { roleName: "ci", ...old, assumeRolePolicyDocument: ecsTrust },
      ...roles.map((name) => roleFrom(draw, name)),
      ...["AliyunServiceRoleForActionTrail", "AliyunServiceRoleForEss"].map((roleName) => ({
        roleName,
        ...old,
        assumeRolePolicyDocument: trustOf({
          Service: [roleName.endsWith("Ess") ? "ess.aliyuncs.com" : "actiontrail.aliyuncs.com"],
        }),
      })),
    ],
    policies: [...own.policies, ...policies],
    resourceGroups: ["rg-1", "rg-2"].map((id) => ({ id, name: id, createDate: date })),
    resources: ["vpc-1", "vpc-2"].map((resourceId) => ({
      service: "vpc",
      resourceType: "vpc",
      resourceId,
      resourceGroupId: draw.pick(["rg-1", "rg-2"]),
      regionId: "cn-hangzhou",
      createDate: date,
    })),
    creatorAsAdmin: draw.flag(),
    attachments: [
      ...own.attachments,
      administratorLink("administrator"),
      administratorLink("mallory"),
      ...attachmentsFrom(draw, [
        ...names.map((name) => ["user", name] as const),
        ...bare(groupNames).map((name) => ["group", name] as const),
        ...bare(roles)
          .filter((name) => !name.startsWith("Aliyun"))
          .map((name) => ["role", name] as const),
      ]),
    ],
    mfaDevices: [
      { serialNumber: device("free") },
      ...names
        .filter(() => draw.flag(3))
        .map((userName) => ({ serialNumber: device(`of-${userName}`), userName, activateDate: date })),
    ],
    passwordPolicy: passwordPolicyFrom(draw),
    securityPreference: securityPreferenceFrom(draw),
    ...federationFrom(draw),
    ...(draw.flag(6) ? {} : { directory: directoryFrom(draw) }),
  };
};
