import type { ConditionTest } from "./document.ts";

/** In which way a condition holds less than it did. */
export type Weakening =
  | "dropped"
  | "values-added"
  | "operator-loosened"
  | "wildcard"
  | "network-widened"
  | "exception-added"
  | "replaced";

/** The tests of one key before and after, where the later ones let more through, as far as the texts tell. */
export type ConditionChange = {
  readonly key: string;
  readonly how: Weakening;
  readonly before: readonly ConditionTest[];
  readonly after: readonly ConditionTest[];
};

/** Keys have no case: the tests of one key, whatever its spelling. */
const onKey = (tests: readonly ConditionTest[], key: string): readonly ConditionTest[] =>
  tests.filter((test) => test.key.toLowerCase() === key.toLowerCase());

/** The keys whose tests in `before` are not all kept by the tests in `after`. Added and narrowed tests are silent. */
export const conditionChanges = (
  before: readonly ConditionTest[],
  after: readonly ConditionTest[],
): readonly ConditionChange[] => {
  const keys = [...new Map(before.map((test) => [test.key.toLowerCase(), test.key])).values()];
  return keys.flatMap((key) => {
    const was = onKey(before, key);
    const is = onKey(after, key);
    if (was.every((test) => is.some((other) => implies(other, test)))) return [];
    return [{ key, how: howWeakened(was, is), before: was, after: is }];
  });
};

/** Whether a test plainly holds only where the other does; false also where that would take more than a look. */
const implies = (stronger: ConditionTest, weaker: ConditionTest): boolean => {
  if (stronger.operator !== weaker.operator || stronger.ifExists !== weaker.ifExists) return false;
  const [few, many] = stronger.negated ? [weaker.values, stronger.values] : [stronger.values, weaker.values];
  if (stronger.family === "opaque") return sameTexts(few, many);
  return few.every((value) => many.includes(value));
};

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.every((value) => b.includes(value)) && b.every((value) => a.includes(value));

const valuesOf = (tests: readonly ConditionTest[]): readonly string[] => tests.flatMap((test) => test.values);
const isPattern = (value: string): boolean => value.includes("*") || value.includes("?");

const howWeakened = (before: readonly ConditionTest[], after: readonly ConditionTest[]): Weakening => {
  if (after.length === 0) return "dropped";
  const was = valuesOf(before);
  const is = valuesOf(after);
  const wasLike = before.some((test) => test.operator.includes("Like"));
  const isLike = after.some((test) => test.operator.includes("Like"));
  if (before.some((test) => test.negated)) return is.length < was.length ? "exception-added" : "replaced";
  if (after.every((test) => test.family === "ip") && !was.every((value) => is.includes(value)))
    return "network-widened";
  if (!wasLike && isLike) return "operator-loosened";
  if (was.every((value) => is.includes(value))) return is.length > was.length ? "values-added" : "replaced";
  if (isLike && is.some((value) => isPattern(value) && !was.includes(value))) return "wildcard";
  return "replaced";
};

/** A test as a person reads it: `StringLike repo:org/*, repo:org2/*`. */
export const testsText = (tests: readonly ConditionTest[]): string =>
  tests
    .map((test) => `${test.operator}${test.ifExists ? "IfExists" : ""} ${test.values.join(", ")}`.trim())
    .join(" and ");

/** All tests of a statement as one text with their keys; empty when there are none. */
export const conditionsText = (tests: readonly ConditionTest[]): string =>
  tests.map((test) => `${test.key} ${testsText([test])}`).join(" and ");
