import { type Account, roleKey } from "../account.ts";
import { malformedDocument } from "../api-error.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { documentOf } from "../params.ts";
import { knownOperator } from "./conditions.ts";
import { listed } from "./evaluate.ts";

const refuse = (message: string) => malformedDocument(message);

const isTextOrTexts = (value: Json | undefined): boolean =>
  typeof value === "string" || (Array.isArray(value) && value.every((each) => typeof each === "string"));

const checkCondition = (condition: Json | undefined): void => {
  if (condition === undefined) return;
  if (!isObject(condition)) throw refuse("Condition must be an object.");
  for (const [operator, keys] of Object.entries(condition)) {
    if (!knownOperator(operator)) throw refuse(`The condition operator ${operator} is not supported.`);
    if (!isObject(keys)) throw refuse(`The condition ${operator} must be an object.`);
  }
};

const checkStatements = (document: JsonObject, each: (statement: JsonObject) => void): void => {
  if (document.Version !== "1") throw refuse("The policy version must be 1.");
  const statements = document.Statement;
  if (!Array.isArray(statements) || statements.length === 0)
    throw refuse("Statement must be a list that is not empty.");
  for (const statement of statements) {
    if (!isObject(statement)) throw refuse("A statement must be an object.");
    if (statement.Effect !== "Allow" && statement.Effect !== "Deny") throw refuse("Effect must be Allow or Deny.");
    checkCondition(statement.Condition);
    each(statement);
  }
};

/** Throws `MalformedPolicyDocument` unless the text is a permission policy by `policy-semantics.md` §1. */
export const checkPolicyDocument = (text: string, longest = 6144): JsonObject => {
  if (text.length > longest) throw refuse(`The policy document is longer than ${longest} characters.`);
  const document = documentOf(text, refuse);
  checkStatements(document, (statement) => {
    const actions = [statement.Action, statement.NotAction].filter((each) => each !== undefined);
    if (actions.length !== 1 || !isTextOrTexts(actions[0])) throw refuse("Give either Action or NotAction.");
    if (!isTextOrTexts(statement.Resource)) throw refuse("Resource is required.");
    if (statement.Principal !== undefined) throw refuse("Principal is not allowed in a permission policy.");
  });
  return document;
};

const checkPrincipal = (account: Account, arn: string): void => {
  const found = /^acs:ram::(\d+|\*):(root|\*|user\/(.+)|role\/(.+))$/i.exec(arn);
  if (found === null) {
    if (arn === "*") return;
    throw refuse(`The principal ${arn} is malformed.`);
  }
  const [, owner, , user, role] = found;
  // Only own users and roles can be looked up; names of other accounts are taken as they come (`ram-api.md` §4).
  if (owner !== account.accountId) return;
  const missing =
    (user !== undefined && !account.users.has(user)) || (role !== undefined && !account.roles.has(roleKey(role)));
  if (missing) throw refuse(`The principal ${arn} does not exist.`);
};

/** Throws `MalformedPolicyDocument` unless the text is a trust policy by `policy-semantics.md` §2. */
export const checkTrustDocument = (account: Account, text: string): JsonObject => {
  const document = documentOf(text, refuse);
  checkStatements(document, (statement) => {
    if (!isTextOrTexts(statement.Action)) throw refuse("Action is required.");
    if (statement.Resource !== undefined) throw refuse("Resource is not allowed in a trust policy.");
    const principal = statement.Principal;
    if (!isObject(principal)) throw refuse("Principal is required.");
    const kinds = Object.keys(principal);
    if (kinds.length === 0 || kinds.some((kind) => !["RAM", "Service", "Federated"].includes(kind))) {
      throw refuse("Principal must name RAM, Service or Federated.");
    }
    if (kinds.some((kind) => !isTextOrTexts(principal[kind]))) throw refuse("A principal must be a text or a list.");
    for (const arn of listed(principal.RAM)) checkPrincipal(account, arn);
  });
  return document;
};
