import type { CloudError } from "./domain/cloud-error.ts";
import { cloudErrorText } from "./domain/cloud-error.ts";
import type { Incident } from "./ledger/incident.ts";
import type { Lease } from "./ledger/lease.ts";
import { releaseLease, stillHolds, takeLease, yieldLease } from "./ledger/lease.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { giveUpLeftover, unlessFault } from "./not-handled.ts";
import type { World } from "./ports/world.ts";
import type { Finished } from "./response/recover.ts";
import { finishLeftover } from "./response/recover.ts";
import type { Settings } from "./settings.ts";

/** Longer than one event can take, reading back included; a holder that dies blocks its subject no longer than this. */
export const leaseMs = 120_000;

/** What cannot be done now and can be later. */
export type Deferral = { readonly kind: "deferred"; readonly because: string; readonly retryAfterMs?: number };

/** What a passing error of the cloud puts off. */
export const deferralBy = (error: CloudError): Deferral => ({
  kind: "deferred",
  because: cloudErrorText(error),
  ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
});

/** Something is left half done: the next to take the lease must see it. */
export type Unfinished = { readonly kind: "unfinished"; readonly because: string };

/**
 * Runs what may end in a write under the lease of its subject: one writer per subject. When it does not come to its end,
 * the lease is left for the next to see that something may be half done.
 */
export const withLease = async <Result extends { readonly kind: string }>(
  world: World,
  key: string,
  run: (lease: Lease, left: readonly string[]) => Promise<Result | Unfinished>,
): Promise<Result | Deferral> => {
  const taken = await takeLease(world.state, world.clock, world.accountId, key, world.newId(), leaseMs);
  if (!taken.taken)
    return { kind: "deferred", because: "somebody else is at work on this subject", retryAfterMs: taken.retryAfterMs };
  const { lease, left } = taken;
  try {
    const result = await run(lease, left);
    if (isUnfinished(result)) {
      await yieldLease(world.state, world.clock, lease);
      return { kind: "deferred", because: result.because };
    }
    await releaseLease(world.state, lease);
    return result;
  } catch (error) {
    await yieldLease(world.state, world.clock, lease).catch(() => undefined);
    throw error;
  }
};

const isUnfinished = (result: { readonly kind: string }): result is Unfinished => result.kind === "unfinished";

/**
 * Makes an intent durable, and looks whether the lease outlived that. Whoever was so slow that another took the subject
 * over leaves it to them, or one event would have two incidents. Undefined when all is well.
 */
export const openUnderLease = async (
  world: World,
  ledger: Ledger,
  lease: Lease,
  incident: Incident,
): Promise<Deferral | undefined> => {
  await ledger.open(incident);
  if (await stillHolds(world.state, world.clock, lease, 0)) return undefined;
  const because = "the lease on the subject ran out before anything was done";
  await ledger.abandon(incident.id, because);
  return { kind: "deferred", because };
};

/** Finishes what earlier holders of a lease left behind; what ends in a fault of ours is given up, told and kept for a person. */
export const finishAll = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  lease: Lease,
  left: readonly string[],
): Promise<{ readonly kind: "done" } | Unfinished> => {
  for (const incidentId of left) {
    const { mode } = settings.guardrails;
    const finished = await unlessFault<Finished>(
      () => finishLeftover(world, ledger, settings.telling, lease, incidentId, mode),
      async (fault) => {
        await giveUpLeftover(world, settings, ledger, lease, incidentId, fault);
        return { kind: "finished" };
      },
    );
    if (finished.kind === "deferred") return { kind: "unfinished", because: finished.because };
  }
  return { kind: "done" };
};
