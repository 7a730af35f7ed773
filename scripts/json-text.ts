type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const width = 120;

/** JSON as the project's formatter would write it, so that generated files pass the same check as the others. */
export const jsonText = (value: object): string => `${written(JSON.parse(JSON.stringify(value)) as Json, "", 0)}\n`;

/** `taken` is how much of the line stands before the value. */
const written = (value: Json, indent: string, taken: number): string => {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    if (list.every((item) => typeof item !== "object" || item === null)) {
      const line = `[${list.map((item) => JSON.stringify(item)).join(", ")}]`;
      // One more for the comma that may follow.
      if (taken + line.length + 1 <= width) return line;
    }
    return `[\n${list.map((item) => inner + written(item, inner, inner.length)).join(",\n")}\n${indent}]`;
  }
  const members = Object.entries(value).map(([key, member]) => {
    const start = `${inner}${JSON.stringify(key)}: `;
    return start + written(member, inner, start.length);
  });
  return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
};
