import type { CloudError } from "./domain/cloud-error.ts";
import { cloudErrorText, isPassing } from "./domain/cloud-error.ts";
import type { Principal } from "./domain/identity.ts";
import { samePrincipal } from "./domain/identity.ts";
import { touchedBy } from "./domain/kinds.ts";
import type { Plan, Reason } from "./domain/plan.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { Policy } from "./domain/subjects/permissions.ts";
import { isServiceLinkedName, ownRoleNames } from "./planning/guardrails.ts";
import { asking, isWriting, onlyTelling } from "./planning/plan-change.ts";
import { compareDocuments } from "./policy/compare.ts";
import type { World } from "./ports/world.ts";
import { highRiskFloor } from "./rules/kit/high-risk.ts";
import type { Settings } from "./settings.ts";

/** The cloud, as far as guardrails look at it. */
type Looking = Pick<World, "holdersOf" | "membersOf" | "keeperOf">;

/**
 * The guardrails that have to look at the account: asked only where a plan would write by itself, and each stops it for a
 * named reason. A look that fails for good stops it too: when unsure, nothing is written.
 */
export const guardedPlan = async (
  world: Looking,
  settings: Settings,
  plan: Plan,
): Promise<Result<Plan, CloudError>> => {
  if (!isWriting(plan)) return ok(plan);
  for (const look of [provisioned, lastAdministrator, lockOut]) {
    const seen = await look(world, settings, plan);
    if (!seen.ok) {
      if (isPassing(seen.error)) return failed(seen.error);
      const detail = `a guardrail could not look: ${cloudErrorText(seen.error)}`;
      return ok(asking(plan, { kind: "unreadable", detail }));
    }
    const reason = seen.value;
    if (reason !== undefined)
      return ok(reason.kind === "provisioned" ? onlyTelling(plan, reason) : asking(plan, reason));
  }
  return ok(plan);
};

type Look = (world: Looking, settings: Settings, plan: Plan) => Promise<Result<Reason | undefined, CloudError>>;

const nothing = ok(undefined);

/**
 * A user whom a directory outside RAM keeps, and its logon, are changed there: a revert is refused, or made undone by the
 * next run. Keys, grants and memberships are RAM's own, whoever keeps the user.
 */
const provisioned: Look = async (world, _, { change }) => {
  const touched = touchedBy(change.subject);
  if (typeof touched !== "object" || !["user", "login", "mfa"].includes(change.kind)) return nothing;
  const keeper = await world.keeperOf(touched.name);
  if (!keeper.ok) return keeper;
  if (keeper.value === undefined) return nothing;
  const detail = `user ${touched.name} is kept by ${keeper.value}; change it there`;
  return ok({ kind: "provisioned", detail });
};

/** Whether the remedy takes rights from somebody who may hold all of them. */
const takesRights = ({ change }: Plan): boolean => {
  switch (change.kind) {
    case "grant":
      return change.after.kind !== "gone" && highRiskFloor.includes(change.after.policy.name);
    case "membership":
      return change.after.kind !== "gone";
    case "login":
      return change.after.kind !== "gone" && !(change.before.known && change.before.state.kind === "gone");
    default:
      return false;
  }
};

/**
 * The last effective administrator is not taken away, whoever made them one: somebody has to be left who can put right
 * what we get wrong. Counted are users, members of groups and roles that hold full administration of the account.
 */
const lastAdministrator: Look = async (world, settings, plan) => {
  if (!takesRights(plan)) return nothing;
  const touched = touchedBy(plan.change.subject);
  if (typeof touched !== "object") return nothing;
  const left = await administratorBeside(world, settings, touched);
  if (!left.ok) return left;
  return left.value
    ? nothing
    : ok({
        kind: "last-administrator",
        detail: `nobody but ${touched.kind} ${touched.name} holds full administration of the account`,
      });
};

/** Whether somebody else than one principal administers the account. */
const administratorBeside = async (
  world: Looking,
  { guardrails }: Settings,
  touched: Principal,
): Promise<Result<boolean, CloudError>> => {
  const own = ownRoleNames(guardrails).map((name): Principal => ({ kind: "role", name }));
  const counts = (principal: Principal): boolean =>
    !samePrincipal(principal, touched) &&
    !own.some((role) => samePrincipal(role, principal)) &&
    !(principal.kind === "role" && isServiceLinkedName(principal.name));
  for (const name of highRiskFloor) {
    const holders = await world.holdersOf({ type: "System", name });
    if (!holders.ok) return holders;
    const others = holders.value.filter(counts);
    if (others.some(({ kind }) => kind !== "group")) return ok(true);
    for (const group of others) {
      const members = await world.membersOf(group.name);
      if (!members.ok) return members;
      if (members.value.some((member) => counts({ kind: "user", name: member }))) return ok(true);
    }
  }
  return ok(false);
};

const documentsOf = ({ versions, defaultVersion }: Policy): readonly string[] =>
  versions.filter(({ versionId }) => versionId === defaultVersion).map(({ document }) => document);

/** A policy that our own roles hold is not made smaller by us: the next write, or the undo of this one, may need it. */
const lockOut: Look = async (world, { guardrails }, { change, remediation }) => {
  if (change.kind !== "policy" || change.after.kind === "gone" || remediation?.becomes.kind !== "policy")
    return nothing;
  const { policyName } = change.subject;
  const holders = await world.holdersOf({ type: "Custom", name: policyName });
  if (!holders.ok) return holders;
  const own = ownRoleNames(guardrails);
  const ours = holders.value.find(
    (holder) => holder.kind === "role" && own.some((name) => samePrincipal(holder, { kind: "role", name })),
  );
  if (ours === undefined) return nothing;
  const lost = compareDocuments(documentsOf(remediation.becomes), documentsOf(change.after));
  return lost.result === "no-new-access"
    ? nothing
    : ok({
        kind: "lock-out",
        detail: `policy ${policyName} is attached to our own role ${ours.name}, which would lose rights by it`,
      });
};
