import { removeExpired } from "../shared/aliyun/tablestore-expired.ts";
import { tablestoreStateStore } from "../shared/aliyun/tablestore-state-store.ts";
import type { Credentials } from "../shared/aliyun/transport.ts";
import type { Config } from "../shared/config.ts";
import { systemClock } from "../shared/local/system.ts";
import type { StateStore } from "../shared/ports/state-store.ts";

/** The state of a deployed installation, reached with the credentials of one invocation. */
export const stateOf = (
  { endpoint, instance, table }: Extract<Config["state"], { kind: "tablestore" }>,
  credentials: Credentials,
): StateStore => tablestoreStateStore({ endpoint, instance, table, credentials, clock: systemClock });

/** Removes the rows of that state that expired long ago; gives how many. */
export const forgetExpired = async (
  { endpoint, instance, table }: Extract<Config["state"], { kind: "tablestore" }>,
  credentials: Credentials,
): Promise<number> => (await removeExpired({ endpoint, instance, table, credentials, clock: systemClock })).removed;
