import { isObject, type Json, parseJson } from "../json.ts";

/** Finds what is wrong with a value, by its place: `roles[2].maxSessionDuration must be a number from 3600 to 43200`. */
export type Check = (value: Json | undefined, at: string, found: string[]) => void;

export const optional =
  (check: Check): Check =>
  (value, at, found) => {
    if (value !== undefined) check(value, at, found);
  };

export const text: Check = (value, at, found) => {
  if (typeof value !== "string") found.push(`${at} must be a text`);
};

export const filled: Check = (value, at, found) => {
  if (typeof value !== "string" || value === "") found.push(`${at} must be a text that is not empty`);
};

export const yesOrNo: Check = (value, at, found) => {
  if (typeof value !== "boolean") found.push(`${at} must be true or false`);
};

export const date: Check = (value, at, found) => {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) {
    found.push(`${at} must be an instant like 2026-01-31T08:00:00Z`);
  }
};

export const among =
  (...values: readonly (string | number)[]): Check =>
  (value, at, found) => {
    if (!values.some((each) => each === value)) found.push(`${at} must be ${values.join(" or ")}`);
  };

export const numberFrom =
  (least: number, most: number): Check =>
  (value, at, found) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
      found.push(`${at} must be a number from ${least} to ${most}`);
    }
  };

export const like =
  (pattern: RegExp, words: string): Check =>
  (value, at, found) => {
    if (typeof value !== "string" || !pattern.test(value)) found.push(`${at} must be ${words}`);
  };

export const list =
  (check: Check): Check =>
  (value, at, found) => {
    if (!Array.isArray(value)) {
      found.push(`${at} must be a list`);
      return;
    }
    for (const [index, each] of value.entries()) check(each, `${at}[${index}]`, found);
  };

/** An object with these members and no others. */
export const object =
  (members: Readonly<Record<string, Check>>): Check =>
  (value, at, found) => {
    if (!isObject(value)) {
      found.push(`${at} must be an object`);
      return;
    }
    const inside = at === "" ? "" : `${at}.`;
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(members, name)) found.push(`${inside}${name} is not known`);
    }
    for (const [name, check] of Object.entries(members)) check(value[name], `${inside}${name}`, found);
  };

export const anyObject: Check = (value, at, found) => {
  if (!isObject(value)) found.push(`${at} must be an object`);
};

export const atLeastOne =
  (check: Check): Check =>
  (value, at, found) => {
    list(check)(value, at, found);
    if (Array.isArray(value) && value.length === 0) found.push(`${at} must not be empty`);
  };

export const document: Check = (value, at, found) => {
  const parsed = typeof value === "string" ? parseJson(value) : value;
  if (!isObject(parsed)) found.push(`${at} must be a JSON object, or one as text`);
};
