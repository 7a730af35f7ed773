import { isJsonObject, type Json } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type { DocumentError } from "./document.ts";
import { deepestNesting, duplicateMembers, scanText } from "./text-scan.ts";

/** The members of all objects in a value. */
export const countMembers = (value: Json): number => {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countMembers(item), 0);
  if (!isJsonObject(value)) return 0;
  let sum = 0;
  for (const name of Object.keys(value)) sum += 1 + countMembers(value[name] as Json);
  return sum;
};

const nesting = (value: Json, left: number): boolean => {
  if (typeof value !== "object" || value === null) return true;
  if (left === 0) return false;
  return Array.isArray(value)
    ? value.every((item: Json) => nesting(item, left - 1))
    : Object.values(value).every((item: Json) => nesting(item, left - 1));
};

const tooDeep: DocumentError = { path: "$", what: `nested deeper than ${deepestNesting} levels` };

/** Events carry documents percent-encoded at times; a JSON document never starts with `%`. */
export const withoutPercents = (text: string): string => {
  const start = text.trimStart();
  if (!start.startsWith("%7B") && !start.startsWith("%7b") && !start.startsWith("%22")) return text;
  try {
    return decodeURIComponent(start);
  } catch {
    return text;
  }
};

const readOnce = (text: string): Result<Json, readonly DocumentError[]> => {
  const scan = scanText(text);
  if (scan.depth > deepestNesting) return failed([tooDeep]);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return failed([{ path: "$", what: "not JSON" }]);
  }
  // Members that a later one of the same name replaced are in the text but not in the value.
  if (scan.members !== countMembers(value)) return failed(duplicateMembers(text));
  return ok(value);
};

/** The value of a document's text, which may be escaped: a JSON string that holds the document's text, up to twice over. */
export const readJson = (input: string | Json): Result<Json, readonly DocumentError[]> => {
  let value: Json = input;
  for (let round = 0; round < 3 && typeof value === "string"; round += 1) {
    const text: string = withoutPercents(value.startsWith("\uFEFF") ? value.slice(1) : value);
    const read = readOnce(text);
    if (!read.ok) return read;
    value = read.value;
  }
  if (typeof input !== "string" && !nesting(value, deepestNesting)) return failed([tooDeep]);
  return ok(value);
};
