import { createHash } from "node:crypto";
import { reportedFinding } from "../domain/decision.ts";
import type { JsonObject } from "../domain/json.ts";
import { canonicalText } from "../domain/json.ts";
import { subjectKey } from "../domain/kinds.ts";
import type { CallMade } from "../domain/plan.ts";
import type { Incident } from "./incident.ts";
import { asJson } from "./incident.ts";
import type { Draft, EntryKind } from "./journal-entry.ts";
import { digestOf } from "./journal-entry.ts";

const digestOfText = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * The evidence of a decision: who did what, which rules it breaks and by what facts, what is to be called. The documents
 * before and after stand as digests: they are whole in the incident itself, whose digest is in the entry as well.
 */
const intentBody = (incident: Incident): object => {
  const {
    id,
    events,
    actor,
    userAgent,
    subject,
    before,
    after,
    findings,
    response,
    because,
    remediation,
    undoes,
    approves,
    asksAnew,
    by,
  } = incident;
  return {
    incidentId: id,
    events,
    actor,
    userAgent,
    subject,
    ...(before === undefined
      ? {}
      : before.known
        ? { before: { digest: digestOf(asJson(before.state)), provenance: before.provenance } }
        : { before }),
    ...(after === undefined ? {} : { after: { digest: digestOf(asJson(after)) } }),
    findings: findings.map(reportedFinding),
    response,
    because,
    calls: remediation?.calls,
    ...(remediation === undefined ? {} : { expects: digestOfText(remediation.expects) }),
    undoes,
    approves,
    asksAnew,
    by,
    outcome: incident.outcome,
  };
};

const same = (a: unknown, b: unknown): boolean => canonicalText(asJson(a ?? null)) === canonicalText(asJson(b ?? null));

/** What happened to an incident's calls: `announced` before it is sent, `answered`, or `seen` in the audit trail later. */
const callBody = (before: readonly CallMade[], after: readonly CallMade[]): object | undefined => {
  const index = after.findIndex((made, at) => !same(made, before[at]));
  const made = after[index];
  if (made === undefined) return undefined;
  const was = before[index];
  const { call, requestId, note, effect, at } = made;
  const operation = `${call.service}.${call.operation}`;
  if (was === undefined) return { step: "announced", operation, call, callAt: at };
  const seen = was.requestId === undefined && requestId !== undefined && note?.endsWith("seen in the audit trail");
  return { step: seen === true ? "seen" : "answered", operation, requestId, effect, note, callAt: at };
};

const kindOfChange = (before: Incident, after: Incident): readonly [EntryKind, object] => {
  const { id: incidentId, outcome, note, events } = after;
  if (before.status !== "settled" && after.status === "settled")
    return after.abandoned === undefined
      ? ["outcome", { incidentId, outcome, note, events: events.map(({ eventId }) => eventId), undoes: after.undoes }]
      : ["abandoned", { incidentId, because: after.abandoned }];
  if (after.decided !== undefined && !same(before.decided, after.decided))
    return ["approval", { incidentId, decided: after.decided }];
  if (before.undoneBy !== after.undoneBy) return ["undone", { incidentId, undoneBy: after.undoneBy }];
  const call = callBody(before.callsMade, after.callsMade);
  if (call !== undefined) return ["call", { incidentId, ...call }];
  return ["intent", intentBody(after)];
};

/** `state` is the digest of the row as it is to be, `was` that of the row which it replaces, where there was one. */
const draft = (kind: EntryKind, row: string, incident: Incident, body: object, was?: Incident): Draft => ({
  kind,
  about: subjectKey(incident.subject),
  row,
  body: asJson({
    ...body,
    ...(was === undefined ? {} : { was: digestOf(asJson(was)) }),
    state: digestOf(asJson(incident)),
  }) as JsonObject,
});

/** What goes on record before an incident is opened: the intent, or all of it where it is told and nothing else. */
export const openedOnRecord = (row: string, incident: Incident): Draft =>
  draft("intent", row, incident, intentBody(incident));

/** What goes on record before an incident is changed; undefined where nothing changes. */
export const changeOnRecord = (row: string, before: Incident, after: Incident): Draft | undefined => {
  if (same(before, after)) return undefined;
  const [kind, body] = kindOfChange(before, after);
  return draft(kind, row, after, body, before);
};
