import { serviceNamed } from "../operations/catalogue.ts";
import { type Collector, newCollector, passOver } from "./collector.ts";
import { type Glance, glanceAt } from "./glance.ts";
import { skipSpace, skipString, skipValue } from "./json-skip.ts";
import { takeValue } from "./payload.ts";
import { foreign, noEnvelope } from "./record.ts";

/**
 * The cheap look. Most events of a trail are another product's, and to see that takes two names, not a parsed value:
 * each record's text is walked over once, checked to be valid JSON, and passed over by its `serviceName`. Only what may
 * be an identity service's is parsed. Whatever is not plain to see is left to the full way, which decides the same.
 */

const quote = 34;
const comma = 44;
const openBracket = 91;
const closeBracket = 93;
const openBrace = 123;

/** A feed that turns out to be mostly ours is parsed whole: looking first and parsing then would do the work twice. */
const sample = 16;

type Skim = { readonly bytes: Buffer; readonly into: Collector; records: number; parsed: number };

const newSkim = (bytes: Buffer): Skim => ({ bytes, into: newCollector(), records: 0, parsed: 0 });

/** Passes over a record that names another product, or tells that this cannot be said. */
const passOverForeign = (seen: Glance, where: string, into: Collector): boolean => {
  if (seen.odd || seen.service === undefined || seen.name === undefined) return false;
  if (serviceNamed(seen.service) !== undefined) return false;
  passOver(into, where, foreign(seen.eventId, seen.service, seen.name));
  return true;
};

/** A string of JSON inside the text (SLS records have their event so), looked over as an object of its own. */
const glanceInString = (bytes: Buffer, at: number): Glance | undefined => {
  const inner = Buffer.from(JSON.parse(bytes.toString("utf8", at, skipString(bytes, at))));
  const start = skipSpace(inner, 0);
  if (inner[start] !== openBrace) return undefined;
  const seen = glanceAt(inner, start);
  return seen.end !== -1 && skipSpace(inner, seen.end) === inner.length ? seen : undefined;
};

/** The record that an envelope holds, as an object or as a string of JSON. */
const passOverHeld = (bytes: Buffer, seen: Glance, where: string, into: Collector): boolean => {
  if (seen.odd || (seen.service !== undefined && seen.name !== undefined)) return false;
  // With both members the walk kept only the last one's look: rare enough to be parsed.
  if ((seen.data === -1) === (seen.event === -1)) return false;
  const at = seen.data === -1 ? seen.event : seen.data;
  const held = bytes[at] === quote ? glanceInString(bytes, at) : seen.inner;
  return held !== undefined && passOverForeign(held, `${where}.${seen.data === -1 ? "event" : "data"}`, into);
};

/** Takes the record at `at`, looked over already; gives the position after it, or -1 to leave all to the full way. */
const takeSeen = (skim: Skim, at: number, seen: Glance, where: string, depth: number): number => {
  const { bytes, into } = skim;
  skim.records++;
  if (seen.end === -1) return -1;
  if (passOverForeign(seen, where, into) || passOverHeld(bytes, seen, where, into)) return seen.end;
  return parseAt(skim, at, seen.end, where, depth);
};

const parseAt = (skim: Skim, at: number, end: number, where: string, depth: number): number => {
  skim.parsed++;
  if (skim.records >= sample && skim.parsed * 2 > skim.records) return -1;
  takeValue(JSON.parse(skim.bytes.toString("utf8", at, end)), where, depth, noEnvelope, skim.into);
  return end;
};

const takeElement = (skim: Skim, at: number, where: string, depth: number): number => {
  const { bytes } = skim;
  if (bytes[at] === openBrace) return takeSeen(skim, at, glanceAt(bytes, at), where, depth);
  const end = skipValue(bytes, at);
  skim.records++;
  return end === -1 ? -1 : parseAt(skim, at, end, where, depth);
};

const takeList = (skim: Skim, at: number, where: string, depth: number): number => {
  const { bytes } = skim;
  let next = skipSpace(bytes, at + 1);
  if (bytes[next] === closeBracket) return next + 1;
  for (let index = 0; ; index++) {
    next = takeElement(skim, next, `${where}[${index}]`, depth + 1);
    if (next === -1) return -1;
    next = skipSpace(bytes, next);
    const code = bytes[next];
    if (code === closeBracket) return next + 1;
    if (code !== comma) return -1;
    next = skipSpace(bytes, next + 1);
  }
};

/** A list of records, an answer of LookupEvents, or one record. */
const takePayload = (skim: Skim, at: number, where: string): number => {
  const { bytes } = skim;
  const code = bytes[at];
  if (code === openBracket) return takeList(skim, at, where, 0);
  if (code !== openBrace) return -1;
  const seen = glanceAt(bytes, at);
  const holdsList = seen.end !== -1 && seen.lists === 1 && bytes[seen.list] === openBracket;
  const holdsElse = seen.odd || seen.service !== undefined || seen.data !== -1 || seen.event !== -1;
  if (!holdsList || holdsElse) return takeSeen(skim, at, seen, where, 0);
  return takeList(skim, seen.list, `${where}.${seen.listKey}`, 1) === -1 ? -1 : seen.end;
};

/** JSON Lines: each line is a payload of its own. */
const skimLines = (bytes: Buffer, where: string): Collector | undefined => {
  const state = newSkim(bytes);
  for (let from = 0, line = 1; from < bytes.length; line++) {
    const found = bytes.indexOf(10, from);
    const lineEnd = found === -1 ? bytes.length : found;
    const at = skipSpace(bytes, from);
    if (at < lineEnd) {
      const next = takePayload(state, at, `${where} line ${line}`);
      // What reaches over the end of its line, or leaves something behind on it, is no JSON Lines.
      if (next === -1 || next > lineEnd || skipSpace(bytes, next) < lineEnd) return undefined;
    }
    from = lineEnd + 1;
  }
  return state.into;
};

/** How a RAM event's service stands in JSON that has no escapes. */
const hints = ['Ram"', 'Ims"', 'ResourceManager"'];
const small = 16_384;

/** Only a guess at which way is faster: a small payload that seems to name us is parsed at once. */
const seemsOurs = (bytes: Buffer): boolean => {
  if (bytes.length > small) return false;
  const text = bytes.toString("latin1");
  return hints.some((hint) => text.includes(hint));
};

/** Takes in a text the cheap way; undefined when that does not suit it. Both ways sort every record alike. */
export const skim = (bytes: Buffer, where: string): Collector | undefined => {
  if (seemsOurs(bytes)) return undefined;
  const state = newSkim(bytes);
  const at = skipSpace(bytes, 0);
  const next = takePayload(state, at, where);
  if (next === -1) return undefined;
  if (skipSpace(bytes, next) === bytes.length) return state.into;
  const lineEnd = bytes.indexOf(10, next);
  return lineEnd === -1 ? undefined : skimLines(bytes, where);
};
