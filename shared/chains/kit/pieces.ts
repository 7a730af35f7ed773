import { severityRank } from "../../domain/finding.ts";
import { actorText } from "../../domain/identity.ts";
import { subjectKey } from "../../domain/kinds.ts";
import type { RecentChange } from "../../domain/recent-change.ts";
import type { SubjectKind } from "../../domain/subject.ts";

/** The changes in order of time. */
export const inOrder = (changes: readonly RecentChange[]): readonly RecentChange[] =>
  [...changes].sort((a, b) => a.occurredAt - b.occurredAt);

/** Whether a change was found to give what matters: a rule of a high severity was broken by it. */
export const isGrave = ({ broke }: RecentChange): boolean =>
  broke.some(({ severity }) => severityRank(severity) >= severityRank("high"));

/**
 * Those changes that were not surely taken back: their subject was not taken away later. Events tell the time to the
 * second, and of two in one second nobody knows which was last.
 */
export const notTakenBack = (
  some: readonly RecentChange[],
  changes: readonly RecentChange[],
): readonly RecentChange[] => {
  const takenAt = new Map<string, number>();
  for (const { subject, effect, occurredAt } of changes) {
    const key = subjectKey(subject);
    if (effect === "removed") takenAt.set(key, Math.max(occurredAt, takenAt.get(key) ?? 0));
  }
  return some.filter(({ subject, occurredAt }) => occurredAt >= (takenAt.get(subjectKey(subject)) ?? 0));
};

/** The kinds of subject by which somebody gets in as a user. */
const waysIn: readonly SubjectKind[] = ["access-key", "login", "service-credential"];

/** Whether a change opened a way in: made one, or put one in use by somebody who may not. */
export const opensWayIn = ({ subject, effect, broke }: RecentChange): boolean =>
  waysIn.includes(subject.kind) && (effect === "made" || (effect === "changed" && broke.length > 0));

/** The user that a change is about, by the name or the id that its event gave. */
export const userOf = ({ subject }: RecentChange): string | undefined => {
  switch (subject.kind) {
    case "access-key":
      if (subject.owner.kind === "root") return undefined;
      return subject.owner.kind === "user" ? subject.owner.name : subject.owner.id;
    case "grant":
      return subject.principal.kind === "user" ? subject.principal.name : undefined;
    default:
      return "userName" in subject ? subject.userName : undefined;
  }
};

type Names = { readonly from: string; readonly to: string };

/** The names of a renaming; undefined for any other change. */
export const renaming = ({ subject }: RecentChange): Names | undefined => {
  if (!("formerName" in subject) || subject.formerName === undefined) return undefined;
  return { from: subject.formerName, to: subject.kind === "user" ? subject.userName : subject.groupName };
};

/**
 * The renamings of a user or a group since it was made, in order: to the name that it is known by here, and from that one
 * on. Of several in one second nobody knows the order, so that each is looked for among all.
 */
export const renamingsOf = (
  kind: "user" | "group",
  name: string,
  since: number,
  changes: readonly RecentChange[],
): readonly RecentChange[] => {
  const all = inOrder(changes).filter(
    (change) => change.subject.kind === kind && change.occurredAt >= since && renaming(change) !== undefined,
  );
  const called = new Set([name]);
  const found = new Set<RecentChange>();
  for (let known = -1; known < found.size; ) {
    known = found.size;
    for (const change of all) {
      const names = renaming(change);
      if (names === undefined || (!called.has(names.from) && !called.has(names.to))) continue;
      found.add(change);
      called.add(names.from).add(names.to);
    }
  }
  return inOrder([...found]);
};

/** The order in which what a chain opened is ended: power first, then what is used from anywhere, then the console. */
const strength: readonly SubjectKind[] = ["grant", "membership", "policy", "access-key", "service-credential", "login"];

export const strongestFirst = (pieces: readonly RecentChange[]): readonly RecentChange[] => {
  const rank = ({ subject }: RecentChange): number => {
    const at = strength.indexOf(subject.kind);
    return at === -1 ? strength.length : at;
  };
  return [...inOrder(pieces)].sort((a, b) => rank(a) - rank(b));
};

/** Windows of a length that begin with each of the changes, each in order of time. */
export const windowsOf = (changes: readonly RecentChange[], lengthMs: number): readonly (readonly RecentChange[])[] => {
  const ordered = inOrder(changes);
  return ordered.map((first) =>
    ordered.filter(({ occurredAt }) => occurredAt >= first.occurredAt && occurredAt - first.occurredAt <= lengthMs),
  );
};

/** The changes that are in any of several lists, once each, in order of time. */
export const together = (lists: readonly (readonly RecentChange[])[]): readonly RecentChange[] =>
  inOrder([...new Set(lists.flat())]);

/** Who made the changes, each once. */
export const makersOf = (changes: readonly RecentChange[]): string =>
  [...new Set(changes.map(({ actor }) => actorText(actor)))].join(", ");

/** Whole minutes from the first to the last, at least one. */
export const minutesOf = (changes: readonly RecentChange[]): number => {
  const times = changes.map(({ occurredAt }) => occurredAt);
  return Math.max(1, Math.ceil((Math.max(...times) - Math.min(...times)) / 60_000));
};

export const hourMs = 3_600_000;
