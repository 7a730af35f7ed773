import type { Remedier } from "../chosen.ts";
import { groupRemedy } from "./group.ts";
import { membershipRemedy } from "./membership.ts";
import { recycledUserRemedy } from "./recycled-user.ts";
import { userRemedy } from "./user.ts";

type Kind = "user" | "group" | "membership" | "recycled-user";

export const identitiesRemedies: { readonly [kind in Kind]: Remedier<kind> } = {
  user: userRemedy,
  group: groupRemedy,
  membership: membershipRemedy,
  "recycled-user": recycledUserRemedy,
};
