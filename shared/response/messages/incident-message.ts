import type { Language, Severity } from "../../domain/finding.ts";
import { severityRank } from "../../domain/finding.ts";
import { actorText } from "../../domain/identity.ts";
import type { JsonObject } from "../../domain/json.ts";
import { namesIn, subjectText } from "../../domain/kinds.ts";
import type { Message, Span } from "../../domain/message.ts";
import type { Call } from "../../domain/plan.ts";
import type { Telling } from "../../domain/settings.ts";
import type { SubjectRef } from "../../domain/subject.ts";
import type { Exposure, Incident } from "../../ledger/incident.ts";
import { asJson } from "../../ledger/incident.ts";
import { withoutExternalIds } from "./external-ids.ts";
import { evidenceSpans, spansOf } from "./spans.ts";
import type { Label } from "./words.ts";
import { labels, outcomeWords, reasonWords } from "./words.ts";

const outside = (text: string): Span => ({ untrusted: text });

export const worstSeverity = (incident: Incident): Severity =>
  incident.findings.reduce<Severity>(
    (worst, { severity }) => (severityRank(severity) > severityRank(worst) ? severity : worst),
    "info",
  );

/**
 * A reason's detail is ours where it is plain words. The subject's names in it are not, nor is what has anything but
 * words in it, a point even: a name such as `www.evil.example` would become a link.
 */
const detailSpans = (detail: string, subject: SubjectRef): readonly Span[] =>
  namesIn(subject)
    .filter((name) => name !== "")
    .reduce<readonly Span[]>(
      (spans, name) =>
        spans.flatMap((span) =>
          typeof span === "string"
            ? joined(
                span.split(name).map((part) => [part]),
                outside(name),
              )
            : [span],
        ),
      [detail],
    )
    .map((span) => (typeof span !== "string" || /^[\w ,;:'-]*$/.test(span) ? span : outside(span)));

/** An operation that the catalogue does not know has a name from outside. */
const operationSpan = (operation: string): Span =>
  /^[A-Za-z]{2,20}\.[A-Za-z]{2,60}$/.test(operation) ? operation : outside(operation);

/** `Ram.UpdateRole RoleName=deploy …`, documents left out: they are in the incident. */
const callSpans = (call: Call): readonly Span[] => [
  `${call.service}.${call.operation}`,
  ...Object.entries(call.parameters)
    .filter(([name, value]) => !name.endsWith("Document") && value !== "")
    .flatMap(([name, value]): readonly Span[] => [` ${name}=`, outside(String(value))]),
];

/** An instant as people of a time zone read it, to the second. */
export const timeText = (at: number, { language, timeZone }: Telling): string =>
  new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    timeZone,
    dateStyle: "medium",
    timeStyle: "long",
  }).format(at);

const joined = (parts: readonly (readonly Span[])[], between: Span): readonly Span[] =>
  parts.flatMap((part, index): readonly Span[] => (index === 0 ? part : [between, ...part]));

/** ActionTrail records the change to the second, so that is how exact the span can be. */
const sinceChange = (ms: number, language: Language): string => {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return language === "en" ? `${seconds} s after the change` : `变更后 ${seconds} 秒`;
};

/** Sessions end by themselves and by nothing else, so until when is what people have to know. */
const exposureSpans = ({ seen, sessions, whole, until }: Exposure, telling: Telling): readonly Span[] => {
  const end = timeText(until, telling);
  const names = joined(
    [...new Set(sessions.map(({ who, from }) => (from === undefined ? who : `${who} ${from}`)))].map((one) => [
      outside(one),
    ]),
    ", ",
  );
  if (telling.language === "en")
    return [
      `${seen} session${seen === 1 ? "" : "s"} of the role seen to be opened since the change`,
      ...(names.length === 0 ? [] : [": ", ...names]),
      `; ${whole ? "the audit trail lags by minutes" : "the audit trail could not be read to its end"}, and one may live until ${end}`,
    ];
  return [
    `变更后发现该角色的 ${seen} 个会话`,
    ...(names.length === 0 ? [] : ["：", ...names]),
    `；${whole ? "审计日志有数分钟延迟" : "审计日志未能读完"}，会话最迟可存活至 ${end}`,
  ];
};

/** What is told about a settled incident: who did what, why it is wrong, what was done, how to take it back. */
export const incidentMessage = (whole: Incident, telling: Telling, note?: string): Message => {
  const incident = withoutExternalIds(whole);
  const { language } = telling;
  const words = labels[language];
  const outcome = incident.outcome ?? { kind: "alerted" };
  const first = incident.findings[0];
  const field = (label: Label, value: readonly Span[]) => ({ label: words[label], value });
  const made = incident.callsMade.filter(({ effect }) => effect !== "none");
  const fields = [
    ...(incident.actor === undefined
      ? []
      : [
          field("who", [outside(actorText(incident.actor))]),
          ...("sourceIp" in incident.actor && incident.actor.sourceIp !== undefined
            ? [field("from", [outside(incident.actor.sourceIp)])]
            : []),
        ]),
    field("what", [
      ...incident.events
        .map((event) => event.operation)
        .slice(0, 1)
        .flatMap((operation): Span[] => [operationSpan(operation), ": "]),
      outside(subjectText(incident.subject)),
    ]),
    ...incident.events.slice(0, 1).map((event) => field("when", [timeText(event.occurredAt, telling)])),
    ...incident.findings.map((finding) =>
      field("why", [
        `${finding.rule} (${finding.control}) `,
        ...(finding.verdict.kind === "violation"
          ? joined(
              finding.verdict.evidence.map((evidence) => evidenceSpans(evidence, language)),
              "; ",
            )
          : [outside(finding.verdict.because[language])]),
      ]),
    ),
    ...(incident.besides ?? []).map((evidence) => field("besides", evidenceSpans(evidence, language))),
    field("done", [
      outcomeWords[language][outcome.kind],
      ...(outcome.kind === "failed" ? [": ", outside(outcome.because)] : []),
      ...(note === undefined ? [] : [` (${note})`]),
    ]),
    ...(incident.because === undefined
      ? []
      : [
          field("because", [
            `${reasonWords[language][incident.because.kind]}: `,
            ...detailSpans(incident.because.detail, incident.subject),
          ]),
        ]),
    ...made.map(({ call, requestId }) =>
      field("call", [
        ...callSpans(call),
        // The cloud's own, or one that an event claimed for a call whose answer was lost.
        ...(requestId === undefined ? [] : [" (request ", outside(requestId), ")"]),
      ]),
    ),
    ...(made.length === 0 && incident.remediation !== undefined
      ? incident.remediation.calls.map((call) => field("proposal", callSpans(call)))
      : []),
    ...(incident.exposure === undefined ? [] : [field("exposure", exposureSpans(incident.exposure, telling))]),
    ...(outcome.kind === "reverted" || outcome.kind === "contained"
      ? [field("undo", [`warden undo ${incident.id}`])]
      : []),
    ...(incident.settledAt === undefined || incident.events[0] === undefined
      ? []
      : [field("took", [sinceChange(incident.settledAt - incident.events[0].occurredAt, language)])]),
  ];
  return {
    id: incident.id,
    incidentId: incident.id,
    severity: worstSeverity(incident),
    title: [
      `[${outcomeWords[language][outcome.kind]}] `,
      ...(first === undefined ? [] : spansOf(first.title[language], [])),
      " — ",
      outside(subjectText(incident.subject)),
    ],
    fields,
    data: messageData(incident, note),
  };
};

/** The incident as machines read it: raw and exact, without the documents that make it long. */
const messageData = (incident: Incident, note: string | undefined): JsonObject =>
  asJson({
    incidentId: incident.id,
    accountId: incident.accountId,
    outcome: incident.outcome,
    note,
    severity: worstSeverity(incident),
    events: incident.events,
    actor: incident.actor,
    subject: incident.subject,
    findings: incident.findings,
    besides: incident.besides,
    response: incident.response,
    because: incident.because,
    callsMade: incident.callsMade.map(({ call, requestId, at }) => ({
      service: call.service,
      operation: call.operation,
      requestId,
      at,
    })),
    calls: incident.remediation?.calls,
    exposure: incident.exposure,
    openedAt: incident.openedAt,
    settledAt: incident.settledAt,
  }) as JsonObject;
