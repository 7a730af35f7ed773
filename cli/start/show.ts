import pc from "picocolors";
import { actorText } from "../../shared/domain/identity.ts";
import { subjectText } from "../../shared/domain/kinds.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { outcomeWords, reasonWords } from "../../shared/response/messages/words.ts";
import { print, safe } from "../output.ts";

const label = (text: string): string => pc.dim(text.padEnd(9));

const coloured = (incident: Incident): string => {
  const kind = incident.outcome?.kind ?? "alerted";
  const words = outcomeWords.en[kind].toUpperCase();
  if (kind === "reverted" || kind === "contained") return pc.green(words);
  return kind === "failed" ? pc.red(words) : pc.yellow(words);
};

/** Shows one incident live: who did what, why it is wrong, what was done, how long it took. */
export const showIncident = (incident: Incident, calledAt: number | undefined): void => {
  const [event] = incident.events;
  const took = incident.settledAt === undefined || calledAt === undefined ? undefined : incident.settledAt - calledAt;
  print(`  ${label("who")} ${safe(incident.actor === undefined ? "unknown" : actorText(incident.actor))}`);
  print(
    `  ${label("what")} ${event === undefined ? "" : `${event.operation}: `}${safe(subjectText(incident.subject))}`,
  );
  for (const finding of incident.findings)
    if (finding.verdict.kind === "violation")
      for (const { sentence } of finding.verdict.evidence)
        print(`  ${label("why")} ${safe(sentence.en)} ${pc.dim(`${finding.rule}, ${finding.control}`)}`);
    else
      print(
        `  ${label("unsure")} ${safe(finding.verdict.because.en)} ${pc.dim(`${finding.rule}, ${finding.control}`)}`,
      );
  print(`  ${label("done")} ${coloured(incident)}${incident.note === undefined ? "" : ` ${safe(incident.note)}`}`);
  if (incident.because !== undefined)
    print(`  ${label("because")} ${reasonWords.en[incident.because.kind]}: ${safe(incident.because.detail)}`);
  for (const { call, requestId } of incident.callsMade)
    print(
      `  ${label("call")} ${call.service}.${call.operation} ${pc.dim(`as warden-${incident.id}, request ${requestId ?? "unknown"}`)}`,
    );
  if (took !== undefined) print(`  ${label("took")} ${took} ms from the attacker's call to the verified end`);
  print(`  ${label("incident")} ${incident.id}`);
};

/** Shows a message as the group in DingTalk gets it. */
export const showDingtalk = (body: unknown): void => {
  const markdown = (body as { markdown?: { title?: unknown; text?: unknown } }).markdown;
  if (markdown === undefined) return;
  print(`  ${label("DingTalk")} ${pc.cyan(safe(String(markdown.title)))}`);
  for (const line of String(markdown.text).split("\n"))
    if (line.trim() !== "") print(`  ${label("")} ${pc.dim("│")} ${safe(line.trimEnd())}`);
};
