import { need, resourceGroupArn } from "../access/needs.ts";
import type { Account, ResourceGroup } from "../account.ts";
import { ApiError } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Operations, Work } from "../operation.ts";
import { bounded, named, pageByNumber, required } from "../params.ts";
import { attach } from "../ram/attachments.ts";

const shape = (account: Account, group: ResourceGroup): JsonObject => ({
  Id: group.id,
  Name: group.name,
  DisplayName: group.displayName,
  AccountId: account.accountId,
  Status: group.status,
  CreateDate: group.createDate,
});

/** With the setting on, whoever creates a group may do everything in it: a grant that no call of its own makes. */
const appointCreator = (work: Work, resourceGroupId: string): void => {
  const { caller } = work;
  if (caller.kind !== "user" && caller.kind !== "session") return;
  const principal =
    caller.kind === "user"
      ? { principalType: "user" as const, principalName: caller.userName }
      : { principalType: "role" as const, principalName: caller.session.roleName };
  attach(work, { policyType: "System", policyName: "AdministratorAccess", ...principal, resourceGroupId });
};

export const resourceGroupOperations: Operations = {
  CreateResourceGroup: {
    access: "Write",
    needs: (asked) => [need("ram:CreateResourceGroup", resourceGroupArn(asked, "*"))],
    run: (work) => {
      const { account, params, ids, now } = work;
      const name = named(params, "Name", /^[A-Za-z][A-Za-z0-9-]+$/, 50);
      if ([...account.resourceGroups.values()].some((each) => each.name === name)) {
        throw new ApiError(409, "EntityAlreadyExists.ResourceGroup", `The resource group exists already: ${name}.`);
      }
      const group: ResourceGroup = {
        id: ids.resourceGroupId(),
        name,
        displayName: bounded(params, "DisplayName", 50) ?? name,
        status: "OK",
        createDate: now,
      };
      account.resourceGroups.set(group.id, group);
      if (account.creatorAsAdmin) appointCreator(work, group.id);
      return { ResourceGroup: shape(account, group) };
    },
    touches: ({ params }) => ({ "ACS::ResourceManager::ResourceGroup": [params.Name ?? ""] }),
  },
  GetResourceGroup: {
    access: "Read",
    needs: (asked) => {
      const id = asked.params.ResourceGroupId ?? "";
      return [need("ram:GetResourceGroup", resourceGroupArn(asked, asked.account.resourceGroups.get(id)?.name ?? id))];
    },
    run: ({ account, params }) => {
      const id = required(params, "ResourceGroupId");
      const group = account.resourceGroups.get(id);
      if (group === undefined) {
        throw new ApiError(404, "EntityNotExists.ResourceGroup", `The specified resource group does not exist: ${id}.`);
      }
      return { ResourceGroup: shape(account, group) };
    },
  },
  ListResourceGroups: {
    access: "Read",
    needs: (asked) => [need("ram:ListResourceGroups", resourceGroupArn(asked, "*"))],
    run: ({ account, params }) => {
      const { items, ...page } = pageByNumber(params, [...account.resourceGroups.values()]);
      return { ...page, ResourceGroups: { ResourceGroup: items.map((group) => shape(account, group)) } };
    },
  },
};
