import type { Decision } from "../shared/domain/decision.ts";
import { untilText } from "../shared/domain/exemption.ts";
import type { ExemptedBy, Language } from "../shared/domain/finding.ts";
import { subjectText } from "../shared/domain/kinds.ts";
import type { Intake } from "../shared/domain/trail-event.ts";
import { inLanguage } from "../shared/response/messages/in-chinese.ts";
import { outcomeWords, reasonWords, wouldWords } from "../shared/response/messages/words.ts";
import { print, safe } from "./output.ts";
import { responseWords, severityWords } from "./words.ts";

type Shown = { readonly decisions: readonly Decision[] } & Pick<Intake, "passedOver" | "refusals">;

export type Showing = {
  readonly language: Language;
  /** Whether it was only judged, so that what is said would be done and was not. */
  readonly onlyJudged: boolean;
};

type Words = {
  readonly event: string;
  readonly because: string;
  readonly passedOver: string;
  readonly refused: string;
  /** Before a call that a rule on trial would make. */
  readonly trial: string;
  /** The same of a rule that observes. */
  readonly observed: string;
  readonly exempt: (exemption: ExemptedBy) => string;
  readonly total: (judged: number, passedOver: number, refused: number) => string;
};

const words: { readonly [language in Language]: Words } = {
  en: {
    event: "event",
    because: "because ",
    passedOver: "passed over ",
    refused: "refused     ",
    trial: "would",
    observed: "would",
    exempt: ({ id, owner, reason, until }) => `exempt until ${untilText(until)} by ${id} of ${owner}: ${reason}`,
    total: (judged, passedOver, refused) => `${judged} judged, ${passedOver} passed over, ${refused} refused`,
  },
  "zh-CN": {
    event: "事件",
    because: "原因",
    passedOver: "略过",
    refused: "拒绝",
    trial: "若转正将执行",
    observed: "仅观察，本应执行",
    exempt: ({ id, owner, reason, until }) => `豁免至 ${untilText(until)}（${id}，负责人 ${owner}）：${reason}`,
    total: (judged, passedOver, refused) => `已判定 ${judged} 条，略过 ${passedOver} 条，拒绝 ${refused} 条`,
  },
};

/** Prints decisions for people: what each event is about, what is wrong, what is or would be done. */
export const printJudged = ({ decisions, passedOver, refusals }: Shown, showing: Showing): void => {
  const { language } = showing;
  const said = words[language];
  for (const decision of decisions) printDecision(decision, showing);
  for (const { where, operation, reason } of passedOver)
    print(`${said.passedOver} ${safe(operation ?? where)}: ${safe(inLanguage(reason, language))}`);
  for (const { where, reason } of refusals)
    print(`${said.refused} ${safe(where)}: ${safe(inLanguage(reason, language))}`);
  print(said.total(decisions.length, passedOver.length, refusals.length));
};

const printDecision = (decision: Decision, { language, onlyJudged }: Showing): void => {
  const { operation, subject, outcome, findings, plan, note, eventId } = decision;
  const said = words[language];
  const { text: _, ...ref } = subject;
  print(`${operation}  ${safe(subjectText(ref, language))}  (${said.event} ${safe(eventId)})`);
  const becomes = (onlyJudged ? wouldWords : outcomeWords)[language][outcome];
  print(`  ${becomes}${note === undefined ? "" : `: ${safe(inLanguage(note, language))}`}`);
  for (const finding of findings) {
    for (const evidence of finding.evidence)
      print(
        `  ${severityWords[language][finding.severity]}  ${finding.rule} (${finding.control}): ${safe(evidence.sentence[language])}`,
      );
    if (finding.exemption !== undefined) print(`    ${safe(said.exempt(finding.exemption))}`);
  }
  if (plan.because !== null)
    print(`  ${said.because} ${reasonWords[language][plan.because.kind]}: ${safe(detailOf(decision, language))}`);
  const held = { trial: said.trial, observe: said.observed } as const;
  const kind = plan.because?.kind;
  const label = kind === "trial" || kind === "observe" ? held[kind] : responseWords[language][plan.response];
  for (const call of plan.calls)
    print(`  ${label}  ${call.service}.${call.operation} ${safe(JSON.stringify(call.parameters))}`);
  print();
};

/** What could not be determined has its own sentence in both languages; of anything else the known ones are said. */
const detailOf = ({ plan, findings }: Decision, language: Language): string => {
  const detail = plan.because?.detail ?? "";
  const undetermined = findings.flatMap(({ evidence }) => evidence).find(({ sentence }) => sentence.en === detail);
  return undetermined?.sentence[language] ?? inLanguage(detail, language);
};
