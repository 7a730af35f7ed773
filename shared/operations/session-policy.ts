import type { AccountId } from "../domain/identity.ts";
import type { Call } from "../domain/plan.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import { permissionsOf } from "./permissions.ts";

/** What STS accepts as the `Policy` of AssumeRole, in characters. */
export const sessionPolicyLimit = 2048;

const accountForm = /^\d+$/;
/** A name that RAM allows is at the end of each path. One with `*`, `?` or `$` would be a pattern and allow more than meant. */
const pathForm = /^[A-Za-z-]+\/[A-Za-z0-9._@/-]{1,256}$/;

/** Whether a resource names exactly one thing: its region may be any, as RAM has none. */
const isNarrow = (resource: string, accountId: AccountId): boolean => {
  const owners = [`acs:ram:*:${accountId}:`, "acs:ram:*:system:", `acs:resourcemanager:*:${accountId}:`];
  const owner = owners.find((prefix) => resource.startsWith(prefix));
  return owner !== undefined && pathForm.test(resource.slice(owner.length));
};

type Statement = { readonly Effect: "Allow"; readonly Action: readonly string[]; readonly Resource: readonly string[] };

/**
 * The policy of an acting session: exactly the permissions of the calls, as compact JSON. Calls share a statement only
 * where they act on the same resources, because otherwise one statement would also allow the action of one on the
 * resources of the other. The error says why no such policy can be made; then nothing may be written.
 */
export const sessionPolicy = (calls: readonly Call[], accountId: AccountId): Result<string, string> => {
  if (calls.length === 0) return failed("there is no call to make a session policy for");
  if (!accountForm.test(accountId)) return failed("the account id is not made of digits");
  const actionsOn = new Map<string, { readonly resources: readonly string[]; readonly actions: Set<string> }>();
  for (const call of calls) {
    const permissions = permissionsOf(call, accountId);
    if (permissions.length === 0)
      return failed(`the permissions of \`${call.service}.${call.operation}\` are not known`);
    if (permissions.some(({ resource, wide }) => wide !== true && !isNarrow(resource, accountId)))
      return failed(`\`${call.service}.${call.operation}\` names nothing, or what is not a name that RAM allows`);
    const resources = permissions.map(({ resource }) => resource);
    const key = resources.join(" ");
    const there = actionsOn.get(key) ?? { resources, actions: new Set() };
    for (const { action } of permissions) there.actions.add(action);
    actionsOn.set(key, there);
  }
  const statements = [...actionsOn.values()].map(
    ({ resources, actions }): Statement => ({ Effect: "Allow", Action: [...actions], Resource: resources }),
  );
  const policy = JSON.stringify({ Version: "1", Statement: statements });
  return policy.length <= sessionPolicyLimit
    ? ok(policy)
    : failed(
        `the session policy of ${calls.length} calls has ${policy.length} characters, ${sessionPolicyLimit} are allowed`,
      );
};
