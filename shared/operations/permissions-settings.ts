import type { Permissions } from "./permission.ts";

export const settingsPermissions: Permissions = {};
