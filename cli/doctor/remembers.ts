import { type Beater, readHeartbeat } from "../../shared/ledger/heartbeat.ts";
import { rowKey } from "../../shared/ledger/keys.ts";
import { verifyLedger } from "../../shared/ledger/verify.ts";
import type { World } from "../../shared/ports/world.ts";
import { flawCount } from "../words.ts";
import { type Check, check } from "./check.ts";

/** A timer that ticks each minute, and is let to take ten for one tick. */
const sweepSilentMs = 15 * 60_000;

/** Whether the state can be read and written: one row is put there and taken away again. */
export const remembers = async ({ state, accountId, newId }: World): Promise<readonly Check[]> => {
  const key = rowKey("cursor", accountId, `doctor/${newId()}`);
  const put = await state.putIfAbsent(key, "written by `warden doctor`");
  const isThere = (await state.get(key)) !== undefined;
  const isGone = put.written && (await state.delete(key, put.version));
  return [
    isThere && isGone
      ? check("state store", "ok", "can be read and written")
      : check("state store", "bad", "what was written is not what is read"),
  ];
};

export const age = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
};

/** When the guard and the sweep gave their last signs of life. */
export const lives = async ({ state, accountId, clock }: World): Promise<readonly Check[]> => {
  const sign = (of: Beater) => readHeartbeat<{ readonly problems?: unknown }>(state, accountId, of);
  const [guardSign, sweepSign] = [await sign("guard"), await sign("sweep")];
  const [guard, sweep] = [guardSign, sweepSign].map((one) => (one === undefined ? undefined : clock.now() - one.at));
  return [
    guard === undefined
      ? check("guard", "warning", "was never handed an event: that is so until the first change is made")
      : check("guard", "ok", `was handed an event ${age(guard)} ago`),
    sweep === undefined
      ? check("sweep", "bad", "has never run: what no event tells goes unseen")
      : check("sweep", sweep > sweepSilentMs ? "bad" : "ok", `ended its last tick ${age(sweep)} ago`),
    ...problemsOf(sweepSign?.did.problems),
  ];
};

/** What the last tick said that it could not do. */
const problemsOf = (said: unknown): readonly Check[] => {
  const problems = Array.isArray(said) ? said.filter((one) => typeof one === "string") : [];
  return problems.map((problem) => check("last tick", "warning", `could not do all of its work: ${problem}`));
};

/** Whether the record of decisions is whole: reading all of it takes a while, so it is asked for. */
export const whole = async ({ state, accountId, clock }: World, deep: boolean): Promise<readonly Check[]> => {
  if (!deep) return [check("ledger", "skipped", "verified with `--deep` only")];
  const { intact, entries, rows, flaws } = await verifyLedger(state, accountId, {}, clock.now());
  return [
    intact
      ? check("ledger", "ok", `${entries} entries, ${rows} rows held against them`)
      : check("ledger", "bad", `${flawCount(flaws)} in ${entries} entries: \`warden ledger verify\` names them`),
  ];
};
