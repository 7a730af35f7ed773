/** Line and column, from 1. */
export type Place = { readonly line: number; readonly column: number };

const blanks = /[ \t\n\r]*/y;
const tokens =
  /(?:[{}[\]:,]|"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)/y;

type Expects = "value" | "value-or-end" | "name" | "name-or-end" | "colon" | "comma-or-end" | "nothing";

/**
 * Where a text stops being JSON: JSON.parse of this Node version does not always say. Undefined when it is JSON after all.
 */
export const brokenJsonPlace = (text: string): Place | undefined => {
  const open: string[] = [];
  let expects: Expects = "value";
  let at = 0;
  for (;;) {
    blanks.lastIndex = at;
    const start = at + (blanks.exec(text)?.[0].length ?? 0);
    if (expects === "nothing" && start === text.length) return undefined;
    tokens.lastIndex = start;
    const token = tokens.exec(text)?.[0];
    const next: Expects | undefined = token === undefined ? undefined : after(expects, token.charAt(0), open);
    if (token === undefined || next === undefined) return placeOf(text, start);
    const control = [...token].findIndex((letter) => letter < " ");
    if (control >= 0) return placeOf(text, start + control);
    expects = next;
    at = start + token.length;
  }
};

const closed = (open: readonly string[]): Expects => (open.length === 0 ? "nothing" : "comma-or-end");

const after = (expects: Expects, token: string, open: string[]): Expects | undefined => {
  const wantsValue = expects === "value" || expects === "value-or-end";
  const wantsName = expects === "name" || expects === "name-or-end";
  switch (token) {
    case "{":
    case "[":
      if (!wantsValue) return undefined;
      open.push(token);
      return token === "{" ? "name-or-end" : "value-or-end";
    case "}":
      if (open.at(-1) !== "{" || (expects !== "name-or-end" && expects !== "comma-or-end")) return undefined;
      open.pop();
      return closed(open);
    case "]":
      if (open.at(-1) !== "[" || (expects !== "value-or-end" && expects !== "comma-or-end")) return undefined;
      open.pop();
      return closed(open);
    case ":":
      return expects === "colon" ? "value" : undefined;
    case ",":
      if (expects !== "comma-or-end") return undefined;
      return open.at(-1) === "{" ? "name" : "value";
    case '"':
      if (wantsName) return "colon";
      return wantsValue ? closed(open) : undefined;
    default:
      return wantsValue ? closed(open) : undefined;
  }
};

const placeOf = (text: string, offset: number): Place => {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};
