import type { Permissions } from "./permission.ts";

export const directoryPermissions: Permissions = {};
