import { serviceNamed } from "../operations/catalogue.ts";
import { type Collector, newCollector, passOver } from "./collector.ts";
import { type Glance, glanceAt } from "./glance.ts";
import { endOfPlain, type Octets, octetsOf, skipSpace, skipString, skipValue } from "./json-skip.ts";
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

/** Bytes to look over, and the same as one letter a byte, from which plain names are cut for nothing. */
type Source = { readonly octets: Octets; readonly letters: string };

const sourceOf = (bytes: Buffer): Source => ({ octets: octetsOf(bytes), letters: bytes.toString("latin1") });

type Skim = { readonly source: Source; readonly into: Collector; records: number; parsed: number };

const newSkim = (source: Source): Skim => ({ source, into: newCollector(), records: 0, parsed: 0 });

const beyondAscii = /[\u0080-\u00ff]/;

/** The string at `at`; undefined for what is no string, or is blank, or has escapes: that is left to the parser. */
const plainAt = (source: Source, at: number): string | undefined => {
  const { octets, letters } = source;
  const { bytes } = octets;
  const end = bytes[at] === quote ? endOfPlain(octets, at + 1) : -1;
  if (end === -1) return undefined;
  const cut = letters.slice(at + 1, end);
  const plain = (beyondAscii.test(cut) ? bytes.toString("utf8", at + 1, end) : cut).trim();
  return plain === "" ? undefined : plain;
};

/** Passes over a record that names another product, or tells that this cannot be said. */
const passOverForeign = (source: Source, seen: Glance, where: string, into: Collector): boolean => {
  if (seen.odd || seen.service === -1 || seen.name === -1) return false;
  const service = plainAt(source, seen.service);
  if (service === undefined || serviceNamed(service) !== undefined) return false;
  const name = plainAt(source, seen.name);
  const eventId = seen.eventId === -1 ? undefined : plainAt(source, seen.eventId);
  if (name === undefined || (eventId === undefined && seen.eventId !== -1)) return false;
  passOver(into, where, foreign(eventId, service, name));
  return true;
};

/** A string of JSON inside the text (SLS records have their event so), looked over as an object of its own. */
const passOverText = (source: Source, at: number, where: string, into: Collector): boolean => {
  const end = skipString(source.octets, at);
  const inner = sourceOf(Buffer.from(JSON.parse(source.octets.bytes.toString("utf8", at, end))));
  const { octets } = inner;
  const start = skipSpace(octets, 0);
  if (octets.bytes[start] !== openBrace) return false;
  const seen = glanceAt(octets, start);
  if (seen.end === -1 || skipSpace(octets, seen.end) !== octets.bytes.length) return false;
  return passOverForeign(inner, seen, where, into);
};

/** The record that an envelope holds, as an object or as a string of JSON. */
const passOverHeld = (source: Source, seen: Glance, where: string, into: Collector): boolean => {
  if (seen.odd || (seen.service !== -1 && seen.name !== -1)) return false;
  // With both members the walk kept only the last one's look: rare enough to be parsed.
  if ((seen.data === -1) === (seen.event === -1)) return false;
  const at = seen.data === -1 ? seen.event : seen.data;
  const place = `${where}.${seen.data === -1 ? "event" : "data"}`;
  const { bytes } = source.octets;
  if (bytes[at] === quote) return passOverText(source, at, place, into);
  return bytes[at] === openBrace && seen.inner !== undefined ? passOverForeign(source, seen.inner, place, into) : false;
};

/** Takes the record at `at`, looked over already; gives the position after it, or -1 to leave all to the full way. */
const takeSeen = (skim: Skim, at: number, seen: Glance, where: string, depth: number): number => {
  const { source, into } = skim;
  skim.records++;
  if (seen.end === -1) return -1;
  if (passOverForeign(source, seen, where, into) || passOverHeld(source, seen, where, into)) return seen.end;
  return parseAt(skim, at, seen.end, where, depth);
};

const parseAt = (skim: Skim, at: number, end: number, where: string, depth: number): number => {
  skim.parsed++;
  if (skim.records >= sample && skim.parsed * 2 > skim.records) return -1;
  takeValue(JSON.parse(skim.source.octets.bytes.toString("utf8", at, end)), where, depth, noEnvelope, skim.into);
  return end;
};

const takeElement = (skim: Skim, at: number, where: string, depth: number): number => {
  const { octets } = skim.source;
  const { bytes } = octets;
  if (bytes[at] === openBrace) return takeSeen(skim, at, glanceAt(octets, at), where, depth);
  const end = skipValue(octets, at);
  skim.records++;
  return end === -1 ? -1 : parseAt(skim, at, end, where, depth);
};

const takeList = (skim: Skim, at: number, where: string, depth: number): number => {
  const { octets } = skim.source;
  const { bytes } = octets;
  let next = skipSpace(octets, at + 1);
  if (bytes[next] === closeBracket) return next + 1;
  for (let index = 0; ; index++) {
    next = takeElement(skim, next, `${where}[${index}]`, depth + 1);
    if (next === -1) return -1;
    next = skipSpace(octets, next);
    const code = bytes[next];
    if (code === closeBracket) return next + 1;
    if (code !== comma) return -1;
    next = skipSpace(octets, next + 1);
  }
};

/** A list of records, an answer of LookupEvents, or one record. */
const takePayload = (skim: Skim, at: number, where: string): number => {
  const { octets } = skim.source;
  const { bytes } = octets;
  const code = bytes[at];
  if (code === openBracket) return takeList(skim, at, where, 0);
  if (code !== openBrace) return -1;
  const seen = glanceAt(octets, at);
  const holdsList = seen.end !== -1 && seen.lists === 1 && bytes[seen.list] === openBracket;
  const holdsElse = seen.odd || seen.service !== -1 || seen.data !== -1 || seen.event !== -1;
  if (!holdsList || holdsElse) return takeSeen(skim, at, seen, where, 0);
  return takeList(skim, seen.list, `${where}.${seen.listKey}`, 1) === -1 ? -1 : seen.end;
};

/** JSON Lines: each line is a payload of its own. */
const skimLines = (source: Source, where: string): Collector | undefined => {
  const { octets } = source;
  const { bytes } = octets;
  const state = newSkim(source);
  for (let from = 0, line = 1; from < bytes.length; line++) {
    const found = bytes.indexOf(10, from);
    const lineEnd = found === -1 ? bytes.length : found;
    const at = skipSpace(octets, from);
    if (at < lineEnd) {
      const next = takePayload(state, at, `${where} line ${line}`);
      // What reaches over the end of its line, or leaves something behind on it, is no JSON Lines.
      if (next === -1 || next > lineEnd || skipSpace(octets, next) < lineEnd) return undefined;
    }
    from = lineEnd + 1;
  }
  return state.into;
};

/** How a RAM event's service stands in JSON that has no escapes. */
const hints = ['Ram"', 'Ims"', 'ResourceManager"'];
const small = 16_384;

/** Only a guess at which way is faster: a small payload that seems to name us is parsed at once. */
const seemsOurs = (letters: string): boolean => letters.length < small && hints.some((hint) => letters.includes(hint));

/** Takes in a text the cheap way; undefined when that does not suit it. Both ways sort every record alike. */
export const skim = (bytes: Buffer, where: string): Collector | undefined => {
  const letters = bytes.toString("latin1");
  if (seemsOurs(letters)) return undefined;
  const source = { octets: octetsOf(bytes), letters };
  const state = newSkim(source);
  const at = skipSpace(source.octets, 0);
  const next = takePayload(state, at, where);
  if (next === -1) return undefined;
  if (skipSpace(source.octets, next) === bytes.length) return state.into;
  return bytes.indexOf(10, next) === -1 ? undefined : skimLines(source, where);
};
