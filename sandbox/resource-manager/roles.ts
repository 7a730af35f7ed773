import { need, roleResource } from "../access/needs.ts";
import { type Account, isServiceLinked, type Role, rolePrincipalName } from "../account.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Need, Operations } from "../operation.ts";
import { pageByNumber, required } from "../params.ts";
import { roleOf } from "../ram/look-up.ts";
import { createRole, deleteRole, updateRole } from "../ram/roles.ts";
import { serviceLinkedRoleOperations } from "../ram/service-linked-roles.ts";
import { roleListed, roleShape } from "../ram/shapes.ts";

/** ResourceManager tells what Ram does not: whether a role is service-linked, and its principal name (`ram-api.md` §4). */
const more = (account: Account, role: Role): JsonObject => ({
  IsServiceLinkedRole: isServiceLinked(role.roleName),
  RolePrincipalName: rolePrincipalName(account, role.roleName),
  LatestDeletionTask: {},
});

const whole = (account: Account, role: Role): JsonObject => ({ ...roleShape(account, role), ...more(account, role) });

const onRole =
  (action: string) =>
  (asked: Asked): readonly Need[] => [need(`ram:${action}`, roleResource(asked, asked.params.RoleName ?? ""))];

const touches = (asked: Asked) => ({ "ACS::RAM::Role": [asked.params.RoleName ?? ""] });

export const roleOperations: Operations = {
  ...serviceLinkedRoleOperations(whole),
  CreateRole: {
    access: "Write",
    needs: (asked) => [need("ram:CreateRole", roleResource(asked, "*"))],
    run: (work) => ({ Role: whole(work.account, createRole(work)) }),
    touches,
  },
  GetRole: {
    access: "Read",
    needs: onRole("GetRole"),
    run: ({ account, params }) => ({ Role: whole(account, roleOf(account, required(params, "RoleName"))) }),
    touches,
  },
  UpdateRole: {
    access: "Write",
    needs: onRole("UpdateRole"),
    run: (work) => ({ Role: whole(work.account, updateRole(work)) }),
    touches,
  },
  DeleteRole: { access: "Write", needs: onRole("DeleteRole"), run: deleteRole, touches },
  ListRoles: {
    access: "Read",
    needs: (asked) => [need("ram:ListRoles", roleResource(asked, "*"))],
    run: ({ account, params }) => {
      const { items, ...page } = pageByNumber(params, [...account.roles.values()]);
      return {
        ...page,
        Roles: { Role: items.map((role) => ({ ...roleListed(account, role), ...more(account, role) })) },
      };
    },
  },
};
