import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type { CallRecord } from "./entry.ts";
import { textOf } from "./fields.ts";
import { shortName } from "./principals.ts";

/** How each service names a user in a request. */
export type UserParameter = "UserName" | "UserPrincipalName";

export const routeOf = (parameter: UserParameter): "Ram" | "Ims" => (parameter === "UserName" ? "Ram" : "Ims");

/** A user by its short name, and by its logon name where the record gave that whole. */
export type NamedUser = { readonly userName: string; readonly principalName?: string };

/** What the record says in full is sent back in full; any other form is not repeated to the cloud. */
const logonForm = /^[A-Za-z0-9._-]{1,64}@[A-Za-z0-9.-]{1,128}$/;

const asUser = (given: string): NamedUser | undefined => {
  const userName = shortName(given);
  if (userName === undefined) return undefined;
  return logonForm.test(given) ? { userName, principalName: given } : { userName };
};

/** The user that a call names, in its request or else in a part of its answer. */
export const userNamed = (
  { request }: CallRecord,
  parameter: UserParameter,
  answer?: JsonObject,
): Result<NamedUser, string> => {
  const given = textOf(request, parameter) ?? textOf(answer, parameter);
  const user = given === undefined ? undefined : asUser(given);
  return user === undefined ? failed(`names no user: \`${parameter}\` is missing`) : ok(user);
};

/** The user that made a call; it fails for a caller that is no user. */
export const callingUser = ({ actor }: CallRecord): Result<NamedUser, string> =>
  actor.kind === "user" ? ok({ userName: actor.name }) : failed("concerns its caller, who is no user");

/** A call that names no user concerns its caller (`ram-api.md` §9.19). */
export const userNamedOrCalling = (record: CallRecord, parameter: UserParameter): Result<NamedUser, string> =>
  textOf(record.request, parameter) === undefined ? callingUser(record) : userNamed(record, parameter);
