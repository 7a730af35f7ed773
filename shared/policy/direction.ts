import { canonicalText, type Json, type JsonObject } from "../domain/json.ts";

/** Which way a value moves: to more protection, to less, to neither, or nobody can say. */
export type Direction = "neutral" | "stricter" | "looser" | "unsure";

/** Compares two values of one setting; undefined is a value that is not there. */
export type Compare = (from: Json | undefined, to: Json | undefined) => Direction;

const ordered = (from: number, to: number): Direction => (to === from ? "neutral" : to > from ? "stricter" : "looser");

/** A switch whose given position protects more. */
export const whereFlag =
  (strict: boolean): Compare =>
  (from, to) =>
    typeof from === "boolean" && typeof to === "boolean"
      ? ordered(Number(from === strict), Number(to === strict))
      : "unsure";

/** A number of which more protects more. */
export const moreIsStricter: Compare = (from, to) =>
  typeof from === "number" && typeof to === "number" ? ordered(from, to) : "unsure";

/** A limit of which less protects more, and 0 is no limit where `zeroIsNone`. */
export const lessIsStricter =
  (zeroIsNone: boolean): Compare =>
  (from, to) => {
    if (typeof from !== "number" || typeof to !== "number") return "unsure";
    const limit = (value: number): number => (zeroIsNone && value === 0 ? Number.POSITIVE_INFINITY : value);
    return ordered(-limit(from), -limit(to));
  };

/** Words from the least to the most protecting. */
export const amongWords =
  (...words: readonly string[]): Compare =>
  (from, to) => {
    const [old, next] = [words.indexOf(String(from)), words.indexOf(String(to))];
    return old === -1 || next === -1 ? "unsure" : ordered(old, next);
  };

/** Values of which none protects more than another. */
export const choice: Compare = () => "neutral";

/** The names of the values that move, by the way they move. A value that nobody knows moves in a way nobody can say. */
export const movesOf = (
  from: JsonObject,
  to: JsonObject,
  compares: { readonly [name: string]: Compare },
): { readonly [direction in Direction]: readonly string[] } => {
  const moves: { [direction in Direction]: string[] } = { neutral: [], stricter: [], looser: [], unsure: [] };
  for (const name of [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()) {
    if (canonicalText(from[name] ?? null) === canonicalText(to[name] ?? null)) continue;
    const compare = Object.hasOwn(compares, name) ? compares[name] : undefined;
    moves[compare?.(from[name], to[name]) ?? "unsure"].push(name);
  }
  return moves;
};
