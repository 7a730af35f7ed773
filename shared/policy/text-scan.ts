import type { DocumentError } from "./document.ts";

/** RAM's own documents nest five deep; anything far beyond is an attack on the reader. */
export const deepestNesting = 32;

export type TextScan = { readonly members: number; readonly depth: number };

const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;

/** The index of the quote that closes the string opened at `open`, or the length of the text when none does. */
const closingQuote = (text: string, open: number): number => {
  let at = open;
  for (;;) {
    at = text.indexOf('"', at + 1);
    if (at === -1) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
};

/** Counts the members of all objects and the nesting of a JSON text without building anything. */
export const scanText = (text: string): TextScan => {
  let members = 0;
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = closingQuote(text, at);
    else if (code === COLON) members += 1;
    else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return { members, depth: deepest };
};

/** `.Name` where the name is a plain word, `["acs:SourceIp"]` otherwise. */
export const memberPath = (path: string, name: string | number): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(String(name)) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;

type Frame = { readonly path: string; readonly seen: Set<string> | undefined; index: number; member: string };

const childPath = (frame: Frame): string =>
  memberPath(frame.path, frame.seen === undefined ? frame.index : frame.member);

type Twice = { readonly path: string; readonly from: number; readonly to: number };

/** Where a valid JSON text names a member of an object that has one of that name already. */
const namedTwice = (text: string): readonly Twice[] => {
  const found: Twice[] = [];
  const frames: Frame[] = [];
  let expectsName = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    const frame = frames.at(-1);
    if (character === '"') {
      const end = closingQuote(text, at);
      if (expectsName && frame?.seen !== undefined) {
        frame.member = JSON.parse(text.slice(at, end + 1)) as string;
        if (frame.seen.has(frame.member)) found.push({ path: childPath(frame), from: at, to: end + 1 });
        frame.seen.add(frame.member);
        expectsName = false;
      }
      at = end;
    } else if (character === "{" || character === "[") {
      const path = frame === undefined ? "$" : childPath(frame);
      frames.push({ path, seen: character === "{" ? new Set() : undefined, index: 0, member: "" });
      expectsName = character === "{";
    } else if (character === "}" || character === "]") {
      frames.pop();
      expectsName = false;
    } else if (character === "," && frame !== undefined) {
      frame.index += 1;
      expectsName = frame.seen !== undefined;
    }
  }
  return found;
};

/**
 * Where a valid JSON text names one member twice. JSON.parse keeps the last and says nothing, while RAM may keep the
 * first, so such a document has two meanings.
 */
export const duplicateMembers = (text: string): readonly DocumentError[] =>
  namedTwice(text).map(({ path }) => ({ path, what: "the member is there twice" }));

/** The text with each member whose name was there already called by `mark` and a number. */
export const namedOnce = (text: string, mark: string): string => {
  const parts: string[] = [];
  let from = 0;
  for (const [at, twice] of namedTwice(text).entries()) {
    parts.push(text.slice(from, twice.from), JSON.stringify(`${mark}${at}`));
    from = twice.to;
  }
  return parts.join("") + text.slice(from);
};
