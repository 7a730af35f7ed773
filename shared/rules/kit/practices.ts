import type { Bilingual } from "../../domain/finding.ts";
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

/** The tags of a user; undefined where they were not read. */
export type UserTags = { readonly [key: string]: string } | undefined;

/** Whether a user's tags have to be read to tell its class: its name does not tell it, and the settings name a tag. */
export const asksForTags = (userName: string, settings: RuleSettings): boolean => {
  const { service, serviceTags = [] } = practicesOf(settings).classes;
  return serviceTags.length > 0 && !matchesOne(userName, service);
};

/**
 * Whose a user is: a program's, by its name or by a tag of its own, or else a person's. A tag that was not read may be
 * there: then nobody can tell. No tag makes a person's of what is a program's by name, as whoever may tag could set it.
 */
export const classOf = (userName: string, settings: RuleSettings, tags: UserTags): "service" | "human" | undefined => {
  const { service, serviceTags = [] } = practicesOf(settings).classes;
  if (matchesOne(userName, service)) return "service";
  if (serviceTags.length === 0) return "human";
  if (tags === undefined) return undefined;
  const bears = serviceTags.some(
    ({ key, value }) => Object.hasOwn(tags, key) && (value === undefined || tags[key] === value),
  );
  return bears ? "service" : "human";
};

/** What to say where the class of a user is not known. */
export const classNotKnown = (userName: string): Bilingual => ({
  en: `whether user \`${userName}\` is a program's is not known: its tags could not be read`,
  "zh-CN": `无法确定用户 \`${userName}\` 是否为程序用户：无法读取其标签`,
});

/** Whether an identity of that kind and name is one that the settings protect; RAM takes names of roles in either case. */
export const isProtected = (
  kind: Principal["kind"],
  name: string,
  { protected: identities = [] }: RuleSettings,
): boolean => identities.some((identity) => samePrincipal(identity, { kind, name }));
