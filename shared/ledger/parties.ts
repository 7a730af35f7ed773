import type { Principal } from "../domain/identity.ts";
import { formerRef, subjectKey, touchedBy } from "../domain/kinds.ts";
import type { RecentChange } from "../domain/recent-change.ts";
import type { Renaming } from "../domain/renaming.ts";
import { holdersIn, renamingOf, underName } from "../domain/renaming.ts";
import type { SubjectRef } from "../domain/subject.ts";

/** The name under which the changes about an identity are remembered. Names of roles compare without case. */
const ofPrincipal = ({ kind, name }: Principal): string =>
  `about/${kind}/${kind === "role" ? name.toLowerCase() : name}`;

const ofPolicy = (name: string): string => `about/policy/${name}`;

const touched = (subject: SubjectRef): readonly string[] => {
  const about = touchedBy(subject);
  return typeof about === "object" ? [ofPrincipal(about)] : [];
};

/**
 * What a subject is about, as the parties under which its changes are remembered: an identity by its name and by the one
 * that it bore before, both ends of a membership, and a custom policy beside whom it is attached to.
 */
export const partiesAbout = (subject: SubjectRef): readonly string[] => {
  const former = formerRef(subject);
  const own = [...touched(subject), ...(former === undefined ? [] : touched(former))];
  switch (subject.kind) {
    case "membership":
      return [...own, ofPrincipal({ kind: "group", name: subject.groupName })];
    case "policy":
      return [...own, ofPolicy(subject.policyName)];
    case "grant":
      return subject.policy.type === "Custom" ? [...own, ofPolicy(subject.policy.name)] : own;
    default:
      return own;
  }
};

/** So many parties are looked up for one change at most. */
const mostParties = 30;

/**
 * All that is remembered of what a change is about, and of what that is linked to: a group's power is its members', and
 * what a user was given under a former name it has under the new one. `known` are the parties that were read already.
 */
export const withLinked = async (
  known: ReadonlyMap<string, readonly RecentChange[]>,
  read: (party: string) => Promise<readonly RecentChange[]>,
): Promise<readonly RecentChange[]> => {
  const all = new Map(known);
  const waiting = [...known.values()].flat();
  for (let change = waiting.shift(); change !== undefined; change = waiting.shift())
    for (const party of partiesAbout(change.subject)) {
      if (all.has(party) || all.size >= mostParties) continue;
      const found = await read(party);
      all.set(party, found);
      waiting.push(...found);
    }
  return [...all.values()].flat();
};

const isSameEvent = (a: RecentChange, b: RecentChange): boolean =>
  a.eventId === b.eventId && a.operation === b.operation && a.occurredAt === b.occurredAt;

/** The keys of a subject under the names that its user or group came to bear, as far as renamings are known. */
const laterKeys = (subject: SubjectRef, renamings: readonly Renaming[]): ReadonlySet<string> => {
  const keys = new Set([subjectKey(subject)]);
  const waiting = [subject];
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift())
    for (const renaming of holdersIn(one).length === 0 ? [] : renamings) {
      const renamed = underName(one, renaming);
      if (keys.has(subjectKey(renamed))) continue;
      keys.add(subjectKey(renamed));
      waiting.push(renamed);
    }
  keys.delete(subjectKey(subject));
  return keys;
};

/** The changes without those that are there under a later name as well: their events were judged again under that one. */
export const underLatestNames = (changes: readonly RecentChange[]): readonly RecentChange[] => {
  const renamings = changes.flatMap((change) => renamingOf(change) ?? []);
  if (renamings.length === 0) return changes;
  return changes.filter((change) => {
    const others = changes.filter((other) => other !== change && isSameEvent(other, change));
    if (others.length === 0) return true;
    const later = laterKeys(change.subject, renamings);
    return !others.some((other) => later.has(subjectKey(other.subject)));
  });
};
