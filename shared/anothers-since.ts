import { isAnotherThan } from "./assess.ts";
import { subjectKey } from "./domain/kinds.ts";
import type { RecentChange } from "./domain/recent-change.ts";
import type { Gone, Subject } from "./domain/subject.ts";
import type { Occasion } from "./domain/trail-event.ts";
import { readBaseline } from "./ledger/baselines.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { partiesAbout } from "./ledger/parties.ts";
import type { OpenChain } from "./ledger/recent-changes.ts";
import { rememberedOf } from "./ledger/recent-changes.ts";
import { stateDigest } from "./operations/state-digest.ts";
import type { World } from "./ports/world.ts";

const isId = (id: string | undefined): id is string => id !== undefined && id !== "" && !id.includes("*");

/** Whether the live thing is another than the one that a piece made: it bears the name, and was made later. */
export const isAnother = ({ pieces }: OpenChain, piece: Occasion, live: Subject | Gone): boolean => {
  if (live.kind === "gone") return false;
  if (isAnotherThan(piece, live)) return true;
  if (live.kind !== "login" || !isId(live.userId)) return false;
  const made = pieces.flatMap(({ subject, effect }) =>
    subject.kind === "user" && effect === "made" ? [subject.userId] : [],
  );
  // A user of whom no event told the id may be this one.
  return made.length > 0 && made.every(isId) && !made.includes(live.userId);
};

/** What came of a piece by others: it is over, or stands by somebody who answers for it; undefined for neither. */
export type BySince = { readonly kind: "over" } | { readonly kind: "stands"; readonly because: string } | undefined;

/**
 * What was done about a piece since, by those whose word counts: a person who left it as it is, an identity that is
 * declared, or whoever an exemption answers for. What they made or accepted is theirs, whoever began it.
 */
export const sinceThen = async (world: World, ledger: Ledger, piece: RecentChange): Promise<BySince> => {
  const about = subjectKey(piece.subject);
  const record = await ledger.eventRecord({ ...piece, about });
  const alone = record?.incidentId === undefined ? undefined : await ledger.incident(record.incidentId);
  if (alone?.decided?.decision === "rejected") return { kind: "over" };
  const later: RecentChange[] = [];
  for (const party of partiesAbout(piece.subject))
    for (const one of await rememberedOf(world.state, world.clock, world.accountId, party))
      if (subjectKey(one.subject) === about && one.occurredAt > piece.occurredAt) later.push(one);
  // What was made anew is a piece of its own, or somebody else's.
  if (later.some(({ effect }) => effect === "removed")) return { kind: "over" };
  const answered = later.filter(({ answeredFor }) => answeredFor === true);
  if (answered.some(({ effect }) => effect === "made")) return { kind: "over" };
  const [first] = answered;
  return first === undefined
    ? undefined
    : { kind: "stands", because: `${first.operation} changed it since, and somebody answers for that` };
};

/** Whether the live state is the one that a person accepted after a piece. */
export const isAcceptedSince = async (world: World, piece: Occasion, live: Subject | Gone): Promise<boolean> => {
  const baseline = await readBaseline(world.state, world.accountId, subjectKey(piece.subject));
  return (
    baseline?.source === "undo" &&
    baseline.since >= piece.occurredAt &&
    stateDigest(baseline.state) === stateDigest(live)
  );
};
