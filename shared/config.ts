import type { ProblemOf } from "./channel-secrets.ts";
import { addressProblem, robotAddressProblem, webhookSecretProblem } from "./channel-secrets.ts";
import type { ConfigProblem } from "./config-problems.ts";
import { readSettingsFile, schemaProblems } from "./config-problems.ts";
import type { FileConfig } from "./config-schema.ts";
import { configSchema } from "./config-schema.ts";
import type { Response, RuleId } from "./domain/finding.ts";
import type { Principal } from "./domain/identity.ts";
import type { Route } from "./domain/message.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { Approvals, Mode } from "./domain/settings.ts";
import { anyRuleById } from "./every-rule.ts";
import { robotHostProblem } from "./robot-address.ts";
import type { Settings } from "./settings.ts";
import { tablestoreInEnvironment } from "./tablestore-place.ts";

export { configJsonSchema } from "./config-schema.ts";
export type { ConfigProblem };

export type Environment = { readonly [name: string]: string | undefined };

/** A channel with its secrets taken from the environment, and the messages that it is for. */
export type ChannelConfig = ChannelKind & { readonly route?: Route };

type ChannelKind =
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
  | { readonly kind: "console"; readonly name: string }
  /** One whose secrets are missing or malformed, where that is tolerated: it refuses every message, and says why. */
  | { readonly kind: "broken"; readonly name: string; readonly because: string };

/**
 * What becomes of channels whose secrets are missing or malformed: they are refused with the settings; or `tolerated`, so
 * that a guard goes on without them; or nobody is told anything, and all channels are `left-out`.
 */
export type ChannelReading = "checked" | "tolerated" | "left-out";

/** Everything that an installation is told, as values. */
export type Config = Settings & {
  readonly region: string;
  readonly channels: readonly ChannelConfig[];
  readonly state: FileConfig["state"];
  /** The file of exemptions that the settings name, which lies beside them. */
  readonly exemptionsFile?: string;
  /** What the environment has as `WARDEN_MODE`, where that is no mode: it counts as `observe`, which is to be said. */
  readonly unknownMode?: string;
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
  reading: ChannelReading = "checked",
): Result<Config, readonly ConfigProblem[]> => {
  const read = readSettingsFile(text, file);
  if (!read.ok) return read;
  const parsed = configSchema.safeParse(read.value.value, { reportInput: true });
  if (!parsed.success) return failed(schemaProblems(parsed.error.issues, read.value));
  const channels = channelsOf(parsed.data, environment, reading);
  if (!channels.ok) return failed(channels.error.map(({ path, what }) => read.value.problem(path, what)));
  // A deployed function is told by its environment where its state is; what the file says is for the terminal.
  const { place, problems } = tablestoreInEnvironment(environment);
  if (problems.length > 0) return failed(problems.map((what) => read.value.problem(["state"], what)));
  return ok(configOf(parsed.data, channels.value, environment, place ?? parsed.data.state));
};

/**
 * `observe` in the environment wins over the file, and nothing there switches writing on. A value that is neither mode
 * was meant to change something, and to write nothing is the only change that is safe.
 */
const modeOf = (file: Mode, asked: string | undefined): Mode =>
  asked === undefined || asked === "" || asked === "enforce" ? file : "observe";

/** Shown to people and in logs: as much of it as shows the slip. */
const unknownModeOf = (asked: string | undefined): { readonly unknownMode?: string } =>
  asked === undefined || asked === "" || asked === "enforce" || asked === "observe"
    ? {}
    : { unknownMode: asked.slice(0, 40) };

/** The sentence on it, of every place that says it. */
export const unknownModeText = (unknownMode: string): string =>
  `\`WARDEN_MODE\` in the environment: \`${unknownMode}\` is no mode: \`observe\``;

const identityOf = (text: string): Principal => {
  const [kind, name] = text.split("/") as [Principal["kind"], string];
  return { kind, name };
};

const secretsOf = ([first = "", ...others]: readonly string[]): readonly [string, ...string[]] => [first, ...others];

type SecretProblem = { readonly path: readonly PropertyKey[]; readonly what: string };

const channelsOf = (
  file: FileConfig,
  environment: Environment,
  reading: ChannelReading,
): Result<readonly ChannelConfig[], readonly SecretProblem[]> => {
  if (reading === "left-out") return ok([]);
  const read = file.channels.map((channel, index) => channelOf(channel, index, environment));
  const problems = read.flatMap((one) => (one.ok ? [] : one.error.problems));
  if (reading === "checked" && problems.length > 0) return failed(problems);
  const routes = file.channels.map(routeOf);
  return ok(read.map((one, at) => ({ ...(one.ok ? one.value : brokenChannel(one.error)), ...routes[at] })));
};

const routeOf = ({ severity, rules }: FileConfig["channels"][number]): { readonly route?: Route } =>
  severity === undefined && rules === undefined
    ? {}
    : {
        route: {
          ...(severity === undefined ? {} : { atLeast: severity }),
          ...(rules === undefined ? {} : { rules }),
        },
      };

type ChannelProblems = { readonly name: string; readonly problems: readonly SecretProblem[] };

const brokenChannel = ({ name, problems }: ChannelProblems): ChannelKind => ({
  kind: "broken",
  name,
  because: problems.map(({ what }) => what).join("; "),
});

const channelOf = (
  channel: FileConfig["channels"][number],
  index: number,
  environment: Environment,
): Result<ChannelKind, ChannelProblems> => {
  const name = channel.name ?? channel.kind;
  const problems: SecretProblem[] = [];
  const taken = (key: readonly PropertyKey[], { env }: { readonly env: string }, problemOf: ProblemOf): string => {
    const value = environment[env];
    const path = ["channels", index, ...key];
    if (value === undefined || value === "")
      problems.push({ path, what: `the environment has no \`${env}\`, which the settings name here` });
    else {
      const what = problemOf(value);
      if (what !== undefined) problems.push({ path, what: `what the environment has as \`${env}\` ${what}` });
    }
    return value ?? "";
  };
  const value = withSecrets(channel, name, taken);
  return problems.length > 0 ? failed({ name, problems }) : ok(value);
};

type Taken = (key: readonly PropertyKey[], from: { readonly env: string }, problemOf: ProblemOf) => string;

const withSecrets = (channel: FileConfig["channels"][number], name: string, taken: Taken): ChannelKind => {
  switch (channel.kind) {
    case "console":
      return { kind: "console", name };
    case "webhook":
      return {
        kind: "webhook",
        name,
        url: taken(["url"], channel.url, addressProblem),
        secrets: secretsOf(channel.secrets.map((one, place) => taken(["secrets", place], one, webhookSecretProblem))),
      };
    case "dingtalk":
      return {
        kind: "dingtalk",
        name,
        url: taken(["url"], channel.url, (url) => robotHostProblem(url) ?? robotAddressProblem(url)),
        ...(channel.secret === undefined ? {} : { secret: taken(["secret"], channel.secret, () => undefined) }),
        ...(channel.keyword === undefined ? {} : { keyword: channel.keyword }),
      };
  }
};

const approvalsOf = (file: FileConfig): Approvals => ({
  openForMs: file.approvals.hours * hourMs,
  ofRules: Object.fromEntries(
    Object.entries(ofRules(file, "approvalHours")).map(([id, hours]) => [id, hours * hourMs]),
  ),
});

const configOf = (
  file: FileConfig,
  channels: readonly ChannelConfig[],
  environment: Environment,
  state: Config["state"],
): Config => ({
  rules: {
    accountId: file.account,
    trusted: file.trusted,
    provisioners: file.provisioners.map(identityOf),
    pipelines: file.pipelines.map(identityOf),
    highRiskPolicies: file.highRiskPolicies,
    protected: file.protected.map(identityOf),
    practices: {
      naming: file.naming,
      classes: file.classes,
      sso: file.sso,
      logon: file.logon,
      limits: file.limits,
      passwords: file.passwords,
      requiredGroups: file.requiredGroups,
      resourceGroupOnly: file.resourceGroupOnly,
      allowedProducts: file.allowedProducts,
      longestSession: file.longestSession,
    },
    ownRoles: [file.roles.looking, file.roles.acting, file.roles.approving].filter((role) => role !== undefined),
    responses: responsesOf(file),
    observed: Object.entries(ofRules(file, "response")).flatMap(([id, response]) =>
      response === "observe" ? [id as RuleId] : [],
    ),
    maturities: ofRules(file, "maturity"),
  },
  guardrails: {
    mode: modeOf(file.mode, environment.WARDEN_MODE),
    protected: file.protected.map(identityOf),
    accountId: file.account,
    pipelines: file.pipelines.map(identityOf),
    budgets: file.budgets,
    ownRoles:
      file.roles.approving === undefined
        ? { looking: file.roles.looking, acting: file.roles.acting }
        : { looking: file.roles.looking, acting: file.roles.acting, approving: file.roles.approving },
  },
  telling: { language: file.language, timeZone: file.timeZone, approvals: approvalsOf(file) },
  audit: file.audit,
  region: file.region,
  approvals: approvalsOf(file),
  channels,
  state,
  ...unknownModeOf(environment.WARDEN_MODE),
  ...(file.exemptions === undefined ? {} : { exemptionsFile: file.exemptions }),
});

/**
 * What single rules may do at most. Those that observe say what they would do by their own response; one that is off by
 * itself, by the most that it may do.
 */
const responsesOf = (file: FileConfig): { readonly [rule: RuleId]: Response } =>
  Object.fromEntries(
    Object.entries(ofRules(file, "response")).flatMap(([id, response]) =>
      response === "observe" ? mostOf(id) : [[id, response]],
    ),
  );

const mostOf = (id: string): readonly (readonly [string, Response])[] => {
  const rule = anyRuleById(id);
  const [most] = rule?.responses ?? [];
  return rule?.response !== "off" || most === undefined ? [] : [[id, most]];
};

const hourMs = 3_600_000;

/** What the file says of single rules. */
const ofRules = <Name extends "response" | "maturity" | "approvalHours">(
  { rules }: FileConfig,
  name: Name,
): { readonly [rule: RuleId]: NonNullable<NonNullable<FileConfig["rules"][string]>[Name]> } =>
  Object.fromEntries(
    Object.entries(rules).flatMap(([id, setting]) => (setting?.[name] === undefined ? [] : [[id, setting[name]]])),
  );
