import { createInterface } from "node:readline";
import { guardHandler } from "../../../functions/guard/handler.ts";
import { worldOf } from "../../../functions/wire.ts";
import { readConfig } from "../../../shared/config.ts";
import { openSqliteStateStore } from "../../../shared/local/sqlite-state-store.ts";
import { systemClock } from "../../../shared/local/system.ts";
import type { Clock } from "../../../shared/ports/world.ts";
import { sweep } from "../../../shared/sweep.ts";

// A process of its own, with the real file and the real HTTP: each line of its input is an event to judge, or `sweep`. It
// says how each ended, unless it is killed before.
const { STATE = "", ENDPOINT = "", SETTINGS = "", CREDENTIALS = "{}", AHEAD_MS = "0" } = process.env;

/** Time may be ahead, so that nobody has to wait until leases run out. */
const clock: Clock = { now: () => Date.now() + Number(AHEAD_MS), sleep: systemClock.sleep };
const read = readConfig(SETTINGS, "warden.yaml", process.env);
if (!read.ok) throw new Error(JSON.stringify(read.error));
const config = read.value;
const credentials = JSON.parse(CREDENTIALS) as { accessKeyId: string; accessKeySecret: string; securityToken: string };
const state = openSqliteStateStore(STATE, clock);
const log = (): void => undefined;
const world = async () =>
  worldOf({ config, credentials, state, log, clock, reach: { endpoint: ENDPOINT, protocol: "http" } });
const guard = guardHandler({ config, log, world });

const endOf = async (line: string): Promise<string> => {
  try {
    if (line !== "sweep") {
      await guard(line, { requestId: "run", credentials });
      return "done";
    }
    const swept = await sweep(await world(), config, { until: clock.now() + 300_000 });
    return swept.kind === "swept" && swept.finished ? "done" : "again";
  } catch (error) {
    return error instanceof Error ? `again ${error.name}` : "again";
  }
};

// The state is open and the clients are loaded: from here on it may be killed.
process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${await endOf(line)}\n`);
state.close();
