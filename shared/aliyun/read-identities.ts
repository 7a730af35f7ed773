import type { CloudError } from "../domain/cloud-error.ts";
import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import { type Gone, gone } from "../domain/subject.ts";
import type {
  Group,
  GroupRef,
  Membership,
  MembershipRef,
  RecycledUser,
  RecycledUserRef,
  User,
  UserRef,
} from "../domain/subjects/identities.ts";
import { listAt, objectAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import { rowsByMarker } from "./pages.ts";
import { goneWhenMissing } from "./ram.ts";
import { joinedGroups, readContents, readHoldings } from "./read-holdings.ts";
import type { SubjectReader } from "./read-subject.ts";
import type { Parameters, Transport } from "./transport.ts";

/** Every operation that reading an identity calls, of Ram, Ims and ResourceManager; the looking role may do these. */
export const identitiesReads = [
  "GetUser",
  "GetUserInRecycleBin",
  "ListUsersInRecycleBin",
  "ListAccessKeys",
  "GetLoginProfile",
  "GetUserMFAInfo",
  "ListGroupsForUser",
  "ListPoliciesForUser",
  "GetGroup",
  "ListUsersForGroup",
  "ListPoliciesForGroup",
  "ListPolicyAttachments",
] as const;

type Read<Value> = Promise<Result<Value, CloudError>>;

const strange = (operation: string, requestId?: string): Result<never, CloudError> =>
  failed(unexpectedAnswer(operation, "read", requestId));

const get = async (
  send: Transport,
  service: "Ram" | "Ims",
  operation: (typeof identitiesReads)[number],
  parameters: Parameters,
  member: string,
): Read<JsonObject | Gone> => {
  const result = await send({ service, operation, parameters, effect: "read" });
  if (!result.ok) return goneWhenMissing(result.error);
  const thing = objectAt(result.value.body, member);
  return thing === undefined ? strange(`${service}.${operation}`, result.value.requestId) : ok(thing);
};

const isGone = (value: JsonObject | Gone): value is Gone => value === gone;

/** A live user with the full name that Ims gives it. */
type Found = { readonly user: User; readonly principalName: string };

/** A user as an answer of Ims tells it: `GetUser`, or a row of `ListUsers`, which have the same fields. */
export const userOf = (answered: JsonObject): Found | undefined => {
  const userId = textAt(answered, "UserId");
  const principalName = textAt(answered, "UserPrincipalName");
  const userName = principalName?.split("@")[0];
  if (userId === undefined || principalName === undefined || !userName) return undefined;
  const createdAt = textAt(answered, "CreateDate");
  return {
    principalName,
    user: {
      kind: "user",
      userId,
      userName,
      displayName: textAt(answered, "DisplayName") ?? "",
      comments: textAt(answered, "Comments") ?? "",
      email: textAt(answered, "Email") ?? "",
      mobilePhone: textAt(answered, "MobilePhone") ?? "",
      provisionType: textAt(answered, "ProvisionType") ?? "",
      ...(createdAt === undefined ? {} : { createdAt }),
    },
  };
};

/** Ims alone says who keeps a user; by its id a user is found whatever it is called by now. */
const userById = async (send: Transport, userId: string): Read<Found | Gone> => {
  const result = await get(send, "Ims", "GetUser", { UserId: userId }, "User");
  if (!result.ok || isGone(result.value)) return result.ok ? ok(gone) : result;
  const found = userOf(result.value);
  return found?.user.userId === userId ? ok(found) : strange("Ims.GetUser");
};

/** Ram takes the short name, which has one spelling; Ims wants a domain, which has several. */
const userByName = async (send: Transport, userName: string): Read<Found | Gone> => {
  const result = await get(send, "Ram", "GetUser", { UserName: userName }, "User");
  if (!result.ok || isGone(result.value)) return result.ok ? ok(gone) : result;
  const userId = textAt(result.value, "UserId");
  return userId === undefined ? strange("Ram.GetUser") : userById(send, userId);
};

const liveUser = async (send: Transport, { userId, userName, formerName }: UserRef): Read<Found | Gone> => {
  if (userId !== undefined) return userById(send, userId);
  const found = await userByName(send, userName);
  return found.ok && found.value === gone && formerName !== undefined ? userByName(send, formerName) : found;
};

const recycledUser = (answered: JsonObject): User | undefined => {
  const userId = textAt(answered, "UserId");
  const userName = textAt(answered, "UserPrincipalName")?.split("@")[0];
  if (userId === undefined || !userName) return undefined;
  const displayName = textAt(answered, "DisplayName") ?? "";
  const nothing = { comments: "", email: "", mobilePhone: "", provisionType: "" };
  return { kind: "user", userId, userName, displayName, ...nothing, recycled: true };
};

/**
 * A deleted user in the recycle bin: by its id, else the one of its name that was deleted last. The list has a filter by
 * full name, but the domain of that has several spellings.
 */
const inRecycleBin = async (send: Transport, { userId, userName }: UserRef): Read<User | Gone> => {
  if (userId !== undefined) {
    const result = await get(send, "Ims", "GetUserInRecycleBin", { UserId: userId }, "User");
    if (!result.ok || isGone(result.value)) return result.ok ? ok(gone) : result;
    const user = recycledUser(result.value);
    return user === undefined ? strange("Ims.GetUserInRecycleBin") : ok(user);
  }
  const listed = await rowsByMarker(100)(send, {
    service: "Ims",
    operation: "ListUsersInRecycleBin",
    parameters: {},
    rows: (body) => listAt(body, "Users", "User"),
  });
  if (!listed.ok) return listed;
  const [last] = listed.value
    .filter((row) => textAt(row, "UserPrincipalName")?.split("@")[0] === userName)
    .sort((a, b) => ((textAt(a, "RecycleDate") ?? "") < (textAt(b, "RecycleDate") ?? "") ? 1 : -1));
  if (last === undefined) return ok(gone);
  const user = recycledUser(last);
  return user === undefined ? strange("Ims.ListUsersInRecycleBin") : ok(user);
};

const readUser = async (send: Transport, ref: UserRef): Read<User | Gone> => {
  const found = await liveUser(send, ref);
  if (!found.ok) return found;
  if (found.value === gone) return ref.inBin === true ? inRecycleBin(send, ref) : ok(gone);
  const { user, principalName } = found.value as Found;
  if (ref.withHoldings !== true) return ok(user);
  const holdings = await readHoldings(send, user.userName, principalName);
  return holdings.ok ? ok({ ...user, holdings: holdings.value }) : goneWhenMissing(holdings.error);
};

/** A group as an answer of Ims tells it: `GetGroup`, or a row of `ListGroups`, which have the same fields. */
export const groupOf = (answered: JsonObject): Group | undefined => {
  const groupId = textAt(answered, "GroupId");
  const groupName = textAt(answered, "GroupName");
  if (groupId === undefined || groupName === undefined) return undefined;
  const createdAt = textAt(answered, "CreateDate");
  return {
    kind: "group",
    groupId,
    groupName,
    displayName: textAt(answered, "DisplayName") ?? "",
    comments: textAt(answered, "Comments") ?? "",
    ...(createdAt === undefined ? {} : { createdAt }),
  };
};

/** Ram's answer leaves the display name out, so a group is read by Ims whatever way the change came. */
const groupNamed = async (send: Transport, name: string): Read<Group | Gone> => {
  const result = await get(send, "Ims", "GetGroup", { GroupName: name }, "Group");
  if (!result.ok || isGone(result.value)) return result.ok ? ok(gone) : result;
  const group = groupOf(result.value);
  return group === undefined ? strange("Ims.GetGroup") : ok(group);
};

/** The group that is meant: one of the same name with another id is another. */
const meantBy = (ref: GroupRef, group: Group | Gone): Group | Gone =>
  group.kind === "group" && ref.groupId !== undefined && group.groupId !== ref.groupId ? gone : group;

const readGroup = async (send: Transport, ref: GroupRef): Read<Group | Gone> => {
  let found = await groupNamed(send, ref.groupName);
  if (!found.ok) return found;
  let group = meantBy(ref, found.value);
  if (group.kind === "gone" && ref.formerName !== undefined) {
    found = await groupNamed(send, ref.formerName);
    if (!found.ok) return found;
    group = meantBy(ref, found.value);
  }
  if (group.kind === "gone" || ref.withContents !== true) return ok(group);
  const contents = await readContents(send, group.groupName);
  if (contents.ok) return ok({ ...group, contents: contents.value });
  return goneWhenMissing(contents.error);
};

const readMembership = async (send: Transport, { userName, groupName }: MembershipRef): Read<Membership | Gone> => {
  const groups = await joinedGroups(send, userName);
  if (!groups.ok) return goneWhenMissing(groups.error);
  const joined = groups.value.find((group) => group.groupName === groupName);
  if (joined === undefined) return ok(gone);
  const at = joined.since === undefined ? {} : { joinedAt: new Date(joined.since).toISOString() };
  return ok({ kind: "membership", userName, groupName, ...at });
};

const readRecycledUser = async (send: Transport, ref: RecycledUserRef): Read<RecycledUser | Gone> => {
  const { userId } = ref;
  const binned = await get(send, "Ims", "GetUserInRecycleBin", { UserId: userId }, "User");
  if (!binned.ok) return binned;
  if (!isGone(binned.value)) {
    const user = recycledUser(binned.value);
    return user === undefined
      ? strange("Ims.GetUserInRecycleBin")
      : ok({ kind: "recycled-user", userId, userName: user.userName, place: "bin" });
  }
  const found = await userById(send, userId);
  if (!found.ok) return found;
  if (found.value === gone) return ok(gone);
  const { user, principalName } = found.value as Found;
  const restored = { kind: "recycled-user", userId, userName: user.userName, place: "account" } as const;
  if (ref.withHoldings !== true) return ok(restored);
  const holdings = await readHoldings(send, user.userName, principalName);
  return holdings.ok ? ok({ ...restored, holdings: holdings.value }) : goneWhenMissing(holdings.error);
};

type Kind = "user" | "group" | "membership" | "recycled-user";

export const identitiesReaders: { readonly [kind in Kind]: SubjectReader<kind> } = {
  user: readUser,
  group: readGroup,
  membership: readMembership,
  "recycled-user": readRecycledUser,
};
