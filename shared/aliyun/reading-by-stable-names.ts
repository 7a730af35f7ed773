import { inStableNames, isMisnamed } from "../domain/stable-names.ts";
import type { Transport } from "./transport.ts";

/** Reads by a full name that the account does not know, again under the name that stays. */
export const readingByStableNames =
  (send: Transport, accountId: string): Transport =>
  async (call) => {
    const answer = await send(call);
    if (answer.ok || call.effect !== "read" || !isMisnamed(answer.error.code)) return answer;
    const parameters = inStableNames(call.parameters, accountId);
    return parameters === call.parameters ? answer : send({ ...call, parameters });
  };
