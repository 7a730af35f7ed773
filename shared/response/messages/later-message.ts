import { actorText } from "../../domain/identity.ts";
import type { JsonObject } from "../../domain/json.ts";
import { subjectText } from "../../domain/kinds.ts";
import type { Message, Span } from "../../domain/message.ts";
import type { Telling } from "../../domain/settings.ts";
import type { Incident, LaterChange } from "../../ledger/incident.ts";
import { asJson, laterId, severityOf } from "../../ledger/incident.ts";
import { withoutExternalIds } from "./external-ids.ts";
import { fieldsOf, findingSpans, operationSpan, timeText } from "./incident-message.ts";
import { spansOf } from "./spans.ts";
import { standingWords } from "./standing.ts";
import type { Label } from "./words.ts";

const outside = (text: string): Span => ({ untrusted: text });

/** What is told of a change that an incident put right before its event came: who made it, and what it did. */
export const laterMessage = (given: Incident, change: LaterChange, telling: Telling): Message => {
  const { language } = telling;
  const incident = withoutExternalIds({ ...given, later: [change] });
  const later = incident.later?.[0] ?? change;
  const { actor, findings } = later;
  const standing = standingWords(incident, language);
  const subject = outside(subjectText(incident.subject, language));
  const title = (findings[0] ?? incident.findings[0])?.title[language];
  return {
    id: laterId(incident, later),
    incidentId: incident.id,
    severity: severityOf({ ...incident, findings, ofClaim: [], later: [] }),
    rules: findings.map(({ rule }) => rule),
    title: [
      language === "en" ? `[${standing}, by another change as well] ` : `[${standing}，另有变更] `,
      ...(title === undefined ? [] : spansOf(title, [])),
      " — ",
      subject,
    ],
    fields: fieldsOf(language)(
      ["who", [outside(actorText(actor, language))]],
      ["from", "sourceIp" in actor && actor.sourceIp !== undefined ? [outside(actor.sourceIp)] : []],
      ["what", [operationSpan(later.operation), ": ", subject]],
      ["when", [timeText(later.occurredAt, telling)]],
      ...findings.map((finding): readonly [Label, readonly Span[]] => ["why", findingSpans(finding, language)]),
      [
        "done",
        [
          language === "en"
            ? `${standing}, by incident ${incident.id}, before the event of this change came`
            : `${standing}（事件 ${incident.id}，先于此变更的事件到达）`,
        ],
      ],
    ),
    data: asJson({
      incidentId: incident.id,
      accountId: incident.accountId,
      outcome: incident.outcome,
      severity: severityOf({ ...incident, findings, ofClaim: [], later: [] }),
      events: incident.events.filter(({ eventId }) => eventId === later.eventId),
      actor,
      subject: incident.subject,
      findings,
      later,
    }) as JsonObject,
  };
};
