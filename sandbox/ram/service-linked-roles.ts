import { need, roleResource } from "../access/needs.ts";
import { type Account, isServiceLinked, type Role, roleKey } from "../account.ts";
import { ApiError, alreadyExists, notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Operation, Operations, Work } from "../operation.ts";
import { bounded, named, optional, required } from "../params.ts";
import { roleOf } from "./look-up.ts";
import { roleShape } from "./shapes.ts";

/** `AliyunServiceRoleForEss` for `ess.aliyuncs.com`: services spell the rest as they like, the sandbox does not know how. */
const roleNameFor = (serviceName: string, suffix: string | undefined): string => {
  const [service = ""] = serviceName.split(".");
  const name = service.charAt(0).toUpperCase() + service.slice(1);
  return `AliyunServiceRoleFor${name}${suffix === undefined || suffix === "" ? "" : `_${suffix}`}`;
};

const create = ({ account, params, ids, now }: Work): Role => {
  const serviceName = named(params, "ServiceName", /^[a-z0-9.-]+\.aliyuncs\.com$/, 128);
  const roleName = roleNameFor(serviceName, optional(params, "CustomSuffix"));
  if (account.roles.has(roleKey(roleName))) throw alreadyExists("Role", roleName);
  const role: Role = {
    roleName,
    roleId: ids.roleId(),
    description: bounded(params, "Description", 1024) ?? "",
    trust: {
      Version: "1",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: [serviceName] } }],
    },
    maxSessionDuration: 3600,
    createDate: now,
    updateDate: now,
    extra: {},
  };
  account.roles.set(roleKey(roleName), role);
  return role;
};

/** The task is asynchronous in the cloud; here it has succeeded by the time that anybody asks (`ram-api.md` §4). */
const taskOf = (roleName: string): string => `task/aliyunserviceroleforpolicy/${roleName}/sandbox`;

const remove = ({ account, params }: Work): JsonObject => {
  const role = roleOf(account, required(params, "RoleName"));
  if (!isServiceLinked(role.roleName)) {
    throw new ApiError(400, "InvalidParameter.RoleName.Format", `The role ${role.roleName} is not service-linked.`);
  }
  for (const [key, link] of account.attachments) {
    if (link.principalType === "role" && roleKey(link.principalName) === roleKey(role.roleName)) {
      account.attachments.delete(key);
    }
  }
  account.roles.delete(roleKey(role.roleName));
  return { DeletionTaskId: taskOf(role.roleName) };
};

/** Both doors make them; `shape` is how a door answers a role. */
export const serviceLinkedRoleOperations = (
  shape: (account: Account, role: Role) => JsonObject = (account, role) => ({
    ...roleShape(account, role),
    IsServiceLinkedRole: true,
  }),
): Operations => {
  const touches: Operation["touches"] = ({ params }) => ({
    "ACS::RAM::Role": [params.RoleName ?? params.ServiceName ?? ""],
  });
  return {
    CreateServiceLinkedRole: {
      access: "Write",
      needs: (asked) => [need("ram:CreateServiceLinkedRole", roleResource(asked, "*"))],
      run: (work) => ({ Role: shape(work.account, create(work)) }),
      touches,
    },
    DeleteServiceLinkedRole: {
      access: "Write",
      needs: (asked) => [need("ram:DeleteServiceLinkedRole", roleResource(asked, asked.params.RoleName ?? ""))],
      run: remove,
      touches,
    },
    GetServiceLinkedRoleDeletionStatus: {
      access: "Read",
      needs: (asked) => [need("ram:GetServiceLinkedRoleDeletionStatus", roleResource(asked, "*"))],
      run: ({ params }) => {
        const task = required(params, "DeletionTaskId");
        if (!/^task\/.+\/sandbox$/.test(task)) throw notExist("DeletionTask", task);
        return { Status: "SUCCEEDED" };
      },
    },
  };
};
