import { isJsonObject, type Json, type JsonObject } from "../domain/json.ts";

/** The text at a field, or `undefined` when there is none. */
export const textAt = (object: JsonObject, field: string): string | undefined => {
  const value = object[field];
  return typeof value === "string" ? value : undefined;
};

/** The object at a field. */
export const objectAt = (object: JsonObject, field: string): JsonObject | undefined => {
  const value = object[field];
  return isJsonObject(value) ? value : undefined;
};

/**
 * RAM wraps lists twice, `{"Policies":{"Policy":[…]}}`. `undefined` when that shape is not there, so that a strange
 * answer is never taken for an empty list.
 */
export const listAt = (body: JsonObject, outer: string, inner: string): readonly JsonObject[] | undefined => {
  const list: Json | undefined = objectAt(body, outer)?.[inner];
  return Array.isArray(list) && list.every(isJsonObject) ? list : undefined;
};
