import { ApiError, invalid } from "./api-error.ts";
import { isObject, parseJson } from "./json.ts";

/** The parameters of one call, by name, as the wire had them. */
export type Params = Readonly<Record<string, string>>;

export const optional = (params: Params, name: string): string | undefined => params[name];

export const required = (params: Params, name: string): string => {
  const value = params[name];
  if (value === undefined || value === "") {
    throw new ApiError(400, `MissingParameter.${name}`, `The parameter ${name} is required.`);
  }
  return value;
};

/** A required parameter that must look like `pattern` and be at most `longest` characters. */
export const named = (params: Params, name: string, pattern: RegExp, longest: number): string => {
  const value = required(params, name);
  if (value.length > longest) throw invalid(name, "Length", `The parameter ${name} is longer than ${longest}.`);
  if (!pattern.test(value)) throw invalid(name, "InvalidChars", `The parameter ${name} has invalid characters.`);
  return value;
};

export const flag = (params: Params, name: string): boolean | undefined => {
  const value = params[name];
  if (value === undefined) return undefined;
  if (/^true$/i.test(value)) return true;
  if (/^false$/i.test(value)) return false;
  throw invalid(name, "Format", `The parameter ${name} must be true or false.`);
};

export const integer = (params: Params, name: string, least: number, most: number): number | undefined => {
  const value = params[name];
  if (value === undefined || value === "") return undefined;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < least || number > most) {
    throw invalid(name, "Range", `The parameter ${name} must be a number from ${least} to ${most}.`);
  }
  return number;
};

export const oneOf = <Value extends string>(params: Params, name: string, values: readonly Value[]): Value => {
  const value = required(params, name);
  const found = values.find((each) => each === value);
  if (found === undefined) throw invalid(name, "Format", `The parameter ${name} must be one of ${values.join(", ")}.`);
  return found;
};

/** A text that is at most `longest` characters; absent stays absent. */
export const bounded = (params: Params, name: string, longest: number): string | undefined => {
  const value = params[name];
  if (value !== undefined && value.length > longest) {
    throw invalid(name, "Length", `The parameter ${name} is longer than ${longest}.`);
  }
  return value;
};

/** A list in either wire form: one JSON text (Ram), or `Name.1`, `Name.2` (Ims, ResourceManager) (`ram-api.md` §2.1). */
export const listOf = (params: Params, name: string): readonly string[] => {
  const whole = params[name];
  if (whole !== undefined) {
    const parsed = parseJson(whole);
    if (!Array.isArray(parsed)) throw invalid(name, "Format", `The parameter ${name} must be a list.`);
    return parsed.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
  }
  const values: string[] = [];
  for (let index = 1; params[`${name}.${index}`] !== undefined; index += 1)
    values.push(params[`${name}.${index}`] ?? "");
  return values;
};

/** A list of objects in either wire form: one JSON text, or `Name.1.Key`, `Name.1.Value` (`ram-api.md` §2.1). */
export const objectsOf = (params: Params, name: string): readonly Params[] => {
  const whole = params[name];
  if (whole !== undefined) {
    const parsed = parseJson(whole);
    if (!Array.isArray(parsed) || !parsed.every(isObject)) {
      throw invalid(name, "Format", `The parameter ${name} must be a list of objects.`);
    }
    return parsed.map((each) =>
      Object.fromEntries(Object.entries(each).map(([member, value]) => [member, String(value)])),
    );
  }
  const found: Params[] = [];
  for (let index = 1; ; index += 1) {
    const prefix = `${name}.${index}.`;
    const members = Object.entries(params).filter(([each]) => each.startsWith(prefix));
    if (members.length === 0) return found;
    found.push(Object.fromEntries(members.map(([each, value]) => [each.slice(prefix.length), value])));
  }
};

/** A page of a list that goes by `NextToken` and a size, which different operations name differently. */
export const pageByToken = <Item>(
  params: Params,
  items: readonly Item[],
  { name, usual, most }: { readonly name: string; readonly usual: number; readonly most: number },
): { readonly items: readonly Item[]; readonly IsTruncated: boolean; readonly NextToken?: string } => {
  const { Marker, ...page } = pageByMarker(
    { MaxItems: String(integer(params, name, 1, most) ?? usual), Marker: params.NextToken ?? "" },
    items,
    most,
  );
  return Marker === undefined ? page : { ...page, NextToken: Marker };
};

/** A page of a list that goes by `Marker` and `MaxItems`. The marker is the place of the next item. */
export const pageByMarker = <Item>(
  params: Params,
  items: readonly Item[],
  most: number,
): { readonly items: readonly Item[]; readonly IsTruncated: boolean; readonly Marker?: string } => {
  const size = integer(params, "MaxItems", 1, most) ?? 100;
  const marker = params.Marker;
  const from = marker === undefined || marker === "" ? 0 : Number(Buffer.from(marker, "base64url").toString());
  if (!Number.isInteger(from) || from < 0) throw invalid("Marker", "Format", "The parameter Marker is invalid.");
  const next = from + size;
  const page = items.slice(from, next);
  if (next >= items.length) return { items: page, IsTruncated: false };
  return { items: page, IsTruncated: true, Marker: Buffer.from(String(next)).toString("base64url") };
};

/** A page of a list that goes by `PageNumber` and `PageSize` (ResourceManager). */
export const pageByNumber = <Item>(params: Params, items: readonly Item[]) => {
  const PageSize = integer(params, "PageSize", 1, 100) ?? 10;
  const PageNumber = integer(params, "PageNumber", 1, 1_000_000) ?? 1;
  return {
    items: items.slice((PageNumber - 1) * PageSize, PageNumber * PageSize),
    PageSize,
    PageNumber,
    TotalCount: items.length,
  };
};

/** A document's text as JSON, or a refusal: documents come as text inside a parameter. */
export const documentOf = (text: string, refuse: (message: string) => ApiError) => {
  const parsed = parseJson(text);
  if (!isObject(parsed)) throw refuse("The document is not a JSON object.");
  return parsed;
};
