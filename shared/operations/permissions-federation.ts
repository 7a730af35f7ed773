import type { Permissions } from "./permission.ts";

export const federationPermissions: Permissions = {};
