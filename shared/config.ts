import type { ConfigProblem } from "./config-problems.ts";
import { readSettingsFile, schemaProblems } from "./config-problems.ts";
import type { FileConfig } from "./config-schema.ts";
import { configSchema } from "./config-schema.ts";
import type { Principal } from "./domain/identity.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { Mode } from "./domain/settings.ts";
import type { Settings } from "./settings.ts";

export { configJsonSchema } from "./config-schema.ts";
export type { ConfigProblem };

export type Environment = { readonly [name: string]: string | undefined };

/** A channel with its secrets taken from the environment. */
export type ChannelConfig =
  | {
      readonly kind: "dingtalk";
      readonly name: string;
      readonly url: string;
      readonly secret?: string;
      readonly keyword?: string;
    }
  | {
      readonly kind: "webhook";
      readonly name: string;
      readonly url: string;
      readonly secrets: readonly [string, ...string[]];
    }
  | { readonly kind: "console"; readonly name: string };

/** Everything that an installation is told, as values. */
export type Config = Settings & {
  readonly region: string;
  readonly approvals: { readonly openForMs: number };
  readonly channels: readonly ChannelConfig[];
  readonly state: FileConfig["state"];
};

export const problemText = ({ file, line, column, what }: ConfigProblem): string =>
  `${file}:${line}:${column}: ${what}`;

/**
 * Reads the text of a `warden.yaml`. An unknown or wrong key is refused with its line and what is allowed there.
 * `environment` holds the secrets that the file names, and `WARDEN_MODE`, which can switch all writing off.
 */
export const readConfig = (
  text: string,
  file: string,
  environment: Environment,
): Result<Config, readonly ConfigProblem[]> => {
  const read = readSettingsFile(text, file);
  if (!read.ok) return read;
  const parsed = configSchema.safeParse(read.value.value, { reportInput: true });
  if (!parsed.success) return failed(schemaProblems(parsed.error.issues, read.value));
  const channels = channelsOf(parsed.data, environment);
  if (!channels.ok) return failed(channels.error.map(({ path, what }) => read.value.problem(path, what)));
  return ok(configOf(parsed.data, channels.value, environment));
};

/**
 * `observe` in the environment wins over the file, and nothing there switches writing on. A value that is neither mode
 * was meant to change something, and to write nothing is the only change that is safe.
 */
const modeOf = (file: Mode, asked: string | undefined): Mode =>
  asked === undefined || asked === "" || asked === "enforce" ? file : "observe";

const identityOf = (text: string): Principal => {
  const [kind, name] = text.split("/") as [Principal["kind"], string];
  return { kind, name };
};

const secretsOf = ([first = "", ...others]: readonly string[]): readonly [string, ...string[]] => [first, ...others];

type SecretProblem = { readonly path: readonly PropertyKey[]; readonly what: string };

const channelsOf = (
  file: FileConfig,
  environment: Environment,
): Result<readonly ChannelConfig[], readonly SecretProblem[]> => {
  const problems: SecretProblem[] = [];
  const taken = (from: { readonly env: string }, path: readonly PropertyKey[]): string => {
    const value = environment[from.env];
    if (value === undefined || value === "")
      problems.push({ path, what: `the environment has no \`${from.env}\`, which the settings name here` });
    return value ?? "";
  };
  const channelOf = (channel: FileConfig["channels"][number], index: number): ChannelConfig => {
    const name = channel.name ?? channel.kind;
    const at = (key: string) => ["channels", index, key];
    switch (channel.kind) {
      case "console":
        return { kind: "console", name };
      case "webhook":
        return {
          kind: "webhook",
          name,
          url: taken(channel.url, at("url")),
          secrets: secretsOf(channel.secrets.map((one, place) => taken(one, [...at("secrets"), place]))),
        };
      case "dingtalk":
        return {
          kind: "dingtalk",
          name,
          url: taken(channel.url, at("url")),
          ...(channel.secret === undefined ? {} : { secret: taken(channel.secret, at("secret")) }),
          ...(channel.keyword === undefined ? {} : { keyword: channel.keyword }),
        };
    }
  };
  const channels = file.channels.map(channelOf);
  return problems.length > 0 ? failed(problems) : ok(channels);
};

const configOf = (file: FileConfig, channels: readonly ChannelConfig[], environment: Environment): Config => ({
  rules: {
    accountId: file.account,
    trusted: file.trusted,
    provisioners: file.provisioners.map(identityOf),
    pipelines: file.pipelines.map(identityOf),
    highRiskPolicies: file.highRiskPolicies,
    responses: Object.fromEntries(
      Object.entries(file.rules).flatMap(([id, setting]) => (setting === undefined ? [] : [[id, setting.response]])),
    ),
  },
  guardrails: {
    mode: modeOf(file.mode, environment.WARDEN_MODE),
    protected: file.protected.map(identityOf),
    accountId: file.account,
    pipelines: file.pipelines.map(identityOf),
    budgets: file.budgets,
    ownRoles: { looking: file.roles.looking, acting: file.roles.acting },
  },
  telling: { language: file.language, timeZone: file.timeZone },
  region: file.region,
  approvals: { openForMs: file.approvals.hours * 3_600_000 },
  channels,
  state: stateOf(file, environment),
});

/** A deployed function is told by its environment where its state is; what the file says is for the terminal. */
const stateOf = (file: FileConfig, environment: Environment): FileConfig["state"] => {
  const { WARDEN_TABLESTORE_ENDPOINT: endpoint, WARDEN_TABLESTORE_INSTANCE: instance } = environment;
  if (!endpoint || !instance) return file.state;
  return { kind: "tablestore", endpoint, instance, table: environment.WARDEN_TABLESTORE_TABLE || "ram_warden" };
};
