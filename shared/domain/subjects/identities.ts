import type { JsonObject } from "../json.ts";
import type { PolicyName, RefBase, Scope } from "./common.ts";
import { scopeText } from "./common.ts";
import type { KindInfo } from "./kind-info.ts";

export type UserRef = RefBase<"user"> & {
  readonly userName: string;
  /** The logon name, `alice@corp.onaliyun.com`, where the event gave it. */
  readonly principalName?: string;
  /** Where the event gave it: the user is then found by it, and another that bears the name by now is not taken for it. */
  readonly userId?: string;
  /** What the user was called before the change, where the change renames it. */
  readonly formerName?: string;
  /** The change gives another name and nothing else, so that the name alone leads back. */
  readonly onlyRenamed?: true;
  /** Whether what the user holds matters too: for a user that is new. */
  readonly withHoldings?: true;
  /** A user that is not there is looked for in the recycle bin: for one that was deleted. */
  readonly inBin?: true;
};

export type Login = {
  readonly status: "Active" | "Inactive";
  readonly passwordResetRequired: boolean;
  readonly mfaBindRequired: boolean;
};

/** A grant as one of its two ends shows it. */
export type HeldPolicy = { readonly policy: PolicyName; readonly scope: Scope };

/** All that lets a user act or be acted as: what has to be stopped, and what has to go before the user can be deleted. */
export type Holdings = {
  readonly accessKeys: readonly { readonly accessKeyId: string; readonly status: "Active" | "Inactive" }[];
  readonly login: Login | null;
  readonly mfaSerial: string | null;
  readonly groups: readonly string[];
  readonly grants: readonly HeldPolicy[];
};

export type User = {
  readonly kind: "user";
  readonly userId: string;
  readonly userName: string;
  readonly displayName: string;
  readonly comments: string;
  readonly email: string;
  readonly mobilePhone: string;
  /** Who keeps the user: `Manual`, or a directory such as `CloudSSO`; empty where the API does not say. */
  readonly provisionType: string;
  readonly createdAt?: string;
  readonly holdings?: Holdings;
  /** The user is in the recycle bin, which tells no more of it than its id and its names. */
  readonly recycled?: true;
};

export type GroupRef = RefBase<"group"> & {
  readonly groupName: string;
  /** Where the event gave it: another group that bears the name by now is not taken for this one. */
  readonly groupId?: string;
  readonly formerName?: string;
  readonly onlyRenamed?: true;
  /** Whether who is in the group and what it carries matter too: for a group that is new. */
  readonly withContents?: true;
};

export type GroupContents = { readonly members: readonly string[]; readonly grants: readonly HeldPolicy[] };

export type Group = {
  readonly kind: "group";
  readonly groupId: string;
  readonly groupName: string;
  readonly displayName: string;
  readonly comments: string;
  readonly createdAt?: string;
  readonly contents?: GroupContents;
};

export type MembershipRef = RefBase<"membership"> & {
  readonly userName: string;
  readonly groupName: string;
  readonly principalName?: string;
};

export type Membership = {
  readonly kind: "membership";
  readonly userName: string;
  readonly groupName: string;
  /** Since when, as the cloud writes it. */
  readonly joinedAt?: string;
};

/** Where a user is that can be deleted and brought back: what calls concern that name it by its id alone. */
export type RecycledUserRef = RefBase<"recycled-user"> & {
  readonly userId: string;
  /** Where the event proves the user to have been before it. */
  readonly from: "bin" | "account";
  readonly withHoldings?: true;
};

export type RecycledUser = {
  readonly kind: "recycled-user";
  readonly userId: string;
  /** Empty where only an event tells of it. */
  readonly userName: string;
  readonly place: "bin" | "account";
  readonly holdings?: Holdings;
};

export type IdentityRef = UserRef | GroupRef | MembershipRef | RecycledUserRef;
export type IdentitySubject = User | Group | Membership | RecycledUser;

const grantTexts = (grants: readonly HeldPolicy[]): readonly string[] =>
  grants.map(({ policy, scope }) => `${policy.type}/${policy.name}/${scopeText(scope)}`).sort();

const holdingsText = (holdings: Holdings): JsonObject => ({
  accessKeys: holdings.accessKeys.map(({ accessKeyId, status }) => `${accessKeyId} ${status}`).sort(),
  login: holdings.login === null ? null : { ...holdings.login },
  mfaSerial: holdings.mfaSerial,
  groups: [...holdings.groups].sort(),
  grants: grantTexts(holdings.grants),
});

const withHoldings = (holdings: Holdings | undefined): JsonObject =>
  holdings === undefined ? {} : { holdings: holdingsText(holdings) };

const comparedUser = (user: User): JsonObject => {
  const { userName, displayName, comments, email, mobilePhone, provisionType, holdings } = user;
  if (user.recycled === true) return { recycled: true, userName };
  return {
    userName,
    displayName,
    comments,
    email,
    mobilePhone,
    // Where an API does not say who keeps a user, nobody but its makers does.
    provisionType: provisionType === "" ? "Manual" : provisionType,
    ...withHoldings(holdings),
  };
};

export const userKind: KindInfo<UserRef, User> = {
  key: ({ userName }) => [userName],
  text: ({ userName, formerName }) => `user ${userName}${formerName === undefined ? "" : ` (before: ${formerName})`}`,
  names: ({ userName, formerName }) => (formerName === undefined ? [userName] : [userName, formerName]),
  touches: ({ userName }) => ({ kind: "user", name: userName }),
  compared: comparedUser,
  incarnation: ({ userId }) => userId,
  // What a user holds changes by calls of its own, and one in the recycle bin is no user any more.
  kept: ({ holdings: _, ...user }) => (user.recycled === true ? undefined : user),
};

export const groupKind: KindInfo<GroupRef, Group> = {
  key: ({ groupName }) => [groupName],
  text: ({ groupName, formerName }) =>
    `group ${groupName}${formerName === undefined ? "" : ` (before: ${formerName})`}`,
  names: ({ groupName, formerName }) => (formerName === undefined ? [groupName] : [groupName, formerName]),
  touches: ({ groupName }) => ({ kind: "group", name: groupName }),
  compared: ({ groupName, displayName, comments, contents }) => ({
    groupName,
    displayName,
    comments,
    ...(contents === undefined
      ? {}
      : { contents: { members: [...contents.members].sort(), grants: grantTexts(contents.grants) } }),
  }),
  incarnation: ({ groupId }) => groupId,
  kept: ({ contents: _, ...group }) => group,
};

export const membershipKind: KindInfo<MembershipRef, Membership> = {
  key: ({ userName, groupName }) => [userName, groupName],
  text: ({ userName, groupName }) => `membership of user ${userName} in group ${groupName}`,
  names: ({ userName, groupName }) => [userName, groupName],
  touches: ({ userName }) => ({ kind: "user", name: userName }),
  compared: ({ userName, groupName }) => ({ userName, groupName }),
  link: ({ userName, groupName }) => ({ kind: "membership", userName, groupName }),
};

export const recycledUserKind: KindInfo<RecycledUserRef, RecycledUser> = {
  key: ({ userId }) => [userId],
  text: ({ userId }) => `user with the id ${userId}, in or out of the recycle bin`,
  names: ({ userId }) => [userId],
  touches: () => "account",
  compared: ({ userId, place, holdings }) => ({ userId, place, ...withHoldings(holdings) }),
  link: ({ userId, from }) => ({ kind: "recycled-user", userId, userName: "", place: from }),
};
