import { createHash } from "node:crypto";
import type { Change } from "../domain/change.ts";
import { claimText } from "../domain/claim-text.ts";
import type { Finding, Response, Severity } from "../domain/finding.ts";
import { severityRank } from "../domain/finding.ts";
import type { AccountId, Actor } from "../domain/identity.ts";
import type { Json } from "../domain/json.ts";
import type { CallMade, Outcome, Plan, Reason, Remediation } from "../domain/plan.ts";
import type { SubjectRef } from "../domain/subject.ts";
import { gone } from "../domain/subject.ts";
import type { Claim, Occasion, TrailEvent } from "../domain/trail-event.ts";

/** The event that led to an incident, in short. */
export type EventInShort = Pick<TrailEvent, "eventId" | "requestId" | "operation" | "occurredAt"> & {
  /** Digest of what the event claimed, where it claimed more than its subject's name. */
  readonly claim?: string;
};

/** A short digest of what an event claims; the claim itself may be a long document. Undefined where it claims nothing. */
export const claimDigest = (claimed: Claim): string | undefined => {
  const text = claimText(claimed);
  return text === "" ? undefined : createHash("sha256").update(text).digest("hex").slice(0, 32);
};

type Did = Pick<Occasion, "effect" | "unseen" | "leftOut" | "tells" | "namedAt">;

const didOf = ({ effect, unseen, leftOut, tells, namedAt }: Occasion): Did => ({
  effect,
  ...(unseen === undefined ? {} : { unseen }),
  ...(leftOut === undefined ? {} : { leftOut }),
  ...(tells === undefined ? {} : { tells }),
  ...(namedAt === undefined ? {} : { namedAt }),
});

/**
 * One decision, from the intent to its outcome, with everything said being evidence.
 * `intended`: nothing has been sent. `writing`: a call may have been sent. `settled`: the outcome is final.
 */
export type Incident = {
  readonly id: string;
  readonly accountId: AccountId;
  readonly openedAt: number;
  readonly settledAt?: number;
  readonly status: "intended" | "writing" | "settled";
  readonly events: readonly EventInShort[];
  readonly actor?: Actor;
  readonly userAgent?: string;
  /** What the event told beyond the state that it claimed: without it the event cannot be judged anew. */
  readonly did?: Did;
  readonly subject: SubjectRef;
  readonly before?: Change["before"];
  readonly after?: Change["after"];
  /** What the event claimed, where its subject stood otherwise when it was judged: it is judged anew by its claim. */
  readonly claimed?: Change["after"];
  readonly findings: readonly Finding[];
  readonly response: Response;
  readonly because?: Reason;
  readonly remediation?: Remediation;
  readonly found?: Plan["found"];
  readonly besides?: Plan["besides"];
  /** What the event's own change is found to have done, where the findings are of what somebody made of it since. */
  readonly ofClaim?: readonly Finding[];
  /** Changes whose events came when the subject was dealt with already, by this incident. */
  readonly later?: readonly LaterChange[];
  readonly outcome?: Outcome;
  /** A sentence on how the outcome came about, where the outcome alone does not say. */
  readonly note?: string;
  /** Why an intent was given up without an outcome: its event is judged anew. */
  readonly abandoned?: string;
  readonly callsMade: readonly CallMade[];
  /** The incident whose remediation this one takes back. */
  readonly undoes?: string;
  /** The incident that took this one's remediation back. */
  readonly undoneBy?: string;
  /** The incident whose plan this one carries out, on a person's word. */
  readonly approves?: string;
  /** The incident whose question this one takes the place of, as its subject had changed when somebody decided about it. */
  readonly asksAnew?: string;
  /** The person who asked for it, where one did. */
  readonly by?: string;
  /** What it is about, where it is an act on another incident: that one's finding, and how bad it was. */
  readonly about?: Pick<Finding, "title" | "severity">;
  /** What a person decided about a plan that waited. */
  readonly decided?: Decided;
  /** What the write did not end. */
  readonly exposure?: Exposure;
  /** The incident of the chain that this one is a piece of. */
  readonly chain?: string;
  /** Of a chain: the changes that belong together, and what became of each. */
  readonly pieces?: readonly Piece[];
  /** Of a chain of very many: how many further changes belong to it, and how many of them may stand as they were made. */
  readonly morePieces?: { readonly count: number; readonly open: number };
};

/** One change of a chain. `stands` is left out where it is over; `incidentId` is the incident that dealt with it. */
export type Piece = Pick<EventInShort, "eventId" | "operation" | "occurredAt"> & {
  readonly actor: Actor;
  readonly subject: SubjectRef;
  readonly incidentId?: string;
  readonly outcome?: Outcome["kind"];
  /** Why it is still as the change made it. */
  readonly stands?: string;
};

/** A session of a role that the audit trail shows; instants are epoch milliseconds. */
export type SessionSeen = { readonly at: number; readonly who: string; readonly from?: string; readonly until: number };

/** Sessions of a role that outlive the write which closed it again. */
export type Exposure = {
  readonly role: string;
  /** How many were seen to be opened between the change and the write; the first of them follow. */
  readonly seen: number;
  readonly sessions: readonly SessionSeen[];
  /** Whether the audit trail was read to its end; it lags by minutes all the same. */
  readonly whole: boolean;
  /** The latest moment at which any session can still live, seen or not. */
  readonly until: number;
};

/** A change that broke a rule and was put right before its event came: who made it, and what it did. */
export type LaterChange = {
  readonly eventId: string;
  readonly operation: string;
  readonly occurredAt: number;
  readonly actor: Actor;
  readonly findings: readonly Finding[];
};

/**
 * What became of a plan that waited: a person's decision about it, or that it was `void` when `by` wanted to decide, as
 * the subject had changed since. `incidentId` is the act that an approval led to, or what tells of the subject as it stood
 * then; a void plan has none where no rule was broken any more.
 */
export type Decided = {
  readonly decision: "approved" | "rejected" | "void";
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly incidentId?: string;
};

export const eventInShort = ({
  eventId,
  requestId,
  operation,
  occurredAt,
  claimed,
  claim = claimDigest(claimed),
}: Occasion): EventInShort => ({
  eventId,
  requestId,
  operation,
  occurredAt,
  ...(claim === undefined ? {} : { claim }),
});
/** The id of what is told of a later change: the same however often its event comes. */
export const laterId = ({ id }: Incident, { eventId, operation, occurredAt }: LaterChange): string =>
  `${id}-${createHash("sha256").update(`${eventId}/${operation}/${occurredAt}`).digest("hex").slice(0, 16)}`;

/** The worst of findings. What somebody answers for is said, and is no alarm. */
export const worstOf = (findings: readonly Pick<Finding, "severity" | "exemption">[]): Severity =>
  findings.reduce<Severity>((worst, { severity: found, exemption }) => {
    const severity = exemption === undefined ? found : "info";
    return severityRank(severity) > severityRank(worst) ? severity : worst;
  }, "info");

/** The worst that is known of an incident: of what was found, of what came later, of what a person's act is about. */
export const severityOf = ({ findings, ofClaim = [], later = [], about }: Incident): Severity =>
  worstOf([...findings, ...ofClaim, ...later.flatMap((one) => one.findings), ...(about === undefined ? [] : [about])]);

/** An incident as it is opened: the intent, and nothing done yet. */
export const openIncident = (id: string, event: Occasion, plan: Plan, at: number): Incident => ({
  id,
  accountId: event.accountId,
  openedAt: at,
  status: "intended",
  events: [eventInShort(event)],
  ...(event.actor === undefined ? {} : { actor: event.actor }),
  ...(event.userAgent === undefined ? {} : { userAgent: event.userAgent }),
  did: didOf(event),
  subject: event.subject,
  before: plan.change.before,
  after: plan.change.after,
  ...claimBeside(event.claimed, plan.change.after),
  findings: plan.findings,
  response: plan.response,
  ...(plan.because === undefined ? {} : { because: plan.because }),
  ...(plan.remediation === undefined ? {} : { remediation: plan.remediation }),
  ...(plan.found === undefined ? {} : { found: plan.found }),
  ...(plan.besides === undefined ? {} : { besides: plan.besides }),
  ...(plan.ofClaim === undefined ? {} : { ofClaim: plan.ofClaim }),
  ...(plan.chain === undefined ? {} : { chain: plan.chain }),
  callsMade: [],
});

const claimBeside = (claimed: Claim, after: Change["after"]): Pick<Incident, "claimed"> => {
  const digest = claimed === undefined ? undefined : claimDigest(claimed);
  return claimed === undefined || digest === undefined || digest === claimDigest(after) ? {} : { claimed };
};

/** The event of an incident, as far as the incident tells it; undefined where there was none. */
export const occasionOf = ({
  events,
  accountId,
  actor,
  userAgent,
  did,
  subject,
  before,
  after,
  claimed,
}: Incident): Occasion | undefined => {
  const [event] = events;
  if (event === undefined) return undefined;
  return {
    ...event,
    accountId,
    actor,
    subject,
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(did ?? { effect: effectOf(before) }),
    claimed: claimed ?? claimOfIncident(event, did?.effect ?? effectOf(before), after),
  };
};

/**
 * What stood then broke a rule, and is told even if it is gone by now. An event that claimed nothing still does not; one
 * that took something away claims just that, whatever stands since.
 */
const claimOfIncident = ({ claim }: EventInShort, effect: Occasion["effect"], after: Incident["after"]): Claim => {
  if (effect === "removed") return gone;
  return after?.kind === "gone" || (claim === undefined && claimDigest(after) !== undefined) ? undefined : after;
};

/** Only a creation proves that there was nothing before it, and only a removal that there was something. */
const effectOf = (before: Incident["before"]): Occasion["effect"] => {
  if (before?.known !== true || before.provenance !== "proven-by-event") return "changed";
  return before.state.kind === "gone" ? "made" : "removed";
};

/** The cloud's time of the last call that was not surely refused; undefined while its event has not come. */
export const lastRecordedAt = (callsMade: readonly CallMade[]): number | undefined =>
  callsMade.filter(({ effect }) => effect !== "none").at(-1)?.recordedAt;

/** Rows hold JSON; absent members stay absent. */
export const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
