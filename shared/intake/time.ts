const minute = 60_000;

/** Zones by name that EventBridge writes into `time` (`payloads.md` b.2). None of them has had summer time since 1991. */
const namedZones: ReadonlyMap<string, number> = new Map([
  ["asia/shanghai", 480],
  ["asia/chongqing", 480],
  ["asia/hong_kong", 480],
  ["asia/singapore", 480],
  ["prc", 480],
  ["cst", 480],
  ["utc", 0],
  ["gmt", 0],
  ["etc/utc", 0],
]);

const form =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(?:([Zz])|([+-]\d{2}):?(\d{2})|([A-Za-z]+(?:\/[A-Za-z_]+)?))?$/;

const twoDigits = (text: string, at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

/** The instant, unless the parts overflow: the 30th of February is nobody's time. */
const instant = (
  y: number,
  mo: number,
  d: number,
  h: number,
  mi: number,
  s: number,
  ms: number,
): number | undefined => {
  if (!(mo >= 1 && mo <= 12 && d >= 1 && d <= 31 && h <= 23 && mi <= 59 && s <= 59)) return undefined;
  const at = Date.UTC(y, mo - 1, d, h, mi, s, ms);
  return d <= 28 || new Date(at).getUTCDate() === d ? at : undefined;
};

/** `2021-08-05T06:59:52Z`, which is what nearly all events have: read without a regular expression. */
const plain = (text: string): number | undefined => {
  if (text.length !== 20 || text.charCodeAt(19) !== 90 || text.charCodeAt(10) !== 84) return undefined;
  for (let i = 0; i < 19; i++) {
    const code = text.charCodeAt(i);
    const wanted = i === 4 || i === 7 ? 45 : i === 13 || i === 16 ? 58 : 0;
    if (wanted !== 0 ? code !== wanted : i !== 10 && (code < 48 || code > 57)) return undefined;
  }
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  return instant(
    year,
    twoDigits(text, 5),
    twoDigits(text, 8),
    twoDigits(text, 11),
    twoDigits(text, 14),
    twoDigits(text, 17),
    0,
  );
};

/** Seconds and milliseconds since the epoch are told apart by size: a second count of today has ten digits. */
const fromNumber = (value: number): number | undefined => {
  if (!Number.isFinite(value) || value < 1e8) return undefined;
  const at = value < 1e11 ? value * 1000 : value;
  return at <= 8.64e15 ? Math.trunc(at) : undefined;
};

/**
 * A time as audit records write it, as epoch milliseconds; undefined when it cannot be told. Without a zone it is UTC,
 * which is what ActionTrail documents; SLS gives seconds since the epoch.
 */
export const instantOf = (value: unknown): number | undefined => {
  if (typeof value === "number") return fromNumber(value);
  if (typeof value !== "string") return undefined;
  const quick = plain(value);
  if (quick !== undefined) return quick;
  const text = value.trim();
  if (/^\d{9,13}(\.\d+)?$/.test(text)) return fromNumber(Number(text));
  const parts = form.exec(text);
  if (parts === null) return undefined;
  const part = (index: number): number => Number(parts[index] ?? 0);
  const ms = Math.trunc(Number(`0.${parts[7] ?? "0"}`) * 1000);
  const local = instant(part(1), part(2), part(3), part(4), part(5), part(6), ms);
  if (local === undefined) return undefined;
  const zone = parts[11];
  if (zone !== undefined) {
    const offset = namedZones.get(zone.toLowerCase());
    return offset === undefined ? undefined : local - offset * minute;
  }
  const hours = parts[9];
  if (hours === undefined) return local;
  const sign = hours.startsWith("-") ? -1 : 1;
  return local - sign * (Math.abs(Number(hours)) * 60 + part(10)) * minute;
};
