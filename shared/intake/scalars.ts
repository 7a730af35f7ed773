import { isJsonObject, type JsonObject } from "../domain/json.ts";

/** A record as it came: any key may be missing or of another type than documented. */
export type Raw = { readonly [key: string]: unknown };

/** A value while it is being put together. Distributes over unions, so that the kinds stay apart. */
export type Draft<Value> = Value extends unknown ? { -readonly [Key in keyof Value]: Value[Key] } : never;

export const isRaw = (value: unknown): value is Raw =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A scalar as text, trimmed; undefined for what is blank or no scalar. A number is taken only while it is exact:
 * account ids come near the size at which JavaScript would round them.
 */
export const scalar = (value: unknown): string | undefined => {
  if (typeof value === "string") {
    const text = value.trim();
    return text === "" ? undefined : text;
  }
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : undefined;
};

/**
 * The same record with keys that begin in lower case: one product page shows PascalCase top-level keys
 * (`payloads.md` a.1). A key that is there in both spellings keeps the documented one.
 */
export const camelCased = (raw: Raw): Raw => {
  let copy: { [key: string]: unknown } | undefined;
  for (const key of Object.keys(raw)) {
    const first = key.charCodeAt(0);
    if (first < 65 || first > 90) continue;
    const lower = String.fromCharCode(first + 32) + key.slice(1);
    copy ??= Object.assign(Object.create(null) as { [key: string]: unknown }, raw);
    if (raw[lower] === undefined) copy[lower] = raw[key];
  }
  return copy ?? raw;
};

/** An object that may have come as a string of JSON (`requestParameterJson`); undefined when it is neither. */
export const objectOf = (value: unknown): JsonObject | undefined => {
  if (isJsonObject(value)) return value;
  if (typeof value !== "string" || value.trimStart()[0] !== "{") return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
};

const plain = /^[\x20-\x5f\x61-\x7e]{1,100}$/;

/** A name from a record, fit to stand in a reason: short, without control characters and without our own quotes. */
export const shown = (name: string): string =>
  plain.test(name) ? name : name.slice(0, 100).replace(/[^\x20-\x5f\x61-\x7e]/g, "?");
