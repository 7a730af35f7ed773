/** Names that say nothing about who is behind them. */
const generic = /^(admin|test|root|temp)[-_.]?\d*$/i;

export const isGenericName = (name: string): boolean => generic.test(name);

/** A name as the eye reads it: letters and digits that look alike are one, and what only separates is not there. */
const asSeen = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll("rn", "m")
    .replaceAll("vv", "w")
    .replace(/[0]/g, "o")
    .replace(/[1i|]/g, "l")
    .replace(/[5$]/g, "s")
    .replace(/[-_.]/g, "");

/** Names of fewer letters than these are near to too many others. */
const lettersForOneEdit = 4;

/** How many letters have to be changed, added or taken away; names are at most 64 long. */
const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

/** Whether a name can be taken for another one: it looks the same, or differs in at most two letters of many. */
export const imitates = (name: string, other: string): boolean => {
  if (name === other) return false;
  const [seen, known] = [asSeen(name), asSeen(other)];
  const edits = Math.min(2, Math.floor(known.length / lettersForOneEdit));
  return seen === known || (Math.abs(seen.length - known.length) <= edits && editDistance(seen, known) <= edits);
};
