import { groupArn, need, userArn } from "../access/needs.ts";
import { type Group, groupsOf, type User, userPrincipalName } from "../account.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Need, Operation, Operations, Work } from "../operation.ts";
import { pageByMarker, required } from "../params.ts";
import { userNameOfPrincipal } from "../principal-names.ts";
import { addGroup, changeGroup, join, leave, removeGroup } from "../ram/groups.ts";
import { groupOf } from "../ram/look-up.ts";
import { userOfPrincipal } from "./users.ts";

const shape = (group: Group): JsonObject => ({
  GroupId: group.groupId,
  GroupName: group.groupName,
  DisplayName: group.displayName,
  Comments: group.comments,
  CreateDate: group.createDate,
  UpdateDate: group.updateDate,
});

const onGroup =
  (action: string) =>
  (asked: Asked): readonly Need[] => [need(`ram:${action}`, groupArn(asked, asked.params.GroupName ?? ""))];

const onGroups =
  (action: string) =>
  (asked: Asked): readonly Need[] => [need(`ram:${action}`, groupArn(asked, "*"))];

const userNamed = (asked: Asked): string => userNameOfPrincipal(asked.params.UserPrincipalName ?? "");

const touchesGroup = (asked: Asked) => ({ "ACS::RAM::Group": [asked.params.GroupName ?? ""] });

const membership = (action: string, change: (work: Work, user: User, group: Group) => JsonObject): Operation => ({
  access: "Write",
  needs: (asked) => [need(`ram:${action}`, userArn(asked, userNamed(asked))), ...onGroup(action)(asked)],
  run: (work) =>
    change(
      work,
      userOfPrincipal(work.account, required(work.params, "UserPrincipalName")),
      groupOf(work.account, required(work.params, "GroupName")),
    ),
  touches: (asked) => ({ "ACS::RAM::User": [asked.params.UserPrincipalName ?? ""], ...touchesGroup(asked) }),
});

export const groupOperations: Operations = {
  CreateGroup: {
    access: "Write",
    needs: onGroups("CreateGroup"),
    run: (work) => ({ Group: shape(addGroup(work)) }),
    touches: touchesGroup,
  },
  GetGroup: {
    access: "Read",
    needs: onGroup("GetGroup"),
    run: ({ account, params }) => ({ Group: shape(groupOf(account, required(params, "GroupName"))) }),
    touches: touchesGroup,
  },
  UpdateGroup: {
    access: "Write",
    needs: onGroup("UpdateGroup"),
    run: (work) => ({ Group: shape(changeGroup(work)) }),
    touches: touchesGroup,
  },
  DeleteGroup: { access: "Write", needs: onGroup("DeleteGroup"), run: removeGroup, touches: touchesGroup },
  ListGroups: {
    access: "Read",
    needs: onGroups("ListGroups"),
    run: ({ account, params }) => {
      const { items, ...page } = pageByMarker(params, [...account.groups.values()], 100);
      return { ...page, Groups: { Group: items.map(shape) } };
    },
  },
  AddUserToGroup: membership("AddUserToGroup", join),
  /** The console's own name for the same act (`ram-api.md` gotcha 32). */
  AddUserToUserGroup: membership("AddUserToGroup", join),
  RemoveUserFromGroup: membership("RemoveUserFromGroup", leave),
  ListGroupsForUser: {
    access: "Read",
    needs: (asked) => [need("ram:ListGroupsForUser", userArn(asked, userNamed(asked)))],
    run: ({ account, params }) => {
      const { userName } = userOfPrincipal(account, required(params, "UserPrincipalName"));
      const { items, ...page } = pageByMarker(params, groupsOf(account, userName), 1000);
      const Group = items.map((group) => ({
        GroupId: group.groupId,
        GroupName: group.groupName,
        DisplayName: group.displayName,
        Comments: group.comments,
        JoinDate: group.members.find((each) => each.userName === userName)?.joinDate ?? "",
      }));
      return { ...page, Groups: { Group } };
    },
  },
  ListUsersForGroup: {
    access: "Read",
    needs: onGroup("ListUsersForGroup"),
    run: ({ account, params }) => {
      const { members } = groupOf(account, required(params, "GroupName"));
      const { items, ...page } = pageByMarker(params, members, 100);
      const User = items.map(({ userName, joinDate }) => ({
        UserId: account.users.get(userName)?.userId ?? "",
        UserPrincipalName: userPrincipalName(account, userName),
        DisplayName: account.users.get(userName)?.displayName ?? "",
        JoinDate: joinDate,
      }));
      return { ...page, Users: { User } };
    },
  },
};
