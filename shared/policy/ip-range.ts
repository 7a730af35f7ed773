/** A block of addresses of one family, both ends included. */
export type IpRange = { readonly family: 4 | 6; readonly low: bigint; readonly high: bigint };

/** A number of at most three digits; `undefined` for anything else. */
const readDigits = (text: string): number | undefined => {
  if (text.length === 0 || text.length > 3) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
};

const readV4 = (text: string): bigint | undefined => {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    const byte = readDigits(part);
    // A leading zero means octal to some readers and decimal to others.
    if (byte === undefined || byte > 255 || (part.length > 1 && part.startsWith("0"))) return undefined;
    value = value * 256 + byte;
  }
  return BigInt(value);
};

const readGroups = (text: string): readonly number[] | undefined => {
  if (text === "") return [];
  const groups: number[] = [];
  for (const part of text.split(":")) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
    groups.push(Number.parseInt(part, 16));
  }
  return groups;
};

const readV6 = (text: string): bigint | undefined => {
  const halves = text.split("::");
  const head = readGroups(halves[0] ?? "");
  const tail = readGroups(halves[1] ?? "");
  if (halves.length > 2 || head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return groups.reduce((value, group) => value * 65536n + BigInt(group), 0n);
};

/** An address or a CIDR block, host bits ignored; `undefined` for anything else. */
export const readIpRange = (text: string): IpRange | undefined => {
  const [address = "", length, ...rest] = text.trim().split("/");
  const family = address.includes(":") ? 6 : 4;
  const value = family === 4 ? readV4(address) : readV6(address);
  const bits = family === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : readDigits(length);
  if (rest.length > 0 || value === undefined || prefix === undefined || prefix > bits) return undefined;
  const size = 1n << BigInt(bits - prefix);
  const low = value - (value % size);
  return { family, low, high: low + size - 1n };
};

/** The text of one address. IPv6 is written without leaving groups out. */
export const ipText = (family: 4 | 6, value: bigint): string => {
  const width = family === 4 ? 8n : 16n;
  const parts: string[] = [];
  let left = value;
  for (let at = 0; at < (family === 4 ? 4 : 8); at += 1) {
    parts.unshift((left % (1n << width)).toString(family === 4 ? 10 : 16));
    left >>= width;
  }
  return parts.join(family === 4 ? "." : ":");
};
