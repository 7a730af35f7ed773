import pc from "picocolors";
import type { Finding } from "../../shared/domain/finding.ts";
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

const showFinding = (name: string, { verdict, rule, control }: Finding): void => {
  const by = pc.dim(`${rule}, ${control}`);
  if (verdict.kind === "undetermined") print(`  ${label("unsure")} ${safe(verdict.because.en)} ${by}`);
  else for (const { sentence } of verdict.evidence) print(`  ${label(name)} ${safe(sentence.en)} ${by}`);
};

/** Shows one incident live: who did what, why it is wrong, what was done, how long it took. */
export const showIncident = (incident: Incident, calledAt: number | undefined): void => {
  const [event] = incident.events;
  const took = incident.settledAt === undefined || calledAt === undefined ? undefined : incident.settledAt - calledAt;
  print(`  ${label("who")} ${safe(incident.actor === undefined ? "unknown" : actorText(incident.actor))}`);
  print(
    `  ${label("what")} ${event === undefined ? "" : `${event.operation}: `}${safe(subjectText(incident.subject))}`,
  );
  if (incident.ofClaim !== undefined) {
    for (const finding of incident.ofClaim) showFinding("did", finding);
    if (incident.ofClaim.length === 0) print(`  ${label("did")} nothing that breaks a rule`);
    print(`  ${label("since")} changed again, by somebody whose event had not come yet`);
  }
  for (const finding of incident.findings) showFinding("why", finding);
  for (const { actor, operation } of incident.later ?? [])
    print(`  ${label("also")} ${safe(actorText(actor))}: ${safe(operation)}`);
  print(`  ${label("done")} ${coloured(incident)}${incident.note === undefined ? "" : ` ${safe(incident.note)}`}`);
  if (incident.because !== undefined)
    print(`  ${label("because")} ${reasonWords.en[incident.because.kind]}: ${safe(incident.because.detail)}`);
  for (const { call, requestId } of incident.callsMade)
    print(
      `  ${label("call")} ${call.service}.${call.operation} ${pc.dim(`as warden-${incident.id}, request ${requestId ?? "unknown"}`)}`,
    );
  if (took !== undefined) print(`  ${label("took")} ${took} ms from the call that made the change to the verified end`);
  print(`  ${label("incident")} ${incident.id}`);
};

/** The text of a message as the robot took it. */
export const dingtalkText = (body: unknown): string => {
  const text = (body as { readonly markdown?: { readonly text?: unknown } } | null)?.markdown?.text;
  return typeof text === "string" ? text : "";
};

/** Shows a message as the group in DingTalk gets it: its headline whole, which the notification of a phone cuts. */
export const showDingtalk = (body: unknown): void => {
  const [headline = "", ...lines] = dingtalkText(body)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
  print(`  ${label("DingTalk")} ${pc.cyan(safe(headline.replace(/^#+ /, "")))}`);
  for (const line of lines) print(`  ${label("")} ${pc.dim("│")} ${safe(line)}`);
};
