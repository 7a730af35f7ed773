import type { Remedier } from "../chosen.ts";
import { policyRemedy } from "./policy.ts";
import { tagsRemedy } from "./tags.ts";

type Kind = "policy" | "tags";

export const policiesRemedies: { readonly [kind in Kind]: Remedier<kind> } = {
  policy: policyRemedy,
  tags: tagsRemedy,
};
