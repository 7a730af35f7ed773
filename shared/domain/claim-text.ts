import { canonicalText } from "./json.ts";
import { claimOf } from "./kinds.ts";
import type { Claim } from "./trail-event.ts";

/**
 * What an event claims beyond naming its subject, as one text: by it two events that share an id are told apart. White
 * space and the order of members do not count, as two routes may write one document in two ways. Empty where there is
 * nothing to compare.
 */
export const claimText = (claimed: Claim): string => {
  if (claimed === undefined || claimed.kind === "gone") return "";
  const claim = claimOf(claimed);
  if (claim === undefined) return "";
  return typeof claim === "string" ? claim : canonicalText(claim);
};

/** Whether two claims about one subject tell the same, as far as both tell anything. */
export const claimsAgree = (a: Claim, b: Claim): boolean => {
  const [one, other] = [claimText(a), claimText(b)];
  return one === "" || other === "" || one === other;
};
