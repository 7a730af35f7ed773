import type { SubjectReader } from "./read-subject.ts";
import { notRead } from "./read-subject.ts";

type Kind = "user" | "group" | "membership" | "recycled-user";

export const identitiesReaders: { readonly [kind in Kind]: SubjectReader<kind> } = {
  user: notRead,
  group: notRead,
  membership: notRead,
  "recycled-user": notRead,
};
