import type { Principal } from "../../domain/identity.ts";
import { samePrincipal } from "../../domain/identity.ts";
import { standsFor } from "../../domain/name-pattern.ts";
import type { Practices, RuleSettings } from "../../domain/settings.ts";
import { usualPractices } from "../../domain/settings.ts";

/** How the account wants its identities to be. */
export const practicesOf = ({ practices }: RuleSettings): Practices => practices ?? usualPractices;

/** Whether one of the patterns stands for a name; case counts, as it does in RAM. */
export const matchesOne = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => standsFor(pattern, name));

/** Whether a user belongs to a program. */
export const isServiceUser = (userName: string, settings: RuleSettings): boolean =>
  matchesOne(userName, practicesOf(settings).classes.service);

/** Whether an identity of that kind and name is one that the settings protect; RAM takes names of roles in either case. */
export const isProtected = (
  kind: Principal["kind"],
  name: string,
  { protected: identities = [] }: RuleSettings,
): boolean => identities.some((identity) => samePrincipal(identity, { kind, name }));
