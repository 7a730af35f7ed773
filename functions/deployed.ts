import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Credentials } from "../shared/aliyun/transport.ts";
import type { Config } from "../shared/config.ts";
import { problemText, readConfig, unknownModeText } from "../shared/config.ts";
import { exemptionsIn, usualExemptionsFile } from "../shared/exemptions.ts";
import { findFile } from "../shared/local/find-file.ts";
import { openLog } from "../shared/local/log.ts";
import type { Log, World } from "../shared/ports/world.ts";
import type { ExemptionsRead } from "../shared/settings.ts";
import { forgetExpiredOf, stateOf } from "./tablestore.ts";
import { worldOf } from "./wire.ts";

/** What every deployed function works with. */
export type Deployed = {
  readonly config: Config;
  readonly log: Log;
  /** Built for each call: the credentials in the context expire. */
  readonly world: (credentials: Credentials) => Promise<World>;
};

const log = openLog();

/** The settings lie beside the bundle. Wrong ones are a fault of the deployment: each event is kept for a retry. */
const settings = (): Config => {
  const read = readConfig(
    readFileSync(fileURLToPath(new URL("./warden.yaml", import.meta.url)), "utf8"),
    "warden.yaml",
    process.env,
  );
  if (!read.ok) throw new Error(`the settings are refused:\n${read.error.map(problemText).join("\n")}`);
  return { ...read.value, exemptions: exemptionsOf(read.value) };
};

/** What was read last, and of which text: a long file is read once, and not at each event. */
let last: { readonly text: string; readonly read: ExemptionsRead } | undefined;

/** They lie there as well. What is wrong with them keeps no event from being judged: it is told in place of being written. */
const exemptionsOf = ({ exemptionsFile }: Config): ExemptionsRead => {
  const file = exemptionsFile ?? usualExemptionsFile;
  const found = findFile(fileURLToPath(new URL(`./${file}`, import.meta.url)));
  if (found.kind === "text" && last?.text === found.text) return last.read;
  const read = exemptionsIn(found, file, exemptionsFile !== undefined);
  last = found.kind === "text" ? { text: found.text, read } : undefined;
  return read;
};

/** An instance says it once, when it starts: nothing of it changes from event to event. */
let hasSaidMode = false;

const sayUnknownMode = ({ unknownMode }: Config): void => {
  if (unknownMode !== undefined && !hasSaidMode) log("warn", unknownModeText(unknownMode));
  hasSaidMode = true;
};

/** Reads the settings of a deployed function. Throws when they are wrong, or keep the state elsewhere than in the cloud. */
export const deployed = (): Deployed => {
  const config = settings();
  sayUnknownMode(config);
  const { state } = config;
  if (state.kind !== "tablestore")
    throw new Error("a function keeps its state in Tablestore: set `state.kind` to `tablestore` in warden.yaml");
  const world = async (credentials: Credentials) =>
    worldOf({
      config,
      credentials,
      state: stateOf(state, credentials),
      forgetExpired: forgetExpiredOf(state, credentials),
      log,
    });
  return { config, log, world };
};
