import type { CloudError } from "../domain/cloud-error.ts";
import { isPassing } from "../domain/cloud-error.ts";
import type { Remediation } from "../domain/plan.ts";
import { stateDigest } from "../operations/state-digest.ts";
import type { World } from "../ports/world.ts";

/** Milliseconds between readings: RAM's reads lag behind its writes, by up to about a minute (`ram-api.md` §3). */
export const readBackDelaysMs: readonly number[] = [0, 200, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

export type ReadBack =
  /** The subject is what the plan makes of it. */
  | { readonly kind: "holds" }
  /** The subject still stands as it was judged. */
  | { readonly kind: "as-before" }
  /** The subject is neither: somebody else changed it. */
  | { readonly kind: "other" }
  | { readonly kind: "unreadable"; readonly error: CloudError };

/**
 * Reads the subject until it is what the remediation makes of it, or until the delays are used up.
 * A state that is neither the expected nor the wanted one is believed at its second sight: the first may be stale.
 */
export const readBack = async (
  world: Pick<World, "read" | "clock">,
  remediation: Remediation,
  delaysMs: readonly number[] = readBackDelaysMs,
): Promise<ReadBack> => {
  const wanted = stateDigest(remediation.becomes);
  let last: ReadBack = { kind: "as-before" };
  let other: string | undefined;
  for (const delayMs of delaysMs) {
    if (delayMs > 0) await world.clock.sleep(delayMs);
    const read = await world.read(remediation.subject);
    if (!read.ok) {
      last = { kind: "unreadable", error: read.error };
      if (!isPassing(read.error)) return last;
      continue;
    }
    const now = stateDigest(read.value);
    if (now === wanted) return { kind: "holds" };
    if (now === remediation.expects) {
      last = { kind: "as-before" };
      other = undefined;
    } else if (now === other) {
      return { kind: "other" };
    } else {
      last = { kind: "other" };
      other = now;
    }
  }
  return last;
};
