import type { Permissions } from "./permission.ts";

export const credentialsPermissions: Permissions = {};
