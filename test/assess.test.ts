import { expect, test } from "vitest";
import { assessLive } from "../shared/assess.ts";
import { subjectKey } from "../shared/domain/kinds.ts";
import { failed, ok } from "../shared/domain/result.ts";
import type { RoleTrust, RoleTrustRef } from "../shared/domain/subject.ts";
import type { TrailEvent } from "../shared/domain/trail-event.ts";
import { acceptBaseline } from "../shared/ledger/baselines.ts";
import { openSqliteStateStore } from "../shared/local/sqlite-state-store.ts";
import type { World } from "../shared/ports/world.ts";
import type { Settings } from "../shared/settings.ts";
import { manualClock } from "./ports/manual-clock.ts";

const accountId = "1234567890123456";
const at = Date.parse("2026-11-20T08:00:00Z");

const settings = (accounts: readonly string[]): Settings => ({
  rules: {
    accountId,
    trusted: { accounts, services: [], entities: [] },
    provisioners: [],
    pipelines: [],
    highRiskPolicies: [],
    responses: {},
  },
  guardrails: {
    mode: "enforce",
    protected: [],
    accountId,
    pipelines: [],
    budgets: { rule: 60, actor: 60, account: 120, subject: 3, failures: 10 },
    ownRoles: { looking: undefined, acting: "acting" },
  },
  telling: { language: "en", timeZone: "UTC" },
  approvals: { openForMs: 259_200_000 },
});

const trusting = (...accounts: readonly string[]): RoleTrust => ({
  kind: "role-trust",
  roleName: "deploy",
  roleId: "300000000000000001",
  document: JSON.stringify({
    Version: "1",
    Statement: [
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM: accounts.map((one) => `acs:ram::${one}:root`) } },
    ],
  }),
  description: "",
  maxSessionSeconds: 3600,
  serviceLinked: false,
  rest: {},
});

const worldWith = (read: World["read"]): World => {
  const clock = manualClock(at);
  return {
    accountId,
    read,
    policyDocument: async () => ok({ kind: "gone" }),
    inventory: async () => ok({ things: [], calls: 0 }),
    census: async () => ok({ seen: [], calls: 0 }),
    holdersOf: async () => ok([]),
    grantsOf: async () => ok([]),
    groupsOf: async () => ok([]),
    membersOf: async () => ok([]),
    keeperOf: async () => ok(undefined),
    trail: async () => ok({ events: [] }),
    act: async () => failed({ kind: "forbidden", operation: "Sts.AssumeRole" }),
    state: openSqliteStateStore(":memory:", clock),
    channels: [],
    clock,
    newId: () => "id",
    log: () => undefined,
  };
};

const subject: RoleTrustRef = { kind: "role-trust", accountId, roleName: "deploy", route: "Ram" };
const event = (claimed: RoleTrust): TrailEvent => ({
  eventId: "event-1",
  requestId: "request-1",
  operation: "Ram.UpdateRole",
  occurredAt: at - 1000,
  accountId,
  actor: { kind: "user", accountId, name: "mallory" },
  subject,
  claimed,
  effect: "changed",
});

const partner = "3333333333333333";
const stranger = "6666666666666666";

const assessed = async (accounts: readonly string[]) => {
  const now = trusting(partner, stranger);
  const world = worldWith(async () => ok(now));
  await acceptBaseline(world.state, accountId, subjectKey(subject), {
    state: trusting(partner),
    since: at - 86_400_000,
    source: "event",
  });
  const assessment = await assessLive(world, settings(accounts), event(now));
  return assessment.kind === "plan" ? assessment.plan : assessment;
};

test("what was before is put back while it breaks no rule itself", async () => {
  expect(await assessed([partner])).toMatchObject({
    response: "revert",
    remediation: { calls: [{ operation: "UpdateRole" }] },
  });
});

test("what was before is not put back when an account of it has left the allow-list since", async () => {
  const plan = await assessed([]);
  expect(plan).toMatchObject({ response: "alert", because: { kind: "before-breaks-a-rule" } });
  expect(plan).not.toHaveProperty("remediation");
});

test("a key of the account owner is a finding though the event has no response", async () => {
  const world = worldWith(async () =>
    failed({ kind: "forbidden", code: "RootUnreadable", operation: "Ram.ListAccessKeys" }),
  );
  const assessment = await assessLive(world, settings([]), {
    ...event(trusting(partner)),
    operation: "Ram.CreateAccessKey",
    actor: { kind: "root", accountId },
    subject: { kind: "access-key", accountId, owner: { kind: "root" }, createdAt: at - 1000 },
    claimed: undefined,
    effect: "made",
  });
  expect(assessment).toMatchObject({
    kind: "plan",
    plan: {
      because: { kind: "root-credential" },
      findings: [{ rule: "RAM.RootAccessKey", verdict: { kind: "violation" } }, { rule: "RAM.RootWrote" }],
    },
  });
});
