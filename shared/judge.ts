import { acceptClear } from "./accept-clear.ts";
import { assessByClaim, assessLive } from "./assess.ts";
import type { Decision } from "./domain/decision.ts";
import { decisionOf } from "./domain/decision.ts";
import { subjectKey } from "./domain/kinds.ts";
import type { OutcomeKind, Plan } from "./domain/plan.ts";
import { failed, ok } from "./domain/result.ts";
import type { Mode } from "./domain/settings.ts";
import { gone } from "./domain/subject.ts";
import type { Intake, PassedOver, Refusal, TrailEvent } from "./domain/trail-event.ts";
import { StoreUnavailable } from "./ports/state-store.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";

export type Judged = Pick<Intake, "passedOver" | "refusals"> & { readonly decisions: readonly Decision[] };

/**
 * Judges what was taken in without doing anything about it: what each event means, the findings, the plan with its exact
 * calls. `world` needs to read and to keep state; it is never asked to act or to tell. `anyAccount` judges each event as
 * if its own account were the one that the settings guard.
 */
export const judgeIntake = async (
  world: World,
  settings: Settings,
  intake: Intake,
  options: {
    readonly anyAccount?: boolean;
    /** Sees the plan of each event that comes to one. */
    readonly onPlan?: (event: TrailEvent, plan: Plan, outcome: OutcomeKind) => void;
  } = {},
): Promise<Judged> => {
  const byEvent = new Map<TrailEvent, Decision>();
  const passedOver: PassedOver[] = [...intake.passedOver];
  const refusals: Refusal[] = [...intake.refusals];
  // One event that we cannot cope with must not keep the others from being judged.
  const judged = async (inWorld: World, by: Settings, event: TrailEvent): Promise<void> => {
    try {
      byEvent.set(event, await judgeEvent(inWorld, by, event, options.onPlan));
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      const fault = error instanceof Error ? error.name : "an unknown fault";
      refusals.push({ where: `event ${event.eventId}`, reason: `could not be judged: ${fault}` });
    }
  };
  for (const event of [...intake.events].sort((a, b) => a.occurredAt - b.occurredAt)) {
    const { accountId } = event;
    const rules = { ...settings.rules, accountId };
    if (options.anyAccount === true) await judged({ ...world, accountId }, { ...settings, rules }, event);
    else if (accountId === settings.rules.accountId) await judged(world, settings, event);
    else
      passedOver.push({
        where: "",
        eventId: event.eventId,
        operation: event.operation,
        reason: `belongs to account \`${event.accountId}\`, which the settings do not guard`,
      });
  }
  const decisions = intake.events.flatMap((event) => byEvent.get(event) ?? []);
  return { decisions, passedOver, refusals };
};

const judgeEvent = async (
  world: World,
  settings: Settings,
  event: TrailEvent,
  onPlan: (event: TrailEvent, plan: Plan, outcome: OutcomeKind) => void = () => undefined,
): Promise<Decision> => {
  const assessment = (await assessByClaim(world, settings, event)) ?? (await assessLive(world, settings, event));
  switch (assessment.kind) {
    case "clear": {
      await acceptClear(world, event, assessment);
      const { note } = assessment;
      return decisionOf(event, "clear", undefined, { note });
    }
    case "transient":
    case "plan": {
      const { plan } = assessment;
      const outcome = assessment.kind === "plan" ? wouldBe(plan, settings.guardrails.mode) : "transient";
      onPlan(event, plan, outcome);
      return decisionOf(event, outcome, plan);
    }
    case "defer":
      return decisionOf(event, "failed", undefined, {
        note: `could not be read: ${assessment.error.code ?? assessment.error.kind}`,
      });
  }
};

/** What the pipeline would come to by the mode of the settings, where all goes well. */
export const wouldBe = ({ response, remediation }: Plan, mode: Mode): OutcomeKind => {
  if (remediation === undefined || response === "alert" || response === "off") return "alerted";
  if (mode === "observe") return "observed";
  if (response === "ask") return "asked";
  return response === "revert" ? "reverted" : "contained";
};

/** A cloud that stands exactly as each event claims: for judging events alone, with no account to look at. */
export const claimedCloud = (
  events: readonly TrailEvent[],
): Pick<
  World,
  | "read"
  | "policyDocument"
  | "inventory"
  | "census"
  | "holdersOf"
  | "grantsOf"
  | "groupsOf"
  | "membersOf"
  | "keeperOf"
  | "trail"
> => {
  const claims = new Map<string, TrailEvent>();
  for (const event of [...events].sort((a, b) => a.occurredAt - b.occurredAt))
    if (event.claimed !== undefined) claims.set(subjectKey(event.subject), event);
  return {
    read: async (ref) => {
      const claimed = claims.get(subjectKey(ref))?.claimed;
      if (claimed !== undefined) return ok(claimed);
      return {
        ok: false,
        error: { kind: "forbidden", code: "NoAccountToRead", operation: `read ${ref.kind}` },
      };
    },
    policyDocument: async () => ok(gone),
    inventory: async () => ok({ things: [], calls: 0 }),
    census: async () => ok({ seen: [], calls: 0 }),
    // Nobody knows who else there is: somebody who is no part of the events counts as an administrator that is left.
    holdersOf: async ({ type }) => ok(type === "System" ? [{ kind: "role", name: "not-in-the-events" }] : []),
    grantsOf: async () => failed({ kind: "forbidden", code: "NoAccountToRead", operation: "list grants" }),
    groupsOf: async () => failed({ kind: "forbidden", code: "NoAccountToRead", operation: "list groups" }),
    membersOf: async () => ok([]),
    keeperOf: async () => ok(undefined),
    trail: async () => ok({ events: [] }),
  };
};
