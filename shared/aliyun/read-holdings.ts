import type { CloudError } from "../domain/cloud-error.ts";
import { type Principal, samePrincipal } from "../domain/identity.ts";
import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type { GroupContents, HeldPolicy, Holdings, Login } from "../domain/subjects/identities.ts";
import type { DatedGrant, GrantsOf, GroupsOf, JoinedGroup } from "../ports/cloud.ts";
import { listAt, objectAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import { rowsAtOnce, rowsByMarker } from "./pages.ts";
import { type Attachment, listAccountPolicies, listAttachments, sinceIn } from "./read-attachments.ts";
import type { Parameters, Transport } from "./transport.ts";

type Read<Value> = Promise<Result<Value, CloudError>>;

const strange = (operation: string): Result<never, CloudError> => failed(unexpectedAnswer(operation, "read"));

const keysOf = async (send: Transport, userName: string): Read<Holdings["accessKeys"]> => {
  const listed = await rowsAtOnce(send, {
    service: "Ram",
    operation: "ListAccessKeys",
    parameters: { UserName: userName },
    rows: (body) => listAt(body, "AccessKeys", "AccessKey"),
  });
  if (!listed.ok) return listed;
  const keys = listed.value.map(keyOf);
  const known = keys.filter((key) => key !== undefined);
  return known.length === keys.length ? ok(known) : strange("Ram.ListAccessKeys");
};

const keyOf = (row: JsonObject): Holdings["accessKeys"][number] | undefined => {
  const accessKeyId = textAt(row, "AccessKeyId");
  const { Status: status } = row;
  return accessKeyId === undefined || (status !== "Active" && status !== "Inactive")
    ? undefined
    : { accessKeyId, status };
};

/** The object that a call answers about a user, `null` where the user has no such thing. */
const thingOf = async (
  send: Transport,
  service: "Ram" | "Ims",
  operation: string,
  parameters: Parameters,
  member: string,
): Read<JsonObject | null> => {
  const result = await send({ service, operation, parameters, effect: "read" });
  if (!result.ok) return result.error.kind === "not-found" ? ok(null) : result;
  const thing = objectAt(result.value.body, member);
  return thing === undefined ? strange(`${service}.${operation}`) : ok(thing);
};

const loginOf = async (send: Transport, principalName: string): Read<Login | null> => {
  const parameters = { UserPrincipalName: principalName };
  const result = await thingOf(send, "Ims", "GetLoginProfile", parameters, "LoginProfile");
  if (!result.ok || result.value === null) return result.ok ? ok(null) : result;
  const { Status: status, PasswordResetRequired: reset, MFABindRequired: bind } = result.value;
  if (status !== "Active" && status !== "Inactive") return strange("Ims.GetLoginProfile");
  return ok({ status, passwordResetRequired: reset === true, mfaBindRequired: bind === true });
};

const mfaOf = async (send: Transport, userName: string): Read<string | null> => {
  const result = await thingOf(send, "Ram", "GetUserMFAInfo", { UserName: userName }, "MFADevice");
  if (!result.ok || result.value === null) return result.ok ? ok(null) : result;
  const serial = textAt(result.value, "SerialNumber");
  return serial === undefined ? strange("Ram.GetUserMFAInfo") : ok(serial);
};

/** The groups that a user is in, and since when, by `Ram.ListGroupsForUser`, which is not paged. */
export const joinedGroups = async (send: Transport, userName: string): Read<readonly JoinedGroup[]> => {
  const listed = await rowsAtOnce(send, {
    service: "Ram",
    operation: "ListGroupsForUser",
    parameters: { UserName: userName },
    rows: (body) => listAt(body, "Groups", "Group"),
  });
  if (!listed.ok) return listed;
  const groups = listed.value.flatMap((row) => {
    const groupName = textAt(row, "GroupName");
    return groupName === undefined ? [] : [{ groupName, ...sinceIn(row, "JoinDate") }];
  });
  return groups.length === listed.value.length ? ok(groups) : strange("Ram.ListGroupsForUser");
};

/** The names of the groups that a user is in. */
export const groupsOfUser = async (send: Transport, userName: string): Read<readonly string[]> => {
  const groups = await joinedGroups(send, userName);
  return groups.ok ? ok(groups.value.map(({ groupName }) => groupName)) : groups;
};

const held = ({ policy, scope }: Pick<Attachment, "policy" | "scope">): HeldPolicy => ({ policy, scope });

/** Grants of the account by Ram, those of resource groups by ResourceManager: neither shows all of the other's. */
const datedGrantsOf = async (
  send: Transport,
  principal: Principal,
  filter: Parameters,
): Read<readonly DatedGrant[]> => {
  const wide = await listAccountPolicies(send, principal);
  if (!wide.ok) return wide;
  const scoped = await listAttachments(send, filter);
  if (!scoped.ok) return scoped;
  const own = scoped.value.filter((one) => one.scope !== "account" && samePrincipal(one.principal, principal));
  return ok([...wide.value.map((one): DatedGrant => ({ ...one, scope: "account" })), ...own]);
};

const grantsOf = async (send: Transport, principal: Principal, filter: Parameters): Read<readonly HeldPolicy[]> => {
  const dated = await datedGrantsOf(send, principal, filter);
  return dated.ok ? ok(dated.value.map(held)) : dated;
};

/** All that a user holds. `principalName` is its full name as Ims answers it, by which ResourceManager lists it too. */
export const readHoldings = async (send: Transport, userName: string, principalName: string): Read<Holdings> => {
  const accessKeys = await keysOf(send, userName);
  if (!accessKeys.ok) return accessKeys;
  const login = await loginOf(send, principalName);
  if (!login.ok) return login;
  const mfaSerial = await mfaOf(send, userName);
  if (!mfaSerial.ok) return mfaSerial;
  const groups = await groupsOfUser(send, userName);
  if (!groups.ok) return groups;
  const filter = { PrincipalType: "IMSUser", PrincipalName: principalName };
  const grants = await grantsOf(send, { kind: "user", name: userName }, filter);
  if (!grants.ok) return grants;
  return ok({
    accessKeys: accessKeys.value,
    login: login.value,
    mfaSerial: mfaSerial.value,
    groups: groups.value,
    grants: grants.value,
  });
};

/** Who is in a group, and what it carries. */
export const readContents = async (send: Transport, groupName: string): Read<GroupContents> => {
  const listed = await rowsByMarker(100)(send, {
    service: "Ims",
    operation: "ListUsersForGroup",
    parameters: { GroupName: groupName },
    rows: (body) => listAt(body, "Users", "User"),
  });
  if (!listed.ok) return listed;
  const members = listed.value.flatMap((row) => textAt(row, "UserPrincipalName")?.split("@")[0] ?? []);
  if (members.length !== listed.value.length) return strange("Ims.ListUsersForGroup");
  // Without a name to filter by: the domain of a group's full name has several spellings, and no call answers it.
  const grants = await grantsOf(send, { kind: "group", name: groupName }, { PrincipalType: "IMSGroup" });
  return grants.ok ? ok({ members, grants: grants.value }) : grants;
};

const principalTypes = { user: "IMSUser", group: "IMSGroup", role: "ServiceRole" } as const;

/**
 * What a user, a group or a role holds itself, for the account and in resource groups. Without a name to filter by, as the
 * domain of a full name has several spellings; nothing where there is no such principal.
 */
export const principalGrants =
  (send: Transport): GrantsOf =>
  async (principal) => {
    const grants = await datedGrantsOf(send, principal, { PrincipalType: principalTypes[principal.kind] });
    return grants.ok || grants.error.kind !== "not-found" ? grants : ok([]);
  };

/** The groups of a user; none where there is no such user. */
export const userGroups =
  (send: Transport): GroupsOf =>
  async (userName) => {
    const groups = await joinedGroups(send, userName);
    return groups.ok || groups.error.kind !== "not-found" ? groups : ok([]);
  };
