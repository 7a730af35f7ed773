import type { Document } from "yaml";
import { isNode, LineCounter, parseDocument, visit } from "yaml";
import type * as z from "zod";
import { configJsonSchema } from "./config-schema.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";

/** What is wrong in a settings file, where, and what would be right. Lines and columns start at 1. */
export type ConfigProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly what: string;
};

/** A settings file as it was read: its value, and where each part of it stands. */
export type SettingsFile = {
  readonly value: unknown;
  /** The line of the key at the end of a path; undefined where the file does not have it. */
  readonly lineOf: (path: readonly PropertyKey[]) => number | undefined;
  readonly problem: (path: readonly PropertyKey[], what: string) => ConfigProblem;
};

/** More than these help nobody: the first ones have made the others. */
const mostProblems = 20;

/** Reads the text of a settings file. Never throws: what YAML can do to its reader (aliases, depth) is refused. */
export const readSettingsFile = (text: string, file: string): Result<SettingsFile, readonly ConfigProblem[]> => {
  const lines = new LineCounter();
  const at = (offset: number, what: string): ConfigProblem => ({ file, ...place(lines, offset), what });
  try {
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
    const faults = [...document.errors, ...document.warnings]
      .sort((a, b) => a.pos[0] - b.pos[0])
      .slice(0, mostProblems)
      .map((fault) => at(fault.pos[0], yamlFault(fault)));
    const problems = faults.length > 0 ? faults : aliasesIn(document, at);
    if (problems.length > 0) return failed(problems);
    const value: unknown = document.toJS({ maxAliasCount: 0 }) ?? {};
    return ok({
      value,
      lineOf: (path) => (isThere(value, path) ? placeOf(document, lines, path).line : undefined),
      problem: (path, what) => ({ file, ...placeOf(document, lines, path), what }),
    });
  } catch {
    return failed([{ file, line: 1, column: 1, what: "not YAML that can be read: it is nested too deep" }]);
  }
};

const isThere = (value: unknown, path: readonly PropertyKey[]): boolean => {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return false;
    here = (here as { readonly [key: PropertyKey]: unknown })[step];
  }
  return true;
};

const yamlFault = ({ code, message }: { readonly code: string; readonly message: string }): string => {
  if (code === "DUPLICATE_KEY") return "this key stands here a second time";
  if (code === "MULTIPLE_DOCS") return "not YAML: a second document begins here, and one is allowed";
  if (message.includes("call stack")) return "not YAML that can be read: it is nested too deep";
  // Some faults end in the text that they are about, which may be anything that somebody pasted here.
  return `not YAML: ${message.split("\n")[0]?.replace(/: ".*/, "") ?? ""}`;
};

/** An alias can make a short file mean a huge one, and settings are read by people: values are written out. */
const aliasesIn = (
  document: Document,
  at: (offset: number, what: string) => ConfigProblem,
): readonly ConfigProblem[] => {
  const problems: ConfigProblem[] = [];
  visit(document, {
    Alias: (_, { source, range }) => {
      problems.push(at(range?.[0] ?? 0, `the alias \`*${source}\` is not taken here: write the value out`));
      return problems.length < mostProblems ? undefined : visit.BREAK;
    },
  });
  return problems;
};

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

/** What a file is called as a whole, and its published JSON Schema, which tells what is allowed where. */
export type FileForm = { readonly whole: string; readonly schema: () => object };

const settingsForm: FileForm = { whole: "the settings", schema: configJsonSchema };

/** What the schema has against a file, each with its place and what is allowed there. No value is ever quoted. */
export const schemaProblems = (
  issues: readonly z.core.$ZodIssue[],
  { value, problem }: SettingsFile,
  { whole, schema }: FileForm = settingsForm,
): readonly ConfigProblem[] => {
  const at: ShapeAt = (path) => shapeAt(path, value, schema);
  return issues.slice(0, mostProblems).flatMap((issue) => {
    if (issue.code === "unrecognized_keys")
      return issue.keys
        .slice(0, mostProblems)
        .map((key) =>
          problem(
            [...issue.path, key],
            `unknown key \`${key.slice(0, 100)}\`${under(issue.path)}; allowed: ${listed(Object.keys(at(issue.path)?.properties ?? {}))}`,
          ),
        );
    const where = issue.path.length === 0 ? whole : `\`${issue.path.join(".")}\``;
    return [problem(issue.path, `${where}: ${saying(issue, at)}`)];
  });
};

const under = (path: readonly PropertyKey[]): string => (path.length === 0 ? "" : ` under \`${path.join(".")}\``);

const listed = (names: readonly unknown[]): string => names.map((one) => `\`${String(one)}\``).join(", ");

const typeWords: { readonly [type: string]: string } = { object: "a map", array: "a list", string: "a text" };

const saying = (issue: z.core.$ZodIssue, at: ShapeAt): string => {
  if (issue.code === "invalid_value") return `must be one of ${listed(issue.values)}`;
  if (issue.code === "invalid_union" && /^Invalid (input|discriminator)/.test(issue.message))
    return `must be one of ${listed(kindsIn(at(issue.path.slice(0, -1))))}`;
  if (issue.code === "invalid_type") {
    const keys = issue.expected === "object" ? Object.keys(at(issue.path)?.properties ?? {}) : [];
    const expected = `${typeWords[issue.expected] ?? issue.expected}${keys.length === 0 ? "" : ` of ${listed(keys)}`}`;
    if (issue.input === undefined) return `is missing; it is ${expected}`;
    if (issue.message.startsWith("Invalid input")) return `must be ${expected}`;
  }
  return issue.message;
};

type Shape = {
  readonly properties?: { readonly [key: string]: Shape };
  readonly items?: Shape;
  readonly oneOf?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
  readonly const?: unknown;
};

type ShapeAt = (path: readonly PropertyKey[]) => Shape | undefined;

const published = new Map<FileForm["schema"], Shape>();

/** What a published JSON Schema knows at a path; of several kinds, the one that the file names. */
const shapeAt = (path: readonly PropertyKey[], value: unknown, schema: FileForm["schema"]): Shape | undefined => {
  let shape: Shape = published.get(schema) ?? schema();
  published.set(schema, shape);
  let here: unknown = value;
  for (const step of path) {
    here = typeof here === "object" && here !== null ? (here as { [key: PropertyKey]: unknown })[step] : undefined;
    const next = typeof step === "number" ? shape.items : shape.properties?.[String(step)];
    if (next === undefined) return undefined;
    const kind = typeof here === "object" && here !== null && "kind" in here ? here.kind : undefined;
    const options = next.oneOf ?? next.anyOf ?? [];
    const ofKind = options.find((one) => kind !== undefined && one.properties?.kind?.const === kind);
    shape = ofKind ?? options.find(({ properties }) => properties !== undefined && kind === undefined) ?? next;
  }
  return shape;
};

const kindsIn = (shape: Shape | undefined): readonly unknown[] =>
  (shape?.oneOf ?? shape?.anyOf ?? []).map((one) => one.properties?.kind?.const);
