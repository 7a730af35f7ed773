import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { actionTrailReads } from "../../shared/aliyun/actiontrail.ts";
import { censusReads } from "../../shared/aliyun/census.ts";
import { holderReads, keeperReads } from "../../shared/aliyun/holders.ts";
import { inventoryReads } from "../../shared/aliyun/inventory.ts";
import { ramReads } from "../../shared/aliyun/ram.ts";
import { credentialsReads } from "../../shared/aliyun/read-credentials.ts";
import { directoryReads, directoryWholeReads } from "../../shared/aliyun/read-directory.ts";
import { applicationReads, federationReads } from "../../shared/aliyun/read-federation.ts";
import { identitiesReads } from "../../shared/aliyun/read-identities.ts";
import { policiesReads } from "../../shared/aliyun/read-policies.ts";
import { settingsReads } from "../../shared/aliyun/read-settings.ts";
import { resourceManagerReads } from "../../shared/aliyun/resource-manager.ts";
import { stsCalls } from "../../shared/aliyun/sts.ts";
import type { Call } from "../../shared/domain/plan.ts";
import type { GrantRef, RoleTrust, RoleTrustRef } from "../../shared/domain/subject.ts";
import type { Login } from "../../shared/domain/subjects/credentials.ts";
import {
  deleteDevice,
  deleteLogin,
  renamePasskey,
  restoreKey,
  setKeyPolicy,
  setLogin,
  setServiceCredential,
  setVerification,
  unbindDevice,
  unbindVerification,
} from "../../shared/operations/credential-calls.ts";
import { createRole, deleteRole } from "../../shared/operations/new-role.ts";
import { permissionsOf } from "../../shared/operations/permissions.ts";
import { attach, detach, putBackTrust, setKeyStatus } from "../../shared/operations/remedies.ts";
import { aloneIdentities, approvedIdentities } from "./calls-identities.ts";
import { plannedDirectory, plannedDirectoryWide } from "./planned-directory.ts";
import { plannedApplications, plannedProviders } from "./planned-federation.ts";
import { plannedSettings } from "./planned-settings.ts";
import { listOf, type RoleDocument, roleDocument, roleDocumentText, type Statement } from "./role-documents.ts";

const accountId = "1234567890123456";
const looking = roleDocument("looking.json", accountId);
const acting = roleDocument("acting.json", accountId);

const statements = (document: RoleDocument, effect: string): readonly Statement[] =>
  document.Statement.filter(({ Effect }) => Effect === effect);

const actions = (document: RoleDocument): readonly string[] =>
  statements(document, "Allow").flatMap(({ Action }) => listOf(Action));

/** `*` stands for any run of characters; letters of actions match in either case. */
const like = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  ).test(text);

const covers = ({ Action, Resource }: Statement, action: string, resource: string): boolean =>
  listOf(Action).some((pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
  listOf(Resource).some((pattern) => like(pattern, resource));

const allows = (document: RoleDocument, action: string, resource: string): boolean =>
  statements(document, "Allow").some((statement) => covers(statement, action, resource)) &&
  !statements(document, "Deny").some((statement) => covers(statement, action, resource));

/** Calls for which the services check no resource, so that a policy with any other than `*` would not match. */
const unscoped = [
  "ram:GetAccountMFAInfo",
  "ram:GetAccountSecurityPracticeReport",
  "ram:ListPolicyAttachments",
  "ram:GetAccessKeyInfoInRecycleBin",
  "ram:RestoreAccessKeyFromRecycleBin",
  "actiontrail:LookupEvents",
  ...[...settingsReads, ...applicationReads, "ListApplications"].map((name) => `ram:${name}`),
  ...[...plannedSettings, ...plannedApplications].map(({ operation }) => `ram:${operation}`),
  ...directoryWholeReads.map((name) => `resourcemanager:${name}`),
  ...plannedDirectoryWide.map(({ operation }) => `resourcemanager:${operation}`),
  "ram:ListTagResources",
  "ram:GetUserInRecycleBin",
  "ram:ListUsersInRecycleBin",
  "ram:RestoreUserFromRecycleBin",
  "ram:TagResources",
  "ram:UntagResources",
  "actiontrail:LookupEvents",
];

describe.each([
  "looking.json",
  "looking.trust.json",
  "acting.json",
  "acting.trust.json",
  "approving.json",
  "approving.trust.json",
])("%s", (name) => {
  it("has four words to fill in at most, and fits RAM's 6,144 characters", () => {
    const text = roleDocumentText(name);
    const words = new Set(text.match(/<[^>]*>/g));
    expect(
      [...words].filter(
        (word) => !["<account-id>", "<region>", "<tablestore-instance>", "<log-project>"].includes(word),
      ),
    ).toEqual([]);
    expect(JSON.stringify(JSON.parse(text)).length).toBeLessThan(6144);
  });

  it("is a policy of version 1 whose statements say what they must and no more", () => {
    const document = roleDocument(name, accountId);
    expect(Object.keys(document).sort()).toEqual(["Statement", "Version"]);
    expect(document.Version).toBe("1");
    for (const statement of document.Statement) {
      const last = name.endsWith(".trust.json") ? "Principal" : "Resource";
      expect(Object.keys(statement).sort()).toEqual(["Action", "Effect", last].sort());
    }
  });

  it("allows nothing by a wildcard action, and no resource `*` but where services know no other", () => {
    for (const { Action, Resource } of statements(roleDocument(name, accountId), "Allow")) {
      for (const action of listOf(Action)) expect(action).toMatch(/^[a-z]+:[A-Za-z]+$/);
      if (listOf(Resource).includes("*")) {
        expect(listOf(Action).filter((action) => !unscoped.includes(action))).toEqual([]);
      }
    }
  });
});

describe("the looking role", () => {
  const stateActions = (): readonly string[] => {
    const folder = new URL("../../shared/aliyun/", import.meta.url);
    const text = readdirSync(folder)
      .filter((file) => file.startsWith("tablestore"))
      .map((file) => readFileSync(new URL(file, folder), "utf8"))
      .join("\n");
    const used = [...text.matchAll(/\b(getRow|putRow|updateRow|deleteRow|getRange|batchGetRow|batchWriteRow)\b/g)];
    return [...new Set(used.map(([, method = ""]) => `ots:${method.charAt(0).toUpperCase()}${method.slice(1)}`))];
  };

  it("is trusted to Function Compute, and to nobody else", () => {
    expect(roleDocument("looking.trust.json", accountId).Statement).toEqual([
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: ["fc.aliyuncs.com"] } },
    ]);
  });

  it("may do what the adapters call, write its log, and nothing else", () => {
    // Ims and ResourceManager are authorised under the code `ram`.
    const called = [
      ...ramReads.map((name) => `ram:${name}`),
      ...inventoryReads.map((name) => `ram:${name}`),
      ...censusReads.map((name) => `ram:${name}`),
      ...holderReads.map((name) => `ram:${name}`),
      ...keeperReads.map((name) => `ram:${name}`),
      ...resourceManagerReads.map((name) => `ram:${name}`),
      ...[...credentialsReads, ...identitiesReads, ...policiesReads].map((name) => `ram:${name}`),
      ...[...settingsReads, ...federationReads].map((name) => `ram:${name}`),
      ...directoryReads.map((name) => `resourcemanager:${name}`),
      ...actionTrailReads.map((name) => `actiontrail:${name}`),
      ...stsCalls.map((name) => `sts:${name}`),
      ...stateActions(),
      "log:PostLogStoreLogs",
    ];
    expect([...actions(looking)].sort()).toEqual([...new Set(called)].sort());
  });

  it("may assume the acting role of its own account, and no other", () => {
    const role = (account: string, name: string) => `acs:ram:*:${account}:role/${name}`;
    expect(allows(looking, "sts:AssumeRole", role(accountId, "ram-warden-acting"))).toBe(true);
    expect(allows(looking, "sts:AssumeRole", role(accountId, "ram-warden-acting2"))).toBe(false);
    expect(allows(looking, "sts:AssumeRole", role(accountId, "admin"))).toBe(false);
    expect(allows(looking, "sts:AssumeRole", role("1", "ram-warden-acting"))).toBe(false);
  });

  it("may read a system policy as well as a custom one", () => {
    expect(allows(looking, "ram:GetPolicy", "acs:ram:*:system:policy/AdministratorAccess")).toBe(true);
    expect(allows(looking, "ram:GetPolicy", `acs:ram:*:${accountId}:policy/mine`)).toBe(true);
  });
});

const kinds = ["user", "group", "role"] as const;
const grants: readonly GrantRef[] = kinds.flatMap((kind) =>
  (["Ram", "ResourceManager"] as const).flatMap((route) =>
    (["System", "Custom"] as const).flatMap((type) =>
      (["account", { resourceGroupId: "rg-1" }] as const).map((scope) => ({
        kind: "grant" as const,
        accountId,
        principal: { kind, name: "Ops" },
        policy: { type, name: "some" },
        scope,
        route,
        principalName: `Ops@${kind === "user" ? "" : `${kind}.`}corp.onaliyun.com`,
      })),
    ),
  ),
);
const trust = (roleName: string): RoleTrust => ({
  kind: "role-trust",
  roleName,
  roleId: "3",
  document: "{}",
  description: "",
  maxSessionSeconds: 3600,
  serviceLinked: false,
  rest: {},
});
const putBacks = (roleName: string): readonly Call[] =>
  (["Ram", "ResourceManager"] as const).map((route) => putBackTrust(trust(roleName), "{}", route));

const alice = { accountId, route: "Ims", userName: "alice" } as const;
const login: Login = { kind: "login", status: "Active", mfaBindRequired: true, passwordResetRequired: false };
const device = { kind: "mfa-device", accountId, route: "Ims", serialNumber: `acs:ram::${accountId}:mfa/new` } as const;
const phone = { kind: "verification", ...alice, type: "sms" } as const;
const ofAlice: readonly Call[] = [
  setLogin({ kind: "login", ...alice }, login, { ...login, status: "Inactive" }),
  setLogin({ kind: "login", ...alice, route: "Ram" }, login, login),
  deleteLogin({ kind: "login", ...alice }),
  deleteDevice(device),
  renamePasskey({ kind: "passkey", ...alice, passkeyId: "PASSKEY-1" }, "laptop"),
  setServiceCredential(
    { kind: "service-credential", ...alice },
    { kind: "service-credential", credentialId: "SC1", name: "one", status: "Inactive" },
  ),
  setKeyPolicy({ kind: "key-policy", ...alice, accessKeyId: "LTAI1" }, "alice", {}),
];

const deploy: RoleTrustRef = { kind: "role-trust", accountId, roleName: "Deploy", route: "Ram" };

/** Of settings, providers, applications and the directory: what only a person's word sends. */
const byWord = [
  "AddClientIdToOIDCProvider",
  "AddFingerprintToOIDCProvider",
  "AttachControlPolicy",
  "ClearAccountAlias",
  "CreateOIDCProvider",
  "CreateSAMLProvider",
  "DeleteControlPolicy",
  "DetachControlPolicy",
  "DisableControlPolicy",
  "EnableControlPolicy",
  "MoveAccount",
  "MoveResources",
  "ProvisionApplication",
  "ProvisionExternalApplication",
  "RegisterDelegatedAdministrator",
  "SetAccountAlias",
  "SetDefaultDomain",
  "SetUserSsoSettings",
  "UpdateSAMLProvider",
];
const ofAccount: readonly Call[] = [
  ...plannedSettings,
  ...plannedProviders,
  ...plannedApplications,
  ...plannedDirectory,
  ...plannedDirectoryWide,
];

/** Every call that a plan sends by itself. */
const alone: readonly Call[] = [
  ...grants.map(detach),
  ...putBacks("Deploy"),
  setKeyStatus("alice", "LTAI1", "Inactive"),
  ...ofAlice,
  ...aloneIdentities,
  ...ofAccount.filter(({ operation }) => !byWord.includes(operation)),
];

/** Every call that a plan sends only when a person approved it: what gives power, or destroys what may be in use. */
const approved: readonly Call[] = [
  ...grants.map(attach),
  ...(["Ram", "ResourceManager"] as const).flatMap((route) => [
    createRole(trust("Deploy"), route),
    deleteRole({ ...deploy, route }),
  ]),
  unbindDevice(alice),
  setVerification(phone, "86-13900001234"),
  unbindVerification(phone, "86-13900001234"),
  restoreKey({ kind: "recycled-key", accessKeyId: "LTAI1", userId: "1" }),
  ...approvedIdentities,
  ...ofAccount.filter(({ operation }) => byWord.includes(operation)),
];
const planned: readonly Call[] = [...alone, ...approved];
const needed = (calls: readonly Call[]) => calls.flatMap((call) => permissionsOf(call, accountId));

describe.each([
  ["acting", "a plan sends by itself", alone],
  ["approving", "a plan sends by itself or on a person's word", planned],
] as const)("the %s role", (name, what, calls) => {
  const document = roleDocument(`${name}.json`, accountId);

  it(`may do all that ${what}`, () => {
    expect(calls.every((call) => permissionsOf(call, accountId).length > 0)).toBe(true);
    for (const { action, resource } of needed(calls)) {
      expect([action, resource, allows(document, action, resource)]).toEqual([action, resource, true]);
    }
  });

  it("may do nothing else", () => {
    const used = new Set(needed(calls).map(({ action }) => action));
    expect([...actions(document)].sort()).toEqual([...used].sort());
    for (const statement of statements(document, "Allow")) {
      for (const pattern of listOf(statement.Resource)) {
        for (const action of listOf(statement.Action)) {
          const serves = needed(calls).some(
            (one) => one.action === action && (one.resource === pattern || like(pattern, one.resource)),
          );
          expect([action, pattern, serves]).toEqual([action, pattern, true]);
        }
      }
    }
  });
});

it("the approving role is for people of the own account, and not for the function", () => {
  expect(roleDocument("approving.trust.json", accountId).Statement).toEqual([
    { Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM: [`acs:ram::${accountId}:root`] } },
  ]);
  expect(allows(looking, "sts:AssumeRole", `acs:ram:*:${accountId}:role/ram-warden-approving`)).toBe(false);
});

describe("the acting role", () => {
  it("is trusted to the looking role of its own account, and to nobody else", () => {
    expect(roleDocument("acting.trust.json", accountId).Statement).toEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { RAM: [`acs:ram::${accountId}:role/ram-warden-looking`] },
      },
    ]);
  });

  it("may give no power: neither attach, nor add, nor create a user or a role", () => {
    const giving = new Set(needed(approved).map(({ action }) => action));
    for (const { action } of needed(alone)) giving.delete(action);
    expect(actions(acting).filter((action) => giving.has(action))).toEqual([]);
    expect(giving.size).toBeGreaterThan(20);
  });

  it("may never make a credential", () => {
    const minting = [
      "CreateAccessKey",
      "CreateLoginProfile",
      "CreateVirtualMFADevice",
      "CreateAppSecret",
      "CreateServiceCredential",
      "ChangePassword",
    ];
    expect(actions(acting).filter((action) => minting.includes(action.replace("ram:", "")))).toEqual([]);
  });

  it.each([
    "ram-warden-acting",
    "ram-warden-looking",
    "AliyunServiceRoleForActionTrail",
    "aliyunserviceroleforactiontrail",
    "AliyunReservedSSO-admin",
    "aliyunreservedsso-admin",
  ])("may not touch the role %s in any way", (name) => {
    const resource = `acs:ram:*:${accountId}:role/${name}`;
    for (const action of [...actions(acting), "ram:AttachPolicyToRole", "sts:AssumeRole"]) {
      expect(allows(acting, action, resource)).toBe(false);
    }
    expect(statements(acting, "Deny").some((statement) => covers(statement, "ram:UpdateRole", resource))).toBe(true);
  });

  it("may not take its own policies away", () => {
    for (const name of ["ram-warden-acting", "ram-warden-looking"]) {
      expect(allows(acting, "ram:DetachPolicyFromRole", `acs:ram:*:${accountId}:policy/${name}`)).toBe(false);
    }
  });
});

it("the looking role is the one that is deployed with the function", () => {
  const text = readFileSync(new URL("../../s.yaml", import.meta.url), "utf8");
  expect(text.match(/role: (\S+)/)?.[1]?.replace(/\$\{[^}]*\}/, accountId)).toBe(
    `acs:ram::${accountId}:role/ram-warden-looking`,
  );
});
