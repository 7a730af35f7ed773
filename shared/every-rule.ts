import { chains } from "./chains/registry.ts";
import { checks } from "./checks/registry.ts";
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

export const anyRuleById = (id: string): RuleInShort | undefined => everyRule.find((rule) => rule.id === id);
