import { endOfPlain, type Octets, skipColon, skipSpace, skipString, skipValue, standsAt, wordOf } from "./json-skip.ts";

/** What one look over an object's bytes tells, without parsing it. Positions are those of the bytes, -1 for none. */
export type Glance = {
  /** After the object; -1 when it is not valid JSON. */
  end: number;
  /** Where the values start of the members that sort most records; of a key that comes twice the last counts. */
  service: number;
  name: number;
  eventId: number;
  /** A key that only a parser reads right: one with an escape, or one in PascalCase. */
  odd: boolean;
  /** Where the value of `data` or `event` starts. */
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
const openBrace = 123;
const closeBrace = 125;

const newGlance = (): Glance => ({
  end: -1,
  service: -1,
  name: -1,
  eventId: -1,
  odd: false,
  data: -1,
  event: -1,
  inner: undefined,
  list: -1,
  listKey: "",
  lists: 0,
});

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

const meetList = (text: Octets, from: number, to: number, value: number, seen: Glance): void => {
  const key = text.bytes.toString("latin1", from, to);
  if (!listKeys.has(key)) return;
  seen.list = value;
  seen.listKey = key;
  seen.lists++;
};

/** Notes the key from `from` to `to` when it is one that intake decides by. Told apart by length: nearly all are not. */
const meet = (text: Octets, from: number, to: number, value: number, seen: Glance): void => {
  switch (to - from) {
    case 4:
      if (standsAt(text, from, word.data)) seen.data = value;
      else if (standsAt(text, from, word.Data)) seen.odd = true;
      else if (standsAt(text, from + 1, word.ogs)) meetList(text, from, to, value, seen);
      return;
    case 5:
      if (standsAt(text, from, word.event)) seen.event = value;
      else if (standsAt(text, from, word.Event)) seen.odd = true;
      return;
    case 7:
      if (standsAt(text, from, word.eventId)) seen.eventId = value;
      return;
    case 9:
      if (standsAt(text, from, word.eventName)) seen.name = value;
      else if (standsAt(text, from, word.EventName)) seen.odd = true;
      else if (standsAt(text, from + 1, word.ogGroups)) meetList(text, from, to, value, seen);
      return;
    case 11:
      if (standsAt(text, from, word.serviceName)) seen.service = value;
      else if (standsAt(text, from, word.ServiceName)) seen.odd = true;
      return;
    case 6:
    case 12:
      meetList(text, from, to, value, seen);
      return;
  }
};

/** After the value of a member; an object that an envelope holds is looked over instead of skipped. */
const passValue = (text: Octets, value: number, seen: Glance, isOuter: boolean): number => {
  if (text.bytes[value] === quote) return skipString(text, value);
  if (!isOuter || (value !== seen.data && value !== seen.event)) return skipValue(text, value, 1);
  if (text.bytes[value] !== openBrace) return skipValue(text, value, 1);
  seen.inner = glance(text, value, false);
  return seen.inner.end;
};

/** Looks over the object whose brace is at `at`, to its end, checking on the way that it is valid JSON. */
const glance = (text: Octets, at: number, isOuter: boolean): Glance => {
  const seen = newGlance();
  let next = skipSpace(text, at + 1);
  if (text.bytes[next] === closeBrace) {
    seen.end = next + 1;
    return seen;
  }
  for (;;) {
    if (text.bytes[next] !== quote) return seen;
    const key = next + 1;
    const plainEnd = endOfPlain(text, key);
    const keyEnd = plainEnd === -1 ? skipString(text, next) : plainEnd + 1;
    if (keyEnd === -1) return seen;
    const value = skipColon(text, keyEnd);
    if (value === -1) return seen;
    // A key with an escape may say any of those that matter.
    if (plainEnd === -1) seen.odd = true;
    else meet(text, key, plainEnd, value, seen);
    next = passValue(text, value, seen, isOuter);
    if (next === -1) return seen;
    if (text.bytes[next] === comma && text.bytes[next + 1] === quote) {
      next++;
      continue;
    }
    next = skipSpace(text, next);
    const code = text.bytes[next];
    if (code === closeBrace) {
      seen.end = next + 1;
      return seen;
    }
    if (code !== comma) return seen;
    next = skipSpace(text, next + 1);
  }
};

/** Looks over the object whose brace is at `at`, and over what it holds as `data` or `event`. */
export const glanceAt = (text: Octets, at: number): Glance => glance(text, at, true);
