import type { SubjectReader } from "./read-subject.ts";
import { notRead } from "./read-subject.ts";

type Kind = "policy" | "tags";

export const policiesReaders: { readonly [kind in Kind]: SubjectReader<kind> } = {
  policy: notRead,
  tags: notRead,
};
