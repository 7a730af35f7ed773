import type { AccountId } from "../domain/identity.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { isJsonObject } from "../domain/json.ts";
import type { StateStore } from "../ports/state-store.ts";
import { asJson } from "./incident.ts";
import { digestOf } from "./journal-entry.ts";
import { rowKey } from "./keys.ts";
import type { Ledger } from "./ledger.ts";

/** That nothing is to be written until somebody says otherwise: in force at once, for every instance. */
export type KillSwitch = {
  readonly by: string;
  readonly because: string;
  /** Epoch milliseconds. */
  readonly at: number;
};

const key = (accountId: AccountId): string => rowKey("switch", accountId, "writing");

/** A row that is not of its form stops as well: to read it as absent would be to write against somebody's word. */
const switchOf = (value: Json): KillSwitch => {
  const { by, because, at } = isJsonObject(value) ? value : {};
  return {
    by: typeof by === "string" ? by : "somebody unknown",
    because: typeof because === "string" ? because : "the row of the switch is damaged; `warden resume` removes it",
    at: typeof at === "number" ? at : 0,
  };
};

export const readKillSwitch = async (state: StateStore, accountId: AccountId): Promise<KillSwitch | undefined> => {
  const row = await state.get(key(accountId));
  return row === undefined ? undefined : switchOf(row.value);
};

/** Puts on record that a person switched writing off or on, before it is so. */
const onRecord = (ledger: Pick<Ledger, "record" | "accountId">, step: "stopped" | "resumed", said: JsonObject) =>
  ledger.record({ kind: "switch", about: "writing", row: key(ledger.accountId), body: { step, ...said } });

/** Switches writing off; who did so first stays on record. */
export const stopWriting = async (
  state: StateStore,
  ledger: Pick<Ledger, "record" | "accountId">,
  stop: KillSwitch,
): Promise<KillSwitch> => {
  const inForce = await readKillSwitch(state, ledger.accountId);
  if (inForce !== undefined) return inForce;
  const kept = asJson(stop);
  await onRecord(ledger, "stopped", { ...stop, state: digestOf(kept) });
  const put = await state.putIfAbsent(key(ledger.accountId), kept);
  return put.written ? stop : switchOf(put.row.value);
};

/** Switches writing on again; false when it was not off. */
export const resumeWriting = async (
  state: StateStore,
  ledger: Pick<Ledger, "record" | "accountId">,
  by: string,
): Promise<boolean> => {
  const row = await state.get(key(ledger.accountId));
  if (row === undefined) return false;
  await onRecord(ledger, "resumed", { by });
  return state.delete(row.key, row.version);
};
