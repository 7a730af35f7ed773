import { cloudErrorText } from "../domain/cloud-error.ts";
import type { Actor } from "../domain/identity.ts";
import { actorKey, actorText } from "../domain/identity.ts";
import { subjectKey, subjectText } from "../domain/kinds.ts";
import type { Outcome } from "../domain/plan.ts";
import type { Result } from "../domain/result.ts";
import { failed, ok } from "../domain/result.ts";
import type { Telling } from "../domain/settings.ts";
import { keepState } from "../ledger/baselines.ts";
import { checkedRows } from "../ledger/checked-rows.ts";
import { brokenMaking, brokenMakingText } from "../ledger/comings.ts";
import type { Decided, Incident } from "../ledger/incident.ts";
import { readKillSwitch } from "../ledger/kill-switch.ts";
import { releaseLease, takeLease, yieldLease } from "../ledger/lease.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { stateDigest } from "../operations/state-digest.ts";
import type { World } from "../ports/world.ts";
import type { PersonProblem } from "./by-person.ts";
import { actByPerson, changed, leaseMs, refused, refusedFor } from "./by-person.ts";
import { doubtOfHolders, namedSince } from "./holders-since.ts";
import { ownChangeOf } from "./own-changes.ts";
import { switchedOffText } from "./write.ts";

/**
 * Who decides, and for how many milliseconds a question may be answered. `mayNot` is asked besides, of the question as it
 * waits, for what else stands against it.
 */
export type Deciding = {
  readonly approver: Actor;
  readonly openForMs: number;
  readonly mayNot?: (incident: Incident) => Promise<string | undefined>;
};

const changedSince = "the subject has changed since the plan was made, so the plan is void";

/** Why a question may not be decided now; undefined where it may. */
const undecidable = (incident: Incident, { approver, openForMs }: Deciding, now: number): string | undefined => {
  if (incident.outcome?.kind !== "asked" || incident.remediation === undefined)
    return `its outcome is \`${incident.outcome?.kind ?? incident.status}\`, so nothing waits for a decision`;
  if (incident.decided?.decision === "void") return voidText(incident.decided);
  if (incident.decided !== undefined) return `it was ${incident.decided.decision} before, by ${incident.decided.by}`;
  if (incident.actor !== undefined && actorKey(incident.actor) === actorKey(approver))
    return `${actorText(approver)} made the change, and may not decide about it`;
  if (now - incident.openedAt > openForMs)
    return `it has waited for more than ${Math.round(openForMs / 3_600_000)} h, and what was planned then may no longer be right`;
  return undefined;
};

/** What to say of a plan that was found void before. */
const voidText = ({ incidentId }: Decided): string =>
  incidentId === undefined
    ? "its plan is void: the subject was found changed since, and what it asked about to break no rule any more"
    : `its plan is void, as the subject was found changed since: see incident \`${incidentId}\``;

/** All that stands against deciding about a question now. */
const against = async (incident: Incident, deciding: Deciding, now: number): Promise<string | undefined> =>
  undecidable(incident, deciding, now) ?? (await deciding.mayNot?.(incident));

/** That an event which came after the question shows that what would be put back was never to be there. */
const madeBroken = async (
  world: World,
  ledger: Ledger,
  { subject, did, events }: Incident,
): Promise<string | undefined> => {
  const [event] = events;
  if (did === undefined || event === undefined) return undefined;
  const { occurredAt, eventId } = event;
  const making = await brokenMaking(world, ledger, { subject, effect: did.effect, occurredAt, eventId });
  return making === undefined ? undefined : brokenMakingText(making);
};

const find = async (ledger: Ledger, id: string): Promise<Result<Incident, PersonProblem>> => {
  const incident = await ledger.incident(id);
  return incident === undefined
    ? failed({ kind: "unknown", because: `no incident \`${id}\` in the ledger` })
    : ok(incident);
};

/** What carrying out the plan amounts to: the state before the change, or less. */
const outcomeOf = ({ before, remediation }: Incident): Extract<Outcome, { kind: "reverted" | "contained" }> => {
  if (remediation === undefined || before?.known !== true) return { kind: "contained" };
  const anew = remediation.anew === "calls";
  const same = stateDigest(before.state, anew) === stateDigest(remediation.becomes, anew);
  return same ? { kind: "reverted" } : { kind: "contained" };
};

/** An incident as it waits: an approval whose act came to nothing, and a new question that was never asked, left it open. */
export const asItWaits = async (ledger: Ledger, incident: Incident): Promise<Incident> => {
  const { decided, ...open } = incident;
  if (decided?.incidentId === undefined) return incident;
  const act = await ledger.incident(decided.incidentId);
  return act?.abandoned !== undefined || act?.outcome?.kind === "failed" ? open : incident;
};

/** Puts a decision on record, where `now` is the incident as it waits: nobody else decides meanwhile, under its lease. */
export const decide = (ledger: Ledger, now: Incident, decided: Decided): Promise<Incident> =>
  ledger.update(now.id, (incident) => ({ ...incident, decided: now.decided ?? decided }));

/**
 * Carries out a plan that waits for a decision, as an act of its own. Refused when the subject has changed since, when its
 * name may be another's by now, when the approver made the change, when it was decided before, or when it waited too long.
 */
export const approveIncident = async (
  given: World,
  ledger: Ledger,
  telling: Telling,
  incidentId: string,
  deciding: Deciding,
): Promise<Result<Incident, PersonProblem>> => {
  const world: World = { ...given, state: checkedRows(given.state, given.log) };
  const found = await find(ledger, incidentId);
  if (!found.ok) return found;
  const stoppedBy = () => readKillSwitch(world.state, ledger.accountId);
  const mayNot = async (incident: Incident) => {
    const switchedOff = await stoppedBy();
    if (switchedOff !== undefined) return switchedOffText(switchedOff);
    const because = await against(await asItWaits(ledger, incident), deciding, world.clock.now());
    return because ?? (await madeBroken(world, ledger, incident));
  };
  const because = await mayNot(found.value);
  const { remediation } = found.value;
  if (because !== undefined || remediation === undefined) return refused(because ?? "it has no plan");
  const outcome = outcomeOf(found.value);
  const by = actorText(deciding.approver);
  return actByPerson(world, ledger, telling, {
    original: found.value,
    remediation,
    entry: {
      approves: incidentId,
      by,
      response: outcome.kind === "reverted" ? "revert" : "contain",
      ...(found.value.before === undefined ? {} : { before: found.value.before }),
    },
    outcome,
    since: namedSince(found.value),
    note: `approves incident ${incidentId}`,
    mayNot,
    changedSince,
    stoppedBy,
    // Before the first call, so that whoever dies in between leaves no question that was answered already.
    begin: async (actId) => {
      const now = await asItWaits(ledger, (await ledger.incident(incidentId)) ?? found.value);
      await decide(ledger, now, { decision: "approved", by, at: world.clock.now(), incidentId: actId });
    },
  });
};

/** Leaves the change as it is, on a person's word: the state that stands is accepted, whatever the rules say of it. */
export const rejectIncident = async (
  given: World,
  ledger: Ledger,
  incidentId: string,
  deciding: Deciding,
): Promise<Result<Incident, PersonProblem>> => {
  const world: World = { ...given, state: checkedRows(given.state, given.log) };
  const found = await find(ledger, incidentId);
  if (!found.ok) return found;
  const because = await against(await asItWaits(ledger, found.value), deciding, world.clock.now());
  const { remediation } = found.value;
  if (because !== undefined || remediation === undefined) return refused(because ?? "it has no plan");
  return withLease(world, found.value, async () => {
    const now = await asItWaits(ledger, (await ledger.incident(incidentId)) ?? found.value);
    const mayNot =
      (await against(now, deciding, world.clock.now())) ?? (await ownChangeOf(ledger, now, deciding.approver));
    if (mayNot !== undefined) return refused(mayNot);
    const live = await world.read(remediation.subject);
    if (!live.ok) return failed({ kind: "cloud", because: cloudErrorText(live.error) });
    if (stateDigest(live.value) !== remediation.expects) return changed(changedSince);
    const doubt = await doubtOfHolders(world, remediation.subject, namedSince(now));
    if (doubt !== undefined) return refusedFor(doubt, true);
    const at = world.clock.now();
    const rejected = await decide(ledger, now, {
      decision: "rejected",
      by: actorText(deciding.approver),
      at,
    });
    await keepState(world.state, remediation.subject, { state: live.value, since: at, source: "undo" });
    return ok(rejected);
  });
};

/** Decides while nobody writes to the subject: what is being carried out is not rejected any more. */
const withLease = async (
  world: World,
  incident: Incident,
  decideNow: () => Promise<Result<Incident, PersonProblem>>,
): Promise<Result<Incident, PersonProblem>> => {
  const key = subjectKey(incident.subject);
  const taken = await takeLease(world.state, world.clock, world.accountId, key, incident.id, leaseMs);
  if (!taken.taken)
    return refused(`somebody is at work on the ${subjectText(incident.subject)}; try again in a minute`);
  if (taken.left.length > 0) {
    await yieldLease(world.state, world.clock, taken.lease);
    return refused(`work on the ${subjectText(incident.subject)} was broken off and is to be finished first`);
  }
  try {
    return await decideNow();
  } finally {
    await releaseLease(world.state, taken.lease);
  }
};
