import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import type { Actor, Principal } from "../../shared/domain/identity.ts";
import type { Guardrails } from "../../shared/domain/settings.ts";
import { guardrail } from "../../shared/planning/guardrails.ts";
import { planChange } from "../../shared/planning/plan-change.ts";
import { finding, grantChange, guardrails, keyChange, own, role, trustChange } from "./changes.ts";

const open: Guardrails = guardrails({ protected: [], ownRoles: { looking: undefined, acting: undefined } });
const trustOf = (roleName: string, serviceLinked = false): Change =>
  trustChange({ after: role({ roleName, serviceLinked }) });
const grantTo = (kind: Principal["kind"], name: string): Change => grantChange({ principal: { kind, name } });
const keyOf = (name: string): Change => keyChange({ kind: "user", name });
const renamed = (kind: "user" | "group", formerName: string, name: string): Change =>
  ({
    kind,
    subject: { kind, accountId: own, route: "Ims", formerName, [kind === "user" ? "userName" : "groupName"]: name },
    before: { known: false, because: "there is no baseline of it yet" },
    after: { kind, [kind === "user" ? "userName" : "groupName"]: name, displayName: "", comments: "" },
    actor: undefined,
  }) as unknown as Change;
const protecting = (kind: Principal["kind"], name: string): Guardrails => ({ ...open, protected: [{ kind, name }] });
const warden = guardrails({ protected: [] });

describe("what is never written to", () => {
  test.each<[string, Change, Guardrails, string]>([
    ["a key of the account owner", keyChange({ kind: "root" }), open, "root-credential"],
    ["the trust of a service-linked role, by its name", trustOf("AliyunServiceRoleForECS"), open, "service-linked"],
    ["the same in lower case", trustOf("aliyunserviceroleforecs"), open, "service-linked"],
    ["the trust of a service-linked role, by RAM's word", trustOf("deploy", true), open, "service-linked"],
    ["a grant to a service-linked role", grantTo("role", "AliyunServiceRoleForECS"), open, "service-linked"],
    ["the trust of a role of CloudSSO", trustOf("AliyunReservedSSO-admins"), open, "cloudsso-owned"],
    ["the same in lower case", trustOf("aliyunreservedsso-admins"), open, "cloudsso-owned"],
    ["a grant to a role of CloudSSO", grantTo("role", "AliyunReservedSSO-admins"), open, "cloudsso-owned"],
    ["the trust of the looking role", trustOf("ram-warden-looking"), warden, "own-identity"],
    ["the trust of the acting role, in another case", trustOf("RAM-Warden-Acting"), warden, "own-identity"],
    ["a grant to the acting role", grantTo("role", "ram-warden-acting"), warden, "own-identity"],
    ["the trust of a protected role, in another case", trustOf("Deploy"), protecting("role", "deploy"), "protected"],
    ["a key of a protected user", keyOf("alice"), protecting("user", "alice"), "protected"],
    ["a grant to a protected user", grantTo("user", "alice"), protecting("user", "alice"), "protected"],
    ["a grant to a protected group", grantTo("group", "admins"), protecting("group", "admins"), "protected"],
    [
      "a user that was a protected one before",
      renamed("user", "alice", "eve"),
      protecting("user", "alice"),
      "protected",
    ],
    ["a user that is a protected one now", renamed("user", "eve", "alice"), protecting("user", "alice"), "protected"],
    [
      "a group that was a protected one before",
      renamed("group", "admins", "x"),
      protecting("group", "admins"),
      "protected",
    ],
    [
      "a protected user among many",
      keyOf("alice"),
      { ...open, protected: ["a", "b", "alice", "c"].map((name) => ({ kind: "user", name }) as const) },
      "protected",
    ],
  ])("%s", (_, change, rails, kind) => {
    expect(guardrail(change, rails)?.kind).toBe(kind);
    const plan = planChange(change, [finding(change.kind === "access-key" ? "contain" : "revert")], rails);
    expect(plan).toMatchObject({ response: "alert", because: { kind } });
    expect(plan.remediation).toBeUndefined();
  });
});

describe("what may be written to", () => {
  test.each<[string, Change, Guardrails]>([
    ["a role like any other", trustOf("deploy"), guardrails()],
    ["a user like any other", keyOf("alice"), guardrails()],
    ["a user with the name of a service-linked role", grantTo("user", "AliyunServiceRoleForECS"), open],
    ["a user with the name of a role of CloudSSO", grantTo("user", "AliyunReservedSSO-admins"), open],
    ["a role whose name only holds those of service-linked roles", trustOf("my-AliyunServiceRoleForECS"), open],
    ["a role whose name is not quite that of CloudSSO's", trustOf("AliyunReservedSSOadmins"), open],
    ["a user with the name of the acting role", grantTo("user", "ram-warden-acting"), warden],
    ["a role whose name begins like the acting role's", trustOf("ram-warden-acting2"), warden],
    ["a role whose name the acting role's begins with", trustOf("ram-warden-act"), warden],
    ["a user whose name is a protected one's in another case", keyOf("Alice"), protecting("user", "alice")],
    ["a user whose name begins like a protected one's", keyOf("alice2"), protecting("user", "alice")],
    ["a group with the name of a protected user", grantTo("group", "alice"), protecting("user", "alice")],
    ["a role with the name of a protected user", trustOf("alice"), protecting("user", "alice")],
    ["a wildcard protects only what is called so", keyOf("alice"), protecting("user", "*")],
    ["no acting role is set, and a role is called undefined", trustOf("undefined"), open],
  ])("%s", (_, change, rails) => {
    expect(guardrail(change, rails)).toBeUndefined();
    const plan = planChange(change, [finding(change.kind === "access-key" ? "contain" : "revert")], rails);
    expect(plan.remediation?.calls).toHaveLength(1);
  });
});

describe("what a person is asked about", () => {
  const pipelines: readonly Principal[] = [
    { kind: "role", name: "Terraform" },
    { kind: "user", name: "deployer" },
  ];
  const byRole = (name: string, more: Partial<Extract<Actor, { kind: "role" }>> = {}): Actor => ({
    kind: "role",
    accountId: own,
    name,
    sessionName: "s",
    ...more,
  });
  const changeBy = (actor: Actor): Change => ({ ...grantTo("user", "alice"), actor }) as Change;
  const rails = guardrails({ pipelines });

  test.each<[string, Change, string]>([
    ["a change by a declared pipeline", changeBy(byRole("terraform")), "pipeline"],
    ["one by a user who is a pipeline", changeBy({ kind: "user", accountId: own, name: "deployer" }), "pipeline"],
    ["the trust of a classic service role", trustOf("AliyunFCDefaultRole"), "classic-service-role"],
    ["the same in lower case", trustOf("aliyunecsinstancerole"), "classic-service-role"],
    ["a grant to one", grantTo("role", "AliyunLogDefaultRole"), "classic-service-role"],
  ])("%s", (_, change, kind) => {
    expect(guardrail(change, rails)).toBeUndefined();
    const plan = planChange(change, [finding("revert")], rails);
    expect(plan).toMatchObject({ response: "ask", because: { kind } });
    expect(plan.remediation?.calls).toHaveLength(1);
  });

  test.each<[string, Change]>([
    ["a pipeline's name in another account", changeBy(byRole("terraform", { accountId: "9876543210987654" }))],
    [
      "a pipeline's name that only a parameter of the request gives",
      changeBy(byRole("terraform", { namedBy: "request" })),
    ],
    ["a user with the name of the pipeline's role", changeBy({ kind: "user", accountId: own, name: "Terraform" })],
    ["a role whose name begins like a service's", trustOf("aliyun-admins")],
    ["a user with the name of a classic service role", grantTo("user", "AliyunFCDefaultRole")],
  ])("but not about %s", (_, change) => {
    expect(planChange(change, [finding("revert")], rails)).toMatchObject({ response: "revert" });
  });
});
