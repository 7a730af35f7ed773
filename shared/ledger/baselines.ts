import type { AccountId } from "../domain/identity.ts";
import { keptOf, linkOf, refTo, subjectKey } from "../domain/kinds.ts";
import type { Gone, Subject, SubjectRef } from "../domain/subject.ts";
import type { Occasion } from "../domain/trail-event.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import { asJson } from "./incident.ts";
import { rowKey } from "./keys.ts";
import { settledAfterMs } from "./rechecks.ts";

/** The last accepted state of a subject, and when it came to be so. */
export type Baseline = {
  readonly state: Subject | Gone;
  /** Epoch milliseconds of the change that made it so, or of the reading that first saw it. */
  readonly since: number;
  readonly source: "event" | "first-sight" | "sweep" | "remediation" | "undo";
  /** The one before it: what was before a change whose event comes after that of a newer one. */
  readonly earlier?: Omit<Baseline, "earlier">;
};

export const readBaseline = async (
  state: StateStore,
  accountId: AccountId,
  subjectKey: string,
): Promise<Baseline | undefined> => {
  const row = await state.get(rowKey("baseline", accountId, subjectKey));
  return row === undefined ? undefined : (row.value as unknown as Baseline);
};

/**
 * Accepts a state; where a newer one was accepted it becomes the earlier one, as events come late and out of order. Returns
 * whether it is now the baseline. A first sight never replaces a baseline: only a change that was judged does.
 */
export const acceptBaseline = async (
  state: StateStore,
  accountId: AccountId,
  subjectKey: string,
  baseline: Baseline,
): Promise<boolean> => {
  const key = rowKey("baseline", accountId, subjectKey);
  const put = await state.putIfAbsent(key, asJson(baseline));
  if (put.written) return true;
  if (baseline.source === "first-sight") return false;
  let { row } = put;
  for (;;) {
    const { earlier, ...newest } = row.value as unknown as Baseline;
    const isNewer = cameBefore(newest, baseline);
    if (!isNewer && earlier !== undefined && earlier.since > baseline.since) return false;
    const next = !isNewer
      ? { ...newest, earlier: baseline }
      : { ...baseline, ...(newest.since <= baseline.since ? { earlier: newest } : {}) };
    const swap = await state.compareAndSet(key, row.version, asJson(next));
    if (swap.written) return isNewer;
    const again = await state.get(key);
    if (again === undefined) return acceptBaseline(state, accountId, subjectKey, baseline);
    row = again;
  }
};

/**
 * Whether a baseline came to be before one that was judged. A first sight is a reading, which may lag: one soon after a
 * change may still show what was before it.
 */
const cameBefore = ({ since, source }: Baseline, judged: Baseline): boolean =>
  source === "first-sight" && judged.source !== "first-sight"
    ? since - settledAfterMs <= judged.since
    : since <= judged.since;

/** Forgets a baseline that is not newer than `since`: what stands now was not looked at, or nothing does. */
export const dropBaseline = async (
  state: StateStore,
  accountId: AccountId,
  subjectKey: string,
  since: number,
): Promise<void> => {
  const row = await state.get(rowKey("baseline", accountId, subjectKey));
  if (row !== undefined && (row.value as unknown as Baseline).since <= since) await state.delete(row.key, row.version);
};

/**
 * Keeps how a subject was left, as the state to go back to. A link needs no baseline, as its event proves what was before;
 * and what is gone leaves none.
 */
export const keepState = async (
  state: StateStore,
  ref: SubjectRef,
  { state: left, ...rest }: Baseline,
): Promise<void> => {
  if (linkOf(ref) !== undefined) return;
  const key = subjectKey(refTo(ref, left));
  const kept = keptOf(left);
  if (kept.kind === "gone") await dropBaseline(state, ref.accountId, key, rest.since);
  else await acceptBaseline(state, ref.accountId, key, { state: kept, ...rest });
};

/** Keeps an event whose prior state nobody knew: the event that tells it may still be on its way. */
export const keepWaiting = async (
  state: StateStore,
  clock: Clock,
  subjectKey: string,
  event: Occasion,
): Promise<void> => {
  const expiresAt = Math.floor(clock.now() / 1000) + waitingSeconds;
  await state.putIfAbsent(rowKey("waiting", event.accountId, subjectKey), asJson(event), { expiresAt });
};

/** Events arrive within minutes; what has not come after a day comes by backfill. */
const waitingSeconds = 86_400;

/** An event that waits for a subject's prior state, with the version by which it is taken off. */
export type Waiting = { readonly event: Occasion; readonly version: number };

export const readWaiting = async (
  state: StateStore,
  accountId: AccountId,
  subjectKey: string,
): Promise<Waiting | undefined> => {
  const row = await state.get(rowKey("waiting", accountId, subjectKey));
  return row === undefined ? undefined : { event: row.value as unknown as Occasion, version: row.version };
};

/** Takes an event off once it was judged: not before, so that it is not lost with whoever judges it. */
export const dropWaiting = async (
  state: StateStore,
  accountId: AccountId,
  subjectKey: string,
  { version }: Waiting,
): Promise<void> => {
  await state.delete(rowKey("waiting", accountId, subjectKey), version);
};
