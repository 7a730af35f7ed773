import { canonicalText, type Json } from "../domain/json.ts";
import { canonicalValue } from "./condition-value.ts";
import type { ConditionTest, Globs, PolicyDocument, Principals, Statement } from "./document.ts";
import { canonicalPattern, compileGlob, covers, foldRoleName } from "./glob.ts";
import { newMeter } from "./meter.ts";
import { parseDocument } from "./parse.ts";
import { readJson } from "./read-json.ts";

const sortedSet = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

/** Every action has the form `service:name`, so these all stand for every action. */
const anyAction = new Set(["*:*", "?*:*", "*:?*", "?*:?*", "?*"]);

const canonicalAction = (pattern: string): string => {
  const text = canonicalPattern(pattern.toLowerCase());
  return anyAction.has(text) ? "*" : text.replace(/^([^*?:]+):\?\*$/, "$1:*");
};

const canonicalResource = (pattern: string): string => foldRoleName(canonicalPattern(pattern));

/** Beyond these lists are only sorted: a RAM document never gets there. */
const mostCompared = { patterns: 256, characters: 8192 };

/** Leaves out what another pattern of the list stands for already, under both readings of wildcards. */
const withoutCovered = (patterns: readonly string[]): readonly string[] => {
  const texts = sortedSet(patterns);
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  if (texts.length > mostCompared.patterns || characters > mostCompared.characters) return texts;
  const globs = texts.map((text) => ({ text, ...compileGlob(text, "segments") }));
  const wide = globs.filter((glob) => !glob.literal);
  const free = newMeter(Number.POSITIVE_INFINITY);
  // What lies under a pattern in one reading of wildcards does so in the other, so one reading is enough.
  return globs
    .filter((glob) => !wide.some((other) => other !== glob && covers(other, glob, free) && !covers(glob, other, free)))
    .map(({ text }) => text);
};

const globsForm = (globs: Globs, form: (pattern: string) => string): Json => ({
  complement: globs.complement,
  patterns: withoutCovered(globs.patterns.map(form)),
});

const principalsForm = (principals: Principals): Json => ({
  complement: principals.complement,
  patterns: sortedSet(principals.patterns.map(({ type, value }) => `${type}|${canonicalResource(value)}`)),
});

const testForm = (test: ConditionTest): string =>
  canonicalText({
    operator: test.operator,
    ifExists: test.ifExists,
    key: test.key.toLowerCase(),
    values: sortedSet(test.values.map((value) => canonicalValue(test, value))),
  });

/** One text per meaning of a statement, as far as that is cheap to see. The index and the Sid mean nothing. */
export const canonicalStatement = (statement: Statement): string =>
  canonicalText({
    effect: statement.effect,
    action: globsForm(statement.action, canonicalAction),
    resource: statement.resource === undefined ? null : globsForm(statement.resource, canonicalResource),
    principal: statement.principal === undefined ? null : principalsForm(statement.principal),
    conditions: sortedSet(statement.conditions.map(testForm)),
  });

/**
 * One text per meaning where that is cheap to decide: key order, white space, list order, duplicates, text or list of
 * one, order of statements, case of actions and spelling of values never matter. What made a document uncertain is part
 * of the text, without its place.
 */
export const canonicalDocument = (document: PolicyDocument): string =>
  canonicalText({
    kind: document.kind,
    statements: sortedSet(document.statements.map(canonicalStatement)),
    flaws: sortedSet(document.flaws.map(({ what }) => what)),
  });

/** The form of a document's text by which two readings are compared. Never throws: what cannot be read stands for itself. */
export const documentForm = (text: string): string => {
  const parsed = parseDocument(text);
  if (parsed.ok) return canonicalDocument(parsed.value);
  const json = readJson(text);
  return json.ok ? `unreadable ${canonicalText(json.value)}` : `unreadable ${JSON.stringify(text.trim())}`;
};
