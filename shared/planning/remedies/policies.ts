import type { Remedier } from "../chosen.ts";
import { noRemedy } from "../chosen.ts";

type Kind = "policy" | "tags";

const none = (): ReturnType<Remedier<Kind>> => noRemedy("not-reversible", "nothing is known that puts it back");

export const policiesRemedies: { readonly [kind in Kind]: Remedier<kind> } = {
  policy: none,
  tags: none,
};
