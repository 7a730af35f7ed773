export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One text per JSON value: keys sorted, no white space. Two values are equal exactly when their texts are. */
export const canonicalText = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (isJsonObject(value)) {
    const members = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalText(value[key] as Json)}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
};

/**
 * A text of JSON without what two routes may write in two ways: white space and the order of members. Where reading it
 * loses something, a member that is there twice, only the white space is left out.
 */
export const jsonForm = (text: string): string => {
  const dense = text.replace(/\s/g, "");
  try {
    const form = canonicalText(JSON.parse(text) as Json);
    return form.replace(/\s/g, "").length === dense.length ? form : dense;
  } catch {
    return dense;
  }
};
