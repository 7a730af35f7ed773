import { isJsonObject, type JsonObject } from "../domain/json.ts";
import { documentText } from "../policy/document-text.ts";

/** The member as text, trimmed; undefined when it is missing, blank, or no scalar. Numbers count: events are loosely typed. */
export const textOf = (from: JsonObject | undefined, name: string): string | undefined => {
  const value = from?.[name];
  if (typeof value === "string") {
    const trimmed = value.trim();
    return trimmed === "" ? undefined : trimmed;
  }
  return typeof value === "number" ? String(value) : undefined;
};

/** The member as an object, or undefined. */
export const objectOf = (from: JsonObject | undefined, name: string): JsonObject | undefined => {
  const value = from?.[name];
  return isJsonObject(value) ? value : undefined;
};

/**
 * A policy document: the API takes and gives it as a string of JSON, but a tolerant reader accepts the object too, and the
 * text in a wrapping, which RAM would not take back.
 */
export const documentOf = (from: JsonObject | undefined, name: string): string | undefined => {
  const value = from?.[name];
  if (isJsonObject(value)) return JSON.stringify(value);
  const text = textOf(from, name);
  return text === undefined ? undefined : documentText(text);
};
