import type { Permissions } from "./permission.ts";

export const identitiesPermissions: Permissions = {};
