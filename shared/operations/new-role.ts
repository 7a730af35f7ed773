import type { Call } from "../domain/plan.ts";
import type { RoleTrust, RoleTrustRef, Route } from "../domain/subject.ts";

/** The inverse of a role's creation. It destroys the role, so it is only ever proposed to a person. */
export const deleteRole = (role: RoleTrustRef): Call => ({
  service: role.route,
  operation: "DeleteRole",
  parameters: { RoleName: role.roleName },
});

/** Makes a deleted role again, as it was. It gets another RoleId: what is bound to the old one stays broken. */
export const createRole = (role: RoleTrust, route: Route): Call => ({
  service: route,
  operation: "CreateRole",
  parameters: {
    RoleName: role.roleName,
    AssumeRolePolicyDocument: role.document,
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
  },
});
