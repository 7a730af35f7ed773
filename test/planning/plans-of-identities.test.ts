import { describe } from "vitest";
import { gone } from "../../shared/domain/subject.ts";
import type {
  Group,
  GroupRef,
  Holdings,
  Membership,
  MembershipRef,
  RecycledUser,
  RecycledUserRef,
  User,
  UserRef,
} from "../../shared/domain/subjects/identities.ts";
import { own } from "./changes.ts";
import { changed, goldenPlans } from "./golden-plans.ts";

const userRef = (over: Partial<UserRef> = {}): UserRef => ({
  kind: "user",
  accountId: own,
  route: "Ram",
  userName: "alice",
  ...over,
});
const user = (over: Partial<User> = {}): User => ({
  kind: "user",
  userId: "200",
  userName: "alice",
  displayName: "Alice",
  comments: "of the shop",
  email: "alice@shop.example",
  mobilePhone: "86-13900001234",
  provisionType: "Manual",
  ...over,
});
const login = { status: "Active", passwordResetRequired: false, mfaBindRequired: true } as const;
const holdings = (over: Partial<Holdings> = {}): Holdings => ({
  accessKeys: [],
  login: null,
  mfaSerial: null,
  groups: [],
  grants: [],
  ...over,
});
const readOnly = { policy: { type: "System", name: "ReadOnlyAccess" }, scope: "account" } as const;
const shopInGroup = { policy: { type: "Custom", name: "shop" }, scope: { resourceGroupId: "rg-1" } } as const;
const idle = holdings({
  accessKeys: [{ accessKeyId: "LTAI1", status: "Inactive" }],
  login: { ...login, status: "Inactive" },
  mfaSerial: `acs:ram::${own}:mfa/alice`,
  groups: ["shop", "ops"],
  grants: [readOnly, shopInGroup],
});
const inUse = holdings({
  ...idle,
  accessKeys: [
    { accessKeyId: "LTAI1", status: "Inactive" },
    { accessKeyId: "LTAI2", status: "Active" },
    { accessKeyId: "LTAI3", status: "Active" },
  ],
  login,
});
const manyGroups = Array.from({ length: 40 }, (_, index) => `group-number-${index}`);
const withHoldings = { withHoldings: true, userId: "200" } as const;
const renamed = { formerName: "alicia", userName: "alice" } as const;

describe("a user", () => {
  goldenPlans("users", {
    "that is new and holds nothing": [changed(userRef(withHoldings), gone, user({ holdings: holdings() }))],
    "that is new and of which nobody looked what it holds": [changed(userRef(), gone, user())],
    "that is new, by Ims, and holds nothing": [
      changed(userRef({ ...withHoldings, route: "Ims", principalName: `alice@${own}.onaliyun.com` }), gone, {
        ...user({ holdings: holdings() }),
      }),
    ],
    "that is new and in use": [changed(userRef(withHoldings), gone, user({ holdings: inUse }))],
    "that is new and in use, asked to contain": [
      changed(userRef(withHoldings), gone, user({ holdings: inUse })),
      "contain",
    ],
    "that is new and in use, asked to ask": [changed(userRef(withHoldings), gone, user({ holdings: inUse })), "ask"],
    "that is new with a key in use and no logon": [
      changed(
        userRef(withHoldings),
        gone,
        user({ holdings: holdings({ accessKeys: [{ accessKeyId: "LTAI2", status: "Active" }] }) }),
      ),
    ],
    "that is new with a logon in use and a key that is not": [
      changed(userRef(withHoldings), gone, user({ holdings: { ...idle, login } })),
    ],
    "that is new, has another logon name and two keys that are not in use, and a grant in a resource group": [
      changed(
        userRef({ ...withHoldings, route: "Ims", principalName: "alice@shop.onaliyun.com" }),
        gone,
        user({
          holdings: holdings({
            accessKeys: [
              { accessKeyId: "LTAI1", status: "Inactive" },
              { accessKeyId: "LTAI2", status: "Inactive" },
            ],
            grants: [shopInGroup],
          }),
        }),
      ),
    ],
    "that is new and holds much that is not in use": [changed(userRef(withHoldings), gone, user({ holdings: idle }))],
    "that is new, by Ims, and holds a key that is not in use": [
      changed(
        userRef({ ...withHoldings, route: "Ims" }),
        gone,
        user({ holdings: holdings({ accessKeys: [{ accessKeyId: "LTAI1", status: "Inactive" }] }) }),
      ),
    ],
    "that is new, by Ims, and is in a group": [
      changed(userRef({ ...withHoldings, route: "Ims" }), gone, user({ holdings: holdings({ groups: ["shop"] }) })),
    ],
    "that is new with a second factor only": [
      changed(userRef({ ...withHoldings, route: "Ims" }), gone, user({ holdings: holdings({ mfaSerial: "m" }) })),
    ],
    "that is new with a logon that is not in use": [
      changed(
        userRef({ ...withHoldings, route: "Ims" }),
        gone,
        user({ holdings: holdings({ login: { ...login, status: "Inactive" } }) }),
      ),
    ],
    "that is new with a grant only": [
      changed(userRef({ ...withHoldings, route: "Ims" }), gone, user({ holdings: holdings({ grants: [readOnly] }) })),
    ],
    "that is new and holds more than one session's policy can name": [
      changed(userRef(withHoldings), gone, user({ holdings: holdings({ groups: manyGroups }) })),
    ],
    "that was renamed and described": [
      changed(
        userRef(renamed),
        user({ userName: "alicia", comments: "", email: "", mobilePhone: "", displayName: "A" }),
        user(),
      ),
    ],
    "that was described by Ims": [changed(userRef({ route: "Ims" }), user({ comments: "other" }), user())],
    "that was described, asked to ask": [changed(userRef(), user({ comments: "other" }), user()), "ask"],
    "that is what it was": [changed(userRef(), user(), user())],
    "that is what it was but for who keeps it, which the API does not say": [
      changed(userRef(), user({ provisionType: "" }), user()),
    ],
    "that was renamed and nothing else, where no more is known": [
      changed(userRef({ ...renamed, onlyRenamed: true }), undefined, user()),
    ],
    "that was renamed, where it is not known what else": [changed(userRef(renamed), undefined, user())],
    "that was only renamed from nobody knows what": [changed(userRef({ onlyRenamed: true }), undefined, user())],
    "that was only renamed and is gone": [changed(userRef({ ...renamed, onlyRenamed: true }), undefined, gone)],
    "that was not known": [changed(userRef(), undefined, user())],
    "that was deleted and is in no bin": [changed(userRef({ inBin: true, userId: "200" }), user(), gone)],
    "that was deleted by Ims and is in no bin": [changed(userRef({ inBin: true, route: "Ims" }), user(), gone)],
    "that is gone and never was": [changed(userRef(), gone, gone)],
    "that was deleted and is in the bin": [
      changed(userRef({ inBin: true, userId: "200" }), user(), user({ recycled: true })),
    ],
    "that is in the bin and never was elsewhere": [changed(userRef(), gone, user({ recycled: true }))],
    "that CloudSSO keeps": [changed(userRef(), gone, user({ provisionType: "CloudSSO" }))],
    "that CloudSSO kept before": [changed(userRef(), user({ provisionType: "CloudSSO" }), gone)],
    "of which the API does not say who keeps it": [
      changed(userRef(), user({ comments: "other" }), user({ provisionType: "" })),
    ],
  });
});

const groupRef = (over: Partial<GroupRef> = {}): GroupRef => ({
  kind: "group",
  accountId: own,
  route: "Ram",
  groupName: "ops",
  ...over,
});
const group = (over: Partial<Group> = {}): Group => ({
  kind: "group",
  groupId: "g-1",
  groupName: "ops",
  displayName: "Ops",
  comments: "on call",
  ...over,
});
const formerOps = { formerName: "operators" } as const;
const contents = { members: ["alice", "bob"], grants: [readOnly, shopInGroup] };

describe("a group", () => {
  goldenPlans("groups", {
    "that is new and empty": [
      changed(groupRef({ groupId: "g-1", withContents: true }), gone, group({ contents: { members: [], grants: [] } })),
    ],
    "that is new and empty, by Ims": [
      changed(groupRef({ route: "Ims" }), gone, group({ contents: { members: [], grants: [] } })),
    ],
    "that is new and empty, asked to ask": [
      changed(groupRef(), gone, group({ contents: { members: [], grants: [] } })),
      "ask",
    ],
    "that is new, and nobody looked what is in it": [changed(groupRef(), gone, group())],
    "that is new and has members and grants": [
      changed(groupRef({ groupId: "g-1", withContents: true }), gone, group({ contents })),
    ],
    "that is new and has a member, by Ims": [
      changed(groupRef({ route: "Ims" }), gone, group({ contents: { members: ["alice"], grants: [] } })),
    ],
    "that is new and has a grant": [
      changed(groupRef({ route: "ResourceManager" }), gone, group({ contents: { members: [], grants: [readOnly] } })),
    ],
    "that is new and has more members than one session's policy can name": [
      changed(groupRef(), gone, group({ contents: { members: manyGroups, grants: [] } })),
    ],
    "that was renamed and described": [
      changed(groupRef(formerOps), group({ groupName: "operators", displayName: "O", comments: "" }), group()),
    ],
    "that was described by Ims, asked to ask": [
      changed(groupRef({ route: "Ims" }), group({ comments: "" }), group()),
      "ask",
    ],
    "that is what it was": [changed(groupRef(), group(), group())],
    "that was renamed and nothing else, where no more is known": [
      changed(groupRef({ ...formerOps, onlyRenamed: true }), undefined, group()),
    ],
    "that was renamed, where it is not known what else": [changed(groupRef(formerOps), undefined, group())],
    "that was only renamed from nobody knows what": [changed(groupRef({ onlyRenamed: true }), undefined, group())],
    "that was only renamed and is gone": [changed(groupRef({ ...formerOps, onlyRenamed: true }), undefined, gone)],
    "that was not known": [changed(groupRef(), undefined, group())],
    "that was deleted": [changed(groupRef({ groupId: "g-1" }), group(), gone)],
    "that was deleted by Ims": [changed(groupRef({ groupId: "g-1", route: "Ims" }), group(), gone)],
    "that is gone and never was": [changed(groupRef(), gone, gone)],
  });
});

const membershipRef = (over: Partial<MembershipRef> = {}): MembershipRef => ({
  kind: "membership",
  accountId: own,
  route: "Ram",
  userName: "alice",
  groupName: "ops",
  ...over,
});
const membership: Membership = { kind: "membership", userName: "alice", groupName: "ops" };

describe("a membership", () => {
  goldenPlans("memberships", {
    "that is new": [changed(membershipRef(), gone, membership)],
    "that is new, by Ims": [
      changed(membershipRef({ route: "Ims", principalName: `alice@${own}.onaliyun.com` }), gone, membership),
    ],
    "that is new, asked to ask": [changed(membershipRef(), gone, membership), "ask"],
    "that may be new": [changed(membershipRef(), undefined, membership)],
    "that was there before": [changed(membershipRef(), membership, membership)],
    "that was taken away": [changed(membershipRef(), membership, gone)],
    "that was never there": [changed(membershipRef(), gone, gone)],
    "that is gone and was not known": [changed(membershipRef(), undefined, gone)],
  });
});

const recycledRef: RecycledUserRef = {
  kind: "recycled-user",
  accountId: own,
  route: "Ims",
  userId: "200",
  from: "bin",
  withHoldings: true,
};
const recycled = (place: "bin" | "account", over: Partial<RecycledUser> = {}): RecycledUser => ({
  kind: "recycled-user",
  userId: "200",
  userName: "alice",
  place,
  ...over,
});
const inactiveKey = holdings({ accessKeys: [{ accessKeyId: "LTAI1", status: "Inactive" }] });

describe("a user and the recycle bin", () => {
  goldenPlans("recycled-users", {
    "that went there": [changed(recycledRef, recycled("account"), recycled("bin"))],
    "that is where it was": [changed(recycledRef, recycled("bin"), recycled("bin"))],
    "that never was anywhere": [changed(recycledRef, gone, recycled("account"))],
    "that is purged": [changed(recycledRef, recycled("bin"), gone)],
    "that was not known": [changed(recycledRef, undefined, recycled("account"))],
    "that came back and is in use": [changed(recycledRef, recycled("bin"), recycled("account", { holdings: inUse }))],
    "that came back and is in use, asked to contain": [
      changed(recycledRef, recycled("bin"), recycled("account", { holdings: inUse })),
      "contain",
    ],
    "that came back and is in use, asked to ask": [
      changed(recycledRef, recycled("bin"), recycled("account", { holdings: inUse })),
      "ask",
    ],
    "that came back with a key that is not in use": [
      changed(recycledRef, recycled("bin"), recycled("account", { holdings: inactiveKey })),
    ],
    "that came back and has got much that is not in use": [
      changed(recycledRef, recycled("bin"), recycled("account", { holdings: idle })),
    ],
    "that came back and is in a group": [
      changed(recycledRef, recycled("bin"), recycled("account", { holdings: holdings({ groups: ["ops"] }) })),
    ],
    "that came back and has a grant": [
      changed(recycledRef, recycled("bin"), recycled("account", { holdings: holdings({ grants: [readOnly] }) })),
    ],
    "that came back and has a logon not in use": [
      changed(
        recycledRef,
        recycled("bin"),
        recycled("account", { holdings: holdings({ login: { ...login, status: "Inactive" } }) }),
      ),
    ],
    "that came back and has a second factor": [
      changed(recycledRef, recycled("bin"), recycled("account", { holdings: holdings({ mfaSerial: "m" }) })),
    ],
    "that came back and holds more than one session's policy can name": [
      changed(recycledRef, recycled("bin"), recycled("account", { holdings: holdings({ groups: manyGroups }) })),
    ],
  });
});
