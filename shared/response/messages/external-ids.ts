import { isJsonObject, type Json } from "../../domain/json.ts";
import type { Incident } from "../../ledger/incident.ts";

/**
 * An ExternalId is what keeps a trusted account from being used for somebody else: a shared secret of sorts, which the
 * ledger needs to put a trust policy back, and which nobody needs to read in an alert.
 */
const conditionKey = "sts:externalid";

const shown = "(external id)";

/** Values of at least this many characters are taken out of any text; shorter ones only where the key is named. */
const telling = 6;

const valuesIn = (value: Json, found: Set<string>): void => {
  if (Array.isArray(value)) for (const item of value as readonly Json[]) valuesIn(item, found);
  else if (isJsonObject(value))
    for (const [name, member] of Object.entries(value)) {
      if (name.toLowerCase() !== conditionKey) valuesIn(member, found);
      else for (const text of [member].flat()) if (typeof text === "string" && text !== "") found.add(text);
    }
};

const externalIdsIn = (documents: readonly string[]): readonly string[] => {
  const found = new Set<string>();
  for (const document of documents)
    try {
      valuesIn(JSON.parse(document) as Json, found);
    } catch {
      // What is no JSON holds no condition.
    }
  // The longest first: one may be a part of another.
  return [...found].sort((a, b) => b.length - a.length);
};

const documentsIn = ({ before, after, found, remediation }: Incident): readonly string[] => {
  const states = [before?.known === true ? before.state : undefined, after, found];
  const all = [...states, remediation?.was, remediation?.becomes];
  return all.flatMap((state) =>
    state !== undefined && "document" in state && typeof state.document === "string" ? [state.document] : [],
  );
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const without = (text: string, values: readonly string[]): string =>
  values.reduce((rest, value) => {
    // As it is, and as it stands in a document's text.
    const spellings = [...new Set([value, JSON.stringify(value).slice(1, -1)])].map(escaped).join("|");
    return rest.replace(new RegExp(`(?<![\\w-])(?:${spellings})(?![\\w-])`, "g"), shown);
  }, text);

const textWithout = (text: string, values: readonly string[], isAboutIt: boolean): string => {
  const rest = without(
    text,
    values.filter(({ length }) => length >= telling),
  );
  if (!isAboutIt && !rest.toLowerCase().includes(conditionKey)) return rest;
  // In a sentence only what is quoted can be a value: a short one may be a word of ours.
  return rest.includes("`") ? rest.replace(/`[^`]*`/g, (quoted) => without(quoted, values)) : without(rest, values);
};

const withoutValues = (value: Json, values: readonly string[], isAboutIt: boolean): Json => {
  if (typeof value === "string") return textWithout(value, values, isAboutIt);
  if (Array.isArray(value)) return value.map((item: Json) => withoutValues(item, values, isAboutIt));
  if (!isJsonObject(value)) return value;
  const about = isAboutIt || aboutIt(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withoutValues(member, values, about)]),
  );
};

/** Evidence about the key has its values in facts beside it. */
const aboutIt = ({ conditionKey: key }: { readonly [name: string]: Json }): boolean =>
  typeof key === "string" && key.toLowerCase() === conditionKey;

/** The incident as it may be told: its findings and calls without the values of external ids. */
export const withoutExternalIds = (incident: Incident): Incident => {
  const values = externalIdsIn(documentsIn(incident));
  if (values.length === 0) return incident;
  const masked = <Value>(value: Value): Value => withoutValues(value as Json, values, false) as Value;
  const { remediation } = incident;
  return {
    ...incident,
    findings: masked(incident.findings),
    ...(incident.besides === undefined ? {} : { besides: masked(incident.besides) }),
    ...(incident.ofClaim === undefined ? {} : { ofClaim: masked(incident.ofClaim) }),
    ...(incident.later === undefined ? {} : { later: masked(incident.later) }),
    ...(remediation === undefined ? {} : { remediation: { ...remediation, calls: masked(remediation.calls) } }),
  };
};
