import type { Result } from "../shared/domain/result.ts";
import type { Incident } from "../shared/ledger/incident.ts";
import type { PersonProblem } from "../shared/response/by-person.ts";
import { BadInput, CloudFailed, exit, note, print, printJson, safe } from "./output.ts";

/** Says how a person's act ended, and gives the exit code. `done` is completed by the id of the act's own incident. */
export const tellDone = (
  result: Result<Incident, PersonProblem>,
  options: { readonly json?: boolean },
  done: string,
): number => {
  if (result.ok) {
    if (options.json === true) printJson(result.value);
    else print(`${done} ${result.value.id}`);
    return exit.done;
  }
  const because = safe(result.error.because);
  if (result.error.kind === "unknown") throw new BadInput(because);
  if (result.error.kind === "cloud") throw new CloudFailed(`not done: ${because}`);
  if (options.json === true) printJson({ refused: because });
  else note(`refused: ${because}`);
  return exit.findings;
};
