import type { JsonObject } from "../domain/json.ts";
import { isJsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type { Gone } from "../domain/subject.ts";
import { gone } from "../domain/subject.ts";
import type {
  Group,
  GroupRef,
  Membership,
  MembershipRef,
  RecycledUserRef,
  User,
  UserRef,
} from "../domain/subjects/identities.ts";
import type { About, CallRecord, Entries, OperationEntry, Reading } from "./entry.ts";
import { objectOf, textOf } from "./fields.ts";
import { shortName } from "./principals.ts";
import { membersIn } from "./request-lists.ts";

type Route = "Ram" | "Ims";

/** As it stands: white space at the ends is part of a comment. */
const exactly = (from: JsonObject, name: string): string => {
  const value = from[name];
  return typeof value === "string" ? value : "";
};

/** An id that a record shows whole; a starred one is redacted and leads nowhere. */
const idOf = (from: JsonObject | undefined, name: string): string | undefined => {
  const id = textOf(from, name);
  return id === undefined || id.includes("*") ? undefined : id;
};

const nameParameter = { Ram: "UserName", Ims: "UserPrincipalName" } as const;

type Named = { readonly userName: string; readonly principalName?: string };

/** A user by the name at a parameter, and the full name where Ims gives one. */
const namedAt = (from: JsonObject | undefined, parameter: string): Named | undefined => {
  const given = textOf(from, parameter);
  const userName = given === undefined ? undefined : shortName(given);
  if (given === undefined || userName === undefined) return undefined;
  return given.includes("@") ? { userName, principalName: given } : { userName };
};

/**
 * The whole user as an answer tells it. Ram's does not say who keeps the user: of a new one that is known all the same,
 * of an old one it is not, and then nothing is claimed.
 */
const claimedUser = (answered: JsonObject | undefined, route: Route, isNew: boolean): User | undefined => {
  const userId = idOf(answered, "UserId");
  const named = namedAt(answered, nameParameter[route]);
  const keeper = textOf(answered, "ProvisionType");
  if (answered === undefined || userId === undefined || named === undefined) return undefined;
  if (textOf(answered, "DisplayName") === undefined || (keeper === undefined && !isNew)) return undefined;
  const createdAt = textOf(answered, "CreateDate");
  const user: User = {
    kind: "user",
    userId,
    userName: named.userName,
    displayName: exactly(answered, "DisplayName"),
    comments: exactly(answered, "Comments"),
    email: exactly(answered, "Email"),
    mobilePhone: exactly(answered, "MobilePhone"),
    provisionType: keeper ?? "Manual",
    ...(createdAt === undefined ? {} : { createdAt }),
  };
  // A phone number or an address may be starred out: then the answer does not tell the user whole.
  return [user.mobilePhone, user.email].some((value) => value.includes("***")) ? undefined : user;
};

const userRef = ({ accountId }: CallRecord, route: Route, named: Named, more: Partial<UserRef> = {}): UserRef => ({
  kind: "user",
  accountId,
  route,
  ...named,
  ...more,
});

const withId = (userId: string | undefined) => (userId === undefined ? {} : { userId });

const aboutNewUser = (record: CallRecord, route: Route, named: Named, answered: JsonObject | undefined): About => ({
  subject: userRef(record, route, named, { ...withId(idOf(answered, "UserId")), withHoldings: true }),
  claimed: claimedUser(answered, route, true),
});

const readNewUser =
  (route: Route) =>
  (record: CallRecord): Result<Reading, string> => {
    const answered = objectOf(record.response, "User");
    const parameter = nameParameter[route];
    const named = namedAt(record.request, parameter) ?? namedAt(answered, parameter);
    if (named === undefined) return failed(`names no user: \`${parameter}\` is missing`);
    return ok({ kind: "subject", ...aboutNewUser(record, route, named, answered) });
  };

/** The console's call has no published contract: users are read from its answer, else from its request. */
const readNewUsers = (record: CallRecord): Result<Reading, string> => {
  const listed = objectOf(record.response, "Users")?.User;
  const answers = Array.isArray(listed) ? listed.filter(isJsonObject) : [];
  const all = answers.flatMap((answered): readonly About[] => {
    const named = namedAt(answered, "UserPrincipalName");
    return named === undefined ? [] : [aboutNewUser(record, "Ims", named, answered)];
  });
  const asked = membersIn(record.request, "User", "UserPrincipalName").flatMap((principal): readonly About[] => {
    const named = namedAt({ principal }, "principal");
    return named === undefined ? [] : [aboutNewUser(record, "Ims", named, undefined)];
  });
  const [first, ...others] = all.length > 0 ? all : asked;
  return first === undefined
    ? failed("names no user in a form that is known")
    : ok({ kind: "subjects", all: [first, ...others] });
};

const otherValues = ["NewDisplayName", "NewComments", "NewEmail", "NewMobilePhone"];

const isOnlyRenamed = (request: JsonObject): boolean => otherValues.every((name) => request[name] === undefined);

const readUpdatedUser =
  (route: Route) =>
  (record: CallRecord): Result<Reading, string> => {
    const { request } = record;
    const answered = objectOf(record.response, "User");
    const parameter = nameParameter[route];
    const old = namedAt(request, parameter);
    const named = namedAt(request, `New${parameter}`) ?? namedAt(answered, parameter) ?? old;
    if (named === undefined)
      return failed(`names no user: neither \`${parameter}\` nor an answer tells how it is called`);
    const isRenamed = old !== undefined && old.userName !== named.userName;
    const subject = userRef(record, route, named, {
      ...withId(idOf(answered, "UserId") ?? idOf(request, "UserId")),
      ...(isRenamed ? { formerName: old.userName } : {}),
      ...(isRenamed && isOnlyRenamed(request) ? { onlyRenamed: true } : {}),
    });
    return ok({ kind: "subject", subject, claimed: claimedUser(answered, route, false) });
  };

const byIdAlone = (record: CallRecord, userId: string, from: RecycledUserRef["from"]): RecycledUserRef => ({
  kind: "recycled-user",
  accountId: record.accountId,
  route: "Ims",
  userId,
  from,
});

const readDeletedUser =
  (route: Route) =>
  (record: CallRecord): Result<Reading, string> => {
    const parameter = nameParameter[route];
    const named = namedAt(record.request, parameter);
    const userId = idOf(record.request, "UserId");
    if (named !== undefined) {
      const subject = userRef(record, route, named, { ...withId(userId), inBin: true });
      return ok({ kind: "subject", subject, claimed: gone });
    }
    if (userId === undefined || route === "Ram") return failed(`names no user: \`${parameter}\` is missing`);
    return ok({ kind: "subject", subject: byIdAlone(record, userId, "account"), claimed: undefined });
  };

const readRestored = (record: CallRecord): Result<Reading, string> => {
  const userId = idOf(record.request, "UserId");
  if (userId === undefined) return failed("names no user: `UserId` is missing");
  const subject: RecycledUserRef = { ...byIdAlone(record, userId, "bin"), withHoldings: true };
  return ok({ kind: "subject", subject, claimed: undefined });
};

const readPurged = (record: CallRecord): Result<Reading, string> => {
  const userId = idOf(record.request, "UserId");
  if (userId === undefined) return failed("names no user: `UserId` is missing");
  return ok({ kind: "subject", subject: byIdAlone(record, userId, "bin"), claimed: gone });
};

const readProvisionType = (record: CallRecord): Result<Reading, string> => {
  const named = namedAt(record.request, "UserPrincipalName");
  if (named === undefined) return failed("names no user: `UserPrincipalName` is missing");
  return ok({ kind: "subject", subject: userRef(record, "Ims", named), claimed: undefined });
};

/** The whole group as an answer tells it; Ram's leaves out the display name. */
const claimedGroup = (answered: JsonObject | undefined, route: Route): Group | undefined => {
  const groupId = idOf(answered, "GroupId");
  const groupName = textOf(answered, "GroupName");
  if (answered === undefined || groupId === undefined || groupName === undefined) return undefined;
  if (route === "Ram" || typeof answered.DisplayName !== "string") return undefined;
  const createdAt = textOf(answered, "CreateDate");
  return {
    kind: "group",
    groupId,
    groupName,
    displayName: exactly(answered, "DisplayName"),
    comments: exactly(answered, "Comments"),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
};

const readGroup =
  (
    route: Route,
    more: { readonly withContents?: true },
    claimed: (answered: JsonObject | undefined) => Group | Gone | undefined,
  ) =>
  (record: CallRecord): Result<Reading, string> => {
    const { accountId, request } = record;
    const answered = objectOf(record.response, "Group");
    const old = textOf(request, "GroupName");
    const groupName = textOf(request, "NewGroupName") ?? textOf(answered, "GroupName") ?? old;
    if (groupName === undefined) return failed("names no group: `GroupName` is missing");
    const groupId = idOf(answered, "GroupId");
    const isRenamed = old !== undefined && old !== groupName;
    const subject: GroupRef = {
      kind: "group",
      accountId,
      route,
      groupName,
      ...(groupId === undefined ? {} : { groupId }),
      ...(isRenamed ? { formerName: old } : {}),
      ...(isRenamed && isOnlyRenamed(request) ? { onlyRenamed: true } : {}),
      ...more,
    };
    return ok({ kind: "subject", subject, claimed: claimed(answered) });
  };

const readMembership =
  (route: Route, becomes: "there" | "gone") =>
  (record: CallRecord): Result<Reading, string> => {
    const named = namedAt(record.request, nameParameter[route]);
    const groupName = textOf(record.request, "GroupName");
    if (named === undefined) return failed(`names no user: \`${nameParameter[route]}\` is missing`);
    if (groupName === undefined) return failed("names no group: `GroupName` is missing");
    const subject: MembershipRef = { kind: "membership", accountId: record.accountId, route, ...named, groupName };
    const there: Membership = { kind: "membership", userName: named.userName, groupName };
    return ok({ kind: "subject", subject, claimed: becomes === "gone" ? gone : there });
  };

const newUser = (route: Route): OperationEntry => ({
  subject: "user",
  effect: "made",
  lost: [],
  remedy: {
    level: "full",
    why: "each key of the user is set Inactive, then its logon; one that has neither in use is deleted in the order that RAM demands, which is for a person to decide",
    calls: ["Ram.UpdateAccessKey", "Ims.UpdateLoginProfile", `${route}.DeleteUser`],
  },
  read: readNewUser(route),
});

const updatedUser = (route: Route): OperationEntry => ({
  subject: "user",
  effect: "changed",
  lost: ["display name", "comments", "e-mail address", "phone number"],
  remedy: {
    level: "partial",
    why: "the former name is in the request, so a mere renaming is taken back by itself; the other values are put back where a baseline tells them",
    calls: [`${route}.UpdateUser`],
  },
  read: readUpdatedUser(route),
});

const deletedUser = (route: Route): OperationEntry => ({
  subject: "user",
  effect: "removed",
  lost: ["password", "second factor", "groups", "policies", "AccessKeys"],
  remedy: {
    level: "partial",
    why: "a user in the recycle bin is restored by its id, any other is made again under another id; neither brings back its password, second factor, groups or policies, so a person decides",
    calls: ["Ims.RestoreUserFromRecycleBin", `${route}.CreateUser`],
  },
  read: readDeletedUser(route),
});

const newGroup = (route: Route): OperationEntry => ({
  subject: "group",
  effect: "made",
  lost: [],
  remedy: {
    level: "full",
    why: "a new group that has neither members nor policies is deleted; one that has is emptied and deleted by a person",
    calls: [`${route}.DeleteGroup`],
  },
  read: readGroup(route, { withContents: true }, (answered) => claimedGroup(answered, route)),
});

const updatedGroup = (route: Route): OperationEntry => ({
  subject: "group",
  effect: "changed",
  lost: ["display name", "comments"],
  remedy: {
    level: "partial",
    why: "the former name is in the request, so a mere renaming is taken back by itself; the other values are put back where a baseline tells them",
    calls: [`${route}.UpdateGroup`],
  },
  read: readGroup(route, {}, (answered) => claimedGroup(answered, route)),
});

const deletedGroup = (route: Route): OperationEntry => ({
  subject: "group",
  effect: "removed",
  lost: ["display name", "comments"],
  remedy: {
    level: "partial",
    why: "the group is made again, empty and under another id, by a person; members and policies were taken off it by calls of their own",
    calls: [`${route}.CreateGroup`],
  },
  read: readGroup(route, {}, () => gone),
});

const joined = (route: Route): OperationEntry => ({
  subject: "membership",
  effect: "made",
  lost: [],
  remedy: {
    level: "full",
    why: "RAM answers 409 to a membership that exists, so success proves that it was new",
    calls: [`${route}.RemoveUserFromGroup`],
  },
  read: readMembership(route, "there"),
});

const left = (route: Route): OperationEntry => ({
  subject: "membership",
  effect: "removed",
  lost: [],
  remedy: {
    level: "full",
    why: "a membership is nothing but itself; to give it back gives what the group carries today, so a person decides",
    calls: [`${route}.AddUserToGroup`],
  },
  read: readMembership(route, "gone"),
});

/** The operations on users, groups and who is in which. */
export const identitiesOperations = {
  "Ram.CreateUser": newUser("Ram"),
  "Ims.CreateUser": newUser("Ims"),
  "Ims.BatchCreateUser": { ...newUser("Ims"), read: readNewUsers },
  "Ram.UpdateUser": updatedUser("Ram"),
  "Ims.UpdateUser": updatedUser("Ims"),
  "Ram.DeleteUser": deletedUser("Ram"),
  "Ims.DeleteUser": deletedUser("Ims"),
  "Ims.RestoreUserFromRecycleBin": {
    subject: "recycled-user",
    effect: "removed",
    lost: [],
    remedy: {
      level: "full",
      why: "each key in use is set Inactive, and the logon too; one that has neither goes back to the recycle bin by a person",
      calls: ["Ram.UpdateAccessKey", "Ims.UpdateLoginProfile", "Ims.DeleteUser"],
    },
    read: readRestored,
  },
  "Ims.DeleteUserInRecycleBin": {
    subject: "recycled-user",
    effect: "removed",
    lost: ["the user for good", "its AccessKeys"],
    remedy: { level: "none", why: "what is purged from the recycle bin is gone for good", calls: [] },
    read: readPurged,
  },
  "Ims.UpdateUserProvisionType": {
    subject: "user",
    effect: "changed",
    lost: ["who keeps the user"],
    remedy: {
      level: "none",
      why: "a call of CloudSSO without a published contract: who keeps a user is changed in CloudSSO",
      calls: [],
    },
    read: readProvisionType,
  },
  "Ram.CreateGroup": newGroup("Ram"),
  "Ims.CreateGroup": newGroup("Ims"),
  "Ram.UpdateGroup": updatedGroup("Ram"),
  "Ims.UpdateGroup": updatedGroup("Ims"),
  "Ram.DeleteGroup": deletedGroup("Ram"),
  "Ims.DeleteGroup": deletedGroup("Ims"),
  "Ram.AddUserToGroup": joined("Ram"),
  "Ims.AddUserToGroup": joined("Ims"),
  "Ims.AddUserToUserGroup": {
    subject: "membership",
    effect: "changed",
    lost: [],
    remedy: {
      level: "partial",
      why: "the console's own call has no published contract, so nothing proves that the membership is new: a person decides",
      calls: ["Ims.RemoveUserFromGroup"],
    },
    read: readMembership("Ims", "there"),
  },
  "Ram.RemoveUserFromGroup": left("Ram"),
  "Ims.RemoveUserFromGroup": left("Ims"),
} as const satisfies Entries;
