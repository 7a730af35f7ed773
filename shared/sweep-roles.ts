import { createHash } from "node:crypto";
import type { CloudError } from "./domain/cloud-error.ts";
import { cloudErrorText, isPassing } from "./domain/cloud-error.ts";
import { subjectKey } from "./domain/kinds.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { RoleTrust, RoleTrustRef } from "./domain/subject.ts";
import type { Occasion, TrailEvent } from "./domain/trail-event.ts";
import { firstSightOf, roleRef } from "./first-sight.ts";
import { takeIn } from "./intake/take-in.ts";
import type { Baseline } from "./ledger/baselines.ts";
import { acceptBaseline, readBaseline } from "./ledger/baselines.ts";
import type { Cursor } from "./ledger/cursors.ts";
import { moveCursor, readCursor } from "./ledger/cursors.ts";
import type { DriftRow } from "./ledger/drift.ts";
import { closeDrift, forgetDrift, noteDrift, openDrifts } from "./ledger/drift.ts";
import { openLedger } from "./ledger/ledger.ts";
import { stateDigest } from "./operations/state-digest.ts";
import { handleOccasion } from "./pipeline.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";
import { overlapMs } from "./sweep-catch-up.ts";

/** A walk over the roles begins at most so often. */
const walkEveryMs = 3_600_000;
/** Between two roles: RAM bears a few calls a second, shared with every other tool of the account. */
const paceMs = 200;
/** A role that is not as it was accepted may have an event on its way: only after this is it judged without one. */
const settleMs = overlapMs;

/** Where a walk over the roles stands: `after` is the last that was looked at, absent once the walk is over. */
type Walk = { readonly startedAt: number; readonly after?: string };

/** What looking at the roles came to. */
export type RolesSeen = {
  readonly looked: number;
  /** Taken as they stand, as the state to go back to. */
  readonly accepted: number;
  /** Without a baseline, and breaking a rule as they stand. */
  readonly broken: readonly string[];
  /** Found to be other than they were accepted. */
  readonly drifted: readonly string[];
  readonly finished: boolean;
  readonly problems: readonly string[];
};

const nobody: RolesSeen = { looked: 0, accepted: 0, broken: [], drifted: [], finished: true, problems: [] };

/**
 * Looks at each role once in a walk, some of them in each tick: takes those without a baseline as they stand, and notes
 * those that are not as they were accepted.
 */
export const walkRoles = async (world: World, settings: Settings, isTime: () => boolean): Promise<RolesSeen> => {
  const cursor = await readCursor<Walk>(world.state, world.accountId, "roles");
  const now = world.clock.now();
  const under = cursor.place?.after === undefined ? undefined : cursor.place;
  if (under === undefined && cursor.place !== undefined && now - cursor.place.startedAt < walkEveryMs) return nobody;
  const startedAt = under?.startedAt ?? now;
  const names = await world.roleNames();
  if (!names.ok)
    return { ...nobody, finished: false, problems: [`the roles could not be listed: ${cloudErrorText(names.error)}`] };

  const left = [...names.value].sort().filter((name) => under?.after === undefined || name > under.after);
  const broken: string[] = [];
  const drifted: string[] = [];
  const problems: string[] = [];
  let [looked, accepted] = [0, 0];
  let after = under?.after;
  let finished = true;
  for (const roleName of left) {
    if (!isTime()) {
      finished = false;
      break;
    }
    if (looked > 0) await world.clock.sleep(paceMs);
    const seen = await lookAt(world, settings, roleName);
    if (!seen.ok) {
      problems.push(`role \`${roleName}\` could not be read: ${cloudErrorText(seen.error)}`);
      // What passes is waited for; a role that may not be read does not keep the others from being looked at.
      if (isPassing(seen.error)) {
        finished = false;
        break;
      }
    } else if (seen.value === "broken") broken.push(roleName);
    else if (seen.value === "drifted") drifted.push(roleName);
    else if (seen.value === "accepted") accepted += 1;
    looked += 1;
    after = roleName;
  }
  if (finished) await noteWalk(world, cursor, { startedAt });
  else if (after !== undefined) await noteWalk(world, cursor, { startedAt, after });
  return { looked, accepted, broken, drifted, finished, problems };
};

const noteWalk = async (world: World, cursor: Cursor<Walk>, walk: Walk): Promise<void> => {
  await moveCursor(world.state, world.accountId, "roles", cursor, walk);
};

const lookAt = async (
  world: World,
  settings: Settings,
  roleName: string,
): Promise<Result<"same" | "drifted" | "gone" | "known" | "accepted" | "broken", CloudError>> => {
  const { state, clock, accountId } = world;
  const subject = roleRef(accountId, roleName);
  const key = subjectKey(subject);
  const baseline = await readBaseline(state, accountId, key);
  if (baseline === undefined) return firstSightOf(world, settings, roleName);
  const since = clock.now();
  const read = await world.read(subject);
  if (!read.ok) return failed(read.error);
  if (read.value.kind !== "role-trust") return ok("gone");
  const live = stateDigest(read.value);
  if (live === stateDigest(baseline.state)) {
    await forgetDrift(state, accountId, key);
    return ok("same");
  }
  await noteDrift(state, clock, accountId, key, { roleName, live, since, done: false });
  return ok("drifted");
};

export type DriftsSeen = { readonly open: number; readonly judged: number; readonly explained: number };

/**
 * Judges the roles that are not as they were accepted and that no event explains, as changes that nobody is known to have
 * made. `through` is how far the audit trail is looked at: an event that explains a role has had its time to come.
 */
export const judgeDrifts = async (
  world: World,
  settings: Settings,
  through: number | undefined,
  isTime: () => boolean,
): Promise<DriftsSeen> => {
  const open = await openDrifts(world.state, world.accountId);
  let [judged, explained] = [0, 0];
  for (const row of open) {
    if (!isTime()) break;
    if (through === undefined || through - row.drift.since < settleMs) continue;
    const end = await judgeDrift(world, settings, row);
    if (end === "judged") judged += 1;
    else if (end === "explained") explained += 1;
  }
  return { open: open.length, judged, explained };
};

const judgeDrift = async (
  world: World,
  settings: Settings,
  row: DriftRow,
): Promise<"judged" | "explained" | "passed" | "waits"> => {
  const { state, clock, accountId } = world;
  const subject = roleRef(accountId, row.drift.roleName);
  const key = subjectKey(subject);
  const baseline = await readBaseline(state, accountId, key);
  const read = await world.read(subject);
  if (!read.ok) return "waits";
  const live = stateDigest(read.value);
  if (baseline === undefined || read.value.kind === "gone" || live === stateDigest(baseline.state)) {
    await forgetDrift(state, accountId, key);
    return "passed";
  }
  if (live !== row.drift.live) {
    const now = { ...row.drift, live, since: clock.now() };
    await noteDrift(state, clock, accountId, key, now);
    return "waits";
  }
  const event = await explanationOf(world, subject, baseline, read.value as RoleTrust);
  if (!event.ok) return "waits";
  if (event.value !== undefined) {
    await renew(world, key, baseline, read.value as RoleTrust, event.value);
    await closeDrift(state, clock, row);
    return "explained";
  }
  const handled = await handleOccasion(world, settings, occasionOf(subject, row));
  if (handled.kind === "deferred") return "waits";
  const isBack = handled.kind === "decided" && handled.decision.outcome === "reverted";
  if (isBack) await forgetDrift(state, accountId, key);
  else await closeDrift(state, clock, row);
  return "judged";
};

/** A look of our own, as what leads to the subject: it names no actor, and no request. */
const occasionOf = (subject: RoleTrustRef, { drift }: DriftRow): Occasion => ({
  eventId: `drift-${createHash("sha256").update(drift.live).digest("hex").slice(0, 32)}`,
  requestId: "",
  operation: "Ram.GetRole",
  occurredAt: Math.floor(drift.since / 1000) * 1000,
  accountId: subject.accountId,
  actor: undefined,
  subject,
  claimed: undefined,
  effect: "changed",
});

/** The newest event since the baseline that may have made a role what it is; undefined where there is none. */
const explanationOf = async (
  world: World,
  subject: RoleTrustRef,
  baseline: Baseline,
  live: RoleTrust,
): Promise<Result<TrailEvent | undefined, CloudError>> => {
  const from = Math.floor(baseline.since / 1000) * 1000;
  const query = { from, to: world.clock.now(), resourceName: live.roleName, writesOnly: true };
  let token: string | undefined;
  let newest: TrailEvent | undefined;
  do {
    const page = await world.trail(query, token);
    if (!page.ok) return page;
    for (const event of takeIn(page.value.events).events)
      if (subjectKey(event.subject) === subjectKey(subject) && mayHaveMade(event, live)) newest = event;
    token = page.value.nextToken === token ? undefined : page.value.nextToken;
  } while (token !== undefined);
  return ok(newest);
};

const mayHaveMade = ({ claimed }: TrailEvent, live: RoleTrust): boolean =>
  claimed === undefined || stateDigest(claimed) === stateDigest(live);

/** What an event made was judged by it. Where it was accepted, but another state of that moment is kept, this one counts. */
const renew = async (
  world: World,
  key: string,
  baseline: Baseline,
  live: RoleTrust,
  event: TrailEvent,
): Promise<void> => {
  const record = await openLedger(world.state, world.clock, world.accountId).eventRecord({ ...event, about: key });
  if (record?.outcome !== "clear" || record.incidentId !== undefined) return;
  const since = Math.max(event.occurredAt, baseline.since);
  await acceptBaseline(world.state, world.accountId, key, { state: { ...live, rest: {} }, since, source: "sweep" });
};
