import { describe, expect, test } from "vitest";
import type { Change } from "../shared/domain/change.ts";
import type { CloudError } from "../shared/domain/cloud-error.ts";
import type { Principal } from "../shared/domain/identity.ts";
import { failed, ok } from "../shared/domain/result.ts";
import { gone } from "../shared/domain/subject.ts";
import type { Policy } from "../shared/domain/subjects/permissions.ts";
import { guardedPlan } from "../shared/guarded-plan.ts";
import { stateDigest } from "../shared/operations/state-digest.ts";
import { planChange } from "../shared/planning/plan-change.ts";
import type { World } from "../shared/ports/world.ts";
import type { Settings } from "../shared/settings.ts";
import { finding, grantChange, guardrails, own } from "./planning/changes.ts";
import { settings as rules } from "./rules/changes.ts";

type Cloud = Pick<World, "holdersOf" | "membersOf" | "keeperOf">;
type Account = {
  readonly holders?: { readonly [policy: string]: readonly string[] };
  readonly members?: { readonly [group: string]: readonly string[] };
  readonly keeper?: string;
};

const principal = (text: string): Principal => {
  const [kind, name = ""] = text.split("/");
  return { kind: kind as Principal["kind"], name };
};

const cloud = ({ holders = {}, members = {}, keeper }: Account): Cloud => ({
  holdersOf: async ({ name }) => ok((holders[name] ?? []).map(principal)),
  membersOf: async (group) => ok(members[group] ?? []),
  keeperOf: async () => ok(keeper),
});

const settings: Settings = {
  rules: rules(),
  guardrails: guardrails(),
  telling: { language: "en", timeZone: "UTC" },
  approvals: { openForMs: 259_200_000 },
};
const planned = (change: Change) => planChange(change, [finding("revert")], settings.guardrails);
const guarded = async (change: Change, account: Account) => {
  const plan = await guardedPlan(cloud(account), settings, planned(change));
  if (!plan.ok) throw new Error("deferred");
  return plan.value;
};

const adminOn = (kind: Principal["kind"], name: string): Change =>
  grantChange({ principal: { kind, name }, policy: { type: "System", name: "AdministratorAccess" }, before: "gone" });

describe("the last effective administrator", () => {
  test.each<[string, Change, Account]>([
    ["nobody else holds anything", adminOn("user", "alice"), { holders: { AdministratorAccess: ["user/alice"] } }],
    [
      "only our own roles do",
      adminOn("user", "alice"),
      { holders: { AdministratorAccess: ["user/alice", "role/RAM-Warden-Acting", "role/ram-warden-looking"] } },
    ],
    [
      "only a service-linked role does",
      adminOn("user", "alice"),
      { holders: { AdministratorAccess: ["user/alice", "role/AliyunServiceRoleForECS"] } },
    ],
    ["only an empty group does", adminOn("user", "alice"), { holders: { AdministratorAccess: ["group/empty"] } }],
    [
      "only a group with the same user does",
      adminOn("user", "alice"),
      { holders: { AdministratorAccess: ["group/admins"] }, members: { admins: ["alice"] } },
    ],
    [
      "the group itself loses it",
      adminOn("group", "admins"),
      { holders: { AdministratorAccess: ["group/admins"] }, members: { admins: ["alice"] } },
    ],
  ])("is not taken away: %s", async (_, change, account) => {
    const plan = await guarded(change, account);
    expect(plan).toMatchObject({ response: "ask", because: { kind: "last-administrator" } });
    expect(plan.remediation).toBeDefined();
  });

  test.each<[string, Account]>([
    ["another user", { holders: { AdministratorAccess: ["user/alice", "user/bob"] } }],
    ["a role", { holders: { AdministratorAccess: ["role/ops"] } }],
    ["who administers identities", { holders: { AliyunRAMFullAccess: ["user/bob"] } }],
    [
      "a member of a group",
      { holders: { AdministratorAccess: ["group/admins"] }, members: { admins: ["alice", "bob"] } },
    ],
  ])("is not who leaves another: %s", async (_, account) => {
    expect(await guarded(adminOn("user", "alice"), account)).toMatchObject({ response: "revert" });
  });

  test("is not looked for where no administration is taken away", async () => {
    const other = grantChange({
      principal: { kind: "user", name: "alice" },
      policy: { type: "System", name: "AliyunOSSFullAccess" },
      before: "gone",
    });
    expect(await guarded(other, {})).toMatchObject({ response: "revert" });
  });
});

describe("a look that fails", () => {
  const failing = (error: CloudError): Cloud => ({ ...cloud({}), holdersOf: async () => failed(error) });

  test("for now puts the event off", async () => {
    const error: CloudError = { kind: "throttled", operation: "Ram.ListEntitiesForPolicy" };
    expect(await guardedPlan(failing(error), settings, planned(adminOn("user", "alice")))).toEqual(failed(error));
  });

  test("for good puts the plan to a person", async () => {
    const error: CloudError = { kind: "forbidden", operation: "Ram.ListEntitiesForPolicy" };
    const plan = await guardedPlan(failing(error), settings, planned(adminOn("user", "alice")));
    expect(plan).toMatchObject({ ok: true, value: { response: "ask", because: { kind: "unreadable" } } });
  });
});

describe("a policy of our own roles", () => {
  const document = (...actions: readonly string[]): string =>
    JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });
  const policy = (text: string): Policy => ({
    kind: "policy",
    policyName: "shared-reads",
    description: "",
    createdAt: "2026-01-01T00:00:00Z",
    defaultVersion: "v1",
    versions: [{ versionId: "v1", document: text }],
  });
  const change = (before: string, after: string): Change => ({
    kind: "policy",
    subject: { kind: "policy", accountId: own, route: "Ram", policyName: "shared-reads" },
    before: { known: true, state: policy(before), provenance: "baseline" },
    after: policy(after),
    actor: undefined,
  });
  const wide = document("ram:GetRole", "ram:ListRoles");
  const narrow = document("ram:GetRole");
  const putBack = (before: string, after: string) => ({
    change: change(before, after),
    findings: [finding("revert")],
    response: "revert" as const,
    remediation: {
      subject: change(before, after).subject,
      expects: stateDigest(policy(after)),
      was: policy(after),
      becomes: policy(before),
      calls: [{ service: "Ram", operation: "SetDefaultPolicyVersion", parameters: {} }] as const,
      undo: [],
    },
  });
  const ours: Account = { holders: { "shared-reads": ["role/ram-warden-looking"] } };

  test("is not made smaller by us", async () => {
    expect(await guardedPlan(cloud(ours), settings, putBack(narrow, wide))).toMatchObject({
      value: { response: "ask", because: { kind: "lock-out" } },
    });
  });

  test("is put back where our roles lose nothing", async () => {
    expect(await guardedPlan(cloud(ours), settings, putBack(wide, narrow))).toMatchObject({
      value: { response: "revert" },
    });
  });

  test("of somebody else is put back", async () => {
    const theirs: Account = { holders: { "shared-reads": ["role/other", "user/ram-warden-looking"] } };
    expect(await guardedPlan(cloud(theirs), settings, putBack(narrow, wide))).toMatchObject({
      value: { response: "revert" },
    });
  });
});

test("a user whom a directory keeps is told about", async () => {
  const state = {
    kind: "login",
    userId: "1",
    status: "Active",
    mfaBindRequired: true,
    passwordResetRequired: false,
  } as const;
  const change: Change = {
    kind: "login",
    subject: { kind: "login", accountId: own, route: "Ims", userName: "alice" },
    before: { known: true, state: gone, provenance: "proven-by-event" },
    after: state,
    actor: undefined,
  };
  const plan = {
    change,
    findings: [finding("revert")],
    response: "contain" as const,
    remediation: {
      subject: change.subject,
      expects: stateDigest(state),
      was: state,
      becomes: { ...state, status: "Inactive" as const },
      calls: [{ service: "Ims", operation: "UpdateLoginProfile", parameters: {} }] as const,
      undo: [],
    },
  };
  expect(await guardedPlan(cloud({ keeper: "CloudSSO" }), settings, plan)).toMatchObject({
    value: {
      response: "alert",
      because: { kind: "provisioned", detail: "user alice is kept by CloudSSO; change it there" },
    },
  });
  expect(await guardedPlan(cloud({}), settings, plan)).toMatchObject({ value: { response: "contain" } });
});
