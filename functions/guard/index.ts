import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Config } from "../../shared/config.ts";
import { problemText, readConfig } from "../../shared/config.ts";
import { openLog } from "../../shared/local/log.ts";
import { stateOf } from "../tablestore.ts";
import { worldOf } from "../wire.ts";
import type { FunctionContext, GuardReceipt } from "./handler.ts";
import { guardHandler } from "./handler.ts";

const log = openLog();

/** The settings lie beside the bundle. Wrong ones are a fault of the deployment: each event is kept for a retry. */
const settings = (): Config => {
  const read = readConfig(
    readFileSync(fileURLToPath(new URL("./warden.yaml", import.meta.url)), "utf8"),
    "warden.yaml",
    process.env,
  );
  if (!read.ok) throw new Error(`the settings are refused:\n${read.error.map(problemText).join("\n")}`);
  return read.value;
};

/** What Function Compute calls with each audit event. */
export const handler = async (event: Buffer, context: FunctionContext): Promise<GuardReceipt> => {
  const config = settings();
  const { state } = config;
  if (state.kind !== "tablestore")
    throw new Error("a function keeps its state in Tablestore: set `state.kind` to `tablestore` in warden.yaml");
  return guardHandler({
    config,
    log,
    world: async (credentials) => worldOf({ config, credentials, state: stateOf(state, credentials), log }),
  })(event, context);
};
