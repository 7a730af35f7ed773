import { need, ownOrPrincipal, userArn } from "../access/needs.ts";
import { limitExceeded } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Operations } from "../operation.ts";
import { objectsOf, oneOf, required } from "../params.ts";
import { userNameIn } from "../principal-names.ts";
import { addUser, detailsOf } from "../ram/users.ts";
import { displayNameAtMost, userOfPrincipal, userShape } from "./users.ts";

const usersPerCall = 20;

/**
 * Calls that the console and other services make, which audit lists name without a contract. The parameters of
 * BatchCreateUser (`User.1.UserPrincipalName`, …) and `ProvisionType` are this sandbox's own.
 */
export const consoleUserOperations: Operations = {
  /** All or none, as every write here. */
  BatchCreateUser: {
    access: "Write",
    needs: (asked) => [need("ram:BatchCreateUser", userArn(asked, "*"))],
    run: (work) => {
      const rows = objectsOf(work.params, "User");
      if (rows.length === 0) required(work.params, "User.1.UserPrincipalName");
      if (rows.length > usersPerCall) throw limitExceeded("User", usersPerCall);
      const User = rows.map((row): JsonObject => {
        required(row, "DisplayName");
        const name = userNameIn(work.account, required(row, "UserPrincipalName"));
        return userShape(work.account, addUser(work, name, detailsOf(row, "", displayNameAtMost)));
      });
      return { Users: { User } };
    },
    touches: ({ params }) => ({
      "ACS::RAM::User": Object.entries(params)
        .filter(([name]) => /^User\.\d+\.UserPrincipalName$/.test(name))
        .map(([, value]) => value),
    }),
  },
  /** CloudSSO takes a user over, or lets it go. */
  UpdateUserProvisionType: {
    access: "Write",
    needs: (asked) => [need("ram:UpdateUserProvisionType", userArn(asked, ownOrPrincipal(asked)))],
    run: (work) => {
      const { account, params, now } = work;
      const user = userOfPrincipal(account, required(params, "UserPrincipalName"));
      const given = params.ProvisionType === undefined ? { ProvisionType: "CloudSSO" } : params;
      const provisionType = oneOf(given, "ProvisionType", ["Manual", "SCIM", "CloudSSO"] as const);
      account.users.set(user.userName, { ...user, provisionType, updateDate: now });
      return {};
    },
    touches: ({ params }) => ({ "ACS::RAM::User": [params.UserPrincipalName ?? ""] }),
  },
};
