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

/** Whether a user or a group of that name is one that the settings protect. */
export const isProtected = (
  kind: "user" | "group",
  name: string,
  { protected: identities = [] }: RuleSettings,
): boolean => identities.some((identity) => identity.kind === kind && identity.name === name);
