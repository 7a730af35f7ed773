import { untilText } from "../../domain/exemption.ts";
import type { ExemptedBy, Finding, Language } from "../../domain/finding.ts";
import { actorText } from "../../domain/identity.ts";
import type { JsonObject } from "../../domain/json.ts";
import { namesIn, subjectText } from "../../domain/kinds.ts";
import type { Message, Span } from "../../domain/message.ts";
import type { Call, OutcomeKind } from "../../domain/plan.ts";
import type { Telling } from "../../domain/settings.ts";
import type { SubjectRef } from "../../domain/subject.ts";
import type { Exposure, Incident, LaterChange, Piece } from "../../ledger/incident.ts";
import { asJson, severityOf } from "../../ledger/incident.ts";
import { openForOf } from "../open-for.ts";
import { differenceSpans, documentSpans, documentsOf } from "./difference.ts";
import { withoutExternalIds } from "./external-ids.ts";
import { detailInLanguage, inLanguage } from "./in-chinese.ts";
import { evidenceSpans, spansOf } from "./spans.ts";
import { actSince, standingWords } from "./standing.ts";
import type { Label } from "./words.ts";
import { labels, outcomeWords, reasonWords } from "./words.ts";

const outside = (text: string): Span => ({ untrusted: text });

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
    .map((span) =>
      typeof span !== "string" || /^[\w\p{Script=Han}，；：、（） ,;:'-]*$/u.test(span) ? span : outside(span),
    );

/** An operation that the catalogue does not know has a name from outside. */
export const operationSpan = (operation: string): Span =>
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

/**
 * ActionTrail records the change to the second and cuts what is below it, so that a span is known as an upper bound: told
 * as nothing else, beside exact times of our own.
 */
const sinceChange = (ms: number, language: Language): string => {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return language === "en"
    ? `at most ${seconds} s after the change, whose event tells whole seconds`
    : `变更后最多 ${seconds} 秒（事件时间只精确到秒）`;
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

const nothingWrong: { readonly [language in Language]: string } = {
  en: "nothing that breaks a rule",
  "zh-CN": "没有违规",
};

const changedSince: { readonly [language in Language]: string } = {
  en: "changed again, by somebody whose event had not come yet; why it is wrong is said of how it stood then",
  "zh-CN": "又被更改，操作者的事件当时尚未到达；违规原因说的是当时的状态",
};

/** What a finding says: its rule, and each reason or what could not be told. */
export const findingSpans = ({ rule, control, verdict, exemption }: Finding, language: Language): readonly Span[] => [
  `${rule} (${control}) `,
  ...(verdict.kind === "violation"
    ? joined(
        verdict.evidence.map((evidence) => evidenceSpans(evidence, language)),
        "; ",
      )
    : [outside(verdict.because[language])]),
  ...(exemption === undefined ? [] : exemptionSpans(exemption, language)),
];

/** By whom a finding is let be, until when, and why. */
const exemptionSpans = ({ id, owner, reason, ticket, until }: ExemptedBy, language: Language): readonly Span[] => [
  ...(language === "en"
    ? [" — exempt until ", untilText(until), " by ", outside(id), " of ", outside(owner), ": "]
    : [" — 豁免至 ", untilText(until), "，豁免 ", outside(id), "，负责人 ", outside(owner), "："]),
  outside(reason),
  ...(ticket === undefined ? [] : [" (", outside(ticket), ")"]),
];

/** Who made a later change, when, by which operation, and what it did. */
const laterSpans = (later: LaterChange, telling: Telling): readonly Span[] => [
  outside(actorText(later.actor, telling.language)),
  `, ${timeText(later.occurredAt, telling)}, `,
  operationSpan(later.operation),
  ": ",
  ...joined(
    later.findings.map((finding) => findingSpans(finding, telling.language)),
    "; ",
  ),
];

const stillThere = { en: "still there: ", "zh-CN": "仍在：" } as const;
const isOver = { en: "nothing was written", "zh-CN": "未写入" } as const;

/** One change of a chain, and what became of it: each was dealt with by an incident of its own, which can be taken back. */
const pieceSpans = (
  { occurredAt, operation, subject, outcome, incidentId, stands }: Piece,
  telling: Telling,
): readonly Span[] => {
  const { language } = telling;
  return [
    `${timeText(occurredAt, telling)}, `,
    operationSpan(operation),
    ": ",
    outside(subjectText(subject, language)),
    " → ",
    outcome === undefined || outcome === "clear" ? isOver[language] : outcomeWords[language][outcome],
    ...(stands === undefined ? [] : ["; ", stillThere[language], outside(stands)]),
    ...(incidentId === undefined ? [] : [` (${incidentId})`]),
  ];
};

/** How many changes belong to a chain besides those that are told one by one. */
const morePieceSpans = ({ morePieces }: Incident, language: Language): readonly Span[] => {
  if (morePieces === undefined) return [];
  const { count, open } = morePieces;
  if (language === "en")
    return [
      `and ${count} more of these changes, each dealt with by itself as well`,
      ...(open === 0 ? [] : [`; ${open} of them may still be there: look at them yourself`]),
    ];
  return [`另有 ${count} 项此类变更，均已单独处理`, ...(open === 0 ? [] : [`；其中 ${open} 项可能仍在：请人工检查`])];
};

/** A chain is taken back, or decided about, piece by piece: each is a matter of its own. */
const commandsFor = (
  { pieces = [] }: Incident,
  names: readonly ("undo" | "approve" | "reject")[],
  outcomes: readonly OutcomeKind[],
): readonly Span[] =>
  joined(
    pieces
      .flatMap(({ outcome, incidentId }) =>
        incidentId !== undefined && outcome !== undefined && outcomes.includes(outcome)
          ? [names.map((name) => command(name, incidentId)).join(", ")]
          : [],
      )
      .map((text) => [text]),
    "; ",
  );

type Field = Message["fields"][number];

/** Fields of which those without a value are left out. */
export const fieldsOf =
  (language: Language) =>
  (...given: readonly (readonly [Label, readonly Span[]])[]): readonly Field[] =>
    given.filter(([, value]) => value.length > 0).map(([label, value]) => ({ label: labels[language][label], value }));

const whoFields = ({ actor, by }: Incident, language: Language): readonly (readonly [Label, readonly Span[]])[] => [
  ["who", actor === undefined ? (by === undefined ? [] : [outside(by)]) : [outside(actorText(actor, language))]],
  ["from", actor !== undefined && "sourceIp" in actor && actor.sourceIp !== undefined ? [outside(actor.sourceIp)] : []],
];

const ofClaimFields = ({ ofClaim }: Incident, language: Language): readonly (readonly [Label, readonly Span[]])[] => {
  if (ofClaim === undefined) return [];
  const did = ofClaim.map((finding): readonly [Label, readonly Span[]] => ["did", findingSpans(finding, language)]);
  return [
    ...(did.length === 0 ? ([["did", [nothingWrong[language]]]] as const) : did),
    ["since", [changedSince[language]]],
  ];
};

/** A command about an incident, as it works in a checkout. */
const command = (name: "undo" | "approve" | "reject", incidentId: string): string =>
  `npm run -s warden -- ${name} ${incidentId}`;

/** Until when a question may be answered, by the settings as they are now: by them it is refused afterwards. */
const untilSpans = (incident: Incident, telling: Telling): readonly Span[] => {
  if (telling.approvals === undefined) return [];
  const until = timeText(incident.openedAt + openForOf(telling.approvals, incident), telling);
  return [telling.language === "en" ? `; until ${until}` : `；截止时间：${until}`];
};

/** `whole` is for reading one incident: with its documents. */
export type MessageForm = { readonly whole?: boolean };

/**
 * What is told about an incident: who did what, why it is wrong, what was done, how to take it back. Of one on which
 * somebody acted since, it says how that stands now.
 */
export const incidentMessage = (
  given: Incident,
  telling: Telling,
  note?: string,
  { whole = false }: MessageForm = {},
): Message => {
  const incident = withoutExternalIds(given);
  const { language } = telling;
  const outcome = incident.outcome ?? { kind: "alerted" };
  const title = (incident.findings[0] ?? incident.ofClaim?.[0] ?? incident.about)?.title[language];
  const made = incident.callsMade.filter(({ effect }) => effect !== "none");
  const standing = standingWords(incident, language);
  const subject = outside(subjectText(incident.subject, language));
  const [event] = incident.events;
  const mayBeUndone =
    (outcome.kind === "reverted" || outcome.kind === "contained") &&
    incident.undoneBy === undefined &&
    (incident.remediation?.undo.length ?? 0) > 0;
  const { rejected, sent } = whole ? documentsOf(incident) : { rejected: undefined, sent: undefined };
  const fields = fieldsOf(language)(
    ...whoFields(incident, language),
    ["what", [...(event === undefined ? [] : [operationSpan(event.operation), ": "]), subject]],
    ["when", event === undefined ? [] : [timeText(event.occurredAt, telling)]],
    ...ofClaimFields(incident, language),
    ...incident.findings.map((finding): readonly [Label, readonly Span[]] => ["why", findingSpans(finding, language)]),
    ...(incident.besides ?? []).map((evidence): readonly [Label, readonly Span[]] => [
      "besides",
      evidenceSpans(evidence, language),
    ]),
    ...(incident.pieces ?? []).map((piece): readonly [Label, readonly Span[]] => ["piece", pieceSpans(piece, telling)]),
    ["piece", morePieceSpans(incident, language)],
    ["partOf", incident.chain === undefined ? [] : [incident.chain]],
    ["difference", differenceSpans(incident, language, whole)],
    ...(incident.later ?? []).map((later): readonly [Label, readonly Span[]] => ["also", laterSpans(later, telling)]),
    [
      "done",
      [
        standing,
        ...(incident.abandoned === undefined ? [] : [": ", outside(inLanguage(incident.abandoned, language))]),
        ...(outcome.kind === "failed" ? [": ", outside(outcome.because)] : []),
        ...(note === undefined ? [] : [` (${inLanguage(note, language)})`]),
      ],
    ],
    ["now", actSince(incident, language)],
    [
      "because",
      incident.because === undefined
        ? []
        : [
            `${reasonWords[language][incident.because.kind]}: `,
            ...detailSpans(detailInLanguage(incident.because, incident.findings, language), incident.subject),
          ],
    ],
    ...made.map(({ call, requestId }): readonly [Label, readonly Span[]] => [
      "call",
      [
        ...callSpans(call),
        // The cloud's own, or one that an event claimed for a call whose answer was lost.
        ...(requestId === undefined ? [] : [" (request ", outside(requestId), ")"]),
      ],
    ]),
    ...(made.length === 0 && incident.remediation !== undefined && incident.decided === undefined
      ? incident.remediation.calls.map((call): readonly [Label, readonly Span[]] => ["proposal", callSpans(call)])
      : []),
    ["rejected", rejected === undefined ? [] : documentSpans(rejected, language)],
    ["sent", sent === undefined ? [] : documentSpans(sent, language)],
    [
      "decide",
      outcome.kind === "asked" && incident.decided === undefined
        ? [
            `${command("approve", incident.id)}, ${language === "en" ? "or" : "或"} ${command("reject", incident.id)}`,
            ...untilSpans(incident, telling),
          ]
        : commandsFor(incident, ["approve", "reject"], ["asked"]),
    ],
    ["exposure", incident.exposure === undefined ? [] : exposureSpans(incident.exposure, telling)],
    ["undo", mayBeUndone ? [command("undo", incident.id)] : commandsFor(incident, ["undo"], ["reverted", "contained"])],
    [
      "took",
      incident.settledAt === undefined || event === undefined
        ? []
        : [sinceChange(incident.settledAt - event.occurredAt, language)],
    ],
  );
  return {
    id: incident.id,
    incidentId: incident.id,
    severity: severityOf(incident),
    rules: rulesOf(incident),
    title: [`[${standing}] `, ...(title === undefined ? [] : spansOf(title, [])), " — ", subject],
    fields,
    data: messageData(incident, note),
  };
};

const rulesOf = ({ findings, ofClaim = [], later = [] }: Incident): readonly string[] => [
  ...new Set([...findings, ...ofClaim, ...later.flatMap((one) => one.findings)].map(({ rule }) => rule)),
];

/** The incident as machines read it: raw and exact, without the documents that make it long. */
const messageData = (incident: Incident, note: string | undefined): JsonObject =>
  asJson({
    incidentId: incident.id,
    accountId: incident.accountId,
    outcome: incident.outcome,
    note,
    severity: severityOf(incident),
    events: incident.events,
    actor: incident.actor,
    by: incident.by,
    undoes: incident.undoes,
    approves: incident.approves,
    asksAnew: incident.asksAnew,
    subject: incident.subject,
    findings: incident.findings,
    besides: incident.besides,
    ofClaim: incident.ofClaim,
    later: incident.later,
    pieces: incident.pieces,
    morePieces: incident.morePieces,
    chain: incident.chain,
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
