import type { AccountId } from "../domain/identity.ts";
import type { Call } from "../domain/plan.ts";
import type { Permission, Permissions } from "./permission.ts";
import { parameter } from "./permission.ts";

/** The directory's own service code; its resources are printed on the page of RAM authorization. */
const action = (call: Call): string => `resourcemanager:${call.operation}`;

const arn = (accountId: AccountId, path: string): string => `acs:resourcemanager:*:${accountId}:${path}`;

const onPolicy = (call: Call, accountId: AccountId): readonly Permission[] => [
  { action: action(call), resource: arn(accountId, `policy/controlpolicy/${parameter(call, "PolicyId")}`) },
];

/** An id as the directory gives them; any other text could be a pattern. */
const idForm = /^[A-Za-z0-9-]{1,64}$/;

/** An account or a folder: its ARN has the folders above it, which a call does not tell, and ends in its id. */
const onTarget = (call: Call, accountId: AccountId, id: string): readonly Permission[] =>
  idForm.test(id)
    ? [
        {
          action: action(call),
          resource: arn(accountId, `${/^\d+$/.test(id) ? "account" : "folder"}/*/${id}`),
          wide: true,
        },
      ]
    : [];

const onMember = (call: Call, accountId: AccountId): readonly Permission[] =>
  onTarget(call, accountId, parameter(call, "AccountId"));

const onBoth = (call: Call, accountId: AccountId): readonly Permission[] => {
  const target = onTarget(call, accountId, parameter(call, "TargetId"));
  return target.length === 0 ? [] : [...target, ...onPolicy(call, accountId)];
};

const onAll = (call: Call): readonly Permission[] => [{ action: action(call), resource: "*", wide: true }];

/** A resource group's ARN has its name, which a call does not tell. */
const onGroups = (call: Call, accountId: AccountId): readonly Permission[] => [
  { action: action(call), resource: `acs:ram:*:${accountId}:resourcegroup/*`, wide: true },
];

/** Taken from the pages on RAM authorization of the two services, not confirmed on a live account. */
export const directoryPermissions: Permissions = {
  "ResourceManager.CreateControlPolicy": onAll,
  "ResourceManager.UpdateControlPolicy": onPolicy,
  "ResourceManager.DeleteControlPolicy": onPolicy,
  "ResourceManager.AttachControlPolicy": onBoth,
  "ResourceManager.DetachControlPolicy": onBoth,
  "ResourceManager.EnableControlPolicy": onAll,
  "ResourceManager.DisableControlPolicy": onAll,
  "ResourceManager.RegisterDelegatedAdministrator": onMember,
  "ResourceManager.DeregisterDelegatedAdministrator": onMember,
  "ResourceManager.MoveAccount": onMember,
  "ResourceManager.MoveResources": onGroups,
  "ResourceManager.UpdateResourceGroupAdminSetting": onAll,
};
