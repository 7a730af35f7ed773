import type { AccountId } from "../domain/identity.ts";
import type { StateStore } from "../ports/state-store.ts";
import { asJson } from "./incident.ts";
import { rowKey } from "./keys.ts";

/** That nothing is to be written until somebody says otherwise: in force at once, for every instance. */
export type KillSwitch = {
  readonly by: string;
  readonly because: string;
  /** Epoch milliseconds. */
  readonly at: number;
};

const key = (accountId: AccountId): string => rowKey("switch", accountId, "writing");

export const readKillSwitch = async (state: StateStore, accountId: AccountId): Promise<KillSwitch | undefined> =>
  (await state.get(key(accountId)))?.value as KillSwitch | undefined;

/** Switches writing off; who did so first stays on record. */
export const stopWriting = async (state: StateStore, accountId: AccountId, stop: KillSwitch): Promise<KillSwitch> => {
  const put = await state.putIfAbsent(key(accountId), asJson(stop));
  return put.written ? stop : (put.row.value as KillSwitch);
};

/** Switches writing on again; false when it was not off. */
export const resumeWriting = async (state: StateStore, accountId: AccountId): Promise<boolean> => {
  const row = await state.get(key(accountId));
  return row !== undefined && (await state.delete(row.key, row.version));
};
