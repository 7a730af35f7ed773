import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import type { Actor, Principal } from "../../shared/domain/identity.ts";
import type { Reason } from "../../shared/domain/plan.ts";
import type { Guardrails } from "../../shared/domain/settings.ts";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import { gone } from "../../shared/domain/subject.ts";
import { changedSince } from "../../shared/planning/changed-since.ts";
import { guardrail, ownRoleNames, reasonToAsk } from "../../shared/planning/guardrails.ts";
import { guardrails, keyChange, known, own, role, trustChange, unknown, unwanted, wanted } from "./changes.ts";
import { changed } from "./golden-plans.ts";

const at = { accountId: own, route: "Ram" } as const;
const rails = guardrails({
  protected: [
    { kind: "user", name: "break-glass" },
    { kind: "group", name: "admins" },
    { kind: "role", name: "deploy-production" },
  ],
  ownRoles: { looking: "ram-warden-looking", acting: "ram-warden-acting", approving: "ram-warden-approving" },
});

const there = (subject: SubjectRef, state: object = {}): Change =>
  ({
    kind: subject.kind,
    subject,
    before: known(gone),
    after: { kind: subject.kind, ...state },
    actor: undefined,
  }) as unknown as Change;
const lost = (subject: SubjectRef): Change =>
  ({ kind: subject.kind, subject, before: unknown, after: gone, actor: undefined }) as unknown as Change;

const trust = (roleName: string, over: Partial<ReturnType<typeof role>> = {}): Change =>
  trustChange({ after: role({ roleName, ...over }) });
const policy = (policyName: string): SubjectRef => ({ kind: "policy", ...at, policyName });
const saml = (providerName: string): SubjectRef => ({ kind: "saml-provider", ...at, providerName });
const tagsOf = (resourceType: string, resource: string): SubjectRef => ({
  kind: "tags",
  ...at,
  resourceType,
  resource,
  namedBy: "ResourceNames",
});
const user = (userName: string, formerName?: string): SubjectRef => ({
  kind: "user",
  ...at,
  userName,
  ...(formerName === undefined ? {} : { formerName }),
});
const group = (groupName: string): SubjectRef => ({ kind: "group", ...at, groupName });
const membership = (userName: string, groupName: string): SubjectRef => ({
  kind: "membership",
  ...at,
  userName,
  groupName,
});
const grantTo = (principal: Principal): SubjectRef => ({
  kind: "grant",
  ...at,
  principal,
  policy: { type: "System", name: "ReadOnlyAccess" },
  scope: "account",
});
const login = (userName: string): SubjectRef => ({ kind: "login", ...at, userName });

const ssoOwned = (name: string): Reason => ({
  kind: "cloudsso-owned",
  detail: `${name} belongs to CloudSSO; change it there`,
});
const ownRole = (name: string): Reason => ({
  kind: "own-identity",
  detail: `${name} is one that RAM Warden itself works with`,
});
const spared = (name: string): Reason => ({
  kind: "protected",
  detail: `${name} is one that the settings protect`,
});

describe("the reason why a subject is not written", () => {
  test.each<[string, Change, Reason | undefined]>([
    [
      "a key of the account owner",
      keyChange({ kind: "root" }),
      { kind: "root-credential", detail: "credentials of the account owner cannot be managed by a RAM role" },
    ],
    ["a policy of CloudSSO", there(policy("AliyunReservedSSO-Policy-a")), ssoOwned("AliyunReservedSSO-Policy-a")],
    ["a SAML provider of CloudSSO", there(saml("aliyunreservedsso-a")), ssoOwned("aliyunreservedsso-a")],
    ["tags of a role of CloudSSO", there(tagsOf("role", "AliyunReservedSSO-a")), ssoOwned("AliyunReservedSSO-a")],
    ["tags of a policy of CloudSSO", there(tagsOf("policy", "AliyunReservedSSO-a")), ssoOwned("AliyunReservedSSO-a")],
    ["the trust of a role of CloudSSO", trust("AliyunReservedSSO-a"), ssoOwned("role AliyunReservedSSO-a")],
    ["a user that is called so", there(user("AliyunReservedSSO-a")), undefined],
    ["a policy like any other", there(policy("shop")), undefined],
    ["a SAML provider like any other", there(saml("corp")), undefined],
    ["the policy of the acting role", there(policy("ram-warden-acting")), ownRole("policy ram-warden-acting")],
    ["the policy of the approving role", there(policy("ram-warden-approving")), ownRole("policy ram-warden-approving")],
    [
      "a control policy of its name",
      there({ kind: "control-policy", ...at, policyId: "cp-1", policyName: "ram-warden-acting" }),
      undefined,
    ],
    ["a SAML provider of its name", there(saml("ram-warden-acting")), undefined],
    ["tags of a policy of its name", there(tagsOf("policy", "ram-warden-acting")), undefined],
    ["tags of the acting role", there(tagsOf("role", "Ram-Warden-Acting")), ownRole("role Ram-Warden-Acting")],
    ["the trust of the approving role", trust("ram-warden-approving"), ownRole("role ram-warden-approving")],
    [
      "a service-linked role",
      trust("AliyunServiceRoleForECS"),
      {
        kind: "service-linked",
        detail: "role AliyunServiceRoleForECS belongs to a cloud service, which alone may change it",
      },
    ],
    [
      "a service-linked role that only RAM's answer tells",
      trust("deploy", { serviceLinked: true }),
      { kind: "service-linked", detail: "role deploy belongs to a cloud service, which alone may change it" },
    ],
    ["a role that is gone", trustChange({ after: gone }), undefined],
    ["tags of a role, which tell nothing of services", there(tagsOf("role", "deploy"), { tags: {} }), undefined],
    ["a protected user", there(user("break-glass")), spared("user break-glass")],
    ["the logon of a protected user", there(login("break-glass")), spared("user break-glass")],
    ["the logon of a protected user that is gone", lost(login("break-glass")), spared("user break-glass")],
    ["what was a protected user before", there(user("eve", "break-glass")), spared("user break-glass")],
    ["what had another name before", there(user("eve", "mallory")), undefined],
    ["a group with the name of a protected user", there(group("break-glass")), undefined],
    ["a protected group", there(group("admins")), spared("group admins")],
    ["a membership in a protected group", there(membership("eve", "admins")), spared("group admins")],
    ["a membership of a protected user", there(membership("break-glass", "ops")), spared("user break-glass")],
    ["a membership of others", there(membership("eve", "ops")), undefined],
    ["a membership in what is called like a protected user", there(membership("eve", "break-glass")), undefined],
    [
      "a grant to a protected role",
      there(grantTo({ kind: "role", name: "Deploy-Production" })),
      spared("role Deploy-Production"),
    ],
    ["a protected user that is gone", lost(user("break-glass")), undefined],
    ["a protected user that is in the recycle bin", there(user("break-glass"), { recycled: true }), undefined],
    ["a protected group that is gone", lost(group("admins")), undefined],
    ["a membership in a protected group that is gone", lost(membership("eve", "admins")), undefined],
    ["a grant to a protected role that is gone", lost(grantTo({ kind: "role", name: "deploy-production" })), undefined],
    [
      "a protected role that is gone",
      lost({ kind: "role-trust", ...at, roleName: "deploy-production" }),
      spared("role deploy-production"),
    ],
    ["a setting of the account", there({ kind: "security-preference", ...at }), undefined],
  ])("%s", (_, change, reason) => {
    expect(guardrail(change, rails)).toEqual(reason);
  });

  test("names of its own are only those that the settings give", () => {
    expect(ownRoleNames(rails)).toEqual(["ram-warden-looking", "ram-warden-acting", "ram-warden-approving"]);
    expect(ownRoleNames(guardrails())).toEqual(["ram-warden-looking", "ram-warden-acting"]);
    expect(ownRoleNames(guardrails({ ownRoles: { looking: undefined, acting: undefined } }))).toEqual([]);
  });
});

describe("the reason why a person is asked", () => {
  const pipelines: Guardrails = guardrails({
    pipelines: [
      { kind: "role", name: "Terraform" },
      { kind: "user", name: "deployer" },
      { kind: "user", name: "ecs" },
    ],
  });
  const by = (actor: Actor | undefined): Change => ({ ...there(user("alice")), actor }) as Change;
  const pipeline = (name: string): Reason => ({
    kind: "pipeline",
    detail: `${name} is a declared pipeline, which would make the change again`,
  });
  const terraform = { kind: "role", accountId: own, name: "terraform", sessionName: "run" } as const;
  const classic = (name: string): Reason => ({
    kind: "classic-service-role",
    detail: `role ${name} is one that a cloud service works with`,
  });

  test.each<[string, Change, Reason | undefined]>([
    ["nobody known made it", by(undefined), undefined],
    ["a pipeline's role made it", by(terraform), pipeline("role terraform (session run)")],
    ["a pipeline's user made it", by({ kind: "user", accountId: own, name: "deployer" }), pipeline("user deployer")],
    ["the request alone names the pipeline's role", by({ ...terraform, namedBy: "request" }), undefined],
    ["another account's role is called so", by({ ...terraform, accountId: "99" }), undefined],
    ["another account's user is called so", by({ kind: "user", accountId: "99", name: "deployer" }), undefined],
    ["a user is called like the pipeline's role", by({ kind: "user", accountId: own, name: "Terraform" }), undefined],
    ["a service is called like a pipeline's user", by({ kind: "service", name: "ecs" }), undefined],
    ["the account owner made it", by({ kind: "root", accountId: own }), undefined],
    ["a classic role of a service", trust("AliyunFCDefaultRole"), classic("AliyunFCDefaultRole")],
    ["one whose name goes on", trust("AliyunFCDefaultRole2"), undefined],
    ["one whose name begins otherwise", trust("my-AliyunFCDefaultRole"), undefined],
    ["one with more than letters and digits", trust("aliyun-fc-role"), undefined],
    ["a user that is called so", there(user("AliyunFCDefaultRole")), undefined],
    ["a policy that is called so", there(policy("AliyunFCDefaultRole")), undefined],
    ["a key of the account owner", keyChange({ kind: "root" }), undefined],
  ])("%s", (_, change, reason) => {
    expect(reasonToAsk(change, pipelines)).toEqual(reason);
  });
});

describe("that somebody changed it again since", () => {
  const trustRef = { kind: "role-trust", ...at, roleName: "deploy" } as const;
  const [was, now, claim] = [role({ document: wanted }), role(), role({ document: wanted, description: "x" })];
  const over = { whole: true, claimed: claim } as const;
  const policyRef = { kind: "policy", ...at, policyName: "shop" } as const;
  const version = { kind: "policy", policyName: "shop", createdAt: "", defaultVersion: "v1", versions: [] } as const;

  test.each<[string, Change, boolean]>([
    ["is a reason where all of it was judged", changed(trustRef, was, now, over), true],
    ["is none where single rules judge", changed(trustRef, was, now, { claimed: claim }), false],
    ["is none where the event claims nothing", changed(trustRef, was, now, { whole: true }), false],
    ["is none where the event took it away", changed(trustRef, was, now, { ...over, claimed: gone }), false],
    ["is none where what was before is not known", changed(trustRef, undefined, now, over), false],
    ["is none where it is new", changed(trustRef, gone, now, over), false],
    ["is none where it is gone", changed(trustRef, was, gone, over), false],
    ["is none where it stands as claimed", changed(trustRef, was, now, { ...over, claimed: now }), false],
    [
      "is none where it stands as claimed, written otherwise",
      changed(trustRef, was, now, {
        ...over,
        claimed: role({ document: JSON.stringify(JSON.parse(unwanted), undefined, 2) }),
      }),
      false,
    ],
    [
      "is none for a policy",
      changed(
        policyRef,
        { ...version, description: "a" },
        { ...version, description: "b" },
        {
          whole: true,
          claimed: { ...version, description: "c" },
        },
      ),
      false,
    ],
  ])("%s", (_, change, is) => {
    expect(changedSince(change)).toEqual(
      is
        ? {
            kind: "changed-again",
            detail:
              "it was changed again since, so that putting it back would undo the newer change as well; that one is judged by its own event",
          }
        : undefined,
    );
  });
});
