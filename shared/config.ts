import type { Document } from "yaml";
import { isNode, LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import type { FileConfig } from "./config-schema.ts";
import { configSchema } from "./config-schema.ts";
import type { Principal } from "./domain/identity.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { Settings } from "./settings.ts";

/** What is wrong in a settings file, where, and what would be right. Lines and columns start at 1. */
export type ConfigProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly what: string;
};

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
  readonly channels: readonly ChannelConfig[];
  readonly state: FileConfig["state"];
};

export const problemText = ({ file, line, column, what }: ConfigProblem): string =>
  `${file}:${line}:${column}: ${what}`;

/**
 * Reads the text of a `warden.yaml`. An unknown or wrong key is refused with its line and what is allowed there.
 * `environment` holds the secrets that the file names, `WARDEN_MODE=observe`, which switches all writing off, and
 * `WARDEN_TABLESTORE_ENDPOINT` with `WARDEN_TABLESTORE_INSTANCE`, which say where a deployed function keeps its state.
 */
export const readConfig = (
  text: string,
  file: string,
  environment: Environment,
): Result<Config, readonly ConfigProblem[]> => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  if (document.errors.length > 0)
    return failed(
      document.errors.map((error) => ({
        file,
        ...place(lines, error.pos[0]),
        what: `not YAML: ${firstLine(error.message)}`,
      })),
    );
  const value: unknown = document.toJS({ maxAliasCount: 0 }) ?? {};
  const parsed = configSchema.safeParse(value);
  if (!parsed.success)
    return failed(parsed.error.issues.flatMap((issue) => problemsOf(issue, value, document, lines, file)));
  const channels = channelsOf(parsed.data, environment);
  if (!channels.ok)
    return failed(channels.error.map(({ path, what }) => ({ file, ...placeOf(document, lines, path), what })));
  return ok(configOf(parsed.data, channels.value, environment));
};

const firstLine = (message: string): string => message.split("\n")[0] ?? message;

const place = (lines: LineCounter, offset: number): { line: number; column: number } => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
};

/** The place of the key at the end of a path, or of the deepest part of the path that the file has. */
const placeOf = (
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
): { line: number; column: number } => {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isNode(parent) && "items" in parent && Array.isArray(parent.items)) {
      const pair = parent.items.find((item: unknown) => keyText(item) === String(last)) as
        | { key?: unknown }
        | undefined;
      const node = pair?.key ?? (typeof last === "number" ? parent.items[last] : undefined);
      if (isNode(node) && node.range) return place(lines, node.range[0]);
    }
  }
  return { line: 1, column: 1 };
};

const keyText = (item: unknown): string | undefined => {
  if (typeof item !== "object" || item === null || !("key" in item)) return undefined;
  const { key } = item;
  return isNode(key) && "value" in key ? String(key.value) : undefined;
};

const problemsOf = (
  issue: z.core.$ZodIssue,
  value: unknown,
  document: Document,
  lines: LineCounter,
  file: string,
): readonly ConfigProblem[] => {
  if (issue.code === "unrecognized_keys") {
    const allowed = allowedKeys(issue.path, value);
    return issue.keys.map((key) => ({
      file,
      ...placeOf(document, lines, [...issue.path, key]),
      what: `unknown key \`${key}\`${under(issue.path)}; allowed: ${allowed.map((one) => `\`${one}\``).join(", ")}`,
    }));
  }
  const where = issue.path.length === 0 ? "" : `\`${issue.path.join(".")}\`: `;
  return [{ file, ...placeOf(document, lines, issue.path), what: `${where}${saying(issue)}` }];
};

const under = (path: readonly PropertyKey[]): string => (path.length === 0 ? "" : ` under \`${path.join(".")}\``);

const saying = (issue: z.core.$ZodIssue): string => {
  if (issue.code === "invalid_value")
    return `must be one of ${issue.values.map((one) => `\`${String(one)}\``).join(", ")}`;
  if (issue.code === "invalid_union")
    return `\`${String(issue.path.at(-1) ?? "kind")}\` is not a kind that is known here`;
  if (issue.code === "invalid_type" && issue.input === undefined) return `is missing or not ${issue.expected}`;
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
};

type Shape = {
  readonly properties?: { readonly [key: string]: Shape };
  readonly items?: Shape;
  readonly oneOf?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
  readonly const?: unknown;
};

/** The keys that the settings know at a path, from the published JSON Schema. */
const allowedKeys = (path: readonly PropertyKey[], value: unknown): readonly string[] => {
  let shape = configJsonSchema() as Shape;
  let here: unknown = value;
  for (const step of path) {
    here = typeof here === "object" && here !== null ? (here as { [key: PropertyKey]: unknown })[step] : undefined;
    const next = typeof step === "number" ? shape.items : shape.properties?.[String(step)];
    if (next === undefined) return [];
    shape = chosen(next, here);
  }
  return Object.keys(shape.properties ?? {});
};

const chosen = (shape: Shape, value: unknown): Shape => {
  const kinds = shape.oneOf ?? shape.anyOf;
  if (kinds === undefined) return shape;
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  return kinds.find((one) => one.properties?.kind?.const === kind) ?? shape;
};

/** The JSON Schema of `warden.yaml`, for editors. */
export const configJsonSchema = (): object => z.toJSONSchema(configSchema, { io: "input" });

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
          secrets: secretsOf(channel.secrets.map((one) => taken(one, at("secrets")))),
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
    highRiskPolicies: file.highRiskPolicies,
    responses: Object.fromEntries(
      Object.entries(file.rules).flatMap(([id, setting]) => (setting === undefined ? [] : [[id, setting.response]])),
    ),
  },
  guardrails: {
    mode: environment.WARDEN_MODE === "observe" ? "observe" : file.mode,
    protected: file.protected.map(identityOf),
    ownRoles: { looking: file.roles.looking, acting: file.roles.acting },
  },
  telling: { language: file.language, timeZone: file.timeZone },
  region: file.region,
  channels,
  state: stateOf(file, environment),
});

/** A deployed function is told by its environment where its state is; what the file says is for the terminal. */
const stateOf = (file: FileConfig, environment: Environment): FileConfig["state"] => {
  const { WARDEN_TABLESTORE_ENDPOINT: endpoint, WARDEN_TABLESTORE_INSTANCE: instance } = environment;
  if (!endpoint || !instance) return file.state;
  return { kind: "tablestore", endpoint, instance, table: environment.WARDEN_TABLESTORE_TABLE || "ram_warden" };
};
