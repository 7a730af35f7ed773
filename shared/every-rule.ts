import { chains } from "./chains/registry.ts";
import { checks } from "./checks/registry.ts";
import type { RuleId } from "./domain/finding.ts";
import type { Rule } from "./rules/kit/rule.ts";
import { rules } from "./rules/registry.ts";

/** What is said of a rule, whatever it judges: one change, several together, or how a thing stands. */
export type RuleInShort = Pick<
  Rule,
  "id" | "control" | "severity" | "maturity" | "response" | "responses" | "controls" | "references" | "text"
>;

/** Everything that the settings may name under `rules`: the rules first, then chains, then checks. */
export const everyRule: readonly RuleInShort[] = [
  ...rules,
  ...chains,
  ...checks.map((check) => ({
    ...check,
    maturity: "stable" as const,
    response: "alert" as const,
    responses: ["alert", "off"] as const,
  })),
];

const checkIds: ReadonlySet<RuleId> = new Set(checks.map(({ id }) => id));

/** All that the settings may set the response of a rule to: each may observe, but for checks, which only tell. */
export const mayBeSetTo = ({ id, responses }: Pick<RuleInShort, "id" | "responses">): readonly string[] =>
  checkIds.has(id) ? responses : responses.flatMap((one) => (one === "off" ? ["observe", one] : [one]));

export const anyRuleById = (id: string): RuleInShort | undefined => everyRule.find((rule) => rule.id === id);
