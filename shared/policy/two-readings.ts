import { isJsonObject, type Json } from "../domain/json.ts";
import { documentText } from "./document-text.ts";
import { countMembers } from "./read-json.ts";
import { deepestNesting, namedOnce, scanText } from "./text-scan.ts";

/**
 * The two documents that a text stands for in which a member is there twice: as a reader has it who keeps the first of
 * each, and as one has it who keeps the last. Undefined for a text that has one meaning, or none. Which of the two RAM
 * takes is not documented.
 */
export const twoReadings = (given: string): readonly [first: string, last: string] | undefined => {
  const text = documentText(given);
  try {
    const { depth, members } = scanText(text);
    if (depth > deepestNesting) return undefined;
    const last = JSON.parse(text) as Json;
    if (members === countMembers(last)) return undefined;
    const mark = unused(text);
    return [JSON.stringify(without(JSON.parse(namedOnce(text, mark)) as Json, mark)), JSON.stringify(last)];
  } catch {
    return undefined;
  }
};

const unused = (text: string): string => {
  let mark = "there already ";
  while (text.includes(mark)) mark += "x";
  return mark;
};

const without = (value: Json, mark: string): Json => {
  if (Array.isArray(value)) return value.map((item: Json) => without(item, mark));
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).filter(([name]) => !name.startsWith(mark));
  return Object.fromEntries(members.map(([name, member]) => [name, without(member, mark)]));
};
