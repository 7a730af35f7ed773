import { describe, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import type { GuardedAccount } from "../support/guarded-account.ts";
import { type OperationCase, play, playNarrowed } from "../support/operation-cases.ts";
import { crowdedAccount, good, other, policyRef, tagsRef, upn, wider } from "./identities-account.ts";

type Service = "Ram" | "Ims" | "ResourceManager";
type Params = Readonly<Record<string, unknown>>;
type Policies = NonNullable<Snapshot["policies"]>;
type Versions = Policies[number]["versions"];

const mallory =
  (service: Service, operation: string, params: Params) =>
  (account: GuardedAccount): Promise<unknown> =>
    account.as("mallory")(service, operation, params);
const inTurn =
  (...acts: readonly ((account: GuardedAccount) => Promise<unknown>)[]) =>
  async (account: GuardedAccount): Promise<void> => {
    for (const act of acts) await act(account);
  };

const mine = { PolicyName: "mine" };
const version = (document: string, more: Params = {}) => ({ ...mine, PolicyDocument: document, ...more });
const rotating = { RotateStrategy: "DeleteOldestNonDefaultVersionWhenLimitExceeded" };

/** The account with the versions of `mine` as given, the first the default unless said. */
const withVersions = (versions: Versions, defaultVersion = versions[0]?.versionId): Snapshot => {
  const given = crowdedAccount();
  const policies = (given.policies ?? []).map((policy) =>
    policy.policyName === "mine"
      ? { ...policy, versions, ...(defaultVersion === undefined ? {} : { defaultVersion }) }
      : policy,
  );
  return { ...given, policies };
};
const v = (number: number, document: string): Versions[number] => ({
  versionId: `v${number}`,
  policyDocument: document,
});

/** The account of before with the versions of `mine` as they have to be now. */
const leaving =
  (versions: Versions, defaultVersion: string) =>
  (before: Snapshot): unknown => ({
    ...before,
    policies: (before.policies ?? []).map((policy) =>
      policy.policyName === "mine" ? { ...policy, versions, defaultVersion } : policy,
    ),
  });

const five = [
  v(1, good),
  v(2, other),
  v(3, other.replace("ecs", "vpc")),
  v(4, other.replace("ecs", "slb")),
  v(5, other.replace("ecs", "rds")),
];

const versionCases = (service: "Ram" | "ResourceManager"): readonly OperationCase[] => [
  {
    name: `${service}.CreatePolicy`,
    attack: mallory(service, "CreatePolicy", { PolicyName: "shadow", PolicyDocument: wider, Description: "new" }),
    outcome: "reverted",
    calls: [`${service}.DeletePolicy`],
  },
  {
    name: `${service}.CreatePolicy, attached since`,
    attack: inTurn(mallory(service, "CreatePolicy", { PolicyName: "shadow", PolicyDocument: wider }), (account) =>
      account
        .as("mallory")("Ram", "AttachPolicyToUser", { PolicyType: "Custom", PolicyName: "shadow", UserName: "bob" })
        .then(() => account.skipAll("CreatePolicy")),
    ),
    outcome: "asked",
    because: "destructive",
    undo: "none",
    calls: [service === "Ram" ? "Ram.DetachPolicyFromUser" : "ResourceManager.DetachPolicy", `${service}.DeletePolicy`],
  },
  {
    name: `${service}.DeletePolicy`,
    accepted: [policyRef("spare")],
    attack: mallory(service, "DeletePolicy", { PolicyName: "spare" }),
    outcome: "asked",
    because: "grants-privilege",
    calls: [`${service}.CreatePolicy`],
  },
  {
    name: `${service}.CreatePolicyVersion, not the default`,
    accepted: [policyRef()],
    attack: mallory(service, "CreatePolicyVersion", version(wider)),
    outcome: "reverted",
    calls: [`${service}.DeletePolicyVersion`],
  },
  {
    name: `${service}.CreatePolicyVersion, not the default, of a policy that nobody knows`,
    attack: mallory(service, "CreatePolicyVersion", version(wider)),
    outcome: "reverted",
    calls: [`${service}.DeletePolicyVersion`],
  },
  {
    name: `${service}.CreatePolicyVersion, the default, of a policy that nobody knows`,
    attack: mallory(service, "CreatePolicyVersion", version(wider, { SetAsDefault: true })),
    outcome: "alerted",
    because: "prior-state-unknown",
  },
  {
    name: `${service}.CreatePolicyVersion, wider and the default`,
    accepted: [policyRef()],
    attack: mallory(service, "CreatePolicyVersion", version(wider, { SetAsDefault: true })),
    outcome: "reverted",
    calls: [`${service}.SetDefaultPolicyVersion`, `${service}.DeletePolicyVersion`],
  },
  {
    name: `${service}.CreatePolicyVersion, another and the default, so that going back gives power`,
    accepted: [policyRef()],
    attack: mallory(service, "CreatePolicyVersion", version(other, { SetAsDefault: true })),
    outcome: "asked",
    because: "grants-privilege",
    calls: [`${service}.SetDefaultPolicyVersion`, `${service}.DeletePolicyVersion`],
  },
  {
    name: `${service}.SetDefaultPolicyVersion`,
    snapshot: withVersions([v(1, good), v(2, wider)]),
    accepted: [policyRef()],
    attack: mallory(service, "SetDefaultPolicyVersion", { ...mine, VersionId: "v2" }),
    outcome: "reverted",
    calls: [`${service}.SetDefaultPolicyVersion`],
  },
  {
    name: `${service}.SetDefaultPolicyVersion to one that allows less`,
    snapshot: withVersions([v(1, wider), v(2, good)]),
    accepted: [policyRef()],
    attack: mallory(service, "SetDefaultPolicyVersion", { ...mine, VersionId: "v2" }),
    outcome: "asked",
    because: "grants-privilege",
    calls: [`${service}.SetDefaultPolicyVersion`],
  },
  {
    name: `${service}.DeletePolicyVersion`,
    accepted: [policyRef()],
    attack: mallory(service, "DeletePolicyVersion", { ...mine, VersionId: "v2" }),
    outcome: "reverted",
    calls: [`${service}.CreatePolicyVersion`],
    leaves: leaving([v(1, good), v(3, other)], "v1"),
  },
];

const tag = (Key: string, Value: string) => ({ Key, Value });

const cases: readonly OperationCase[] = [
  ...versionCases("Ram"),
  ...versionCases("ResourceManager"),
  {
    name: "Ram.CreatePolicyVersion, which drops the oldest version",
    snapshot: withVersions(five, "v5"),
    accepted: [policyRef()],
    attack: mallory("Ram", "CreatePolicyVersion", version(wider, rotating)),
    outcome: "reverted",
    calls: ["Ram.DeletePolicyVersion", "Ram.CreatePolicyVersion"],
    leaves: leaving([...five.slice(1), v(7, good)], "v5"),
  },
  {
    name: "Ram.CreatePolicyVersion, one of two equal versions dropped, of which both come back",
    snapshot: withVersions([v(1, other), ...five.slice(2), v(6, other)], "v5"),
    accepted: [policyRef()],
    attack: mallory("Ram", "CreatePolicyVersion", version(wider, rotating)),
    outcome: "reverted",
    calls: ["Ram.DeletePolicyVersion", "Ram.CreatePolicyVersion"],
    leaves: leaving([...five.slice(2), v(6, other), v(8, other)], "v5"),
  },
  {
    name: "Ram.CreatePolicyVersion, the good version dropped and no place free",
    snapshot: withVersions(five, "v1"),
    accepted: [policyRef()],
    // Another version is the default for a moment, so that the good one is the oldest that may be dropped.
    attack: inTurn(
      mallory("Ram", "SetDefaultPolicyVersion", { ...mine, VersionId: "v5" }),
      mallory("Ram", "CreatePolicyVersion", version(wider, { ...rotating, SetAsDefault: true })),
      async (account) => account.skipAll("CreatePolicyVersion"),
    ),
    outcome: "asked",
    because: "destructive",
    detail: /`v2` is deleted to make room/,
    undo: "none",
    calls: ["Ram.DeletePolicyVersion", "Ram.CreatePolicyVersion", "Ram.DeletePolicyVersion", "Ram.CreatePolicyVersion"],
    leaves: leaving([...five.slice(2), v(7, good), v(8, other)], "v7"),
  },
  {
    name: "Ram.UpdatePolicyDescription",
    accepted: [policyRef()],
    attack: mallory("Ram", "UpdatePolicyDescription", { ...mine, NewDescription: "x" }),
    outcome: "reverted",
    calls: ["Ram.UpdatePolicyDescription"],
  },
  {
    name: "Ram.TagResources, one key new and one changed",
    accepted: [tagsRef("policy", "mine")],
    attack: mallory("Ram", "TagResources", {
      ResourceType: "policy",
      ResourceNames: '["mine"]',
      Tag: JSON.stringify([tag("team", "blue"), tag("admin", "yes")]),
    }),
    outcome: "asked",
    because: "grants-privilege",
    calls: ["Ram.TagResources", "Ram.UntagResources"],
  },
  {
    name: "Ram.UntagResources, all of them",
    accepted: [tagsRef("policy", "mine")],
    attack: mallory("Ram", "UntagResources", { ResourceType: "policy", ResourceNames: '["mine"]', All: true }),
    outcome: "asked",
    because: "grants-privilege",
    calls: ["Ram.TagResources"],
  },
  {
    name: "Ram.UntagResources",
    accepted: [tagsRef("role", "idle")],
    attack: mallory("Ram", "UntagResources", {
      ResourceType: "role",
      ResourceNames: '["idle"]',
      TagKeys: '["team"]',
    }),
    outcome: "asked",
    because: "grants-privilege",
    calls: ["Ram.TagResources"],
  },
  {
    name: "Ims.TagResources, by id",
    accepted: [tagsRef("user", "200", "ResourceId")],
    attack: mallory("Ims", "TagResources", {
      ResourceType: "user",
      "ResourceId.1": "200",
      "Tag.1.Key": "team",
      "Tag.1.Value": "blue",
      "Tag.2.Key": "admin",
      "Tag.2.Value": "yes",
    }),
    outcome: "asked",
    because: "grants-privilege",
    calls: ["Ims.TagResources", "Ims.UntagResources"],
  },
  {
    name: "Ims.UntagResources, by name",
    accepted: [tagsRef("user", upn("alice"), "ResourcePrincipalName")],
    attack: mallory("Ims", "UntagResources", {
      ResourceType: "user",
      "ResourcePrincipalName.1": upn("alice"),
      "TagKey.1": "stage",
    }),
    outcome: "asked",
    because: "grants-privilege",
    calls: ["Ims.TagResources"],
  },
].map((one) => ({ snapshot: crowdedAccount(), ...one }) as OperationCase);

describe.each(cases)("$name", (one) => {
  it("comes to what it must, and back", () => play(one));
  it("is remedied with no more than it needs", () => playNarrowed(one));
});
