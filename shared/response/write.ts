import type { CloudError } from "../domain/cloud-error.ts";
import { cloudErrorText } from "../domain/cloud-error.ts";
import type { Call, CallMade, Remediation } from "../domain/plan.ts";
import type { Result } from "../domain/result.ts";
import { failed, ok } from "../domain/result.ts";
import type { Lease } from "../ledger/lease.ts";
import { stillHolds } from "../ledger/lease.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { ActingSession } from "../ports/cloud.ts";
import type { World } from "../ports/world.ts";
import { readBack } from "./read-back.ts";

/** How the one write of a remediation ended. */
export type Written =
  /** Read back, the subject is what it should be. */
  | { readonly kind: "held" }
  /** The goal stands, but by somebody else's hand: the cloud says that there was nothing left to do. */
  | { readonly kind: "already-so" }
  | { readonly kind: "changed-again" }
  | { readonly kind: "failed"; readonly because: string }
  /** Nothing was written, and trying again later can help. */
  | { readonly kind: "deferred"; readonly because: string; readonly retryAfterMs?: number };

/** A write is sent only while at least this much of the lease is left. */
const leaseMarginMs = 15_000;
const throttledWaitsMs: readonly number[] = [500, 2_000, 5_000];

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

/** Sends one call, once; only what RAM surely did not carry out (throttled, never reached) is sent again. */
const sendCall = async (context: WriteContext, call: Call): Promise<Result<Sent, Written>> => {
  const { world, lease, session } = context;
  const because = "the lease on the subject ran out before the write";
  const holds = () => stillHolds(world.state, world.clock, lease, leaseMarginMs);
  if (!(await holds())) return failed({ kind: "deferred", because });
  await announce(context, call);
  for (let attempt = 0; ; attempt += 1) {
    if (!(await holds())) {
      await conclude(context, call, { requestId: undefined, effect: "none", note: because });
      return failed({ kind: "deferred", because });
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
 * Sends the calls of a remediation and reads back until they hold. After a write whose effect is not known the subject
 * is read before anything else, and the call is repeated once only when it surely did not take effect.
 */
export const writeRemediation = async (context: WriteContext, remediation: Remediation): Promise<Written> => {
  let sentBefore = false;
  for (;;) {
    let last: Sent = { kind: "done" };
    for (const call of remediation.calls) {
      const sent = await sendCall(context, call);
      if (!sent.ok) return sent.error;
      last = sent.value;
    }
    const found = await readBack(context.world, remediation);
    // Nothing was left to do after a first try whose answer was lost: that try did it.
    if (found.kind === "holds")
      return last.kind === "nothing-left" && !sentBefore ? { kind: "already-so" } : { kind: "held" };
    if (found.kind === "other") return { kind: "changed-again" };
    if (found.kind === "unreadable")
      return {
        kind: "failed",
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
