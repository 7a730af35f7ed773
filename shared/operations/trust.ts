import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type { ResettableValue, RoleTrust, Route } from "../domain/subject.ts";
import { gone } from "../domain/subject.ts";
import type { Tells } from "../domain/trail-event.ts";
import type { CallRecord, Entries, OperationEntry, Reading } from "./entry.ts";
import { documentOf, objectOf, textOf } from "./fields.ts";

/** RAM's default session length in seconds; it holds where a record does not say. */
const defaultSessionSeconds = 3600;

const told = new Set([
  "RoleName",
  "RoleId",
  "AssumeRolePolicyDocument",
  "Description",
  "MaxSessionDuration",
  "CreateDate",
  "UpdateDate",
]);

/** Scalars only: what a write may have to send along is flat, and a record from outside may hold anything else. */
const restOf = (role: JsonObject | undefined): JsonObject => {
  const rest: { [name: string]: string | number | boolean } = {};
  if (role === undefined) return rest;
  for (const name of Object.keys(role)) {
    if (told.has(name)) continue;
    const value = role[name];
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") rest[name] = value;
  }
  return rest;
};

const isServiceLinked = (roleName: string, role: JsonObject | undefined): boolean => {
  const flag = role?.IsServiceLinkedRole;
  return flag === true || flag === "true" || roleName.toLowerCase().startsWith("aliyunservicerolefor");
};

/** The state that the record claims. `roleId` is empty where there is no response to tell it. */
const claimOf = (
  roleName: string,
  document: string | undefined,
  record: CallRecord,
  names: ParameterNames,
): RoleTrust | undefined => {
  if (document === undefined) return undefined;
  const role = objectOf(record.response, "Role");
  const seconds = Number(textOf(role, "MaxSessionDuration") ?? textOf(record.request, names.session));
  const createdAt = textOf(role, "CreateDate");
  const updatedAt = textOf(role, "UpdateDate");
  return {
    kind: "role-trust",
    roleName: textOf(role, "RoleName") ?? roleName,
    roleId: textOf(role, "RoleId") ?? "",
    document,
    description: textOf(role, "Description") ?? textOf(record.request, names.description) ?? "",
    maxSessionSeconds: Number.isFinite(seconds) && seconds > 0 ? seconds : defaultSessionSeconds,
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
    serviceLinked: isServiceLinked(roleName, role),
    rest: restOf(role),
  };
};

type ParameterNames = { readonly document: string; readonly description: string; readonly session: string };

const updating: ParameterNames = {
  document: "NewAssumeRolePolicyDocument",
  description: "NewDescription",
  session: "NewMaxSessionDuration",
};
const creating: ParameterNames = {
  document: "AssumeRolePolicyDocument",
  description: "Description",
  session: "MaxSessionDuration",
};

const leftOutOf = (request: JsonObject): readonly ResettableValue[] => {
  const left: ResettableValue[] = [];
  if (request[updating.description] === undefined) left.push("description");
  if (request[updating.session] === undefined) left.push("session length");
  return left;
};

/** What a request sets of a role beside its trust. */
const besideOf = (request: JsonObject): NonNullable<Tells["role"]> => {
  const description = request[updating.description];
  const seconds = Number(textOf(request, updating.session));
  return {
    ...(typeof description === "string" ? { description } : {}),
    ...(Number.isSafeInteger(seconds) && seconds > 0 ? { maxSessionSeconds: seconds } : {}),
  };
};

const read = (record: CallRecord, route: Route, names: ParameterNames): Result<Reading, string> => {
  const role = objectOf(record.response, "Role");
  const asked = textOf(record.request, "RoleName");
  const roleName = asked ?? textOf(role, "RoleName");
  if (roleName === undefined) return failed("names no role: `RoleName` is missing from request and response");
  const requested = documentOf(record.request, names.document);
  // Each parameter of UpdateRole is optional. A request that is there and leaves the document out did not change it;
  // a request that is not there says nothing, and then the role is looked at.
  const leavesDocument = names === updating && requested === undefined && asked !== undefined;
  if (leavesDocument && Object.values(updating).every((name) => record.request[name] === undefined))
    return ok({ kind: "beside", because: "the call sets nothing of the role that is judged" });
  const document = documentOf(role, "AssumeRolePolicyDocument") ?? requested;
  return ok({
    kind: "subject",
    subject: {
      kind: "role-trust",
      accountId: record.accountId,
      roleName,
      route,
      ...(leavesDocument ? { leavesDocument } : {}),
    },
    // The document that its answer shows is of somebody else's making.
    claimed: leavesDocument ? undefined : claimOf(roleName, document, record, names),
    ...(names === updating && asked !== undefined ? { leftOut: leftOutOf(record.request) } : {}),
    ...(leavesDocument ? { tells: { role: besideOf(record.request) } } : {}),
  });
};

const updated = (route: "Ram" | "ResourceManager"): OperationEntry => ({
  subject: "role-trust",
  effect: "changed",
  lost: ["trust policy", "description", "session length", "console logon"],
  remedy: {
    level: "full",
    why: "the former trust policy is sent again, with the description and the session length that the call would reset",
    calls: [`${route}.UpdateRole`],
  },
  read: (record) => read(record, route, updating),
});

const created = (route: "Ram" | "ResourceManager"): OperationEntry => ({
  subject: "role-trust",
  effect: "made",
  lost: [],
  remedy: {
    level: "full",
    why: "the role is deleted, which is for a person to decide",
    calls: [`${route}.DeleteRole`],
  },
  read: (record) => read(record, route, creating),
});

const readDeleted = (record: CallRecord, route: Route): Result<Reading, string> => {
  const roleName = textOf(record.request, "RoleName");
  if (roleName === undefined) return failed("names no role: `RoleName` is missing");
  const subject = { kind: "role-trust", accountId: record.accountId, roleName, route } as const;
  return ok({ kind: "subject", subject, claimed: gone });
};

const deleted = (route: "Ram" | "ResourceManager"): OperationEntry => ({
  subject: "role-trust",
  effect: "removed",
  lost: ["trust policy", "description", "session length", "console logon", "tags"],
  remedy: {
    level: "partial",
    why: "the role is made again from the baseline, by a person; it gets another RoleId, and its policies were taken off it by calls of their own",
    calls: [`${route}.CreateRole`],
  },
  read: (record) => readDeleted(record, route),
});

const ofService = {
  level: "none",
  why: "a service-linked role belongs to its service, which alone makes, changes and deletes it: told, never written",
  calls: [],
} as const;

const serviceLinkedMade = (route: "Ram" | "ResourceManager"): OperationEntry => ({
  subject: "role-trust",
  effect: "made",
  lost: [],
  remedy: ofService,
  read: (record) => read(record, route, creating),
});

const serviceLinkedDeleted = (route: "Ram" | "ResourceManager"): OperationEntry => ({
  subject: "role-trust",
  effect: "removed",
  lost: ["the role, until its service makes it again"],
  remedy: ofService,
  read: (record) => readDeleted(record, route),
});

/** The operations that set whom a role trusts, or make and delete the role. */
export const trustOperations = {
  "Ram.UpdateRole": updated("Ram"),
  "ResourceManager.UpdateRole": updated("ResourceManager"),
  "Ram.CreateRole": created("Ram"),
  "ResourceManager.CreateRole": created("ResourceManager"),
  "Ram.DeleteRole": deleted("Ram"),
  "ResourceManager.DeleteRole": deleted("ResourceManager"),
  "Ram.CreateServiceLinkedRole": serviceLinkedMade("Ram"),
  "ResourceManager.CreateServiceLinkedRole": serviceLinkedMade("ResourceManager"),
  "Ram.DeleteServiceLinkedRole": serviceLinkedDeleted("Ram"),
  "ResourceManager.DeleteServiceLinkedRole": serviceLinkedDeleted("ResourceManager"),
} as const satisfies Entries;
