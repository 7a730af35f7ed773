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
import { readJson } from "./read-json.ts";
import { memberPath } from "./text-scan.ts";

type Notes = { readonly errors: DocumentError[]; readonly flaws: Flaw[] };

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
const texts = (value: Json, path: string, notes: Notes): readonly string[] => {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) {
    notes.errors.push({ path, what: "neither a text nor a list of texts" });
    return [];
  }
  const list: string[] = [];
  for (let at = 0; at < value.length; at += 1) {
    const item: Json = value[at];
    if (typeof item === "string") list.push(item);
    else notes.errors.push({ path: `${path}[${at}]`, what: "not a text" });
  }
  return list;
};

const flawIfVariable = (text: string, path: string, notes: Notes): void => {
  if (text.includes("${")) {
    notes.flaws.push({
      path,
      what: `\`${text}\` looks like a variable, which RAM does not document; read as plain text`,
    });
  }
};

/** RAM's own documents hold `ecs: CreateInstance`: https://help.aliyun.com/en/ram/policy-elements. Whether RAM reads it so is unknown. */
const readAction = (text: string, path: string, notes: Notes): string => {
  flawIfVariable(text, path, notes);
  const trimmed = /\s/.test(text) ? text.replace(/\s+/g, "") : text;
  if (trimmed !== text) notes.flaws.push({ path, what: `blanks left out of the action \`${text}\`` });
  if (!/[:*?]/.test(trimmed)) notes.flaws.push({ path, what: `the action \`${text}\` names no service` });
  return trimmed;
};

const readResource = (text: string, path: string, notes: Notes): string => {
  flawIfVariable(text, path, notes);
  if (text.trim() !== text) notes.flaws.push({ path, what: `blanks around the resource \`${text}\`` });
  return text;
};

type Side = { readonly name: string; readonly complement: boolean; readonly value: Json };

/** The one of `Name` and `NotName` that is there; both at once have no meaning that could be relied on. */
const oneOf = (statement: JsonObject, name: string, path: string, notes: Notes): Side | undefined => {
  const plain = statement[name];
  const not = statement[`Not${name}`];
  if (plain !== undefined && not !== undefined) {
    notes.errors.push({ path, what: `both \`${name}\` and \`Not${name}\`` });
    return undefined;
  }
  if (plain !== undefined) return { name, complement: false, value: plain };
  return not === undefined ? undefined : { name: `Not${name}`, complement: true, value: not };
};

const readGlobs = (
  side: Side,
  path: string,
  notes: Notes,
  read: (text: string, path: string, notes: Notes) => string,
): Globs => {
  const place = memberPath(path, side.name);
  return {
    complement: side.complement,
    patterns: texts(side.value, place, notes).map((text) => read(text, place, notes)),
  };
};

const principalTypes = new Set(["RAM", "Service", "Federated"]);

const readPrincipalValue = (type: string, text: string, path: string, notes: Notes): PrincipalPattern => {
  flawIfVariable(text, path, notes);
  const value = text.trim();
  if (value !== text) notes.flaws.push({ path, what: `blanks around the principal \`${text}\`` });
  if (type === "RAM" && value !== "*" && !value.startsWith("acs:ram:")) {
    notes.flaws.push({ path, what: `\`${text}\` is not the name of a RAM principal` });
  }
  return { type, value };
};

const readPrincipals = (side: Side, path: string, notes: Notes): Principals => {
  const place = memberPath(path, side.name);
  const patterns: PrincipalPattern[] = [];
  if (isJsonObject(side.value)) {
    for (const type of Object.keys(side.value)) {
      const typePath = memberPath(place, type);
      if (!principalTypes.has(type))
        notes.flaws.push({ path: typePath, what: `principal type \`${type}\` is not documented` });
      for (const text of texts(side.value[type] as Json, typePath, notes)) {
        patterns.push(readPrincipalValue(type, text, typePath, notes));
      }
    }
  } else {
    for (const text of texts(side.value, place, notes)) {
      const value = text.trim();
      if (value !== "*") notes.flaws.push({ path: place, what: `the principal \`${text}\` has no type` });
      patterns.push({ type: "*", value });
    }
  }
  return { complement: side.complement, patterns };
};

const conditionValues = (value: Json, path: string, notes: Notes): readonly string[] => {
  const list: readonly Json[] = Array.isArray(value) ? value : [value];
  const values: string[] = [];
  list.forEach((item, at) => {
    if (typeof item === "string") values.push(item);
    else if (typeof item === "number" || typeof item === "boolean") values.push(String(item));
    else
      notes.errors.push({
        path: Array.isArray(value) ? `${path}[${at}]` : path,
        what: "not a text, number or boolean",
      });
  });
  return values;
};

const readConditions = (value: Json | undefined, path: string, notes: Notes): readonly ConditionTest[] => {
  if (value === undefined) return [];
  if (!isJsonObject(value)) {
    notes.errors.push({ path, what: "not an object" });
    return [];
  }
  const tests: ConditionTest[] = [];
  for (const name of Object.keys(value)) {
    const place = memberPath(path, name);
    const keys = value[name] as Json;
    const operator = operatorNamed(name);
    if (operator.ifExists) notes.flaws.push({ path: place, what: `\`${name}\` is not documented for RAM` });
    if (!isJsonObject(keys)) {
      notes.errors.push({ path: place, what: "not an object" });
      continue;
    }
    for (const key of Object.keys(keys)) {
      const keyPath = memberPath(place, key);
      const values = conditionValues(keys[key] as Json, keyPath, notes);
      for (const text of values) flawIfVariable(text, keyPath, notes);
      tests.push({ ...operator, key, values });
    }
  }
  return tests;
};

const readEffect = (value: Json | undefined, path: string, notes: Notes): Effect => {
  if (value === "Allow" || value === "Deny") return value;
  notes.errors.push({ path: `${path}.Effect`, what: "neither `Allow` nor `Deny`" });
  return "Deny";
};

const isTrust = (statement: Json): boolean =>
  isJsonObject(statement) && (statement.Principal !== undefined || statement.NotPrincipal !== undefined);

const readStatement = (
  value: Json,
  index: number,
  path: string,
  kind: DocumentKind,
  notes: Notes,
): Statement | undefined => {
  if (!isJsonObject(value)) {
    notes.errors.push({ path, what: "not an object" });
    return undefined;
  }
  for (const name of Object.keys(value)) {
    if (!statementMembers.has(name))
      notes.flaws.push({ path: memberPath(path, name), what: `\`${name}\` is not documented` });
  }
  const effect = readEffect(value.Effect, path, notes);
  const action = oneOf(value, "Action", path, notes);
  const resource = oneOf(value, "Resource", path, notes);
  const principal = oneOf(value, "Principal", path, notes);
  if (value.Action === undefined && value.NotAction === undefined) {
    notes.errors.push({ path, what: "neither `Action` nor `NotAction`" });
  }
  const hasResource = value.Resource !== undefined || value.NotResource !== undefined;
  if (kind === "permission" && !hasResource) notes.errors.push({ path, what: "no `Resource`" });
  if (kind === "trust" && !isTrust(value)) notes.errors.push({ path, what: "no `Principal`" });
  if (kind === "trust" && hasResource) {
    notes.flaws.push({ path, what: "a trust document names no resource" });
  }
  if (kind === "permission" && isTrust(value)) {
    notes.flaws.push({ path, what: "a permission document names no principal" });
  }
  for (const side of [resource, principal]) {
    if (side?.complement) {
      notes.flaws.push({ path: memberPath(path, side.name), what: `\`${side.name}\` is not in RAM's present grammar` });
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
    conditions: readConditions(value.Condition, memberPath(path, "Condition"), notes),
  };
};

const checkVersion = (version: Json | undefined, notes: Notes): void => {
  if (version === "1") return;
  if (version === undefined) notes.flaws.push({ path: "$", what: "no `Version`" });
  else if (version === 1) notes.flaws.push({ path: "$.Version", what: "a number, not the text `1`" });
  else notes.errors.push({ path: "$.Version", what: "not `1`" });
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
      notes.flaws.push({ path: memberPath("$", name), what: `\`${name}\` is not documented` });
    }
  }
  checkVersion(root.Version, notes);
  const given = root.Statement;
  const list: readonly Json[] = Array.isArray(given) ? given : given === undefined ? [] : [given as Json];
  if (given === undefined) notes.errors.push({ path: "$", what: "no `Statement`" });
  const seenKind = kind ?? (list.some(isTrust) ? "trust" : "permission");
  const statements: Statement[] = [];
  list.forEach((value, index) => {
    const path = Array.isArray(given) ? `$.Statement[${index}]` : "$.Statement";
    const statement = readStatement(value, index, path, seenKind, notes);
    if (statement !== undefined) statements.push(statement);
  });
  if (notes.errors.length > 0) return failed(notes.errors);
  return ok({ kind: seenKind, statements, flaws: notes.flaws });
};
