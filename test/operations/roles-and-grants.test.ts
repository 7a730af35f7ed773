import { describe, it } from "vitest";
import type { RoleTrustRef } from "../../shared/domain/subject.ts";
import { accountId, ecsTrust, type GuardedAccount, openTrust } from "../support/guarded-account.ts";
import { type OperationCase, play, playNarrowed } from "../support/operation-cases.ts";
import { crowdedAccount, upn } from "./identities-account.ts";

type Service = "Ram" | "ResourceManager";
type Params = Readonly<Record<string, unknown>>;

const mallory =
  (service: Service, operation: string, params: Params) =>
  (account: GuardedAccount): Promise<unknown> =>
    account.as("mallory")(service, operation, params);

const roleRef = (roleName: string): RoleTrustRef => ({ kind: "role-trust", accountId, route: "Ram", roleName });
const mine = { PolicyType: "Custom", PolicyName: "mine" };

const roleCases = (service: Service): readonly OperationCase[] => [
  {
    name: `${service}.CreateRole`,
    attack: mallory(service, "CreateRole", {
      RoleName: "new",
      AssumeRolePolicyDocument: ecsTrust,
      Description: "new",
      MaxSessionDuration: 7200,
    }),
    outcome: "asked",
    because: "destructive",
    calls: [`${service}.DeleteRole`],
  },
  {
    name: `${service}.UpdateRole, the trust`,
    accepted: [roleRef("idle")],
    attack: mallory(service, "UpdateRole", { RoleName: "idle", NewAssumeRolePolicyDocument: openTrust }),
    outcome: "reverted",
    calls: [`${service}.UpdateRole`],
  },
  {
    // Where every change is to be put back, all that the call set goes back, and not the document alone.
    name: `${service}.UpdateRole, the trust with the description and the session length`,
    accepted: [roleRef("idle")],
    attack: mallory(service, "UpdateRole", {
      RoleName: "idle",
      NewAssumeRolePolicyDocument: openTrust,
      NewDescription: "another",
      NewMaxSessionDuration: 43_200,
    }),
    outcome: "reverted",
    calls: [`${service}.UpdateRole`],
  },
  {
    name: `${service}.UpdateRole, the session length alone`,
    accepted: [roleRef("idle")],
    attack: mallory(service, "UpdateRole", { RoleName: "idle", NewMaxSessionDuration: 43_200 }),
    outcome: "reverted",
    calls: [`${service}.UpdateRole`],
  },
  {
    name: `${service}.UpdateRole, the description alone, of a role that nobody knows`,
    attack: mallory(service, "UpdateRole", { RoleName: "idle", NewDescription: "another" }),
    outcome: "alerted",
    because: "prior-state-unknown",
  },
  {
    name: `${service}.UpdateRole of a role that nobody knows`,
    attack: mallory(service, "UpdateRole", { RoleName: "idle", NewAssumeRolePolicyDocument: openTrust }),
    outcome: "alerted",
    because: "prior-state-unknown",
  },
];

const attachCases = (["User", "Group", "Role"] as const).map((kind): OperationCase => {
  const name = { User: "alice", Group: "staff", Role: "Deploy" }[kind];
  return {
    name: `Ram.AttachPolicyTo${kind}`,
    attack: mallory("Ram", `AttachPolicyTo${kind}`, { ...mine, [`${kind}Name`]: name }),
    outcome: "reverted",
    calls: [`Ram.DetachPolicyFrom${kind}`],
  };
});

const managed = (scope: string): Params => ({
  ...mine,
  PrincipalType: "IMSUser",
  PrincipalName: upn("alice"),
  ResourceGroupId: scope,
});

const cases: readonly OperationCase[] = [
  ...roleCases("Ram"),
  ...roleCases("ResourceManager"),
  ...attachCases,
  {
    name: "Ram.AttachPolicyToUser in a resource group",
    attack: mallory("Ram", "AttachPolicyToUser", { ...mine, UserName: "alice", ResourceGroupId: "rg-team" }),
    outcome: "reverted",
    calls: ["Ram.DetachPolicyFromUser"],
  },
  ...[accountId, "rg-team"].map(
    (scope): OperationCase => ({
      name: `ResourceManager.AttachPolicy in ${scope}`,
      attack: mallory("ResourceManager", "AttachPolicy", managed(scope)),
      outcome: "reverted",
      calls: ["ResourceManager.DetachPolicy"],
    }),
  ),
];

describe.each(cases.map((one) => ({ ...one, snapshot: crowdedAccount() })))("$name", (one) => {
  it("comes to what it must, and back", () => play(one));
  it("is remedied with no more than it needs", () => playNarrowed(one));
});
