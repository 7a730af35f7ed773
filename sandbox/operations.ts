import type { Operation, Operations, Service } from "./operation.ts";
import { accessKeyOperations } from "./ram/access-keys.ts";
import { attachmentOperations } from "./ram/attachments.ts";
import { policyOperations } from "./ram/policies.ts";
import { roleOperations } from "./ram/roles.ts";
import { stsOperations } from "./sts/operations.ts";

type Api = { readonly service: Service; readonly version: string; readonly operations: Operations };

/** Every API by its version: `x-acs-version` tells which one is meant, since all share one port. */
const apis: readonly Api[] = [
  {
    service: "Ram",
    version: "2015-05-01",
    operations: { ...roleOperations, ...accessKeyOperations, ...attachmentOperations, ...policyOperations },
  },
  { service: "Sts", version: "2015-04-01", operations: stsOperations },
];

export const apiOf = (version: string): Api | undefined => apis.find((api) => api.version === version);

export const operationOf = (api: Api, name: string): Operation | undefined =>
  Object.hasOwn(api.operations, name) ? api.operations[name] : undefined;

/** All modelled operations as `Ram.GetRole`, for documentation and tests. */
export const modelled: readonly string[] = apis.flatMap((api) =>
  Object.keys(api.operations).map((name) => `${api.service}.${name}`),
);
