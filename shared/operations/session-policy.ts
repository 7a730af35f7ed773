import type { AccountId } from "../domain/identity.ts";
import type { Call } from "../domain/plan.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import { permissionsOf } from "./permissions.ts";

/** What STS accepts as the `Policy` of AssumeRole, in characters. */
export const sessionPolicyLimit = 2048;

const accountForm = /^\d+$/;
/** The names that RAM allows. A name with `*`, `?` or `$` would be a pattern and allow more than the plan's own calls. */
const nameForm = /^[A-Za-z0-9._-]{1,128}$/;
const nameParameters = ["RoleName", "UserName", "GroupName", "PolicyName"];

const unfit = (call: Call): string | undefined => {
  for (const parameter of nameParameters) {
    const value = call.parameters[parameter];
    if (value !== undefined && !nameForm.test(String(value))) return parameter;
  }
  const principal = call.parameters.PrincipalName;
  if (principal !== undefined && !nameForm.test(String(principal).split("@")[0] ?? "")) return "PrincipalName";
  return undefined;
};

/** RAM takes a missing name for the caller's own: such a call is not what any plan means. */
const namesNobody = (call: Call): boolean =>
  ["RoleName", "UserName", "GroupName", "PrincipalName"].every((parameter) => call.parameters[parameter] === undefined);

/**
 * The policy of an acting session: exactly the permissions of the calls, as compact JSON. Each call is a statement of
 * its own, because two calls in one statement would also allow the action of one on the resources of the other.
 * The error says why no such policy can be made; then nothing may be written.
 */
export const sessionPolicy = (calls: readonly Call[], accountId: AccountId): Result<string, string> => {
  if (calls.length === 0) return failed("there is no call to make a session policy for");
  if (!accountForm.test(accountId)) return failed("the account id is not made of digits");
  const statements = new Map<string, { Effect: "Allow"; Action: string; Resource: readonly string[] }>();
  for (const call of calls) {
    const parameter = unfit(call);
    if (parameter !== undefined)
      return failed(`\`${parameter}\` of \`${call.service}.${call.operation}\` is not a name that RAM allows`);
    if (namesNobody(call)) return failed(`\`${call.service}.${call.operation}\` names nobody`);
    const permissions = permissionsOf(call, accountId);
    const first = permissions[0];
    if (first === undefined) return failed(`the permissions of \`${call.service}.${call.operation}\` are not known`);
    const resources = permissions.map((permission) => permission.resource);
    statements.set(`${first.action} ${resources.join(" ")}`, {
      Effect: "Allow",
      Action: first.action,
      Resource: resources,
    });
  }
  const policy = JSON.stringify({ Version: "1", Statement: [...statements.values()] });
  return policy.length <= sessionPolicyLimit
    ? ok(policy)
    : failed(
        `the session policy of ${calls.length} calls has ${policy.length} characters, ${sessionPolicyLimit} are allowed`,
      );
};
