import type { Principal } from "../../domain/identity.ts";
import { samePrincipal } from "../../domain/identity.ts";
import type { Practices, RuleSettings } from "../../domain/settings.ts";
import { usualPractices } from "../../domain/settings.ts";

/** How the account wants its identities to be. */
export const practicesOf = ({ practices }: RuleSettings): Practices => practices ?? usualPractices;

/** Whether a name is one that a pattern with `*` and `?` stands for. Linear in the name for each `*` of the pattern. */
const matches = (pattern: string, name: string): boolean => {
  let [at, inName, star, afterStar] = [0, 0, -1, 0];
  while (inName < name.length) {
    if (pattern[at] === "?" || (pattern[at] !== "*" && pattern[at] === name[inName])) {
      at += 1;
      inName += 1;
    } else if (pattern[at] === "*") {
      star = at;
      afterStar = inName;
      at += 1;
    } else if (star !== -1) {
      at = star + 1;
      afterStar += 1;
      inName = afterStar;
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
};

/** Whether one of the patterns stands for a name; case counts, as it does in RAM. */
export const matchesOne = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => matches(pattern, name));

/** Whether a user belongs to a program. */
export const isServiceUser = (userName: string, settings: RuleSettings): boolean =>
  matchesOne(userName, practicesOf(settings).classes.service);

/** Whether an identity of that kind and name is one that the settings protect; RAM takes names of roles in either case. */
export const isProtected = (
  kind: Principal["kind"],
  name: string,
  { protected: identities = [] }: RuleSettings,
): boolean => identities.some((identity) => samePrincipal(identity, { kind, name }));
