import { digest } from "../domain/digest.ts";
import type { Digest } from "../domain/plan.ts";
import type { Gone, Subject } from "../domain/subject.ts";
import { documentForm } from "../policy/canonical.ts";

/** The digest of a subject's state; trust documents compare by meaning, so white space and order do not matter. */
export const stateDigest = (state: Subject | Gone): Digest => digest(state, documentForm);
