import { need, resourceGroupArn } from "../access/needs.ts";
import type { Account, ResourceGroup } from "../account.ts";
import { ApiError } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Operations } from "../operation.ts";
import { bounded, named, pageByNumber, required } from "../params.ts";

const shape = (account: Account, group: ResourceGroup): JsonObject => ({
  Id: group.id,
  Name: group.name,
  DisplayName: group.displayName,
  AccountId: account.accountId,
  Status: group.status,
  CreateDate: group.createDate,
});

export const resourceGroupOperations: Operations = {
  CreateResourceGroup: {
    access: "Write",
    needs: (asked) => [need("ram:CreateResourceGroup", resourceGroupArn(asked, "*"))],
    run: ({ account, params, ids, now }) => {
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
