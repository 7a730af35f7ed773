import type { Message } from "../../domain/message.ts";
import type { Telling } from "../../domain/settings.ts";
import type { Incident } from "../../ledger/incident.ts";
import { incidentMessage } from "./incident-message.ts";
import { labels } from "./words.ts";

/** What is told once of a question whose time ran out: the change stands, and nothing will be done about it any more. */
export const reminderMessage = (incident: Incident, openForMs: number, telling: Telling): Message => {
  const { language } = telling;
  const hours = Math.round(openForMs / 3_600_000);
  const message = incidentMessage(incident, telling);
  const [, ...about] = message.title;
  return {
    ...message,
    id: `${incident.id}-reminder`,
    title: [language === "en" ? `[undecided after ${hours} h] ` : `[${hours} 小时未决定] `, ...about],
    // Neither is taken any more.
    fields: message.fields.filter(({ label }) => label !== labels[language].decide),
    data: { ...message.data, undecidedForMs: openForMs },
  };
};
