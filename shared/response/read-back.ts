import type { CloudError } from "../domain/cloud-error.ts";
import { isPassing } from "../domain/cloud-error.ts";
import type { Remediation } from "../domain/plan.ts";
import type { Gone, Subject } from "../domain/subject.ts";
import { callsDone, stateDigest } from "../operations/state-digest.ts";
import type { World } from "../ports/world.ts";

/** Milliseconds between readings: RAM's reads lag behind its writes, by up to about a minute (`ram-api.md` §3). */
export const readBackDelaysMs: readonly number[] = [0, 200, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

export type ReadBack =
  /** So many of the remediation's calls are seen to be done. */
  | { readonly kind: "stands"; readonly done: number; readonly state: Subject | Gone }
  /** The subject is on none of the remediation's way: somebody else changed it. */
  | { readonly kind: "other" }
  | { readonly kind: "unreadable"; readonly error: CloudError };

/**
 * Reads the subject until it shows that `wanted` of the remediation's calls are done, or until the delays are used up.
 * A state that the remediation does not lead over is believed at its second sight: the first may be stale.
 */
export const readBack = async (
  world: Pick<World, "read" | "clock">,
  remediation: Remediation,
  wanted: number = remediation.calls.length,
  delaysMs: readonly number[] = readBackDelaysMs,
): Promise<ReadBack> => {
  let last: ReadBack = { kind: "other" };
  let other: string | undefined;
  for (const delayMs of delaysMs) {
    if (delayMs > 0) await world.clock.sleep(delayMs);
    const read = await world.read(remediation.subject);
    if (!read.ok) {
      last = { kind: "unreadable", error: read.error };
      if (!isPassing(read.error)) return last;
      continue;
    }
    const done = callsDone(remediation, read.value);
    if (done !== undefined) {
      last = { kind: "stands", done, state: read.value };
      if (done >= wanted) return last;
      other = undefined;
      continue;
    }
    const now = stateDigest(read.value);
    last = { kind: "other" };
    if (now === other) return last;
    other = now;
  }
  return last;
};
