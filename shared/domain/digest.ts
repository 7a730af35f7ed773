import { canonicalText } from "./json.ts";
import { areTwo, comparedOf } from "./kinds.ts";
import type { Digest } from "./plan.ts";
import type { Gone, Subject } from "./subject.ts";

/**
 * The text by which two readings of one subject are compared. What RAM changes by itself (update time) or spells in
 * several ways is left out; what a write would overwrite is all in.
 * `documentForm` gives the canonical text of a document, so that white space and key order do not matter.
 * `anew` leaves out the id, for a thing that was made again.
 */
export const digest = (state: Subject | Gone, documentForm: (document: string) => string, anew = false): Digest =>
  state.kind === "gone" ? "gone" : canonicalText(comparedOf(state, documentForm, anew));

/** Whether two states are one. A claim may leave out the id, which then tells nothing. */
export const isSameState = (
  a: Subject | Gone,
  b: Subject | Gone,
  documentForm: (document: string) => string,
): boolean => !areTwo(a, b) && digest(a, documentForm, true) === digest(b, documentForm, true);
