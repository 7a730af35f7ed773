import type { Json } from "../domain/json.ts";

/** Tablestore takes 1 KB per primary key column and 2 MB per attribute; every store keeps to it, so that tests meet the limit too. */
const keyBytes = 1024;
const valueBytes = 2 * 1024 * 1024;

const utf8 = new TextEncoder();
const bytesOf = (text: string): number => utf8.encode(text).length;

/** Half a surrogate pair has no UTF-8 form: two such keys would become one row. */
const isWellFormed = (text: string): boolean =>
  !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);

/** A key `kind/accountId/rest` as partition `kind/accountId` and `rest`. */
export type KeyParts = { readonly partition: string; readonly rest: string };

const split = (key: string): KeyParts | undefined => {
  const first = key.indexOf("/");
  const second = first < 1 ? -1 : key.indexOf("/", first + 1);
  return second <= first + 1 ? undefined : { partition: key.slice(0, second), rest: key.slice(second + 1) };
};

/** The parts of a key. Throws a RangeError for a key that some store could not hold: that is a bug of the caller. */
export const partsOfKey = (key: string): KeyParts => {
  const parts = split(key);
  if (parts === undefined || parts.rest === "" || !isWellFormed(key))
    throw new RangeError(`a state key must read \`kind/accountId/rest\`, got \`${JSON.stringify(key).slice(0, 200)}\``);
  if (bytesOf(parts.partition) > keyBytes || bytesOf(parts.rest) > keyBytes)
    throw new RangeError(`a part of a state key may have ${keyBytes} bytes, got \`${key.slice(0, 200)}\``);
  return parts;
};

/** The parts of a prefix, whose rest may be empty. Throws a RangeError where it does not name a whole partition. */
export const partsOfPrefix = (prefix: string): KeyParts => {
  const parts = split(prefix);
  if (parts === undefined || !isWellFormed(prefix))
    throw new RangeError(
      `a state prefix must start with \`kind/accountId/\`, got \`${JSON.stringify(prefix).slice(0, 200)}\``,
    );
  return parts;
};

/** The JSON text of a value as it is stored. Throws a RangeError above 2 MB. */
export const textOfValue = (value: Json): string => {
  const text = JSON.stringify(value);
  if (bytesOf(text) > valueBytes) throw new RangeError(`a state value may have ${valueBytes} bytes of JSON`);
  return text;
};

/**
 * A value from its text as it is stored. What is no JSON, cut short or edited, is its own text: no kind of row is a mere
 * text, so that whoever checks rows sees one of another form, and one that may be there in any form is still there.
 */
export const valueOfText = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
};

/** A row without expiry expires at the last safe integer, so that one comparison serves both kinds. */
export const never = Number.MAX_SAFE_INTEGER;

/** Epoch milliseconds from the port's epoch seconds. Throws a RangeError for what is no instant. */
export const expiryInMs = (expiresAt: number | undefined): number => {
  if (expiresAt === undefined) return never;
  const ms = Math.round(expiresAt * 1000);
  if (!Number.isSafeInteger(ms)) throw new RangeError(`\`expiresAt\` must be epoch seconds, got \`${expiresAt}\``);
  return ms;
};

/** The port's expiry from stored milliseconds. */
export const expiryFromMs = (ms: number): { readonly expiresAt?: number } =>
  ms >= never ? {} : { expiresAt: ms / 1000 };

/** The first text after every text that starts with `prefix`, in the order of UTF-8 bytes; undefined where there is none. */
export const afterAllWith = (prefix: string): string | undefined => {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10ffff) continue;
    return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
};
