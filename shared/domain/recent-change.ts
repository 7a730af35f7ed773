import type { RuleId, Severity } from "./finding.ts";
import type { Actor } from "./identity.ts";
import type { SubjectRef } from "./subject.ts";
import type { TrailEvent } from "./trail-event.ts";

/**
 * One change as it is remembered for a day, to be judged together with others: who did what to which subject, and which
 * rules it broke.
 */
export type RecentChange = Pick<TrailEvent, "eventId" | "requestId" | "operation" | "occurredAt" | "effect"> & {
  readonly actor: Actor;
  readonly subject: SubjectRef;
  /** Digest of what the event claimed, where it claimed more than its subject's name. */
  readonly claim?: string;
  /** When we came to know of it, epoch milliseconds: events come late and out of order. */
  readonly notedAt: number;
  /** The rules that the change was found to break for certain, whatever has become of it since. */
  readonly broke: readonly {
    readonly rule: RuleId;
    readonly severity: Severity;
    /** The rule is on trial, or observes: nothing is ended on the strength of it. */
    readonly heldBack?: true;
  }[];
  /** In a chain: only what rules say that are held back makes it a piece of it. */
  readonly heldBack?: true;
  /**
   * Somebody answers for it: it was made by an identity whose job it is, or the worst of it is exempt. It gives no power
   * in a chain, and what others began before it is theirs no more.
   */
  readonly answeredFor?: true;
  /** The incident whose write on the same subject it undid, where it broke a rule and came after that. */
  readonly undoes?: string;
};
