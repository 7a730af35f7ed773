import type { PrimaryKey } from "tablestore";
import { removeExpired } from "../shared/aliyun/tablestore-expired.ts";
import { tablestoreStateStore } from "../shared/aliyun/tablestore-state-store.ts";
import type { Credentials } from "../shared/aliyun/transport.ts";
import type { Config } from "../shared/config.ts";
import type { Json } from "../shared/domain/json.ts";
import { systemClock } from "../shared/local/system.ts";
import type { ForgetExpired, StateStore } from "../shared/ports/state-store.ts";

/** The state of a deployed installation, reached with the credentials of one invocation. */
export const stateOf = (
  { endpoint, instance, table }: Extract<Config["state"], { kind: "tablestore" }>,
  credentials: Credentials,
): StateStore => tablestoreStateStore({ endpoint, instance, table, credentials, clock: systemClock });

/** Removes the rows of that state that expired long ago: Tablestore does not do so by itself. */
export const forgetExpiredOf =
  (
    { endpoint, instance, table }: Extract<Config["state"], { kind: "tablestore" }>,
    credentials: Credentials,
  ): ForgetExpired =>
  async (most, from) => {
    const options = { endpoint, instance, table, credentials, clock: systemClock };
    const { removed, next } = await removeExpired(options, most, from as PrimaryKey | undefined);
    return { removed, ...(next === undefined ? {} : { next: next as Json }) };
  };
