import type { Principal } from "./domain/identity.ts";
import { formerRef, touchedBy } from "./domain/kinds.ts";
import type { RecentChange } from "./domain/recent-change.ts";
import type { SubjectRef } from "./domain/subject.ts";

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
