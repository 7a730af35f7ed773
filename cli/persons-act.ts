import { callerIdentity } from "../shared/aliyun/sts.ts";
import { cloudErrorText } from "../shared/domain/cloud-error.ts";
import type { Bilingual, Language } from "../shared/domain/finding.ts";
import type { Actor } from "../shared/domain/identity.ts";
import type { Result } from "../shared/domain/result.ts";
import type { Incident } from "../shared/ledger/incident.ts";
import type { PersonProblem } from "../shared/response/by-person.ts";
import { inLanguage } from "../shared/response/messages/in-chinese.ts";
import type { Place } from "./context.ts";
import { transportAt } from "./context.ts";
import { BadInput, CloudFailed, exit, note, print, printJson, safe } from "./output.ts";

/** Who acts: whoever's credentials are used. */
export const personAt = async (place: Place): Promise<Actor> => {
  const caller = await callerIdentity(transportAt(place));
  if (!caller.ok) throw new CloudFailed(`who asks for it is not known: ${cloudErrorText(caller.error)}`);
  return caller.value;
};

/** Says how a person's act ended, and gives the exit code. `done` is completed by the id of the act's own incident. */
export const tellDone = (
  result: Result<Incident, PersonProblem>,
  options: { readonly json?: boolean; readonly lang: Language },
  done: Bilingual,
): number => {
  if (result.ok) {
    if (options.json === true) printJson(result.value);
    else print(`${done[options.lang]} ${result.value.id}`);
    return exit.done;
  }
  const because = safe(inLanguage(result.error.because, options.json === true ? "en" : options.lang));
  if (result.error.kind === "unknown") throw new BadInput(because);
  if (result.error.kind === "cloud") throw new CloudFailed(`not done: ${because}`);
  const { incidentId } = result.error;
  if (options.json === true) printJson({ refused: because, ...(incidentId === undefined ? {} : { incidentId }) });
  else note(`${options.lang === "en" ? "refused: " : "已拒绝执行："}${because}`);
  return exit.findings;
};
