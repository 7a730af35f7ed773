import type { CloudError } from "../domain/cloud-error.ts";
import { cloudErrorText, isPassing } from "../domain/cloud-error.ts";
import type { Call, CallMade, Remediation } from "../domain/plan.ts";
import type { Result } from "../domain/result.ts";
import { failed, ok } from "../domain/result.ts";
import type { Lease } from "../ledger/lease.ts";
import { stillHolds } from "../ledger/lease.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { stateDigest } from "../operations/state-digest.ts";
import type { ActingSession } from "../ports/cloud.ts";
import type { World } from "../ports/world.ts";
import { readBack } from "./read-back.ts";

/** How the one write of a remediation ended. */
export type Written =
  /** Read back, the subject is what it should be. */
  | { readonly kind: "held" }
  /** The goal stands, but by somebody else's hand: the cloud says that there was nothing left to do. */
  | { readonly kind: "already-so" }
  /** Nothing was written, as the subject no longer stands as it was judged. */
  | { readonly kind: "moved" }
  /** A write was sent, or may have been, and the subject is something else by now. */
  | { readonly kind: "overtaken" }
  /** A write was sent, or may have been, and what the subject is cannot be read now. */
  | { readonly kind: "unfinished"; readonly because: string }
  | { readonly kind: "failed"; readonly because: string }
  /** Nothing was written, and trying again later can help. */
  | { readonly kind: "deferred"; readonly because: string; readonly retryAfterMs?: number };

/** A write is sent only while at least this much of the lease is left. */
const leaseMarginMs = 15_000;
/** A re-reading that took longer than this may have outlived the lease's margin, which is then looked at again. */
const quickMs = 5_000;
const throttledWaitsMs: readonly number[] = [500, 2_000, 5_000];
/** Milliseconds after which a subject that does not stand as it was judged is looked at again: one reading may be stale. */
const secondSightMs: readonly number[] = [300, 1_200, 3_000];

export type WriteContext = {
  readonly world: Pick<World, "read" | "clock" | "state">;
  readonly ledger: Ledger;
  readonly lease: Lease;
  readonly incidentId: string;
  readonly session: ActingSession;
};

const operationOf = (call: Call): string => `${call.service}.${call.operation}`;

/**
 * Puts a call into the ledger before it is sent, as one whose effect is not known: whoever finds it there after we died
 * knows that it may have happened.
 */
const announce = async ({ ledger, incidentId, world }: WriteContext, call: Call): Promise<void> => {
  const made: CallMade = { call, requestId: undefined, at: world.clock.now(), effect: "unknown" };
  await ledger.update(incidentId, (incident) => ({
    ...incident,
    status: "writing",
    callsMade: [...incident.callsMade, made],
  }));
};

/** Says of the call that was announced last how it ended. */
const conclude = async (
  { ledger, incidentId, session }: WriteContext,
  call: Call,
  end: Pick<CallMade, "requestId" | "note" | "effect">,
): Promise<void> => {
  if (end.requestId !== undefined && end.effect !== "none")
    await ledger.noteOwnWrite(end.requestId, { incidentId, operation: operationOf(call), by: session.writer });
  await ledger.update(incidentId, (incident) => ({
    ...incident,
    callsMade: incident.callsMade.map((made, index, { length }) =>
      index === length - 1 ? { call: made.call, at: made.at, ...end } : made,
    ),
  }));
};

type Sent =
  | { readonly kind: "done" }
  /** Whether the call took effect is not known. */
  | { readonly kind: "unknown"; readonly error: CloudError }
  | { readonly kind: "nothing-left"; readonly error: CloudError };

/**
 * Why a write must not be sent now; undefined while the subject stands as it was judged. That it does not is believed
 * when each of several readings says so.
 */
const notAsJudged = async (
  world: Pick<World, "read" | "clock">,
  { subject, expects, becomes }: Remediation,
  sentBefore: boolean,
): Promise<Written | undefined> => {
  const wanted = stateDigest(becomes);
  for (const delayMs of [0, ...secondSightMs]) {
    if (delayMs > 0) await world.clock.sleep(delayMs);
    const read = await world.read(subject);
    if (!read.ok) {
      const because = `could not re-read before writing: ${cloudErrorText(read.error)}`;
      if (!isPassing(read.error)) return { kind: "failed", because };
      const { retryAfterMs } = read.error;
      return { kind: "deferred", because, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    }
    const now = stateDigest(read.value);
    if (now === expects) return undefined;
    // The earlier try, whose answer was lost, took effect late.
    if (now === wanted && sentBefore) return { kind: "held" };
  }
  return sentBefore ? { kind: "overtaken" } : { kind: "moved" };
};

const wordsOf = (written: Written): string => ("because" in written ? written.because : `not sent: ${written.kind}`);

/**
 * Sends one call, once; only what RAM surely did not carry out (throttled, never reached) is sent again. `mayNot` is
 * asked before each send, so that nothing but the send follows the reading that allows it.
 */
const sendCall = async (
  context: WriteContext,
  call: Call,
  mayNot: () => Promise<Written | undefined>,
): Promise<Result<Sent, Written>> => {
  const { world, lease, session } = context;
  const because = "the lease on the subject ran out before the write";
  const holds = () => stillHolds(world.state, world.clock, lease, leaseMarginMs);
  if (!(await holds())) return failed({ kind: "deferred", because });
  await announce(context, call);
  for (let attempt = 0; ; attempt += 1) {
    const held = await holds();
    const from = world.clock.now();
    const hindrance = held ? await mayNot() : ({ kind: "deferred", because } as const);
    const late = hindrance === undefined && world.clock.now() - from > quickMs && !(await holds());
    const stop = late ? ({ kind: "deferred", because } as const) : hindrance;
    if (stop !== undefined) {
      await conclude(context, call, { requestId: undefined, effect: "none", note: wordsOf(stop) });
      return failed(stop);
    }
    const sent = await session.send(call);
    if (sent.ok) {
      await conclude(context, call, { requestId: sent.value.requestId });
      return ok({ kind: "done" });
    }
    const { error } = sent;
    const refused = { requestId: error.requestId, effect: "none", note: cloudErrorText(error) } as const;
    switch (error.kind) {
      case "throttled":
      case "unreachable": {
        const waitMs = throttledWaitsMs[attempt];
        if (waitMs === undefined) {
          await conclude(context, call, refused);
          return failed({
            kind: "deferred",
            because: cloudErrorText(error),
            ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
          });
        }
        await world.clock.sleep(Math.max(waitMs, error.retryAfterMs ?? 0));
        continue;
      }
      case "outcome-unknown":
      case "unreadable":
        await conclude(context, call, { ...refused, effect: "unknown" });
        return ok({ kind: "unknown", error });
      case "not-found":
      case "conflict":
        await conclude(context, call, refused);
        return ok({ kind: "nothing-left", error });
      case "forbidden":
      case "invalid":
        await conclude(context, call, refused);
        return failed({ kind: "failed", because: cloudErrorText(error) });
    }
  }
};

/**
 * Re-reads the subject, sends the calls of a remediation and reads back until they hold. After a write whose effect is not known the subject
 * is read before anything else, and the call is repeated once only when it surely did not take effect.
 */
export const writeRemediation = async (context: WriteContext, remediation: Remediation): Promise<Written> => {
  let sentBefore = false;
  for (;;) {
    let last: Sent = { kind: "done" };
    for (const [index, call] of remediation.calls.entries()) {
      // After a first call of several the subject is on its way, and stands as nobody judged it.
      const mayNot = async () => (index === 0 ? notAsJudged(context.world, remediation, sentBefore) : undefined);
      const sent = await sendCall(context, call, mayNot);
      // What was sent before may have taken effect all the same: then the subject is to be read, not judged anew.
      if (!sent.ok)
        return sent.error.kind === "deferred" && (sentBefore || index > 0)
          ? { kind: "unfinished", because: sent.error.because }
          : sent.error;
      last = sent.value;
    }
    const found = await readBack(context.world, remediation);
    // Nothing was left to do after a first try whose answer was lost: that try did it.
    if (found.kind === "holds")
      return last.kind === "nothing-left" && !sentBefore ? { kind: "already-so" } : { kind: "held" };
    if (found.kind === "other")
      return last.kind === "nothing-left" && !sentBefore ? { kind: "moved" } : { kind: "overtaken" };
    if (found.kind === "unreadable")
      return {
        kind: isPassing(found.error) ? "unfinished" : "failed",
        because: `the write was sent but could not be read back: ${cloudErrorText(found.error)}`,
      };
    if (last.kind !== "unknown" || sentBefore)
      return {
        kind: "failed",
        because:
          last.kind === "done"
            ? "the write was accepted but does not hold when read back"
            : `the write did not take effect: ${cloudErrorText(last.error)}`,
      };
    sentBefore = true;
  }
};
