import type { AccountId, Actor } from "../domain/identity.ts";
import type { JsonObject } from "../domain/json.ts";
import type { OperationId } from "../domain/operation-id.ts";
import type { Result } from "../domain/result.ts";
import type { ResettableValue, SubjectRef } from "../domain/subject.ts";
import type { Claim, TrailEvent } from "../domain/trail-event.ts";

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

/** What a call was about, or why it is beside the matter although its operation is one that we understand. */
export type Reading =
  | {
      readonly kind: "subject";
      readonly subject: SubjectRef;
      readonly claimed: Claim;
      readonly leftOut?: readonly ResettableValue[];
    }
  | { readonly kind: "beside"; readonly because: string };

/** One write operation that RAM Warden understands. */
export type OperationEntry = {
  readonly operation: OperationId;
  readonly effect: TrailEvent["effect"];
  /** The values that the operation overwrites and that neither the event nor the live resource can tell afterwards. */
  readonly lost: readonly string[];
  /** The error says which part of the record is missing or odd; it never quotes a value of the record but names. */
  readonly read: (record: CallRecord) => Result<Reading, string>;
};
