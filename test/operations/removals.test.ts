import { describe, expect, it } from "vitest";
import type { RoleTrustRef } from "../../shared/domain/subject.ts";
import { trustOf } from "../sandbox/client.ts";
import { oidcToken, providers, samlAssertion } from "../sandbox/crowded-account.ts";
import { accountBefore, accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";
import { type OperationCase, play, playNarrowed } from "../support/operation-cases.ts";
import { crowdedAccount, upn } from "./identities-account.ts";

type Service = "Ram" | "Ims" | "ResourceManager" | "Sts";
type Params = Readonly<Record<string, unknown>>;

const mallory =
  (service: Service, operation: string, params: Params) =>
  (account: GuardedAccount): Promise<unknown> =>
    account.as("mallory")(service, operation, params);
const admin =
  (service: Service, operation: string, params: Params) =>
  (account: GuardedAccount): Promise<unknown> =>
    account.as("administrator")(service, operation, params);

const roleRef = (roleName: string): RoleTrustRef => ({ kind: "role-trust", accountId, route: "Ram", roleName });
const readOnly = { PolicyType: "System", PolicyName: "ReadOnlyAccess" };
const mine = { PolicyType: "Custom", PolicyName: "mine" };
const scoped = {
  ...mine,
  PrincipalType: "IMSUser",
  PrincipalName: upn("alice"),
  ResourceGroupId: "rg-team",
};

const roleCases = (service: "Ram" | "ResourceManager"): readonly OperationCase[] => [
  {
    name: `${service}.DeleteRole`,
    accepted: [roleRef("idle")],
    attack: mallory(service, "DeleteRole", { RoleName: "idle" }),
    outcome: "asked",
    because: "grants-privilege",
    detail: /another RoleId/,
    calls: [`${service}.CreateRole`],
    // Its tags do not come back, which is said.
    leaves: (before) => ({
      ...before,
      roles: (before.roles ?? []).map((role) => {
        const { tags: _, ...rest } = role;
        return role.roleName === "idle" ? rest : role;
      }),
    }),
  },
  {
    name: `${service}.CreateServiceLinkedRole`,
    attack: mallory(service, "CreateServiceLinkedRole", { ServiceName: "oss.aliyuncs.com" }),
    outcome: "alerted",
    because: "service-linked",
  },
  {
    name: `${service}.DeleteServiceLinkedRole`,
    accepted: [roleRef("AliyunServiceRoleForActionTrail")],
    attack: mallory(service, "DeleteServiceLinkedRole", { RoleName: "AliyunServiceRoleForActionTrail" }),
    outcome: "alerted",
    because: "service-linked",
  },
];

const cases: readonly OperationCase[] = [
  {
    name: "Ram.DetachPolicyFromUser",
    prepare: admin("Ram", "AttachPolicyToUser", { ...mine, UserName: "alice" }),
    attack: mallory("Ram", "DetachPolicyFromUser", { ...mine, UserName: "alice" }),
    outcome: "asked",
    because: "grants-privilege",
    detail: /holds today: look at `mine`/,
    calls: ["Ram.AttachPolicyToUser"],
  },
  {
    name: "Ram.DetachPolicyFromUser in a resource group",
    prepare: admin("ResourceManager", "AttachPolicy", scoped),
    attack: mallory("Ram", "DetachPolicyFromUser", { ...mine, UserName: "alice", ResourceGroupId: "rg-team" }),
    outcome: "asked",
    because: "grants-privilege",
    calls: ["Ram.AttachPolicyToUser"],
  },
  {
    name: "Ram.DetachPolicyFromGroup",
    attack: mallory("Ram", "DetachPolicyFromGroup", { ...readOnly, GroupName: "staff" }),
    outcome: "asked",
    because: "grants-privilege",
    calls: ["Ram.AttachPolicyToGroup"],
  },
  {
    name: "Ram.DetachPolicyFromRole",
    prepare: admin("Ram", "AttachPolicyToRole", { ...mine, RoleName: "Deploy" }),
    attack: mallory("Ram", "DetachPolicyFromRole", { ...mine, RoleName: "Deploy" }),
    outcome: "asked",
    because: "grants-privilege",
    calls: ["Ram.AttachPolicyToRole"],
  },
  {
    name: "Ram.DetachPolicyFromRole of our own role",
    attack: mallory("Ram", "DetachPolicyFromRole", {
      PolicyType: "Custom",
      PolicyName: "ram-warden-acting",
      RoleName: "ram-warden-acting",
    }),
    outcome: "alerted",
    because: "own-identity",
  },
  {
    name: "ResourceManager.DetachPolicy in a resource group",
    prepare: admin("ResourceManager", "AttachPolicy", scoped),
    attack: mallory("ResourceManager", "DetachPolicy", scoped),
    outcome: "asked",
    because: "grants-privilege",
    calls: ["ResourceManager.AttachPolicy"],
  },
  {
    name: "ResourceManager.DetachPolicy in the whole account",
    prepare: admin("ResourceManager", "AttachPolicy", { ...scoped, ResourceGroupId: accountId }),
    attack: mallory("ResourceManager", "DetachPolicy", { ...scoped, ResourceGroupId: accountId }),
    outcome: "asked",
    because: "grants-privilege",
    calls: ["ResourceManager.AttachPolicy"],
  },
  ...roleCases("Ram"),
  ...roleCases("ResourceManager"),
].map((one) => ({ ...one, snapshot: crowdedAccount() }) as OperationCase);

describe.each(cases)("$name", (one) => {
  it("comes to what it must, and back", () => play(one));
  it("is remedied with no more than it needs", () => playNarrowed(one));
});

describe("a call that changes nothing that RAM keeps", () => {
  const federated = {
    roleName: "federated",
    assumeRolePolicyDocument: trustOf({ Federated: [providers.oidc, providers.saml] }),
  };
  const snapshot = {
    ...accountBefore(),
    roles: [
      ...(accountBefore().roles ?? []),
      federated,
      { roleName: "open", assumeRolePolicyDocument: trustOf({ RAM: [`acs:ram::${accountId}:root`] }) },
    ],
    samlProviders: [{ name: "corp", encodedMetadata: "bWV0YQ==" }],
    oidcProviders: [{ name: "ci", issuerUrl: "https://ci.example", clientIds: ["a"], fingerprints: ["f"] }],
  };
  const role = (name: string): string => `acs:ram::${accountId}:role/${name}`;

  it.each<[string, Service, string, (at: number) => Params]>([
    ["Sts.AssumeRole", "Sts", "AssumeRole", () => ({ RoleArn: role("open"), RoleSessionName: "me" })],
    [
      "Sts.AssumeRoleWithOIDC",
      "Sts",
      "AssumeRoleWithOIDC",
      (at) => ({
        RoleArn: role("federated"),
        RoleSessionName: "run",
        OIDCProviderArn: providers.oidc,
        OIDCToken: oidcToken(at),
      }),
    ],
    [
      "Sts.AssumeRoleWithSAML",
      "Sts",
      "AssumeRoleWithSAML",
      () => ({
        RoleArn: role("federated"),
        SAMLProviderArn: providers.saml,
        SAMLAssertion: samlAssertion("federated"),
      }),
    ],
    ["Ims.GenerateCredentialReport", "Ims", "GenerateCredentialReport", () => ({})],
    ["Ims.GenerateGovernanceReport", "Ims", "GenerateGovernanceReport", () => ({})],
  ])("%s is passed over, with its maker looked at", async (_, service, operation, params) => {
    const account = await guardedAccount({
      snapshot,
      settings: "rules: { RAM.ChangeOutsidePipeline: { response: revert } }",
    });
    try {
      await account.as("mallory")(service, operation, params(account.clock.now()));
      const event = account.sandbox.trail.find((one) => (one as { eventName?: string }).eventName === operation);
      const during = account.standing();
      account.sandbox.calls.clear();
      // EventBridge would not carry a session; by another route it comes as a write.
      const { receipt } = await account.deliver({ ...(event as object), eventRW: "Write" });
      expect(receipt).toMatchObject({
        decisions: [],
        refusals: [],
        passedOver: [{ reason: expect.stringMatching(/changes nothing that RAM keeps$/) }],
      });
      expect([account.standing(), account.sandbox.calls.list()]).toEqual([during, []]);
      expect(JSON.stringify(account.logLines)).not.toMatch(/SecurityToken|OIDCToken|SAMLAssertion/);
    } finally {
      await account.stop();
    }
  });
});
