import type { Decision } from "../shared/domain/decision.ts";
import type { Language } from "../shared/domain/finding.ts";
import type { Intake } from "../shared/domain/trail-event.ts";
import { outcomeWords, reasonWords } from "../shared/response/messages/words.ts";
import { print, safe } from "./output.ts";

type Shown = { readonly decisions: readonly Decision[] } & Pick<Intake, "passedOver" | "refusals">;

/** Prints decisions for people: what each event is about, what is wrong, what is or would be done. */
export const printJudged = ({ decisions, passedOver, refusals }: Shown, language: Language): void => {
  for (const decision of decisions) printDecision(decision, language);
  for (const { where, operation, reason } of passedOver)
    print(`passed over  ${safe(operation ?? where)}: ${safe(reason)}`);
  for (const { where, reason } of refusals) print(`refused      ${safe(where)}: ${safe(reason)}`);
  print(`${decisions.length} judged, ${passedOver.length} passed over, ${refusals.length} refused`);
};

const printDecision = (decision: Decision, language: Language): void => {
  const { operation, subject, outcome, findings, plan, note, eventId } = decision;
  print(`${operation}  ${safe(subject.text)}  (event ${safe(eventId)})`);
  print(`  ${outcomeWords[language][outcome]}${note === undefined ? "" : `: ${safe(note)}`}`);
  for (const finding of findings)
    for (const evidence of finding.evidence)
      print(`  ${finding.severity}  ${finding.rule} (${finding.control}): ${safe(evidence.sentence[language])}`);
  if (plan.because !== null)
    print(`  because  ${reasonWords[language][plan.because.kind]}: ${safe(plan.because.detail)}`);
  for (const call of plan.calls)
    print(`  ${plan.response}  ${call.service}.${call.operation} ${safe(JSON.stringify(call.parameters))}`);
  print();
};
