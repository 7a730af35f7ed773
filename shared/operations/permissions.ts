import type { AccountId } from "../domain/identity.ts";
import type { Call } from "../domain/plan.ts";
import type { Permission, Permissions } from "./permission.ts";
import { corePermissions } from "./permissions-core.ts";
import { credentialsPermissions } from "./permissions-credentials.ts";
import { directoryPermissions } from "./permissions-directory.ts";
import { federationPermissions } from "./permissions-federation.ts";
import { identitiesPermissions } from "./permissions-identities.ts";
import { policiesPermissions } from "./permissions-policies.ts";
import { settingsPermissions } from "./permissions-settings.ts";

export type { Permission } from "./permission.ts";

const permissions: Permissions = {
  ...corePermissions,
  ...identitiesPermissions,
  ...credentialsPermissions,
  ...policiesPermissions,
  ...settingsPermissions,
  ...federationPermissions,
  ...directoryPermissions,
};

const byId = new Map(Object.entries(permissions));

/** What the acting role must be allowed for one call of a plan, in RAM's words; empty for a call that no plan uses. */
export const permissionsOf = (call: Call, accountId: AccountId): readonly Permission[] =>
  byId.get(`${call.service}.${call.operation}`)?.(call, accountId) ?? [];
