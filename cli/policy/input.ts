import { readFileSync } from "node:fs";
import type { Bilingual } from "../../shared/domain/finding.ts";
import { isJsonObject, type Json } from "../../shared/domain/json.ts";
import { failed, ok, type Result } from "../../shared/domain/result.ts";
import type { DocumentKind, PolicyDocument } from "../../shared/policy/document.ts";
import { parseDocument } from "../../shared/policy/parse.ts";
import { readJson } from "../../shared/policy/read-json.ts";
import { brokenJsonPlace } from "./json-place.ts";

/** What one argument holds: documents that are attached together. */
export type PolicyInput = {
  /** The file, as the person wrote it; `standard input` for `-`. */
  readonly name: string;
  readonly documents: readonly PolicyDocument[];
  /** Why a part of it has no meaning that could be relied on: then nothing can be decided. */
  readonly unclear: readonly string[];
};

/** What standard input is called where a file would have its name. */
export const standardInput: Bilingual = { en: "standard input", "zh-CN": "标准输入" };

/** Reads an argument. Errors are texts that name the file and the place in it. */
export const readPolicyInput = (argument: string, kind: DocumentKind | undefined): Result<PolicyInput, string> => {
  const name = argument === "-" ? standardInput.en : argument;
  const text = readText(argument, name);
  if (!text.ok) return text;
  const read = readJson(text.value);
  if (!read.ok) return unreadable(name, text.value, read.error);
  return documentsIn(name, read.value, kind);
};

const readText = (argument: string, name: string): Result<string, string> => {
  let bytes: Buffer;
  try {
    bytes = readFileSync(argument === "-" ? 0 : argument);
  } catch (error) {
    return failed(`\`${name}\` cannot be read: ${reasonOf(error)}`);
  }
  try {
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return failed(`\`${name}\` is not UTF-8 text, from byte ${firstBadByte(bytes)} on`);
  }
};

const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known: { readonly [code: string]: string } = {
    ENOENT: "there is no such file",
    EISDIR: "it is a folder",
    EACCES: "not allowed",
    EAGAIN: "nothing was given",
  };
  return known[code] ?? (code === "" ? "unknown reason" : code);
};

/** Decoding with replacement characters and encoding again first differs where the text breaks. */
const firstBadByte = (bytes: Buffer): number => {
  const again = Buffer.from(bytes.toString("utf8"), "utf8");
  let at = 0;
  while (at < bytes.length && bytes[at] === again[at]) at += 1;
  return at;
};

type Problems = readonly { readonly path: string; readonly what: string }[];

const listed = (problems: Problems): string => problems.map(({ path, what }) => `${path}: ${what}`).join("; ");

/** Text that is no JSON is bad input; JSON that says one thing twice is a document whose meaning is not certain. */
const unreadable = (name: string, text: string, problems: Problems): Result<PolicyInput, string> => {
  if (text.trim() === "") return failed(`\`${name}\` is empty: a document, or a list of documents, is needed`);
  if (problems.some(({ path, what }) => path === "$" && what === "not JSON")) {
    const place = brokenJsonPlace(text.replace(/^\uFEFF/, ""));
    return failed(
      `\`${name}\` is not JSON${place === undefined ? "" : `, at line ${place.line}, column ${place.column}`}`,
    );
  }
  if (problems.some(({ path }) => path === "$")) return failed(`\`${name}\`: ${listed(problems)}`);
  return ok({ name, documents: [], unclear: problems.map(({ path, what }) => `\`${name}\`: ${path}: ${what}`) });
};

const documentsIn = (name: string, value: Json, kind: DocumentKind | undefined): Result<PolicyInput, string> => {
  const list: readonly Json[] = Array.isArray(value) ? value : [value];
  const documents: PolicyDocument[] = [];
  const unclear: string[] = [];
  for (let at = 0; at < list.length; at += 1) {
    const place = Array.isArray(value) ? `$[${at}]` : "$";
    const given = list[at] as Json;
    // In a list, too, a document may be written as text.
    const read = typeof given === "string" ? readJson(given) : ok(given);
    if (!read.ok && read.error.every(({ path }) => path !== "$")) {
      unclear.push(...read.error.map(({ path, what }) => `\`${name}\`: ${place}${path.slice(1)}: ${what}`));
      continue;
    }
    const item = read.ok ? read.value : given;
    if (!isJsonObject(item)) return failed(`\`${name}\`: ${place}: not a policy document, which is an object`);
    if (item.Statement === undefined)
      return failed(`\`${name}\`: ${place}: not a policy document, it has no \`Statement\``);
    const parsed = parseDocument(item, kind);
    if (parsed.ok) documents.push(parsed.value);
    else unclear.push(...parsed.error.map(({ path, what }) => `\`${name}\`: ${place}${path.slice(1)}: ${what}`));
  }
  return ok({ name, documents, unclear });
};

/** The one kind of all documents; two kinds cannot be compared. Without any document it is `permission`. */
export const kindOf = (
  inputs: readonly PolicyInput[],
  forced: DocumentKind | undefined,
): Result<DocumentKind, string> => {
  if (forced !== undefined) return ok(forced);
  const kinds = new Set(inputs.flatMap((input) => input.documents.map((document) => document.kind)));
  if (kinds.size > 1) {
    return failed(
      `permission and trust documents cannot be compared with one another: ${inputs.map(({ name }) => `\`${name}\``).join(", ")}`,
    );
  }
  return ok(kinds.has("trust") ? "trust" : "permission");
};
