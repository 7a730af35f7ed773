import type { ConditionTest, Globs, Principals, Statement } from "./document.ts";

const sameTexts = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((text, at) => text === other[at]);

const sameGlobs = (one: Globs | undefined, other: Globs | undefined): boolean => {
  if (one === undefined || other === undefined) return one === other;
  return one.complement === other.complement && sameTexts(one.patterns, other.patterns);
};

const samePrincipals = (one: Principals | undefined, other: Principals | undefined): boolean => {
  if (one === undefined || other === undefined) return one === other;
  if (one.complement !== other.complement || one.patterns.length !== other.patterns.length) return false;
  return one.patterns.every(({ type, value }, at) => {
    const its = other.patterns[at];
    return value === its?.value && type === its.type;
  });
};

const sameTest = (one: ConditionTest, other: ConditionTest | undefined): boolean =>
  other !== undefined &&
  one.operator === other.operator &&
  one.ifExists === other.ifExists &&
  one.key === other.key &&
  sameTexts(one.values, other.values);

/** Two statements say the same word for word; where they stand and what their Sid is means nothing. */
export const sameStatement = (one: Statement, other: Statement): boolean =>
  one.effect === other.effect &&
  sameGlobs(one.action, other.action) &&
  sameGlobs(one.resource, other.resource) &&
  samePrincipals(one.principal, other.principal) &&
  one.conditions.length === other.conditions.length &&
  one.conditions.every((test, at) => sameTest(test, other.conditions[at]));
