import { skipColon, skipSpace, skipString, skipValue, standsAt, wordOf } from "./json-skip.ts";

/** What one look over an object's text tells, without parsing it. Positions are those of the bytes looked at. */
export type Glance = {
  /** After the object; -1 when it is not valid JSON. */
  end: number;
  service: string | undefined;
  name: string | undefined;
  eventId: string | undefined;
  /** Something that only a parser reads right: escapes in a key or a name, a name that is no string, PascalCase. */
  odd: boolean;
  /** Where the value of `data` or `event` starts; -1 when there is none. */
  data: number;
  event: number;
  /** The object that the last `data` or `event` held, looked over on the way. */
  inner: Glance | undefined;
  /** Where the last list of records starts, its key as written, and how many there are. */
  list: number;
  listKey: string;
  lists: number;
};

const quote = 34;
const comma = 44;
const backslash = 92;
const openBrace = 123;
const closeBrace = 125;

const newGlance = (): Glance => ({
  end: -1,
  service: undefined,
  name: undefined,
  eventId: undefined,
  odd: false,
  data: -1,
  event: -1,
  inner: undefined,
  list: -1,
  listKey: "",
  lists: 0,
});

/** The closing quote of a string without escapes; -1 for any other, valid or not. */
const endOfPlain = (bytes: Buffer, from: number): number => {
  for (let at = from; at < bytes.length; at++) {
    const code = bytes[at] as number;
    if (code > backslash) continue;
    if (code === quote) return at;
    if (code === backslash || code < 32) return -1;
  }
  return -1;
};

const word = {
  data: wordOf("data"),
  Data: wordOf("Data"),
  ogs: wordOf("ogs"),
  event: wordOf("event"),
  Event: wordOf("Event"),
  eventId: wordOf("eventId"),
  eventName: wordOf("eventName"),
  EventName: wordOf("EventName"),
  ogGroups: wordOf("ogGroups"),
  serviceName: wordOf("serviceName"),
  ServiceName: wordOf("ServiceName"),
};

/** The string at `at`, as it stands; what is no string, or is blank, or has escapes, is left to the parser. */
const nameAt = (bytes: Buffer, at: number, seen: Glance): string | undefined => {
  if (bytes[at] === quote) {
    const end = endOfPlain(bytes, at + 1);
    const name = end === -1 ? "" : bytes.toString("utf8", at + 1, end).trim();
    if (name !== "") return name;
  }
  seen.odd = true;
  return undefined;
};

const listKeys = new Set([
  "events",
  "Events",
  "logs",
  "Logs",
  "logGroups",
  "LogGroups",
  "logGroupList",
  "LogGroupList",
]);

const meetList = (bytes: Buffer, from: number, to: number, value: number, seen: Glance): void => {
  const key = bytes.toString("latin1", from, to);
  if (!listKeys.has(key)) return;
  seen.list = value;
  seen.listKey = key;
  seen.lists++;
};

/** Notes the key from `from` to `to` when it is one that intake decides by. Told apart by length: nearly all are not. */
const meet = (bytes: Buffer, from: number, to: number, value: number, seen: Glance): void => {
  switch (to - from) {
    case 4:
      if (standsAt(bytes, from, word.data)) seen.data = value;
      else if (standsAt(bytes, from, word.Data)) seen.odd = true;
      else if (standsAt(bytes, from + 1, word.ogs)) meetList(bytes, from, to, value, seen);
      return;
    case 5:
      if (standsAt(bytes, from, word.event)) seen.event = value;
      else if (standsAt(bytes, from, word.Event)) seen.odd = true;
      return;
    case 7:
      if (standsAt(bytes, from, word.eventId)) seen.eventId = nameAt(bytes, value, seen);
      return;
    case 9:
      if (standsAt(bytes, from, word.eventName)) seen.name = nameAt(bytes, value, seen);
      else if (standsAt(bytes, from, word.EventName)) seen.odd = true;
      else if (standsAt(bytes, from + 1, word.ogGroups)) meetList(bytes, from, to, value, seen);
      return;
    case 11:
      if (standsAt(bytes, from, word.serviceName)) seen.service = nameAt(bytes, value, seen);
      else if (standsAt(bytes, from, word.ServiceName)) seen.odd = true;
      return;
    case 6:
    case 12:
      meetList(bytes, from, to, value, seen);
      return;
  }
};

/** After the value of a member; an object that an envelope holds is looked over instead of skipped. */
const passValue = (bytes: Buffer, value: number, seen: Glance, isOuter: boolean): number => {
  if (!isOuter || (value !== seen.data && value !== seen.event)) return skipValue(bytes, value, 1);
  seen.inner = bytes[value] === openBrace ? glance(bytes, value, false) : undefined;
  return seen.inner === undefined ? skipValue(bytes, value, 1) : seen.inner.end;
};

/** Looks over the object whose brace is at `at`, to its end, checking on the way that it is valid JSON. */
const glance = (bytes: Buffer, at: number, isOuter: boolean): Glance => {
  const seen = newGlance();
  let next = skipSpace(bytes, at + 1);
  if (bytes[next] === closeBrace) {
    seen.end = next + 1;
    return seen;
  }
  for (;;) {
    if (bytes[next] !== quote) return seen;
    const key = next + 1;
    const plainEnd = endOfPlain(bytes, key);
    const keyEnd = plainEnd === -1 ? skipString(bytes, next) : plainEnd + 1;
    if (keyEnd === -1) return seen;
    const value = skipColon(bytes, keyEnd);
    if (value === -1) return seen;
    // A key with an escape may say any of those that matter.
    if (plainEnd === -1) seen.odd = true;
    else meet(bytes, key, plainEnd, value, seen);
    next = passValue(bytes, value, seen, isOuter);
    if (next === -1) return seen;
    next = skipSpace(bytes, next);
    const code = bytes[next];
    if (code === closeBrace) {
      seen.end = next + 1;
      return seen;
    }
    if (code !== comma) return seen;
    next = skipSpace(bytes, next + 1);
  }
};

/** Looks over the object whose brace is at `at`, and over what it holds as `data` or `event`. */
export const glanceAt = (bytes: Buffer, at: number): Glance => glance(bytes, at, true);
