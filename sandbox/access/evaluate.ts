import { isObject, type Json, type JsonObject } from "../json.ts";
import { type Context, conditionsHold } from "./conditions.ts";
import { matchesAction, matchesResource } from "./globs.ts";

export type Decision = "allow" | "deny" | "none";

/** One question to RAM. `resources` are spellings of one resource. */
export type Question = {
  readonly action: string;
  readonly resources: readonly string[];
  readonly context: Context;
};

/** A scalar and a list of one mean the same (`policy-semantics.md` §1). */
export const listed = (value: Json | undefined): readonly string[] => {
  if (value === undefined || value === null || isObject(value)) return [];
  return (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === "string");
};

export const statementsOf = (document: JsonObject): readonly JsonObject[] => {
  const statements = document.Statement;
  return (Array.isArray(statements) ? statements : [statements]).filter(isObject);
};

const actionMatches = (statement: JsonObject, action: string): boolean =>
  statement.NotAction === undefined
    ? listed(statement.Action).some((pattern) => matchesAction(pattern, action))
    : !listed(statement.NotAction).some((pattern) => matchesAction(pattern, action));

const resourceMatches = (statement: JsonObject, resources: readonly string[]): boolean => {
  const matches = (pattern: string) => resources.some((resource) => matchesResource(pattern, resource));
  if (statement.NotResource !== undefined) return !listed(statement.NotResource).some(matches);
  return listed(statement.Resource).some(matches);
};

const statementMatches = (statement: JsonObject, question: Question): boolean =>
  actionMatches(statement, question.action) &&
  resourceMatches(statement, question.resources) &&
  conditionsHold(isObject(statement.Condition) ? statement.Condition : undefined, question.context);

/** What a set of documents says together: an explicit Deny wins over any Allow (`policy-semantics.md` §3). */
export const decide = (documents: readonly JsonObject[], question: Question): Decision => {
  const matching = documents.flatMap(statementsOf).filter((statement) => statementMatches(statement, question));
  if (matching.some((statement) => statement.Effect === "Deny")) return "deny";
  return matching.some((statement) => statement.Effect === "Allow") ? "allow" : "none";
};
