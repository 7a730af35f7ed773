import { StoreUnavailable } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import type { TablestoreAnswer } from "./tablestore-client.ts";

export type Attempts = { readonly clock: Clock; readonly random: () => number };

const most = 5;
const firstPauseMs = 100;
const longestPauseMs = 2000;

/** Refusals after which nothing was done and trying again helps. */
const passing = new Set([
  "OTSServerBusy",
  "OTSNotEnoughCapacityUnit",
  "OTSRowOperationConflict",
  "OTSPartitionUnavailable",
  "OTSTableNotReady",
  "OTSOperationThrottled",
]);

/** Refusals that come from within, when the write may have been done already. */
const unclear = new Set(["OTSTimeout", "OTSInternalServerError", "OTSServerUnavailable"]);

/** A pause that doubles with each attempt, with jitter, so that instances that met once do not meet again. */
const pause = ({ clock, random }: Attempts, attempt: number): Promise<void> => {
  const limit = Math.min(firstPauseMs * 2 ** attempt, longestPauseMs);
  return clock.sleep(Math.round(limit * (0.5 + random() / 2)));
};

const text = (answer: Exclude<TablestoreAnswer<unknown>, { kind: "done" }>): string =>
  answer.kind === "refused"
    ? `Tablestore refused with \`${answer.code}\`, request ${answer.requestId}`
    : answer.because;

/** What became of it, with what Tablestore or the network calls that. */
const unavailable = (answer: Exclude<TablestoreAnswer<unknown>, { kind: "done" }>, before = ""): StoreUnavailable =>
  new StoreUnavailable(`${before}${text(answer)}`, answer.kind === "refused" ? answer.code : answer.kind);

const isHopeless = (answer: TablestoreAnswer<unknown>): boolean =>
  answer.kind === "refused" && !passing.has(answer.code) && !unclear.has(answer.code);

/** Repeats a read until it is answered. Rejects with StoreUnavailable. */
export const readAgain = async <Data>(
  attempts: Attempts,
  read: () => Promise<TablestoreAnswer<Data>>,
): Promise<Data> => {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await read();
    if (answer.kind === "done") return answer.data;
    if (isHopeless(answer) || attempt + 1 >= most) throw unavailable(answer);
    await pause(attempts, attempt);
  }
};

/** What a look at the row says about a write whose answer was lost. */
export type Look = "mine" | "lost" | "not-yet" | "cannot-tell";

/**
 * Sends one conditional write, again and again while it was not done, and says whether it was done or its condition
 * failed. The same write is sent each time, so its condition lets it through once at most. Once an answer was lost, a
 * failed condition may be our own doing: then `look` decides. Rejects with StoreUnavailable where nobody can tell.
 */
export const writeOnce = async (
  attempts: Attempts,
  write: () => Promise<TablestoreAnswer<unknown>>,
  look: () => Promise<Look>,
): Promise<"written" | "refused"> => {
  let lostAnswer = false;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await write();
    if (answer.kind === "done") return "written";
    const conditionFailed = answer.kind === "refused" && answer.code === "OTSConditionCheckFail";
    if (conditionFailed && !lostAnswer) return "refused";
    if (!conditionFailed && isHopeless(answer)) throw unavailable(answer);
    lostAnswer ||= answer.kind === "unknown" || (answer.kind === "refused" && unclear.has(answer.code));
    if (lostAnswer) {
      const seen = await look();
      if (seen === "mine") return "written";
      if (seen === "lost") return "refused";
      if (seen === "cannot-tell") throw unavailable(answer, "a write may have been done: ");
    }
    if (attempt + 1 >= most) throw unavailable(answer);
    await pause(attempts, attempt);
  }
};
