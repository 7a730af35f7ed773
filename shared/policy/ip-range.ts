/** A block of addresses of one family, both ends included. */
export type IpRange = { readonly family: 4 | 6; readonly low: bigint; readonly high: bigint };

const readV4 = (text: string): bigint | undefined => {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  let value = 0n;
  for (const part of match.slice(1)) {
    // A leading zero means octal to some readers and decimal to others.
    if (Number(part) > 255 || (part.length > 1 && part.startsWith("0"))) return undefined;
    value = value * 256n + BigInt(part);
  }
  return value;
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
  if (rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const family = address.includes(":") ? 6 : 4;
  const value = family === 4 ? readV4(address) : readV6(address);
  const bits = family === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  if (value === undefined || prefix > bits) return undefined;
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
