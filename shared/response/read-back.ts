import type { CloudError } from "../domain/cloud-error.ts";
import { isPassing } from "../domain/cloud-error.ts";
import type { Remediation } from "../domain/plan.ts";
import type { Gone, Subject } from "../domain/subject.ts";
import { callsDone, stateDigest } from "../operations/state-digest.ts";
import type { World } from "../ports/world.ts";

/** Milliseconds between readings: RAM's reads lag behind its writes, by up to about a minute (`ram-api.md` §3). */
export const readBackDelaysMs: readonly number[] = [0, 200, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** Two readings this far apart, and none between that says otherwise, are believed where a single one may be stale. */
export const spacedMs = 3_000;

export type ReadBack =
  /** So many of the remediation's calls are seen to be done. */
  | { readonly kind: "stands"; readonly done: number; readonly state: Subject | Gone }
  /** The subject is on none of the remediation's way: somebody else changed it. */
  | { readonly kind: "other" }
  | { readonly kind: "unreadable"; readonly error: CloudError };

export type Expected = {
  /** So many of the remediation's calls should be done. */
  readonly wanted: number;
  /** Whether the cloud said that the last of these was carried out, or that nothing was left to do. */
  readonly sure: boolean;
  readonly delaysMs?: readonly number[];
};

/**
 * Reads the subject until it shows that `wanted` of the remediation's calls are done, or until the delays are used up.
 * What a lagging reading shows is the state before the change, which for a revert is the very state to be put back: so
 * where the cloud did not say that the call was carried out, or more is done than that, it takes two spaced readings. A
 * state that the remediation does not lead over is believed at its second sight as well.
 */
export const readBack = async (
  world: Pick<World, "read" | "clock">,
  remediation: Remediation,
  { wanted, sure, delaysMs = readBackDelaysMs }: Expected,
): Promise<ReadBack> => {
  let last: ReadBack = { kind: "other" };
  let other: string | undefined;
  let first: Sight | undefined;
  const isOpen = (): boolean => first !== undefined || other !== undefined;
  for (let turn = 0; turn < delaysMs.length || (turn === delaysMs.length && isOpen()); turn += 1) {
    const delayMs = delaysMs[turn] ?? spacedMs;
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
      if (sure && done === wanted) return last;
      first = done < wanted ? undefined : sighted(first, done, world.clock.now());
      if (first !== undefined && isSpaced(first, world.clock.now())) return last;
      other = undefined;
      continue;
    }
    first = undefined;
    const now = stateDigest(read.value);
    last = { kind: "other" };
    if (now === other) return last;
    other = now;
  }
  return last.kind !== "unreadable" && isOpen() ? unsettled(remediation) : last;
};

/** When a state was seen for the first time of which no reading since said otherwise. */
export type Sight = { readonly done: number; readonly at: number };

export const sighted = (first: Sight | undefined, done: number, at: number): Sight =>
  first?.done === done ? first : { done, at };

export const isSpaced = (first: Sight, now: number): boolean => now - first.at >= spacedMs;

/** Readings that do not agree to the end: whoever reads later will know. */
const unsettled = ({ subject }: Remediation): ReadBack => ({
  kind: "unreadable",
  error: { kind: "unreadable", operation: `read ${subject.kind}`, code: "ReadingsDisagree" },
});
