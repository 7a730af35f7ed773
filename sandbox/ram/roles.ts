import { checkTrustDocument } from "../access/documents.ts";
import { need, roleResource } from "../access/needs.ts";
import { attachmentsOf, isReservedForSso, isServiceLinked, type Role, roleKey } from "../account.ts";
import { ApiError, alreadyExists, deleteConflict, limitExceeded } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operation, Operations, Work } from "../operation.ts";
import { bounded, integer, named, optional, pageByMarker, required } from "../params.ts";
import { roleOf } from "./look-up.ts";
import { roleListed, roleShape } from "./shapes.ts";
import { ramLimits, tagged, tagsGiven } from "./tags.ts";

const rolesPerAccount = 1000;
const shortest = 3600;
const longest = 43_200;

const touches = (asked: Asked) => ({ "ACS::RAM::Role": [asked.params.RoleName ?? ""] });
const onRole =
  (action: string) =>
  (asked: Asked): ReturnType<Operation["needs"]> => [
    need(`ram:${action}`, roleResource(asked, asked.params.RoleName ?? "")),
  ];

/** Roles that the cloud or CloudSSO own cannot be written to by callers (`ram-api.md` §4, gotchas 27 and 28). */
export const refuseOwnedRole = (roleName: string): void => {
  if (isServiceLinked(roleName)) {
    throw new ApiError(403, "NoPermission.ServiceLinkedRole", `The service-linked role ${roleName} cannot be changed.`);
  }
  if (isReservedForSso(roleName)) {
    throw new ApiError(403, "NoPermission.CloudSSO", `The role ${roleName} is managed by CloudSSO.`);
  }
};

const consoleLogin = (value: string | undefined): JsonObject =>
  value === undefined ? {} : { AllowConsoleLogin: value.toLowerCase() === "true" };

export const createRole = ({ account, params, ids, now }: Work): Role => {
  const roleName = named(params, "RoleName", /^[A-Za-z0-9.-]+$/, 64);
  const trust = required(params, "AssumeRolePolicyDocument");
  checkTrustDocument(account, trust);
  if (account.roles.has(roleKey(roleName))) throw alreadyExists("Role", roleName);
  if (account.roles.size >= rolesPerAccount) throw limitExceeded("Role", rolesPerAccount);
  const role = tagged<Role>(
    {
      roleName,
      roleId: ids.roleId(),
      description: bounded(params, "Description", 1024) ?? "",
      trust,
      maxSessionDuration: integer(params, "MaxSessionDuration", shortest, longest) ?? shortest,
      createDate: now,
      updateDate: now,
      extra: consoleLogin(optional(params, "AllowConsoleLogin")),
    },
    tagsGiven(params, ramLimits),
  );
  account.roles.set(roleKey(roleName), role);
  return role;
};

/**
 * What is left out falls back to its default: the documentation says so of the duration, and the sandbox takes the
 * harmful reading for the description too, so that a careless revert is caught (`ram-api.md` §4 and §10).
 */
export const updateRole = ({ account, params, now }: Work): Role => {
  const role = roleOf(account, required(params, "RoleName"));
  refuseOwnedRole(role.roleName);
  const trust = optional(params, "NewAssumeRolePolicyDocument");
  if (trust !== undefined) checkTrustDocument(account, trust);
  const updated: Role = {
    ...role,
    trust: trust ?? role.trust,
    description: bounded(params, "NewDescription", 1024) ?? "",
    maxSessionDuration: integer(params, "NewMaxSessionDuration", shortest, longest) ?? shortest,
    updateDate: now,
    extra: { ...role.extra, ...consoleLogin(optional(params, "NewAllowConsoleLogin")) },
  };
  account.roles.set(roleKey(role.roleName), updated);
  return updated;
};

export const deleteRole = ({ account, params }: Work): JsonObject => {
  const role = roleOf(account, required(params, "RoleName"));
  refuseOwnedRole(role.roleName);
  if (attachmentsOf(account, "role", role.roleName).length > 0) {
    throw deleteConflict("Role.Policy", "The role has policies attached.");
  }
  account.roles.delete(roleKey(role.roleName));
  return {};
};

export const roleOperations: Operations = {
  CreateRole: {
    access: "Write",
    needs: (asked) => [need("ram:CreateRole", roleResource(asked, "*"))],
    run: (work) => ({ Role: roleShape(work.account, createRole(work)) }),
    touches,
  },
  GetRole: {
    access: "Read",
    needs: onRole("GetRole"),
    run: ({ account, params }) => ({ Role: roleShape(account, roleOf(account, required(params, "RoleName"))) }),
    touches,
  },
  UpdateRole: {
    access: "Write",
    needs: onRole("UpdateRole"),
    run: (work) => ({ Role: roleShape(work.account, updateRole(work)) }),
    touches,
  },
  DeleteRole: { access: "Write", needs: onRole("DeleteRole"), run: deleteRole, touches },
  ListRoles: {
    access: "Read",
    needs: (asked) => [need("ram:ListRoles", roleResource(asked, "*"))],
    run: ({ account, params }) => {
      const { items, ...page } = pageByMarker(params, [...account.roles.values()], 1000);
      return { ...page, Roles: { Role: items.map((role) => roleListed(account, role)) } };
    },
  },
};
