import type { Permissions } from "./permission.ts";

export const policiesPermissions: Permissions = {};
