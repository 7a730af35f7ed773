import type { Change } from "./change.ts";
import type { Evidence, Finding, Response } from "./finding.ts";
import type { Service } from "./operation-id.ts";
import type { Gone, Subject, SubjectRef } from "./subject.ts";

/** One call of the cloud's API, in the API's own names. */
export type Call = {
  readonly service: Service;
  readonly operation: string;
  readonly parameters: { readonly [name: string]: string | number | boolean };
};

/** The canonical text of a subject's state: two states are the same exactly when their digests are. */
export type Digest = string;

/** The one write on a subject, and what makes it safe to send. */
export type Remediation = {
  readonly subject: SubjectRef;
  /** The state that was judged; the write is sent only while the subject still stands so. */
  readonly expects: Digest;
  /** The subject as it was judged: what `undo` goes back to. */
  readonly was: Subject | Gone;
  /** What the subject will be when the calls have held. */
  readonly becomes: Subject | Gone;
  readonly calls: readonly [Call, ...Call[]];
  /**
   * The state that each call but the last leaves, where there are several: a call is sent only while the subject stands
   * as the one before it left it, so that whoever takes over knows from the subject alone which calls are done.
   */
  readonly between?: readonly Digest[];
  /** Empty where nothing leads back. */
  readonly undo: readonly Call[];
  readonly undoBetween?: readonly Digest[];
  /** The calls, or those of the undo, make the subject anew: it then has another id, by which it is not compared. */
  readonly anew?: "calls" | "undo";
};

/** Why a plan does less than its findings ask for. Each is a name, so that it can be counted and tested. */
export type ReasonKind =
  | "undetermined"
  | "trial"
  | "exempt"
  | "exemptions-unreadable"
  | "prior-state-unknown"
  | "service-linked"
  | "cloudsso-owned"
  | "protected"
  | "own-identity"
  | "root-credential"
  | "nothing-to-write"
  | "before-breaks-a-rule"
  | "observe"
  | "changed-again"
  | "destructive"
  | "grants-privilege"
  | "unrecorded-write"
  | "unreadable"
  | "settings"
  | "not-reversible"
  | "disrupts-logon"
  | "weakens-protection"
  | "pipeline"
  | "provisioned"
  | "classic-service-role"
  | "last-administrator"
  | "lock-out"
  | "rule-budget"
  | "actor-budget"
  | "account-budget"
  | "circuit-open"
  | "oscillation"
  | "kill-switch"
  | "too-many-calls"
  | "another-of-its-name"
  | "undone-with-another";

export type Reason = { readonly kind: ReasonKind; readonly detail: string };

/** What will be done about one change: at most one remediation, whatever the number of findings. */
export type Plan = {
  readonly change: Change;
  readonly findings: readonly Finding[];
  readonly response: Response;
  readonly because?: Reason;
  readonly remediation?: Remediation;
  /** How the subject was found to stand, where that is not what the change made of it: it complies again. */
  readonly found?: Subject | Gone;
  /** What the change did that no rule objects to, and that putting back undoes all the same. */
  readonly besides?: readonly Evidence[];
  /**
   * What the event itself is found to have done, where the subject is found otherwise: somebody changed it since. The
   * findings are then of how it stands, and not of what the event's actor did.
   */
  readonly ofClaim?: readonly Finding[];
  /** The incident of the chain that the change is a piece of: that one is told, and this plan's is not by itself. */
  readonly chain?: string;
};

export type Outcome =
  | { readonly kind: "clear" }
  /** Nothing was written because the settings say `observe`: what would have been done is in the plan. */
  | { readonly kind: "observed" }
  | { readonly kind: "reverted" }
  | { readonly kind: "contained" }
  | { readonly kind: "asked" }
  | { readonly kind: "alerted" }
  /** The subject broke a rule for a time and complies again without us. */
  | { readonly kind: "transient" }
  /** The subject changed again between judging and writing: its newer event decides. */
  | { readonly kind: "superseded" }
  /** A write was sent, and the subject is neither what it made nor what it was: somebody has to look. */
  | { readonly kind: "overtaken" }
  | { readonly kind: "undone" }
  | { readonly kind: "failed"; readonly because: string };

export type OutcomeKind = Outcome["kind"];

/** Evidence of a call that was made: the call, and the cloud's own id of it where it answered. */
export type CallMade = {
  readonly call: Call;
  readonly requestId: string | undefined;
  readonly at: number;
  readonly note?: string;
  /** Left out where the cloud accepted the call: `none` where it surely did not take effect, `unknown` while nobody knows. */
  readonly effect?: "none" | "unknown";
  /** The person's key that it was made with; left out where it was made by the acting role. */
  readonly byKey?: string;
  /** The cloud's own time of it, epoch milliseconds to the second, once its event has come. */
  readonly recordedAt?: number;
};
