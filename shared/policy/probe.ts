import type { ConditionTest, Globs, PolicyDocument, Statement } from "./document.ts";

/** One kind of request, as patterns. */
export type Probe = {
  readonly action: string;
  readonly resources: readonly string[];
  /** Resources that do not count. */
  readonly except?: readonly string[];
  /** A key of the request that must be present with a value of one of the patterns. */
  readonly given?: { readonly key: string; readonly patterns: readonly string[] };
};

const everything: Globs = { complement: false, patterns: ["*"] };

/**
 * A document that denies every request but the probe's. Put beside the documents that are asked about, it narrows the
 * comparison to the probe without a word changed in them.
 */
export const onlyThis = (probe: Probe): PolicyDocument => {
  const denies = [
    deny({ complement: true, patterns: [probe.action] }, everything, []),
    deny(everything, { complement: true, patterns: probe.resources }, []),
    ...(probe.except === undefined ? [] : [deny(everything, { complement: false, patterns: probe.except }, [])]),
    ...(probe.given === undefined
      ? []
      : [deny(everything, everything, [noneOf(probe.given.key, probe.given.patterns)])]),
  ];
  return { kind: "permission", flaws: [], statements: denies.map((statement, index) => ({ ...statement, index })) };
};

const deny = (action: Globs, resource: Globs, conditions: readonly ConditionTest[]): Omit<Statement, "index"> => ({
  effect: "Deny",
  action,
  resource,
  conditions,
});

const noneOf = (key: string, values: readonly string[]): ConditionTest => ({
  operator: "StringNotLike",
  family: "string",
  negated: true,
  ifExists: false,
  key,
  values,
});

/** One text per probe, for remembering answers. */
export const probeKey = (probe: Probe): string =>
  JSON.stringify([probe.action.toLowerCase(), probe.resources, probe.except ?? [], probe.given ?? null]);
