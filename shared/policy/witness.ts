import type { Witness } from "./comparison.ts";
import { FRESH, type Letters } from "./glob.ts";
import type { Found } from "./region.ts";

const spell = (letters: Letters, fresh: string): string =>
  letters.map((code) => (code === FRESH ? fresh : String.fromCodePoint(code))).join("");

/** A character that none of the texts holds in either case: what stands for "any other letter". */
export const unusedCharacter = (texts: Iterable<string>): string => {
  const used = new Set<string>();
  for (const text of texts) for (const character of text) used.add(character.toLowerCase());
  for (const character of "xyzwvqkjhgbpufmdlcrnstoiea0123456789-_") if (!used.has(character)) return character;
  // Beyond the plain letters, the first unused one of a large block without upper and lower case.
  let code = 0x4e00;
  while (used.has(String.fromCodePoint(code))) code += 1;
  return String.fromCodePoint(code);
};

/** The keys that two kinds of operators compare, which the search takes for independent of each other. */
export const keysComparedTwice = ({ assignment }: Found): ReadonlySet<string> => {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { atoms, value } of assignment.values()) {
    const key = atoms[0]?.test.key.toLowerCase();
    if (key === undefined || (typeof value === "object" && "holds" in value)) continue;
    if (seen.has(key)) twice.add(key);
    seen.add(key);
  }
  return twice;
};

const contextOf = ({ assignment }: Found, fresh: string, lettersWin: boolean): Record<string, string> => {
  if (assignment.size === 0) return {};
  const context = new Map<string, { readonly key: string; readonly value: string }>();
  for (const { atoms, value } of assignment.values()) {
    const key = atoms[0]?.test.key;
    if (key === undefined || value === "missing" || "holds" in value) continue;
    const known = context.has(key.toLowerCase());
    if (known && "letters" in value !== lettersWin) continue;
    const spelled = "text" in value ? value.text() : spell(value.letters, fresh);
    context.set(key.toLowerCase(), { key, value: spelled });
  }
  return Object.fromEntries([...context.values()].map(({ key, value }) => [key, value]));
};

/**
 * The request as it is sent, in the ways that are worth trying: `fresh` stands wherever any letter will do that no
 * document names, and where one key has two values from the search, either may be the one that serves both.
 */
export const spellWitness = (found: Found, fresh: string): readonly [Witness, ...Witness[]] => {
  const { letters } = found;
  const principal = letters.principal === undefined ? undefined : spell(letters.principal, fresh);
  const bar = principal?.indexOf("|") ?? -1;
  const request = {
    action: letters.action === undefined ? "" : spell(letters.action, fresh),
    ...(letters.resource === undefined ? {} : { resource: spell(letters.resource, fresh) }),
    ...(principal === undefined
      ? {}
      : { principal: { type: principal.slice(0, bar), value: principal.slice(bar + 1) } }),
  };
  const spelled = { ...request, context: contextOf(found, fresh, true) };
  return found.assignment.size < 2 || keysComparedTwice(found).size === 0
    ? [spelled]
    : [spelled, { ...request, context: contextOf(found, fresh, false) }];
};

/** The tests that are not understood and were taken to hold. */
export const opaqueThatHold = ({ assignment }: Found): ReadonlySet<string> => {
  const held = new Set<string>();
  for (const { atoms, value } of assignment.values()) {
    if (typeof value === "object" && "holds" in value && value.holds)
      for (const { dimension } of atoms) held.add(dimension);
  }
  return held;
};
