import { createHash } from "node:crypto";
import type { CloudError } from "./domain/cloud-error.ts";
import { cloudErrorText } from "./domain/cloud-error.ts";
import type { InventoriedKind } from "./domain/inventoried.ts";
import { inventoriedKinds, kindAfter, lookedAtBy, mostPages } from "./domain/inventoried.ts";
import { keptOf, subjectKey, subjectText } from "./domain/kinds.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { Gone, Subject, SubjectRef } from "./domain/subject.ts";
import type { Occasion, TrailEvent } from "./domain/trail-event.ts";
import { explanationOf, historyTooLong, historyUnfinished, mayBeExplained } from "./drift-explained.ts";
import { firstSightOf, readWhole } from "./first-sight.ts";
import type { Baseline } from "./ledger/baselines.ts";
import { keepState, readBaseline } from "./ledger/baselines.ts";
import { moveCursor, readCursor } from "./ledger/cursors.ts";
import type { Drift, DriftRow } from "./ledger/drift.ts";
import { closeDrift, forgetDrift, noteDrift, openDrifts, putOffDrift } from "./ledger/drift.ts";
import { openLedger } from "./ledger/ledger.ts";
import { isDue } from "./ledger/put-off.ts";
import { stateDigest } from "./operations/state-digest.ts";
import { handleOccasion } from "./pipeline.ts";
import type { Listed } from "./ports/cloud.ts";
import type { World } from "./ports/world.ts";
import { isJudged } from "./rules/registry.ts";
import type { Settings } from "./settings.ts";
import type { OnReceipt } from "./sweep-catch-up.ts";
import { overlapMs, receiptOf } from "./sweep-catch-up.ts";
import type { Tick } from "./sweep-tick.ts";
import type { UnreadSubjects } from "./unread-subjects.ts";
import { endless, isWaitedFor, unreadSubjects } from "./unread-subjects.ts";

/** A walk over the account begins at most so often. */
const walkEveryMs = 3_600_000;
/** For each call: RAM bears a few calls a second, shared with every other tool of the account. */
const paceMs = 200;
/** A subject that is not as it was accepted may have an event on its way: only after this is it judged without one. */
const settleMs = overlapMs;

/**
 * Where a walk stands: which kind, which page of its list, and after which subject of the page, by key. Without a kind
 * the walk is over.
 */
type Walk = {
  readonly startedAt: number;
  readonly kind?: InventoriedKind;
  readonly page?: string;
  /** How many pages of the kind are done. */
  readonly pages?: number;
  readonly after?: string;
  /** In how many ticks the walk has stood here, as what comes next could not be read, and how many of the kind were left out. */
  readonly inVain?: number;
  readonly leftOut?: number;
};

/** What cannot be read in so many ticks is left out of a walk, and after so many of a kind each of the others is tried once. */
const mostInVain = 3;
const mostLeftOut = 3;

/** What looking at the account came to. */
export type SubjectsSeen = {
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

const nothing: SubjectsSeen = { looked: 0, accepted: 0, broken: [], drifted: [], finished: true, problems: [] };

/** What one tick has seen so far. */
type Tally = {
  looked: number;
  accepted: number;
  readonly broken: string[];
  readonly drifted: string[];
  readonly unread: UnreadSubjects;
  /** Why the tick ends before the walk does. */
  stopped?: string;
};

/** What began later than now was noted by a clock that was ahead, and says nothing. */
const isWithin = (age: number, everyMs: number): boolean => age >= 0 && age < everyMs;

/**
 * Looks at all that the account's lists lead to once in a walk, some of it in each tick: takes what has no baseline as it
 * stands, and notes what is not as it was accepted. A kind that may not be read is left out, with one line of it.
 */
export const walkSubjects = async (world: World, settings: Settings, tick: Tick): Promise<SubjectsSeen> => {
  const cursor = await readCursor<Walk>(world.state, world.accountId, "subjects");
  const now = world.clock.now();
  const last = cursor.place;
  if (last !== undefined && last.kind === undefined && isWithin(now - last.startedAt, walkEveryMs)) return nothing;

  const [first] = inventoriedKinds;
  let place: Walk = last?.kind === undefined ? { startedAt: now, ...(first && { kind: first }) } : last;
  const tally: Tally = { looked: 0, accepted: 0, broken: [], drifted: [], unread: unreadSubjects() };
  while (place.kind !== undefined && tally.stopped === undefined && tick.isTime())
    place = await walkPage(world, settings, { ...place, kind: place.kind }, tick, tally);
  await moveCursor(world.state, world.accountId, "subjects", cursor, place);

  const { looked, accepted, broken, drifted, unread, stopped } = tally;
  const problems = [...unread.problems(), ...(stopped === undefined ? [] : [stopped])];
  return { looked, accepted, broken, drifted, finished: place.kind === undefined, problems };
};

/** A fault of our own, as what became of a reading: it will be so again, and is not waited for. */
const faultOf = (operation: string): CloudError => ({ kind: "unreadable", code: "FaultOfOurs", operation });

/** In how many ticks the walk has stood at a place, this one included. */
const inVainBy = ({ inVain = 0 }: Walk): number => inVain + 1;

const kindDone = ({ startedAt, kind }: Walk & { readonly kind: InventoriedKind }): Walk => {
  const next = kindAfter(kind);
  return next === undefined ? { startedAt } : { startedAt, kind: next };
};

/** Looks at one page, as far as time lets it, and tells where the walk goes on. */
const walkPage = async (
  world: World,
  settings: Settings,
  at: Walk & { readonly kind: InventoriedKind },
  tick: Tick,
  tally: Tally,
): Promise<Walk> => {
  const listedAt = world.clock.now();
  const list = () => world.inventory(at.kind, at.page);
  const page = await tick.contained("listing a kind of subject", list, failed(faultOf(`list ${at.kind}`)));
  if (!page.ok) {
    if (!isWaitedFor(page.error) || inVainBy(at) >= mostInVain) {
      tally.unread.list(at.kind, page.error);
      return kindDone(at);
    }
    tally.stopped = `what there is of \`${at.kind}\` could not be listed: ${cloudErrorText(page.error)}`;
    return { ...at, inVain: inVainBy(at) };
  }
  const things = page.value.things
    .map((thing) => ({ thing, key: subjectKey(thing.ref) }))
    .filter(({ key }) => at.after === undefined || key > at.after)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  let { after, leftOut = 0 } = at;
  for (const { thing, key } of things) {
    const { inVain, ...place } = { ...at, leftOut };
    // Whoever has come on since the tick began has not stood here yet.
    const here: Walk & { readonly kind: InventoriedKind } =
      after === at.after ? { ...at, leftOut } : after === undefined ? place : { ...place, after };
    // One at least for each page that is asked for, or ticks that are too short for more would never get on.
    if (after !== at.after && !tick.isTime()) return here;
    const look = () => lookAt(world, settings, thing, listedAt);
    const unseen = failed(faultOf(lookedAtBy[thing.ref.kind]));
    const seen = await tick.contained("looking at a subject", look, unseen);
    if (!seen.ok && isWaitedFor(seen.error)) {
      // After some of a kind each other is tried once: a few that cannot be read must not hide those behind them.
      if (inVainBy(here) < mostInVain && leftOut < mostLeftOut) {
        tally.stopped = `\`${subjectText(thing.ref)}\` could not be read: ${cloudErrorText(seen.error)}`;
        return { ...here, inVain: inVainBy(here) };
      }
      leftOut += 1;
    }
    if (!seen.ok) tally.unread.one(thing.ref, seen.error);
    else if (seen.value === "broken") tally.broken.push(subjectText(thing.ref));
    else if (seen.value === "drifted") tally.drifted.push(subjectText(thing.ref));
    else if (seen.value === "accepted") tally.accepted += 1;
    tally.looked += 1;
    after = key;
  }
  await world.clock.sleep(paceMs * page.value.calls);
  const { startedAt, kind } = at;
  const pages = (at.pages ?? 0) + 1;
  if (page.value.next === undefined) return kindDone(at);
  if (pages < mostPages) return { startedAt, kind, page: page.value.next, pages, leftOut };
  tally.unread.list(kind, endless(kind));
  return kindDone(at);
};

const isAsAccepted = (live: Subject | Gone, baseline: Baseline): boolean =>
  stateDigest(keptOf(live)) === stateDigest(baseline.state);

const lookAt = async (
  world: World,
  settings: Settings,
  thing: Listed,
  listedAt: number,
): Promise<Result<"same" | "drifted" | "gone" | "known" | "accepted" | "broken", CloudError>> => {
  const { state, clock, accountId } = world;
  const { ref, state: listed } = thing;
  const key = subjectKey(ref);
  const baseline = await readBaseline(state, accountId, key);
  if (baseline === undefined) {
    if (listed === undefined) await clock.sleep(paceMs);
    return firstSightOf(world, settings, thing, listedAt);
  }
  // A list is enough to see that nothing changed. That something did is for a reading to say.
  if (listed !== undefined && isAsAccepted(listed, baseline)) {
    await forgetDrift(state, accountId, key);
    return ok("same");
  }
  await clock.sleep(paceMs);
  const since = clock.now();
  const read = await readWhole(world, ref);
  if (!read.ok) return failed(read.error);
  if (read.value.kind === "gone") return ok("gone");
  if (isAsAccepted(read.value, baseline)) {
    await forgetDrift(state, accountId, key);
    return ok("same");
  }
  // What no rule judges is taken as it stands, as it would be by its event.
  if (!isJudged(ref.kind, settings.rules)) {
    await keepState(state, ref, { state: read.value, since, source: "sweep" });
    return ok("accepted");
  }
  await noteDrift(state, clock, accountId, key, { subject: ref, live: stateDigest(read.value), since, done: false });
  return ok("drifted");
};

export type DriftsSeen = { readonly open: number; readonly judged: number; readonly explained: number };

/**
 * Judges what is not as it was accepted and what no event explains, as changes that nobody is known to have made.
 * `through` is how far the audit trail is looked at: an event that explains a subject has had its time to come.
 */
export const judgeDrifts = async (
  world: World,
  settings: Settings,
  through: number | undefined,
  tick: Tick,
  onReceipt: OnReceipt,
): Promise<DriftsSeen> => {
  // What was tried least first: what is in vain each time must not keep what is new from its first try.
  const open = [...(await openDrifts(world.state, world.accountId))].sort(
    (a, b) => (a.drift.tries ?? 0) - (b.drift.tries ?? 0),
  );
  let [judged, explained] = [0, 0];
  for (const row of open) {
    if (!tick.isTime()) break;
    if (through === undefined || through - row.drift.since < settleMs) continue;
    // Subjects of one kind are read by the same calls.
    const { kind } = row.drift.subject;
    if (tick.isOut(kind)) continue;
    if (!isDue(row.drift, world.clock.now())) continue;
    const judge = () => judgeDrift(world, settings, row, tick.isTime, onReceipt);
    const contained = () => tick.contained("judging a subject that no event explains", judge, "waits");
    const end = await tick.asking(kind, contained, (became) => became === "waits");
    if (end === "judged") judged += 1;
    else if (end === "explained") explained += 1;
  }
  return { open: open.length, judged, explained };
};

/** In so many ticks there was no time to read the history of a subject: it is as good as one that is too long. */
const mostUnfinished = 3;

const judgeDrift = async (
  world: World,
  settings: Settings,
  row: DriftRow,
  isTime: () => boolean,
  onReceipt: OnReceipt,
): Promise<"judged" | "explained" | "passed" | "waits"> => {
  const { state, clock, accountId } = world;
  const { subject } = row.drift;
  const key = subjectKey(subject);
  const baseline = await readBaseline(state, accountId, key);
  const read = await readWhole(world, subject);
  if (!read.ok) return "waits";
  if (baseline === undefined || read.value.kind === "gone" || isAsAccepted(read.value, baseline)) {
    await forgetDrift(state, accountId, key);
    return "passed";
  }
  const live = stateDigest(read.value);
  if (live !== row.drift.live) {
    const now: Drift = { subject, done: false, live, since: clock.now() };
    await noteDrift(state, clock, accountId, key, now);
    return "waits";
  }
  const event = await explanationOf(world, subject, baseline, read.value, isTime);
  const isUnfinished = !event.ok && event.error === historyUnfinished;
  const isGivenUp = isUnfinished && (row.drift.tries ?? 0) >= mostUnfinished;
  if (isUnfinished && !isGivenUp) await putOffDrift(state, clock, row);
  const isUnread = isGivenUp || (!event.ok && event.error === historyTooLong);
  if (!event.ok && !isUnread) return "waits";
  if (event.ok && event.value !== undefined) {
    await renew(world, subject, baseline, read.value, event.value);
    await closeDrift(state, clock, row);
    return "explained";
  }
  const handled = await handleOccasion(world, settings, occasionOf(row), isUnread ? { ask: mayBeExplained } : {});
  if (handled.kind === "deferred") return "waits";
  if (handled.kind === "decided") onReceipt(receiptOf(handled.decision));
  const isBack = handled.kind === "decided" && handled.decision.outcome === "reverted";
  if (isBack) await forgetDrift(state, accountId, key);
  else await closeDrift(state, clock, row);
  return "judged";
};

/** A look of our own, as what leads to the subject: it names no actor, and no request. */
const occasionOf = ({ drift }: DriftRow): Occasion => ({
  eventId: `drift-${createHash("sha256").update(drift.live).digest("hex").slice(0, 32)}`,
  requestId: "",
  operation: lookedAtBy[drift.subject.kind],
  occurredAt: Math.floor(drift.since / 1000) * 1000,
  accountId: drift.subject.accountId,
  actor: undefined,
  subject: drift.subject,
  claimed: undefined,
  effect: "changed",
});

/** What an event made was judged by it. Where it was accepted, but another state of that moment is kept, this one counts. */
const renew = async (
  world: World,
  subject: SubjectRef,
  baseline: Baseline,
  live: Subject,
  event: TrailEvent,
): Promise<void> => {
  const about = subjectKey(event.subject);
  const record = await openLedger(world.state, world.clock, world.accountId).eventRecord({ ...event, about });
  if (record?.outcome !== "clear" || record.incidentId !== undefined) return;
  const since = Math.max(event.occurredAt, baseline.since);
  await keepState(world.state, subject, { state: live, since, source: "sweep" });
};
