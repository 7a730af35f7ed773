import { createHash } from "node:crypto";
import type { Change } from "./domain/change.ts";
import { subjectKey } from "./domain/kinds.ts";
import { stateDigest } from "./operations/state-digest.ts";

/**
 * What a change makes of its subject, in 32 letters: the same for the same state however it came about, and another for any
 * other state. By it an exemption covers one state alone.
 */
export const changeDigest = ({ subject, after }: Pick<Change, "subject" | "after">): string =>
  createHash("sha256")
    .update(`${subjectKey(subject)}\n${stateDigest(after)}`)
    .digest("hex")
    .slice(0, 32);
