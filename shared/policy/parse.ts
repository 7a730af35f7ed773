import { isJsonObject, type Json, type JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type {
  ConditionTest,
  DocumentError,
  DocumentKind,
  Effect,
  Flaw,
  Globs,
  PolicyDocument,
  PrincipalPattern,
  Principals,
  Statement,
} from "./document.ts";
import { operatorNamed } from "./operators.ts";
import { inside, type Place, spellPlace, root as top } from "./place.ts";
import { readJson } from "./read-json.ts";

type Notes = { readonly errors: DocumentError[]; readonly flaws: Flaw[] };

const error = (notes: Notes, place: Place, what: string): void => {
  notes.errors.push({ path: spellPlace(place), what });
};

const flaw = (notes: Notes, place: Place, what: string): void => {
  notes.flaws.push({ path: spellPlace(place), what });
};

const statementMembers = new Set([
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Principal",
  "NotPrincipal",
  "Condition",
]);

/** One text or a list of texts; anything else is an error. */
const texts = (value: Json, path: Place, notes: Notes): readonly string[] => {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) {
    error(notes, path, "neither a text nor a list of texts");
    return [];
  }
  const list: string[] = [];
  for (let at = 0; at < value.length; at += 1) {
    const item: Json = value[at];
    if (typeof item === "string") list.push(item);
    else error(notes, inside(path, at), "not a text");
  }
  return list;
};

const flawIfVariable = (text: string, path: Place, notes: Notes): void => {
  if (text.includes("${")) {
    flaw(notes, path, `\`${text}\` looks like a variable, which RAM does not document; read as plain text`);
  }
};

/** Letters, digits and signs of ASCII only, and so no blank of any kind. */
const isPrintable = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= 32 || code > 126) return false;
  }
  return true;
};

const namesService = (text: string): boolean => text.includes(":") || text.includes("*") || text.includes("?");

/** RAM's own documents hold `ecs: CreateInstance`: https://help.aliyun.com/en/ram/policy-elements. Whether RAM reads it so is unknown. */
const readAction = (text: string, path: Place, notes: Notes): string => {
  flawIfVariable(text, path, notes);
  const plain = isPrintable(text);
  const trimmed = plain ? text : text.replace(/\s/g, "");
  if (trimmed !== text) flaw(notes, path, `blanks left out of the action \`${text}\``);
  if (!plain && !isPrintable(trimmed)) flaw(notes, path, `the action \`${text}\` holds letters that no action has`);
  if (!namesService(trimmed)) flaw(notes, path, `the action \`${text}\` names no service`);
  return trimmed;
};

const readResource = (text: string, path: Place, notes: Notes): string => {
  flawIfVariable(text, path, notes);
  if (text.trim() !== text) flaw(notes, path, `blanks around the resource \`${text}\``);
  return text;
};

type Side = { readonly name: string; readonly complement: boolean; readonly value: Json };

/** The one of `Name` and `NotName` that is there; both at once have no meaning that could be relied on. */
const oneOf = (
  statement: JsonObject,
  name: "Action" | "Resource" | "Principal",
  path: Place,
  notes: Notes,
): Side | undefined => {
  const plain = statement[name];
  const not = statement[`Not${name}`];
  if (plain !== undefined && not !== undefined) {
    error(notes, path, `both \`${name}\` and \`Not${name}\``);
    return undefined;
  }
  if (plain !== undefined) return { name, complement: false, value: plain };
  return not === undefined ? undefined : { name: `Not${name}`, complement: true, value: not };
};

const readGlobs = (
  side: Side,
  path: Place,
  notes: Notes,
  read: (text: string, path: Place, notes: Notes) => string,
): Globs => {
  const place = inside(path, side.name);
  return {
    complement: side.complement,
    patterns: texts(side.value, place, notes).map((text) => read(text, place, notes)),
  };
};

const principalTypes = new Set(["RAM", "Service", "Federated"]);

const readPrincipalValue = (type: string, text: string, path: Place, notes: Notes): PrincipalPattern => {
  flawIfVariable(text, path, notes);
  const value = text.trim();
  if (value !== text) flaw(notes, path, `blanks around the principal \`${text}\``);
  if (type === "RAM" && value !== "*" && !value.startsWith("acs:ram:")) {
    flaw(notes, path, `\`${text}\` is not the name of a RAM principal`);
  }
  return { type, value };
};

const readPrincipals = (side: Side, path: Place, notes: Notes): Principals => {
  const place = inside(path, side.name);
  const patterns: PrincipalPattern[] = [];
  if (isJsonObject(side.value)) {
    for (const type of Object.keys(side.value)) {
      const typePath = inside(place, type);
      if (!principalTypes.has(type)) flaw(notes, typePath, `principal type \`${type}\` is not documented`);
      if (type !== "*" && /[*?|]/.test(type)) error(notes, typePath, "no type of principal");
      for (const text of texts(side.value[type] as Json, typePath, notes)) {
        patterns.push(readPrincipalValue(type, text, typePath, notes));
      }
    }
  } else {
    for (const text of texts(side.value, place, notes)) {
      const value = text.trim();
      if (value !== "*") flaw(notes, place, `the principal \`${text}\` has no type`);
      patterns.push({ type: "*", value });
    }
  }
  return { complement: side.complement, patterns };
};

const conditionValues = (value: Json, path: Place, notes: Notes): readonly string[] => {
  const list: readonly Json[] = Array.isArray(value) ? value : [value];
  const values: string[] = [];
  list.forEach((item, at) => {
    if (typeof item === "string") values.push(item);
    else if (typeof item === "number" || typeof item === "boolean") values.push(String(item));
    else error(notes, Array.isArray(value) ? inside(path, at) : path, "not a text, number or boolean");
  });
  return values;
};

const readConditions = (value: Json | undefined, path: Place, notes: Notes): readonly ConditionTest[] => {
  if (value === undefined) return [];
  if (!isJsonObject(value)) {
    error(notes, path, "not an object");
    return [];
  }
  const tests: ConditionTest[] = [];
  for (const name of Object.keys(value)) {
    const place = inside(path, name);
    const keys = value[name] as Json;
    const operator = operatorNamed(name);
    if (operator.ifExists) flaw(notes, place, `\`${name}\` is not documented for RAM`);
    if (!isJsonObject(keys)) {
      error(notes, place, "not an object");
      continue;
    }
    const names = Object.keys(keys);
    if (new Set(names.map((key) => key.toLowerCase())).size < names.length) {
      flaw(notes, place, "one key in two spellings");
    }
    for (const key of names) {
      const keyPath = inside(place, key);
      const values = conditionValues(keys[key] as Json, keyPath, notes);
      for (const text of values) flawIfVariable(text, keyPath, notes);
      tests.push({
        operator: operator.operator,
        family: operator.family,
        negated: operator.negated,
        ifExists: operator.ifExists,
        key,
        values,
      });
    }
  }
  return tests;
};

const readEffect = (value: Json | undefined, path: Place, notes: Notes): Effect => {
  if (value === "Allow" || value === "Deny") return value;
  error(notes, inside(path, "Effect"), "neither `Allow` nor `Deny`");
  return "Deny";
};

const isTrust = (statement: Json): boolean =>
  isJsonObject(statement) && (statement.Principal !== undefined || statement.NotPrincipal !== undefined);

const readStatement = (
  value: Json,
  index: number,
  path: Place,
  kind: DocumentKind,
  notes: Notes,
): Statement | undefined => {
  if (!isJsonObject(value)) {
    error(notes, path, "not an object");
    return undefined;
  }
  for (const name of Object.keys(value)) {
    if (!statementMembers.has(name)) flaw(notes, inside(path, name), `\`${name}\` is not documented`);
  }
  const effect = readEffect(value.Effect, path, notes);
  const action = oneOf(value, "Action", path, notes);
  const resource = oneOf(value, "Resource", path, notes);
  const principal = oneOf(value, "Principal", path, notes);
  if (value.Action === undefined && value.NotAction === undefined) {
    error(notes, path, "neither `Action` nor `NotAction`");
  }
  const hasResource = value.Resource !== undefined || value.NotResource !== undefined;
  if (kind === "permission" && !hasResource) error(notes, path, "no `Resource`");
  if (kind === "trust" && !isTrust(value)) error(notes, path, "no `Principal`");
  if (kind === "trust" && hasResource) {
    flaw(notes, path, "a trust document names no resource");
  }
  if (kind === "permission" && isTrust(value)) {
    flaw(notes, path, "a permission document names no principal");
  }
  for (const side of [resource, principal]) {
    if (side?.complement) {
      flaw(notes, inside(path, side.name), `\`${side.name}\` is not in RAM's present grammar`);
    }
  }
  const sid = value.Sid;
  return {
    index,
    ...(typeof sid === "string" ? { sid } : {}),
    effect,
    action: action === undefined ? { complement: false, patterns: [] } : readGlobs(action, path, notes, readAction),
    ...(resource === undefined ? {} : { resource: readGlobs(resource, path, notes, readResource) }),
    ...(principal === undefined ? {} : { principal: readPrincipals(principal, path, notes) }),
    conditions: readConditions(value.Condition, inside(path, "Condition"), notes),
  };
};

const checkVersion = (version: Json | undefined, notes: Notes): void => {
  if (version === "1") return;
  if (version === undefined) flaw(notes, top, "no `Version`");
  else if (version === 1) flaw(notes, inside(top, "Version"), "a number, not the text `1`");
  else error(notes, inside(top, "Version"), "not `1`");
};

/**
 * Reads a permission or trust document as RAM accepts it; without `kind`, a document that names a principal is a trust
 * document. Grammar: https://help.aliyun.com/en/ram/policy-elements. What is not certain becomes a flaw; what has no
 * meaning that could be relied on is an error that names its place.
 */
export const parseDocument = (
  input: string | Json,
  kind?: DocumentKind,
): Result<PolicyDocument, readonly DocumentError[]> => {
  const read = readJson(input);
  if (!read.ok) return read;
  const root = read.value;
  if (!isJsonObject(root)) return failed([{ path: "$", what: "not an object" }]);
  const notes: Notes = { errors: [], flaws: [] };
  for (const name of Object.keys(root)) {
    if (name !== "Version" && name !== "Statement") {
      flaw(notes, inside(top, name), `\`${name}\` is not documented`);
    }
  }
  checkVersion(root.Version, notes);
  const given = root.Statement;
  const list: readonly Json[] = Array.isArray(given) ? given : given === undefined ? [] : [given as Json];
  if (given === undefined) error(notes, top, "no `Statement`");
  const seenKind = kind ?? (list.some(isTrust) ? "trust" : "permission");
  const statements: Statement[] = [];
  const listed = inside(top, "Statement");
  list.forEach((value, index) => {
    const path = Array.isArray(given) ? inside(listed, index) : listed;
    const statement = readStatement(value, index, path, seenKind, notes);
    if (statement !== undefined) statements.push(statement);
  });
  if (notes.errors.length > 0) return failed(notes.errors);
  return ok({ kind: seenKind, statements, flaws: notes.flaws });
};
