import { need, resourceGroupArn } from "../access/needs.ts";
import { ApiError } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operations, Work } from "../operation.ts";
import { flag, objectsOf, type Params, pageByNumber, required } from "../params.ts";
import { resourceKey } from "../state/resources.ts";

const resourcesPerCall = 10;

/** Moves what is there and tells of each resource by itself: the call succeeds when one of them fails. */
const move = (work: Work): JsonObject => {
  const { account, params, ids } = work;
  const resourceGroupId = required(params, "ResourceGroupId");
  const wanted = objectsOf(params, "Resources");
  if (wanted.length === 0) required(params, "Resources.1.ResourceId");
  if (wanted.length > resourcesPerCall) {
    throw new ApiError(400, "InvalidParameter.Resources", `At most ${resourcesPerCall} resources can be moved.`);
  }
  if (!account.resourceGroups.has(resourceGroupId)) {
    throw new ApiError(404, "EntityNotExists.ResourceGroup", `The resource group does not exist: ${resourceGroupId}.`);
  }
  const Responses = wanted.map((each) => {
    const { Service = "", ResourceType = "", ResourceId = "", RegionId = "" } = each;
    const key = resourceKey({ service: Service, resourceType: ResourceType, resourceId: ResourceId });
    const resource = account.resources.get(key);
    const told = { Service, ResourceType, ResourceId, RegionId, RequestId: ids.uuid() };
    if (resource === undefined) {
      return { ...told, Status: "FAIL", ErrorCode: "EntityNotExists.Resource", ErrorMsg: "No such resource." };
    }
    account.resources.set(key, { ...resource, resourceGroupId });
    return { ...told, RegionId: resource.regionId, Status: "SUCCESS" };
  });
  return { Responses };
};

const asks = (params: Params, name: string, value: string): boolean => [undefined, "", value].includes(params[name]);

const list = ({ account, params }: Work): JsonObject => {
  const types = objectsOf(params, "ResourceTypes");
  const rows = [...account.resources.values()]
    .map((each) => ({
      Service: each.service,
      ResourceType: each.resourceType,
      ResourceId: each.resourceId,
      RegionId: each.regionId,
      ResourceGroupId: each.resourceGroupId,
      CreateDate: each.createDate,
    }))
    .filter(
      (each) =>
        (["Service", "ResourceType", "ResourceId", "ResourceGroupId"] as const).every((name) =>
          asks(params, name, each[name]),
        ) &&
        asks(params, "Region", each.RegionId) &&
        (types.length === 0 ||
          types.some((type) => type.Service === each.Service && type.ResourceType === each.ResourceType)),
    );
  const { items, ...page } = pageByNumber(params, rows);
  return { ...page, Resources: { Resource: items } };
};

const groupNamed = ({ account, params }: Asked): string =>
  account.resourceGroups.get(params.ResourceGroupId ?? "")?.name ?? params.ResourceGroupId ?? "*";

/** Resources in resource groups; they come from snapshots. What a caller needs for these is not printed anywhere. */
export const resourceOperations: Operations = {
  MoveResources: {
    access: "Write",
    needs: (asked) => [need("resourcemanager:MoveResources", resourceGroupArn(asked, groupNamed(asked)))],
    run: move,
    touches: ({ params }) => ({ "ACS::ResourceManager::ResourceGroup": [params.ResourceGroupId ?? ""] }),
  },
  ListResources: {
    access: "Read",
    needs: (asked) => [need("resourcemanager:ListResources", resourceGroupArn(asked, "*"))],
    run: list,
  },
  UpdateResourceGroupAdminSetting: {
    access: "Write",
    needs: () => [need("resourcemanager:UpdateResourceGroupAdminSetting", "*")],
    run: ({ account, params }) => {
      required(params, "CreatorAsAdmin");
      account.creatorAsAdmin = flag(params, "CreatorAsAdmin") ?? false;
      return {};
    },
  },
  GetResourceGroupAdminSetting: {
    access: "Read",
    needs: () => [need("resourcemanager:GetResourceGroupAdminSetting", "*")],
    run: ({ account }) => ({ CreatorAsAdmin: account.creatorAsAdmin }),
  },
};
