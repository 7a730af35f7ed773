import type { RuleId } from "./finding.ts";

/** A finding that somebody answers for, within bounds and for a time: it is said, and not acted on. */
export type Exemption = {
  readonly id: string;
  /** Whole ids of rules; at least one. */
  readonly rules: readonly RuleId[];
  /** A pattern of subjects as `subjectScope` writes them, `role-trust/deploy-*`; any subject unless given. */
  readonly subject?: string;
  /** A pattern of actors as `actorScope` writes them, `role/terraform`; anybody, and nobody that is known, unless given. */
  readonly actor?: string;
  /** What the change makes of its subject, as a digest: this one state and no other. */
  readonly change?: string;
  readonly owner: string;
  readonly reason: string;
  readonly ticket?: string;
  /** In force from then on, epoch milliseconds. */
  readonly from: number;
  /** The first moment at which it is over, epoch milliseconds. */
  readonly until: number;
  /** Whoever granted it at the terminal; absent where it stands in the file. */
  readonly by?: string;
  /** Whoever granted it, as `actorScope` writes actors: what that one does is never covered by it. */
  readonly grantor?: string;
};

const dayMs = 86_400_000;

/** The longest time that an exemption may be in force, days. */
export const longestExemptionDays = 366;
export const longestExemptionMs = longestExemptionDays * dayMs;

/** An exemption that ends within this time is warned of, milliseconds. */
export const endsSoonMs = 7 * dayMs;

export const isInForce = ({ from, until }: Pick<Exemption, "from" | "until">, now: number): boolean =>
  from <= now && now < until;

/** `2027-03-01 00:00 UTC`: when an exemption is over, in words that need no time zone. */
export const untilText = (until: number): string => `${inUtc.format(until)} UTC`;

/** Swedes write days as ISO 8601 does. */
const inUtc = new Intl.DateTimeFormat("sv-SE", { timeZone: "UTC", dateStyle: "short", timeStyle: "short" });
