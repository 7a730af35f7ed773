import type { Remedier } from "../chosen.ts";
import { noRemedy } from "../chosen.ts";

type Kind = "user" | "group" | "membership" | "recycled-user";

const none = (): ReturnType<Remedier<Kind>> => noRemedy("not-reversible", "nothing is known that puts it back");

export const identitiesRemedies: { readonly [kind in Kind]: Remedier<kind> } = {
  user: none,
  group: none,
  membership: none,
  "recycled-user": none,
};
