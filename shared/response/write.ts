import type { CloudError } from "../domain/cloud-error.ts";
import { cloudErrorText, isPassing } from "../domain/cloud-error.ts";
import type { Call, CallMade, Remediation } from "../domain/plan.ts";
import type { Result } from "../domain/result.ts";
import { failed, ok } from "../domain/result.ts";
import { inStableNames, isMisnamed } from "../domain/stable-names.ts";
import type { Gone, Subject } from "../domain/subject.ts";
import type { KillSwitch } from "../ledger/kill-switch.ts";
import type { Lease } from "../ledger/lease.ts";
import { stillHolds } from "../ledger/lease.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { callsDone } from "../operations/state-digest.ts";
import type { ActingSession } from "../ports/cloud.ts";
import type { World } from "../ports/world.ts";
import { areTwoMakings } from "./made-at.ts";
import type { Sight } from "./read-back.ts";
import { isSpaced, readBack, sighted } from "./read-back.ts";

/** How the one write of a remediation ended. */
export type Written =
  /** Read back, the subject is what it should be: `state`. */
  | { readonly kind: "held"; readonly state: Subject | Gone }
  /** The goal stands, but by somebody else's hand: the cloud says that there was nothing left to do. */
  | { readonly kind: "already-so" }
  /** Nothing was written, as the subject no longer stands as it was judged. */
  | { readonly kind: "moved" }
  /** A write was sent, or may have been, and the subject is something else by now. */
  | { readonly kind: "overtaken" }
  /** A write was sent, or may have been, and what the subject is cannot be read now. */
  | { readonly kind: "unfinished"; readonly because: string }
  | { readonly kind: "failed"; readonly because: string }
  /** Nothing was written, as somebody switched all writing off since it was planned. */
  | { readonly kind: "stopped"; readonly by: string; readonly because: string }
  /** Nothing was written, and trying again later can help. */
  | { readonly kind: "deferred"; readonly because: string; readonly retryAfterMs?: number };

/** A write is sent only while at least this much of the lease is left. */
const leaseMarginMs = 15_000;
/** A re-reading that took longer than this may have outlived the lease's margin, which is then looked at again. */
const quickMs = 5_000;
const throttledWaitsMs: readonly number[] = [500, 2_000, 5_000];
/** The cloud's own hint is waited for up to this; a longer one is a case for a later delivery. */
const longestHintMs = 5_000;
/**
 * Milliseconds after which a subject that does not stand as it was judged is looked at again: one reading may be stale. In
 * all they are longer than what makes two readings spaced.
 */
const secondSightMs: readonly number[] = [300, 1_200, 3_000];

export type WriteContext = {
  readonly world: Pick<World, "read" | "clock" | "state">;
  readonly ledger: Ledger;
  readonly lease: Lease;
  readonly incidentId: string;
  readonly session: ActingSession;
  /**
   * Who switched all writing off, asked before each call is sent. Left out where a person takes one of our writes back:
   * they decide for themselves.
   */
  readonly stoppedBy?: () => Promise<KillSwitch | undefined>;
};

const operationOf = (call: Call): string => `${call.service}.${call.operation}`;

/**
 * Puts a call into the ledger before it is sent, as one whose effect is not known: whoever finds it there after we died
 * knows that it may have happened.
 */
const announce = async ({ ledger, incidentId, world, session }: WriteContext, call: Call): Promise<void> => {
  const { writer } = session;
  const made: CallMade = {
    call,
    requestId: undefined,
    at: world.clock.now(),
    effect: "unknown",
    ...("accessKeyId" in writer ? { byKey: writer.accessKeyId } : {}),
  };
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
      index === length - 1 ? { ...withoutEnd(made), ...end } : made,
    ),
  }));
};

const withoutEnd = ({ effect: _, requestId: __, ...made }: CallMade): Omit<CallMade, "requestId" | "effect"> => made;

type Sent =
  | { readonly kind: "done" }
  /** Whether the call took effect is not known. */
  | { readonly kind: "unknown"; readonly error: CloudError }
  | { readonly kind: "nothing-left"; readonly error: CloudError };

/** Why a call must not be sent now. */
type Hindrance =
  | Exclude<Written, { kind: "held" | "already-so" }>
  | {
      /** An earlier try has taken effect. */
      readonly kind: "done-already";
      readonly done: number;
      readonly state: Subject | Gone;
    };

/**
 * Why a call must not be sent now; undefined while the subject stands as the call before it left it, or as it was judged.
 * That it does not is believed when each of several readings says so; so is that an earlier try has taken effect, as a
 * lagging reading shows the state before the change, which may be the one to be put back.
 */
const notAsJudged = async (
  world: Pick<World, "read" | "clock">,
  remediation: Remediation,
  index: number,
  sentBefore: boolean,
): Promise<Hindrance | undefined> => {
  let first: Sight | undefined;
  for (const delayMs of [0, ...secondSightMs]) {
    if (delayMs > 0) await world.clock.sleep(delayMs);
    const read = await world.read(remediation.subject);
    if (!read.ok) {
      const because = `could not re-read before writing: ${cloudErrorText(read.error)}`;
      if (!isPassing(read.error)) return { kind: "failed", because };
      const { retryAfterMs } = read.error;
      return { kind: "deferred", because, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    }
    // Who bears the name now may have got it since, with what goes by it.
    const isOther = index === 0 && areTwoMakings(remediation.was, read.value);
    const done = isOther ? undefined : callsDone(remediation, read.value);
    if (done === index) return undefined;
    // The earlier try, whose answer was lost, took effect late.
    first = done !== undefined && done > index ? sighted(first, done, world.clock.now()) : undefined;
    if (first !== undefined && sentBefore && isSpaced(first, world.clock.now()))
      return { kind: "done-already", done: first.done, state: read.value };
  }
  return sentBefore || index > 0 ? { kind: "overtaken" } : { kind: "moved" };
};

const wordsOf = (written: Hindrance): string => ("because" in written ? written.because : `not sent: ${written.kind}`);

/** Whether somebody switched all writing off: asked before a reading, which may take its time, and after it. */
const switchedOff = async ({ stoppedBy }: WriteContext): Promise<Hindrance | undefined> => {
  const stop = await stoppedBy?.();
  return stop === undefined ? undefined : { kind: "stopped", by: stop.by, because: stop.because };
};

/**
 * Sends one call, once; only what RAM surely did not carry out (throttled, never reached, by a name that was changed) is
 * sent again. `mayNot` is
 * asked before each send, so that nothing but the send follows the reading that allows it.
 */
const sendCall = async (
  context: WriteContext,
  planned: Call,
  mayNot: () => Promise<Hindrance | undefined>,
): Promise<Result<Sent, Hindrance>> => {
  const { world, lease, session, ledger } = context;
  const because = "the lease on the subject ran out before the write";
  const holds = () => stillHolds(world.state, world.clock, lease, leaseMarginMs);
  if (!(await holds())) return failed({ kind: "deferred", because });
  let call = planned;
  await announce(context, call);
  for (let attempt = 0; ; attempt += 1) {
    const held = await holds();
    const from = world.clock.now();
    const hindrance = held
      ? ((await switchedOff(context)) ?? (await mayNot()) ?? (await switchedOff(context)))
      : ({ kind: "deferred", because } as const);
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
    const parameters = isMisnamed(error.code) ? inStableNames(call.parameters, ledger.accountId) : call.parameters;
    const refused = { requestId: error.requestId, effect: "none", note: cloudErrorText(error) } as const;
    if (parameters !== call.parameters) {
      // The account's alias was changed since the event told the name: the same call under the name that stays.
      await conclude(context, call, refused);
      call = { ...call, parameters };
      await announce(context, call);
      continue;
    }
    switch (error.kind) {
      case "throttled":
      case "unreachable": {
        const waitMs = throttledWaitsMs[attempt];
        const hintMs = error.retryAfterMs ?? 0;
        if (waitMs === undefined || hintMs > longestHintMs) {
          await conclude(context, call, refused);
          return failed({
            kind: "deferred",
            because: cloudErrorText(error),
            ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
          });
        }
        await world.clock.sleep(Math.max(waitMs, hintMs));
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

/** That writing was switched off, by whom and why. */
export const switchedOffText = ({ by, because }: Pick<KillSwitch, "by" | "because">): string =>
  `${by} switched writing off: ${because}`;

/** How one call of a remediation ended. */
type Step =
  | { readonly kind: "done"; readonly done: number; readonly state: Subject | Gone; readonly byUs: boolean }
  | Exclude<Written, { kind: "held" | "already-so" }>;

/**
 * Re-reads the subject, sends one call and reads back until it holds. After a write whose effect is not known the subject
 * is read before anything else, and the call is repeated once only when it surely did not take effect.
 */
const takeStep = async (context: WriteContext, remediation: Remediation, index: number, call: Call): Promise<Step> => {
  for (let sentBefore = false; ; sentBefore = true) {
    const sent = await sendCall(context, call, () => notAsJudged(context.world, remediation, index, sentBefore));
    if (!sent.ok) {
      const { error } = sent;
      if (error.kind === "done-already") return { kind: "done", done: error.done, state: error.state, byUs: true };
      // What was sent before may have taken effect all the same: then the subject is to be read, not judged anew.
      if (error.kind === "deferred" && (sentBefore || index > 0)) return { kind: "unfinished", because: error.because };
      return error.kind === "stopped" && (sentBefore || index > 0)
        ? { kind: "failed", because: `${switchedOffText(error)}, before the rest was written` }
        : error;
    }
    const nothingLeft = sent.value.kind === "nothing-left";
    const { value } = sent;
    const sure = value.kind === "done" || (value.kind === "nothing-left" && value.error.kind === "not-found");
    const found = await readBack(context.world, remediation, { wanted: index + 1, sure });
    // Nothing was left to do after a first try whose answer was lost: that try did it.
    if (found.kind === "stands" && found.done > index)
      return { kind: "done", done: found.done, state: found.state, byUs: !nothingLeft || sentBefore };
    if (found.kind === "other")
      return nothingLeft && !sentBefore && index === 0 ? { kind: "moved" } : { kind: "overtaken" };
    if (found.kind === "unreadable")
      return {
        kind: isPassing(found.error) ? "unfinished" : "failed",
        because: `the write was sent but could not be read back: ${cloudErrorText(found.error)}`,
      };
    if (sent.value.kind !== "unknown" || sentBefore)
      return {
        kind: "failed",
        because:
          sent.value.kind === "done"
            ? "the write was accepted but does not hold when read back"
            : `the write did not take effect: ${cloudErrorText(sent.value.error)}`,
      };
  }
};

/**
 * Sends the calls of a remediation in their order, each only while the subject stands as the one before left it.
 * `done` says how many an earlier holder has done already.
 */
export const writeRemediation = async (context: WriteContext, remediation: Remediation, done = 0): Promise<Written> => {
  let byUs = done > 0;
  let at = done;
  for (;;) {
    const call = remediation.calls[at];
    if (call === undefined) throw new Error("a remediation whose calls are all done has nothing to write");
    const step = await takeStep(context, remediation, at, call);
    if (step.kind !== "done") return withProgress(step, at, remediation.calls.length);
    byUs ||= step.byUs;
    at = step.done;
    if (at >= remediation.calls.length) return byUs ? { kind: "held", state: step.state } : { kind: "already-so" };
  }
};

const withProgress = (step: Exclude<Step, { kind: "done" }>, done: number, all: number): Written =>
  step.kind === "failed" && done > 0 ? { ...step, because: `${done} of ${all} calls are done; ${step.because}` } : step;
