import { followDueChains } from "./follow-chains.ts";
import { checkedRows } from "./ledger/checked-rows.ts";
import { beat } from "./ledger/heartbeat.ts";
import { releaseLease, takeLease, yieldLease } from "./ledger/lease.ts";
import { openLedger } from "./ledger/ledger.ts";
import type { World } from "./ports/world.ts";
import { flushOutbox } from "./response/tell.ts";
import type { Settings } from "./settings.ts";
import type { LookedAgain } from "./sweep-again.ts";
import { lookAgain } from "./sweep-again.ts";
import type { AuditSeen } from "./sweep-audit.ts";
import { auditBySteps } from "./sweep-audit.ts";
import type { CaughtUp, LateSeen, OnReceipt, Retried } from "./sweep-catch-up.ts";
import { beginCatchUp, catchUp, catchUpLate, guardFirstMs, retryDeferred } from "./sweep-catch-up.ts";
import type { ExemptionsSeen } from "./sweep-exemptions.ts";
import { seeToExemptions } from "./sweep-exemptions.ts";
import { heldLease, leaseMs } from "./sweep-lease.ts";
import type { Leftovers } from "./sweep-leftovers.ts";
import { finishLeftovers, sweepLease } from "./sweep-leftovers.ts";
import { remindOfQuestions } from "./sweep-questions.ts";
import type { DriftsSeen, SubjectsSeen } from "./sweep-subjects.ts";
import { judgeDrifts, walkSubjects } from "./sweep-subjects.ts";
import { tickUntil } from "./sweep-tick.ts";
import type { Tidied } from "./sweep-tidy.ts";
import { tidy } from "./sweep-tidy.ts";
import { tellingTime } from "./telling-time.ts";
import { untoldProblems } from "./untold-problems.ts";
import { watchGuard } from "./watch-guard.ts";
import { finishTellingOfSilence } from "./watch-sweep.ts";

export type SweepOptions = {
  /** Epoch milliseconds: nothing new is begun from then on, and the next tick goes on from there. */
  readonly until: number;
  /** How young an event is left to the guard, milliseconds; a minute unless given. */
  readonly leftToGuardMs?: number;
  /** Whether somebody wants it to end: nothing new is begun from then on. */
  readonly isStopped?: () => boolean;
  /** Sees the receipt of each event that was caught up with, and of each subject that was judged anew. */
  readonly onReceipt?: OnReceipt;
};

/** What one tick of the sweep did. */
export type SweepReport = {
  readonly kind: "swept";
  readonly tookMs: number;
  /** False where time ran out or something could not be read: the next tick goes on from there. */
  readonly finished: boolean;
  readonly leftovers: Leftovers;
  readonly retried: Retried;
  readonly again: LookedAgain;
  readonly caughtUp: CaughtUp;
  readonly late: LateSeen;
  readonly subjects: SubjectsSeen;
  readonly audit: AuditSeen;
  readonly drifts: DriftsSeen;
  readonly questions: { readonly reminded: number };
  readonly exemptions: ExemptionsSeen;
  readonly tidied: Tidied;
  readonly problems: readonly string[];
};

export type Swept =
  | SweepReport
  /** Another sweep is at work. */
  | { readonly kind: "busy"; readonly retryAfterMs: number };

/**
 * What a timer does, so that nothing is lost that no event tells, or whose event got lost: sends what waits, finishes what
 * was left half done, tries again what could not be judged, catches up with the audit trail, and looks at the account
 * against its baselines. What ends in a fault of our own keeps nothing else from being done. Rejects only when the state
 * store does not answer.
 */
export const sweep = async (given: World, settings: Settings, options: SweepOptions): Promise<Swept> => {
  const odd = new Set<string>();
  const world: World = { ...given, state: checkedRows(given.state, given.log, (kind) => odd.add(kind)) };
  const { state, clock, accountId } = world;
  const taken = await takeLease(state, clock, accountId, sweepLease, world.newId(), leaseMs);
  if (!taken.taken) return { kind: "busy", retryAfterMs: taken.retryAfterMs };
  const held = heldLease(world, taken.lease);
  try {
    const report = await sweepUnderLease(world, settings, options, odd, held.isHeld);
    await releaseLease(state, await held.end());
    return report;
  } catch (error) {
    await held
      .end()
      .then((lease) => yieldLease(state, clock, lease))
      .catch(() => undefined);
    throw error;
  }
};

/** What one flush of a tick takes at the most, beside a last send; all those between the first and the last together as well. */
const flushMs = 60_000;
/** The same once time is up. */
const lateFlushMs = 20_000;

const sweepUnderLease = async (
  given: World,
  settings: Settings,
  { until, onReceipt = () => undefined, leftToGuardMs = guardFirstMs, isStopped = () => false }: SweepOptions,
  odd: ReadonlySet<string>,
  isHeld: () => boolean,
): Promise<SweepReport> => {
  const { state, clock, accountId } = given;
  // A slow channel must not keep what was left half done, the audit trail and drift from their time.
  const world: World = { ...given, tellingTime: tellingTime(flushMs) };
  const ledger = openLedger(state, clock, accountId);
  const from = clock.now();
  const tick = tickUntil(world, until, () => isHeld() && !isStopped());
  const { language } = settings.telling;
  const flush = (forMs: number): Promise<unknown> =>
    tick.contained("sending", () => flushOutbox(world, language, { until: clock.now() + forMs }), undefined);

  await beginCatchUp(world);
  await flush(Math.min(flushMs, (until - from) / 4));
  const leftovers = await tick.contained(
    "finishing what was left half done",
    () => finishLeftovers(world, settings, ledger, tick.share(share.before)),
    { found: 0, finished: 0, judgedAnew: 0 },
  );
  const retried = await tick.contained(
    "trying again what could not be judged",
    () => retryDeferred(world, settings, tick.share(share.before), onReceipt),
    { tried: 0, waiting: 0, problems: [] },
  );
  const again = await tick.contained("looking again", () => lookAgain(world, settings, tick.share(share.before)), {
    due: 0,
    acted: 0,
  });
  await tick.contained("following chains", () => followDueChains(world, settings, ledger, tick.share(share.before)), 0);
  const caughtUp = await tick.contained(
    "catching up",
    () => catchUp(world, settings, tick.share(share.catchUp), onReceipt, leftToGuardMs),
    notCaughtUp,
  );
  await tick.contained("watching the guard", () => watchGuard(world, settings, ledger, caughtUp.missed), undefined);
  await tick.contained("telling of a silence", () => finishTellingOfSilence(world, settings, ledger), undefined);
  const exemptions = await tick.contained(
    "seeing to exemptions",
    () => seeToExemptions(world, settings, tick.share(share.exemptions), onReceipt),
    { inForce: 0, warned: 0, judgedAnew: 0, problems: [] },
  );
  const drifts = await tick.contained(
    "judging what no event explains",
    () => judgeDrifts(world, settings, caughtUp.through, tick.share(share.drifts), onReceipt),
    { open: 0, judged: 0, explained: 0 },
  );
  const subjects = await tick.contained(
    "walking over the account",
    () => walkSubjects(world, settings, tick.share(share.walk)),
    {
      looked: 0,
      accepted: 0,
      broken: [],
      drifted: [],
      finished: false,
      problems: [],
    },
  );
  const audit = subjects.finished
    ? await tick.contained(
        "judging the account",
        () => auditBySteps(world, settings, ledger, tick.share(share.audit)),
        notAudited,
      )
    : notAudited;
  // Whoever is behind with what is new has no time for what is old.
  const late = caughtUp.finished
    ? await tick.contained(
        "catching up with what was shown late",
        () => catchUpLate(world, settings, tick.share(share.late), onReceipt),
        notLate,
      )
    : notLate;
  const questions = await tick.contained(
    "reminding of questions",
    () => remindOfQuestions(world, settings, ledger, tick),
    { reminded: 0 },
  );
  await flush(tick.isTime() ? flushMs : lateFlushMs);
  const untold = await tick.contained("counting what waits to be told", () => untoldProblems(world), []);
  const tidied = await tick.contained("tidying", () => tidy(world, tick.isTime), { entries: 0, carried: 0, rows: 0 });

  const report: SweepReport = {
    kind: "swept",
    tookMs: clock.now() - from,
    finished:
      caughtUp.finished &&
      late.finished &&
      subjects.finished &&
      audit.finished &&
      tick.isTime() &&
      tick.problems().length === 0,
    leftovers,
    retried,
    again,
    caughtUp,
    late,
    subjects,
    audit,
    drifts,
    questions,
    exemptions,
    tidied,
    problems: [
      ...retried.problems,
      ...caughtUp.problems,
      ...late.problems,
      ...exemptions.problems,
      ...subjects.problems,
      ...audit.problems,
      ...untold,
      ...tick.problems(),
      ...[...odd].sort().map(oddLine),
    ],
  };
  await beat(state, clock, accountId, "sweep", report);
  return report;
};

/**
 * Which part of the time that is left a step may take, so that what cannot be done in one leaves time to those behind it:
 * after four that take all of theirs, catching up still has a quarter of the tick. A tick that ends sooner for it is
 * followed by the next.
 */
const share = {
  before: 1 / 6,
  catchUp: 1 / 2,
  exemptions: 1 / 4,
  drifts: 1 / 3,
  walk: 1 / 2,
  audit: 1 / 2,
  late: 1 / 2,
} as const;

const oddLine = (kind: string): string =>
  `a row of kind \`${kind}\` in the state store is not of its form and counts as absent`;

const notCaughtUp: CaughtUp = {
  events: 0,
  decided: 0,
  deferred: 0,
  missed: undefined,
  through: undefined,
  finished: false,
  problems: [],
};

const notLate: LateSeen = { events: 0, decided: 0, finished: false, problems: [] };

/** The walk is for what an attacker changes, and goes first. */
const notAudited: AuditSeen = { looked: 0, found: 0, finished: false, problems: [] };
