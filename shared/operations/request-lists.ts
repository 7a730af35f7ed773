import { isJsonObject, type JsonObject } from "../domain/json.ts";

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const asText = (value: unknown): readonly string[] => {
  if (typeof value === "string") return value === "" ? [] : [value];
  return typeof value === "number" ? [String(value)] : [];
};

const numbered = (request: JsonObject, name: string): readonly string[] => {
  const found: string[] = [];
  for (let index = 1; ; index += 1) {
    const [value] = asText(request[`${name}.${index}`]);
    if (value === undefined) return found;
    found.push(value);
  }
};

/**
 * A list of texts in any form in which a record echoes it: a list, the JSON text of one, or `Name.1`, `Name.2`
 * (`ram-api.md` §2.1). Empty where there is none.
 */
export const listIn = (request: JsonObject, name: string): readonly string[] => {
  const given = request[name];
  const value = typeof given === "string" ? (parsed(given) ?? given) : given;
  if (Array.isArray(value)) return value.flatMap(asText);
  const alone = asText(given);
  return alone.length > 0 ? alone : numbered(request, name);
};

/** One member of each object of a list, in the same three forms: `Tag.1.Key`. */
export const membersIn = (request: JsonObject, name: string, member: string): readonly string[] => {
  const given = request[name];
  const value = typeof given === "string" ? parsed(given) : given;
  if (Array.isArray(value)) return value.flatMap((each) => (isJsonObject(each) ? asText(each[member]) : []));
  const found: string[] = [];
  for (let index = 1; ; index += 1) {
    const [text] = asText(request[`${name}.${index}.${member}`]);
    if (text === undefined) return found;
    found.push(text);
  }
};
