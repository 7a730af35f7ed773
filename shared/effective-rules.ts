import type { Config, Environment } from "./config.ts";
import { readSettingsFile } from "./config-problems.ts";
import type { Maturity, Response, RuleId, Severity } from "./domain/finding.ts";
import type { Mode } from "./domain/settings.ts";
import { everyRule } from "./every-rule.ts";

/** Where a value comes from: the rule itself, or the settings' default; a line of the file; a variable of the environment. */
export type Source =
  | { readonly kind: "default" }
  | { readonly kind: "file"; readonly file: string; readonly line: number }
  | { readonly kind: "environment"; readonly variable: string };

type From<Value> = { readonly value: Value; readonly source: Source };

/** What a rule comes to by the settings: `nothing` where it is off, `tells` where it writes and asks nothing. */
export type Effect = "nothing" | "tells" | "says what it would do" | "asks" | "contains" | "puts back";

/** What is in force for one rule, and why. */
export type EffectiveRule = {
  readonly rule: RuleId;
  readonly control: string;
  readonly severity: Severity;
  readonly does: Effect;
  readonly response: From<Response>;
  readonly maturity: From<Maturity>;
  /** Present where the settings have the rule observe. */
  readonly observes?: From<true>;
  /** Present where the settings give what it asks a time of its own. */
  readonly approvalHours?: From<number>;
  readonly mode: From<Mode>;
};

const usual: Source = { kind: "default" };

/** What is in force for each rule by the settings, as they were read of `text`, and where each part of it comes from. */
export const effectiveRules = (
  config: Config,
  text: string,
  file: string,
  { WARDEN_MODE: asked }: Environment,
): readonly EffectiveRule[] => {
  const read = readSettingsFile(text, file);
  const at = (...path: readonly string[]): Source => {
    const line = read.ok ? read.value.lineOf(path) : undefined;
    return line === undefined ? usual : { kind: "file", file, line };
  };
  // By the environment nothing is ever switched on, so that it is the reason only where it takes something away.
  const isByEnvironment = asked !== undefined && asked !== "" && asked !== "enforce";
  const mode: From<Mode> = {
    value: config.guardrails.mode,
    source: isByEnvironment ? { kind: "environment", variable: "WARDEN_MODE" } : at("mode"),
  };
  const { responses, maturities = {}, observed = [] } = config.rules;
  return everyRule.map(({ id, control, severity, ...rule }) => {
    const said = at("rules", id, "response");
    const observes = observed.includes(id) ? { observes: { value: true, source: said } as const } : {};
    // A rule that observes says what it would do by its own response.
    const response = { value: responses[id] ?? rule.response, source: observed.includes(id) ? usual : said };
    const maturity = { value: maturities[id] ?? rule.maturity, source: at("rules", id, "maturity") };
    const does = effectOf(response.value, observed.includes(id) || maturity.value === "trial", mode.value);
    const openForMs = config.approvals.ofRules?.[id];
    const hours =
      openForMs === undefined
        ? {}
        : { approvalHours: { value: openForMs / 3_600_000, source: at("rules", id, "approvalHours") } };
    return { rule: id, control, severity, does, response, maturity, ...observes, ...hours, mode };
  });
};

const effects: { readonly [response in Response]: Effect } = {
  off: "nothing",
  alert: "tells",
  ask: "asks",
  contain: "contains",
  revert: "puts back",
};

const effectOf = (response: Response, isHeldBack: boolean, mode: Mode): Effect => {
  const effect = effects[response];
  if (effect === "nothing" || effect === "tells") return effect;
  return isHeldBack || mode === "observe" ? "says what it would do" : effect;
};

/** Where something comes from, in short: `default`, `warden.yaml:12`, `WARDEN_MODE in the environment`. */
export const sourceText = (source: Source): string => {
  switch (source.kind) {
    case "default":
      return "default";
    case "file":
      return `${source.file}:${source.line}`;
    case "environment":
      return `${source.variable} in the environment`;
  }
};
