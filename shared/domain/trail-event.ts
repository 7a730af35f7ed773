import type { AccountId, Actor } from "./identity.ts";
import type { JsonObject } from "./json.ts";
import type { OperationId } from "./operation-id.ts";
import type { Gone, ResettableValue, Subject, SubjectKind, SubjectRef } from "./subject.ts";
import type { Unseen } from "./unseen.ts";

/** What an event says became of its subject. `undefined` where the event does not say. */
export type Claim = Subject | Gone | undefined;

/**
 * Parts of a state: the values of a setting that a request gave, the document of a version that it made, or what it set
 * of a role beside its trust.
 */
export type Tells = {
  readonly fields?: JsonObject;
  readonly document?: string;
  readonly role?: { readonly description?: string; readonly maxSessionSeconds?: number };
};

/** One audit event, normalised: who did which operation to which subject, and what the event claims came of it. */
export type TrailEvent = {
  readonly eventId: string;
  readonly requestId: string;
  readonly operation: OperationId;
  /** Epoch milliseconds, to the second. */
  readonly occurredAt: number;
  readonly accountId: AccountId;
  readonly actor: Actor;
  readonly userAgent?: string;
  readonly subject: SubjectRef;
  readonly claimed: Claim;
  /** What the request left out, so that the cloud reset it; absent where the request is not known, or resets nothing. */
  readonly leftOut?: readonly ResettableValue[];
  /** What the request tells of the subject where the event does not tell it whole. */
  readonly tells?: Tells;
  /** What the call did that the subject does not show. */
  readonly unseen?: readonly Unseen[];
  /**
   * What the operation did to its subject: made it new, changed it, or took it away.
   * A successful `made` proves that there was nothing before (`ram-api.md` §3.1).
   */
  readonly effect: "made" | "changed" | "removed";
};

/**
 * What leads to a subject: an event, or a look of our own, which knows of no actor. `claim` stands for what the event
 * claimed where only its digest is left.
 */
export type Occasion = Omit<TrailEvent, "actor"> & {
  readonly actor: Actor | undefined;
  readonly claim?: string;
  /** Since when its user or group bears the name that the subject has here, epoch milliseconds, where it was renamed. */
  readonly namedAt?: number;
};

/** A record that is no business of ours, and why. */
export type PassedOver = {
  readonly where: string;
  readonly eventId: string | undefined;
  /** `Ram.GetRole`, `Ecs.DeleteDisk`; undefined when the record names none. */
  readonly operation: string | undefined;
  readonly reason: string;
  /**
   * Present for a successful write of Ram, Ims, ResourceManager or Sts that no entry judges: enough to see whether it
   * was made in the name of our own acting role.
   */
  readonly write?: {
    readonly accountId: AccountId;
    readonly actor: Actor;
    readonly requestId: string;
    readonly occurredAt: number;
    /** Of a role's write, the request's parameters that name things: by them it is compared with a call of ours. */
    readonly asked?: { readonly [name: string]: string };
    /** What it seems to be about, where nobody knows the operation: it is reported, and nothing of it is guessed. */
    readonly unknown?: SubjectRef;
  };
};

/** A record that could not be understood: kept, reported, never retried. */
export type Refusal = {
  readonly where: string;
  readonly reason: string;
  /** Present for a successful write of an operation that is understood: somebody has to look at what it did. */
  readonly write?: UnreadWrite;
};

/** What can be told of a write whose record could not be read whole. */
export type UnreadWrite = {
  /** Empty where the record has none. */
  readonly eventId: string;
  readonly requestId: string;
  readonly operation: OperationId;
  /** The kind of subject that the operation writes to. */
  readonly kind: SubjectKind;
  /** As near to the subject as the record's names lead. */
  readonly subject: SubjectRef;
  readonly accountId: AccountId | undefined;
  readonly actor: Actor;
  /** Epoch milliseconds; undefined where the time is what could not be read. */
  readonly occurredAt: number | undefined;
  /** It names no owner, and the kind of its caller is not known. */
  readonly mayBeRoot: boolean;
};

/** Everything that one payload held: each record is in exactly one of the three. */
export type Intake = {
  readonly events: readonly TrailEvent[];
  readonly passedOver: readonly PassedOver[];
  readonly refusals: readonly Refusal[];
};
