import type { AccountId, Actor } from "../domain/identity.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Result } from "../domain/result.ts";
import type { ResettableValue, SubjectKind, SubjectRef } from "../domain/subject.ts";
import type { Claim, Tells, TrailEvent } from "../domain/trail-event.ts";
import type { Unseen } from "../domain/unseen.ts";
import type { CataloguedId } from "./catalogue.ts";

/** One successful call as an audit record tells it, before anybody knows what it was about. */
export type CallRecord = {
  readonly accountId: AccountId;
  readonly actor: Actor;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
  /** `requestParameters`: only named keys are picked from it, because ActionTrail mixes transport noise in. */
  readonly request: JsonObject;
  /** `responseElements`; many records have none. */
  readonly response: JsonObject | undefined;
};

/** A subject of a call, and what the call claims became of it. */
export type About = {
  readonly subject: SubjectRef;
  readonly claimed: Claim;
  readonly leftOut?: readonly ResettableValue[];
  readonly unseen?: readonly Unseen[];
  readonly tells?: Tells;
};

/** What a call was about, or why it is beside the matter although its operation is one that we understand. */
export type Reading =
  | ({ readonly kind: "subject" } & About)
  /** One call that changes several subjects at once. */
  | { readonly kind: "subjects"; readonly all: readonly [About, ...About[]] }
  | { readonly kind: "beside"; readonly because: string };

/**
 * How far an operation can be put back: `full` with what is known of before, `partial` where something stays lost, `none`
 * where nothing leads back. `calls` are the operations that the remedy sends, in order; `why` says what the level means here.
 */
export type Remedy = {
  readonly level: "full" | "partial" | "none";
  readonly why: string;
  readonly calls: readonly CataloguedId[];
};

/** One write operation that RAM Warden understands. */
export type OperationEntry = {
  /** `none` for a call that changes nothing which RAM keeps, such as a session or a report. */
  readonly subject: SubjectKind | "none";
  readonly effect: TrailEvent["effect"];
  /** The values that the operation overwrites and that neither the event nor the live resource can tell afterwards. */
  readonly lost: readonly string[];
  readonly remedy: Remedy;
  /** The error says which part of the record is missing or odd; it never quotes a value of the record but names. */
  readonly read: (record: CallRecord) => Result<Reading, string>;
};

/** The entries of one family of subjects, by the id of their operation. */
export type Entries = { readonly [id in CataloguedId]?: OperationEntry };
