import type { Language } from "../../domain/finding.ts";
import type { Span } from "../../domain/message.ts";
import type { Incident } from "../../ledger/incident.ts";
import { outcomeWords } from "./words.ts";

/** What has become of an incident by now, in the words of a title: an act on it may have come since. */
export const standingWords = (incident: Incident, language: Language): string => {
  if (incident.abandoned !== undefined) return language === "en" ? "given up, nothing written" : "已放弃，未写入";
  const outcome = outcomeWords[language][incident.outcome?.kind ?? "alerted"];
  const since = sinceWords(incident, language);
  if (since === undefined) return outcome;
  return incident.decided === undefined ? `${outcome}${language === "en" ? ", " : "，"}${since}` : since;
};

const sinceWords = ({ undoneBy, decided }: Incident, language: Language): string | undefined => {
  if (undoneBy !== undefined) return language === "en" ? "and taken back since" : "之后已撤销";
  if (decided?.decision === "approved") return language === "en" ? "approved and carried out" : "已批准并执行";
  if (decided?.decision === "rejected") return language === "en" ? "rejected, the change stands" : "已拒绝，保留变更";
  if (decided?.decision === "void" && decided.incidentId === undefined)
    return language === "en" ? "void, what was asked about breaks no rule any more" : "方案失效：所询问的内容不再违规";
  if (decided?.decision === "void") return language === "en" ? "void, the subject changed" : "方案失效：对象已变更";
  return undefined;
};

/** Who acted on an incident since, and by which incident; empty where nobody did. */
export const actSince = ({ undoneBy, decided }: Incident, language: Language): readonly Span[] => {
  const by = (id: string): string => (language === "en" ? `by incident ${id}` : `见事件 ${id}`);
  if (undoneBy !== undefined) return [language === "en" ? `taken back ${by(undoneBy)}` : `已撤销，${by(undoneBy)}`];
  if (decided === undefined) return [];
  const { decision, incidentId } = decided;
  if (decision === "void")
    return [
      language === "en" ? "found void when it was to be decided by " : "发现失效时的决定者：",
      { untrusted: decided.by },
      ...(incidentId === undefined
        ? []
        : [language === "en" ? `; see incident ${incidentId}` : `；见事件 ${incidentId}`]),
    ];
  const words = {
    approved: language === "en" ? "approved by " : "批准人：",
    rejected: language === "en" ? "rejected by " : "拒绝人：",
  };
  const act = language === "en" ? `, carried out ${by(incidentId ?? "")}` : `，已执行，${by(incidentId ?? "")}`;
  return [words[decision], { untrusted: decided.by }, ...(incidentId === undefined ? [] : [act])];
};
