import type { PolicyName, RefBase, Scope } from "./common.ts";
import { scopeText } from "./common.ts";
import type { KindInfo } from "./kind-info.ts";

export type UserRef = RefBase<"user"> & {
  readonly userName: string;
  /** The logon name, `alice@corp.onaliyun.com`, where the event gave it. */
  readonly principalName?: string;
  /** What the user was called before the change, where the change renames it. */
  readonly formerName?: string;
  /** Whether what the user holds matters too: for a user that is new, or back from the recycle bin. */
  readonly withHoldings?: true;
};

/** All that lets a user act or be acted as: what has to be stopped, and what has to go before the user can be deleted. */
export type Holdings = {
  readonly accessKeys: readonly { readonly accessKeyId: string; readonly status: "Active" | "Inactive" }[];
  readonly login: "Active" | "Inactive" | "none";
  readonly mfaSerial: string | null;
  readonly groups: readonly string[];
  readonly grants: readonly { readonly policy: PolicyName; readonly scope: Scope }[];
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
};

export type GroupRef = RefBase<"group"> & {
  readonly groupName: string;
  readonly formerName?: string;
};

export type Group = {
  readonly kind: "group";
  readonly groupId: string;
  readonly groupName: string;
  readonly displayName: string;
  readonly comments: string;
  readonly createdAt?: string;
};

export type MembershipRef = RefBase<"membership"> & {
  readonly userName: string;
  readonly groupName: string;
  readonly principalName?: string;
};

export type Membership = { readonly kind: "membership"; readonly userName: string; readonly groupName: string };

/** A user in the recycle bin: what can still be brought back. */
export type RecycledUserRef = RefBase<"recycled-user"> & { readonly userId: string };

export type RecycledUser = { readonly kind: "recycled-user"; readonly userId: string; readonly userName: string };

export type IdentityRef = UserRef | GroupRef | MembershipRef | RecycledUserRef;
export type IdentitySubject = User | Group | Membership | RecycledUser;

const holdingsText = (holdings: Holdings) => ({
  accessKeys: holdings.accessKeys.map(({ accessKeyId, status }) => `${accessKeyId} ${status}`).sort(),
  login: holdings.login,
  mfaSerial: holdings.mfaSerial,
  groups: [...holdings.groups].sort(),
  grants: holdings.grants.map(({ policy, scope }) => `${policy.type}/${policy.name}/${scopeText(scope)}`).sort(),
});

export const userKind: KindInfo<UserRef, User> = {
  key: ({ userName }) => [userName],
  text: ({ userName, formerName }) => `user ${userName}${formerName === undefined ? "" : ` (before: ${formerName})`}`,
  names: ({ userName, formerName }) => (formerName === undefined ? [userName] : [userName, formerName]),
  touches: ({ userName }) => ({ kind: "user", name: userName }),
  compared: ({ userName, displayName, comments, email, mobilePhone, provisionType, holdings }) => ({
    userName,
    displayName,
    comments,
    email,
    mobilePhone,
    provisionType,
    ...(holdings === undefined ? {} : { holdings: holdingsText(holdings) }),
  }),
  incarnation: ({ userId }) => userId,
};

export const groupKind: KindInfo<GroupRef, Group> = {
  key: ({ groupName }) => [groupName],
  text: ({ groupName, formerName }) =>
    `group ${groupName}${formerName === undefined ? "" : ` (before: ${formerName})`}`,
  names: ({ groupName, formerName }) => (formerName === undefined ? [groupName] : [groupName, formerName]),
  touches: ({ groupName }) => ({ kind: "group", name: groupName }),
  compared: ({ groupName, displayName, comments }) => ({ groupName, displayName, comments }),
  incarnation: ({ groupId }) => groupId,
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
  text: ({ userId }) => `user ${userId} in the recycle bin`,
  names: ({ userId }) => [userId],
  touches: () => "account",
  compared: ({ userId }) => ({ userId }),
};
