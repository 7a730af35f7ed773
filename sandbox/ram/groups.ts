import { groupArn, need, userArn } from "../access/needs.ts";
import { type Account, attachmentKey, attachmentsOf, type Group, groupsOf, type User } from "../account.ts";
import { alreadyExists, deleteConflict, limitExceeded, notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Need, Operations, Work } from "../operation.ts";
import { bounded, named, pageByMarker, required } from "../params.ts";
import { groupOf, userOf } from "./look-up.ts";
import { groupShape } from "./shapes.ts";

const groupsPerAccount = 300;
const groupsPerUser = 10;
export const groupNamePattern = /^[A-Za-z0-9._-]+$/;

export const addGroup = ({ account, params, ids, now }: Work): Group => {
  const groupName = named(params, "GroupName", groupNamePattern, 64);
  if (account.groups.has(groupName)) throw alreadyExists("Group", groupName);
  if (account.groups.size >= groupsPerAccount) throw limitExceeded("Group", groupsPerAccount);
  const group: Group = {
    groupName,
    groupId: ids.groupId(),
    displayName: bounded(params, "DisplayName", 24) ?? groupName,
    comments: bounded(params, "Comments", 128) ?? "",
    createDate: now,
    updateDate: now,
    members: [],
  };
  account.groups.set(groupName, group);
  return group;
};

const rename = (account: Account, from: string, to: string): void => {
  for (const link of attachmentsOf(account, "group", from)) {
    const moved = { ...link, principalName: to };
    account.attachments.delete(attachmentKey(link));
    account.attachments.set(attachmentKey(moved), moved);
  }
};

export const changeGroup = ({ account, params, now }: Work): Group => {
  const group = groupOf(account, required(params, "GroupName"));
  const groupName =
    params.NewGroupName === undefined ? group.groupName : named(params, "NewGroupName", groupNamePattern, 64);
  const changed: Group = {
    ...group,
    groupName,
    comments: bounded(params, "NewComments", 128) ?? group.comments,
    displayName: bounded(params, "NewDisplayName", 24) ?? group.displayName,
    updateDate: now,
  };
  if (groupName !== group.groupName) {
    if (account.groups.has(groupName)) throw alreadyExists("Group", groupName);
    account.groups.delete(group.groupName);
    rename(account, group.groupName, groupName);
  }
  account.groups.set(groupName, changed);
  return changed;
};

export const removeGroup = ({ account, params }: Work): JsonObject => {
  const group = groupOf(account, required(params, "GroupName"));
  if (group.members.length > 0) throw deleteConflict("Group.User", "The group has users.");
  if (attachmentsOf(account, "group", group.groupName).length > 0) {
    throw deleteConflict("Group.Policy", "The group has policies attached.");
  }
  account.groups.delete(group.groupName);
  return {};
};

export const join = ({ account, now }: Work, user: User, group: Group): JsonObject => {
  if (group.members.some((each) => each.userName === user.userName)) throw alreadyExists("User.Group", group.groupName);
  if (groupsOf(account, user.userName).length >= groupsPerUser) throw limitExceeded("User.Group", groupsPerUser);
  const members = [...group.members, { userName: user.userName, joinDate: now }];
  account.groups.set(group.groupName, { ...group, members });
  return {};
};

export const leave = ({ account }: Work, user: User, group: Group): JsonObject => {
  const members = group.members.filter((each) => each.userName !== user.userName);
  if (members.length === group.members.length) throw notExist("User.Group", group.groupName);
  account.groups.set(group.groupName, { ...group, members });
  return {};
};

const onGroup =
  (action: string) =>
  (asked: Asked): readonly Need[] => [need(`ram:${action}`, groupArn(asked, asked.params.GroupName ?? ""))];

const onGroups =
  (action: string) =>
  (asked: Asked): readonly Need[] => [need(`ram:${action}`, groupArn(asked, "*"))];

const onBoth =
  (action: string) =>
  (asked: Asked): readonly Need[] => [
    need(`ram:${action}`, userArn(asked, asked.params.UserName ?? "")),
    need(`ram:${action}`, groupArn(asked, asked.params.GroupName ?? "")),
  ];

const touchesGroup = (asked: Asked) => ({ "ACS::RAM::Group": [asked.params.GroupName ?? ""] });
const touchesBoth = (asked: Asked) => ({ "ACS::RAM::User": [asked.params.UserName ?? ""], ...touchesGroup(asked) });

const both = ({ account, params }: Work) =>
  [userOf(account, required(params, "UserName")), groupOf(account, required(params, "GroupName"))] as const;

export const groupOperations: Operations = {
  CreateGroup: {
    access: "Write",
    needs: onGroups("CreateGroup"),
    run: (work) => ({ Group: groupShape(addGroup(work)) }),
    touches: touchesGroup,
  },
  GetGroup: {
    access: "Read",
    needs: onGroup("GetGroup"),
    run: ({ account, params }) => ({ Group: groupShape(groupOf(account, required(params, "GroupName"))) }),
    touches: touchesGroup,
  },
  UpdateGroup: {
    access: "Write",
    needs: onGroup("UpdateGroup"),
    run: (work) => ({ Group: groupShape(changeGroup(work)) }),
    touches: touchesGroup,
  },
  DeleteGroup: { access: "Write", needs: onGroup("DeleteGroup"), run: removeGroup, touches: touchesGroup },
  ListGroups: {
    access: "Read",
    needs: onGroups("ListGroups"),
    run: ({ account, params }) => {
      const { items, ...page } = pageByMarker(params, [...account.groups.values()], 100);
      return { ...page, Groups: { Group: items.map(groupShape) } };
    },
  },
  AddUserToGroup: {
    access: "Write",
    needs: onBoth("AddUserToGroup"),
    run: (work) => join(work, ...both(work)),
    touches: touchesBoth,
  },
  RemoveUserFromGroup: {
    access: "Write",
    needs: onBoth("RemoveUserFromGroup"),
    run: (work) => leave(work, ...both(work)),
    touches: touchesBoth,
  },
  ListGroupsForUser: {
    access: "Read",
    needs: (asked) => [need("ram:ListGroupsForUser", userArn(asked, asked.params.UserName ?? ""))],
    run: ({ account, params }) => {
      const { userName } = userOf(account, required(params, "UserName"));
      const Group = groupsOf(account, userName).map((group) => ({
        GroupName: group.groupName,
        GroupId: group.groupId,
        Comments: group.comments,
        JoinDate: group.members.find((each) => each.userName === userName)?.joinDate ?? "",
      }));
      return { Groups: { Group } };
    },
  },
  ListUsersForGroup: {
    access: "Read",
    needs: onGroup("ListUsersForGroup"),
    run: ({ account, params }) => {
      const { members } = groupOf(account, required(params, "GroupName"));
      const { items, ...page } = pageByMarker(params, members, 1000);
      const User = items.map(({ userName, joinDate }) => ({
        UserName: userName,
        DisplayName: account.users.get(userName)?.displayName ?? "",
        JoinDate: joinDate,
      }));
      return { ...page, Users: { User } };
    },
  },
};
