import { statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Reach } from "../functions/wire.ts";
import { actingIn, worldOf } from "../functions/wire.ts";
import { actingAsCaller } from "../shared/aliyun/sts.ts";
import type { Credentials, Transport, TransportOptions } from "../shared/aliyun/transport.ts";
import { transport } from "../shared/aliyun/transport.ts";
import type { ChannelReading, Config, Environment } from "../shared/config.ts";
import { problemText, readConfig } from "../shared/config.ts";
import { exemptionsIn, usualExemptionsFile } from "../shared/exemptions.ts";
import { findFile } from "../shared/local/find-file.ts";
import { openLog } from "../shared/local/log.ts";
import { openSqliteStateStore } from "../shared/local/sqlite-state-store.ts";
import { systemClock } from "../shared/local/system.ts";
import type { Act } from "../shared/ports/cloud.ts";
import type { StateStore } from "../shared/ports/state-store.ts";
import type { World } from "../shared/ports/world.ts";
import { speakAsSettings } from "./language.ts";
import { BadInput, note, safe } from "./output.ts";
import { readInput } from "./read-input.ts";
import type { SandboxSession } from "./sandbox-session.ts";
import { leftBehind, runningSession, sessionAs } from "./sandbox-session.ts";
import { failingAt, toldWhere, whereFile, whereTable } from "./state-failed.ts";

/** What the options common to all commands say. */
export type CommonOptions = {
  readonly config?: string;
  readonly cloud?: boolean;
  /** In whose name, in the sandbox. */
  readonly as?: string;
};

/**
 * Reads the settings, or refuses them with every problem on a line of its own. A command that tells nobody leaves the
 * channels out, whose secrets may then be missing.
 */
export const loadConfig = (
  path: string,
  channels: ChannelReading = "checked",
  environment: Environment = process.env,
): Config => {
  const read = readConfig(readInput(path).toString("utf8"), path, environment, channels);
  if (!read.ok) throw new BadInput(read.error.map(problemText).join("\n"));
  speakAsSettings(read.value.telling.language);
  return withExemptions(read.value, path);
};

/**
 * The settings with the exemptions beside them. What is wrong with those is said, and nothing is refused: as in a
 * deployed function, whatever they may cover is then told and not written.
 */
const withExemptions = (config: Config, path: string): Config => {
  const { exemptionsFile } = config;
  const file = join(dirname(path), exemptionsFile ?? usualExemptionsFile);
  const exemptions = exemptionsIn(findFile(file), file, exemptionsFile !== undefined);
  if (exemptions.kind === "unreadable")
    note(
      [...exemptions.problems, "the exemptions count as unreadable: nothing that they may cover is written"].join("\n"),
    );
  return { ...config, exemptions };
};

export type Place = { readonly config: Config; readonly session: SandboxSession | undefined };

/** Where a command works: in the sandbox that `npm start` runs in this folder, unless told otherwise. */
export const placeOf = (options: CommonOptions, channels: ChannelReading = "checked"): Place => {
  const running = options.cloud === true || options.config !== undefined ? undefined : runningSession();
  const session = inNameOf(running, options.as);
  if (session === undefined) {
    const config = loadConfig(options.config ?? "warden.yaml", channels);
    // Whoever asks for the cloud may have meant the state there.
    if (options.cloud === true && config.state.kind === "sqlite")
      note(
        `the state is the file \`${config.state.path}\`; that of what is deployed is found by \`WARDEN_TABLESTORE_ENDPOINT\` and \`WARDEN_TABLESTORE_INSTANCE\``,
      );
    sayWhatIsLeft(options);
    return { config, session: undefined };
  }
  // Said in the language of its settings, which are read first.
  const config = loadConfig(session.config, channels, sandboxEnvironment(session));
  note("using the sandbox that `npm start` runs here; `--cloud` for the account of warden.yaml");
  return { config, session };
};

/** Whoever looks for what a sandbox did, and whose sandbox was killed, looks at another state than they think. */
const sayWhatIsLeft = ({ cloud, config }: CommonOptions): void => {
  const state =
    cloud === true || config !== undefined ? undefined : leftBehind().find((one) => one.endsWith(".sqlite"));
  if (state !== undefined)
    note(
      `a sandbox that was killed left its state at \`${relative(process.cwd(), state)}\`, which is not looked at; the next \`npm start\` here removes it`,
    );
};

/** A session in the name of one of its people. In the cloud nobody is chosen: whoever's credentials are used acts. */
export const inNameOf = (session: SandboxSession | undefined, userName: string | undefined): typeof session => {
  if (userName === undefined) return session;
  if (session === undefined)
    throw new BadInput(
      "`--as` chooses among the people of the sandbox that `npm start` runs in this folder; elsewhere whoever's credentials are used acts",
    );
  const chosen = sessionAs(session, userName);
  if (chosen !== undefined) return chosen;
  const people = (session.people ?? []).map((one) => `\`${one.userName}\``).join(", ");
  throw new BadInput(`\`--as ${safe(userName)}\`: nobody of that name acts here; those who do: ${people || "-"}`);
};

/** The file that a place's settings were read from. */
export const settingsPathOf = (options: CommonOptions, { session }: Pick<Place, "session">): string =>
  session?.config ?? options.config ?? "warden.yaml";

/** The stand-ins of a sandbox take any secret that the settings name: only the inbox's address is real. */
export const sandboxEnvironment = (session: Pick<SandboxSession, "inbox">): { readonly [name: string]: string } => ({
  DINGTALK_WEBHOOK: session.inbox.replace(/\/inbox$/, "/robot/send?access_token=sandbox"),
  DINGTALK_SECRET: "SECsandbox",
});

export type LocalState = StateStore & {
  readonly close: () => void;
  /** Removes rows that expired long ago, and says how many; a local file does so by itself when it is opened. */
  readonly forgetExpired: () => Promise<number>;
};

const localFile = (path: string, toLook: boolean): LocalState =>
  failingAt(whereFile(path), () => ({
    ...openSqliteStateStore(path, systemClock, { toLook }),
    forgetExpired: async () => 0,
  }));

/** Whether a file is not there; one below what is no folder can be there never, which opening it tells. */
const isAbsent = (path: string): boolean => {
  try {
    statSync(path);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT";
  }
};

const stateAt = ({ config, session }: Place): Config["state"] =>
  session === undefined ? config.state : { kind: "sqlite", path: session.statePath };

/** The file in which a place would keep its state, where that is not there yet. */
export const absentStateAt = (place: Place): string | undefined => {
  const state = stateAt(place);
  return state.kind === "sqlite" && isAbsent(state.path) ? state.path : undefined;
};

/** Opens the state of a place where there must be one: nothing is to be said of a file that is absent. */
export const openStateThere = async (place: Place, toLook = true): Promise<LocalState> => {
  const absent = absentStateAt(place);
  if (absent !== undefined)
    throw new BadInput(
      `there is no state at \`${absent}\`; \`state.path\` of the settings says where it is looked for`,
    );
  return openState(place, toLook);
};

/**
 * Opens the state of a place; the folder of a local file is made where it is missing. `toLook` makes and writes nothing: a
 * file that is not there reads as an empty state, and one that may only be read is read.
 */
export const openState = async (place: Place, toLook = false): Promise<LocalState> => {
  const absent = toLook ? absentStateAt(place) : undefined;
  if (absent !== undefined) {
    note(`there is no state at \`${absent}\` yet`);
    return localFile(":memory:", false);
  }
  const state = stateAt(place);
  if (state.kind === "sqlite") return localFile(state.path, toLook);
  const { stateOf, forgetExpiredOf } = await import("../functions/tablestore.ts");
  const credentials = credentialsFromEnvironment();
  const where = whereTable(state);
  return failingAt(where, () => ({
    ...stateOf(state, credentials),
    close: () => undefined,
    forgetExpired: async () =>
      (await toldWhere(where, () => forgetExpiredOf(state, credentials)(Number.POSITIVE_INFINITY, undefined))).removed,
  }));
};

const credentialsInEnvironment = (): Credentials | undefined => {
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret } = process.env;
  const securityToken = process.env.ALIBABA_CLOUD_SECURITY_TOKEN;
  return accessKeyId && accessKeySecret
    ? { accessKeyId, accessKeySecret, ...(securityToken ? { securityToken } : {}) }
    : undefined;
};

/** What to do where there are none. */
export const noCredentials =
  "no credentials: set `ALIBABA_CLOUD_ACCESS_KEY_ID` and `ALIBABA_CLOUD_ACCESS_KEY_SECRET`, or run `npm start` in this folder for a sandbox";

const credentialsFromEnvironment = (): Credentials => {
  const found = credentialsInEnvironment();
  if (found === undefined) throw new BadInput(noCredentials);
  return found;
};

/** Whether the cloud can be asked anything from a place. */
export const hasCredentials = ({ session }: Place): boolean =>
  session !== undefined || credentialsInEnvironment() !== undefined;

/** What is wrong with the tables of a place's state, as sentences; undefined where it has none. */
export const tablesWrongAt = async ({ config, session }: Place): Promise<readonly string[] | undefined> => {
  const { state } = config;
  if (session !== undefined || state.kind !== "tablestore") return undefined;
  const { checkTables } = await import("../shared/aliyun/tablestore-tables.ts");
  const { endpoint, instance, table } = state;
  const credentials = credentialsFromEnvironment();
  return toldWhere(whereTable(state), () =>
    checkTables({ endpoint, instance, table, credentials, clock: systemClock }),
  );
};

export const transportOptionsAt = ({ config, session }: Place): TransportOptions => ({
  credentials: session ?? credentialsFromEnvironment(),
  clock: systemClock,
  region: config.region,
  ...(session === undefined ? {} : ({ endpoint: session.endpoint, protocol: "http" } as const)),
});

/** How a person at the terminal reaches the cloud. */
export const transportAt = (place: Place): Transport => transport(transportOptionsAt(place));

/** The world as the person at the terminal sees it: their own credentials, their own rights. */
export const worldAt = (place: Place, state: StateStore, act?: (options: TransportOptions) => Act): World => {
  const { config, session } = place;
  const reach: Reach = session === undefined ? {} : { endpoint: session.endpoint, protocol: "http" };
  return worldOf({
    config,
    credentials: session ?? credentialsFromEnvironment(),
    state,
    log: openLog({ level: "warn" }),
    reach,
    ...(act === undefined ? {} : { act }),
  });
};

/** The world of those who ask the cloud nothing: it refuses whatever they ask. */
export const worldWithoutCloud = ({ config }: Place, state: StateStore): World =>
  worldOf({ config, credentials: { accessKeyId: "", accessKeySecret: "" }, state, log: openLog({ level: "warn" }) });

/**
 * How a person's own acts are written: in the approving role where the settings name one, which the person assumes, else
 * in the person's own name.
 */
export const actingAsPerson =
  ({ guardrails, rules }: Config) =>
  (options: TransportOptions): Act => {
    const { approving } = guardrails.ownRoles;
    return approving === undefined ? actingAsCaller(options) : actingIn(options, rules.accountId, approving);
  };

/** Writes in the acting role where the person may assume it, else in the person's own name; both are in the ledger. */
export const actingRoleOrCaller =
  (config: Config) =>
  (options: TransportOptions): Act => {
    const { acting } = config.guardrails.ownRoles;
    const asCaller = actingAsCaller(options);
    if (acting === undefined) return asCaller;
    const inRole = actingIn(options, config.rules.accountId, acting);
    return async (planId, calls) => {
      const session = await inRole(planId, calls);
      return session.ok || session.error.kind !== "forbidden" ? session : asCaller(planId, calls);
    };
  };
