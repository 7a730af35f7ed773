import type { Gone, Subject } from "../domain/subject.ts";

/** How far the cloud's time of a making may be from the time of its event, milliseconds. */
const marginMs = 30_000;

const timeIn = (text: string | undefined): number => (text === undefined ? Number.NaN : Date.parse(text));

/** When a thing came to be, by the cloud's own time, epoch milliseconds; NaN where no reading of it tells. */
const madeAtOf = (state: Subject): number => {
  switch (state.kind) {
    case "grant":
      return timeIn(state.attachedAt);
    case "membership":
      return timeIn(state.joinedAt);
    default:
      return "createdAt" in state && typeof state.createdAt === "string" ? timeIn(state.createdAt) : Number.NaN;
  }
};

/** Kinds that are found by the name of somebody who may have got it from another since. */
const byName: readonly Subject["kind"][] = ["grant", "membership", "user", "group"];

/**
 * Whether a live thing came to be at another time than an event that made one: it bears the name, and is another. What was
 * made later may be of any kind; what is older came with a name that its holder got since. Of a logon only its last change
 * is told, which is no earlier than its making.
 */
export const isOfAnotherTime = (live: Subject, madeAt: number): boolean => {
  if (live.kind === "login") return madeAt - timeIn(live.updatedAt) > marginMs;
  const after = madeAtOf(live) - madeAt;
  return after > marginMs || (byName.includes(live.kind) && after < -marginMs);
};

/** Whether two readings under one name are of two links, as one is older than the other. */
export const areTwoMakings = (one: Subject | Gone, other: Subject | Gone): boolean =>
  one.kind !== "gone" &&
  other.kind === one.kind &&
  byName.includes(one.kind) &&
  Math.abs(madeAtOf(one) - madeAtOf(other)) > marginMs;

/** Whether the cloud tells of a thing when it was made, so that it can be told from another of its name. */
export const isKnownByItsTime = (live: Subject): boolean =>
  live.kind === "login" ? live.updatedAt !== undefined : byName.includes(live.kind) && !Number.isNaN(madeAtOf(live));
