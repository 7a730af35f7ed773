import type { Principal } from "../domain/identity.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type { GrantRef, PolicyName, Route, Scope } from "../domain/subject.ts";
import { gone } from "../domain/subject.ts";
import type { CataloguedId } from "./catalogue.ts";
import type { CallRecord, Entries, OperationEntry, Reading } from "./entry.ts";
import { textOf } from "./fields.ts";
import { principalOf, shortName } from "./principals.ts";

const policyOf = (record: CallRecord): Result<PolicyName, string> => {
  const name = textOf(record.request, "PolicyName");
  if (name === undefined) return failed("names no policy: `PolicyName` is missing");
  switch (textOf(record.request, "PolicyType")?.toLowerCase()) {
    case "system":
      return ok({ type: "System", name });
    case "custom":
      return ok({ type: "Custom", name });
    case undefined:
      return failed("does not say the type of the policy: `PolicyType` is missing");
    default:
      return failed("has a `PolicyType` that is neither `System` nor `Custom`");
  }
};

/** The account's own id as resource group means the whole account (`payloads.md` a.4). */
const scopeOf = (record: CallRecord): Scope => {
  const group = textOf(record.request, "ResourceGroupId");
  return group === undefined || group === record.accountId ? "account" : { resourceGroupId: group };
};

type Becomes = "there" | "gone";

const reading = (
  record: CallRecord,
  principal: Principal,
  scope: Scope,
  route: Route,
  becomes: Becomes,
  principalName?: string,
): Result<Reading, string> => {
  const policy = policyOf(record);
  if (!policy.ok) return policy;
  const subject: GrantRef = {
    kind: "grant",
    accountId: record.accountId,
    principal,
    policy: policy.value,
    scope,
    route,
    ...(principalName === undefined ? {} : { principalName }),
  };
  const claimed = becomes === "gone" ? gone : ({ kind: "grant", principal, policy: policy.value, scope } as const);
  return ok({ kind: "subject", subject, claimed });
};

const ofRam =
  (kind: Principal["kind"], parameter: string, becomes: Becomes) =>
  (record: CallRecord): Result<Reading, string> => {
    const given = textOf(record.request, parameter);
    const name = given === undefined ? undefined : shortName(given);
    if (name === undefined) return failed(`names no ${kind}: \`${parameter}\` is missing`);
    return reading(record, { kind, name }, scopeOf(record), "Ram", becomes);
  };

const ofResourceManager =
  (becomes: Becomes) =>
  (record: CallRecord): Result<Reading, string> => {
    const type = textOf(record.request, "PrincipalType");
    const name = textOf(record.request, "PrincipalName");
    if (type === undefined || name === undefined)
      return failed("names no principal: `PrincipalType` or `PrincipalName` is missing");
    const principal = principalOf(type, name);
    if (principal === undefined) return failed("has a `PrincipalType` or `PrincipalName` of an unknown form");
    if (textOf(record.request, "ResourceGroupId") === undefined)
      return failed("does not say where the grant holds: `ResourceGroupId` is missing");
    return reading(record, principal, scopeOf(record), "ResourceManager", becomes, name);
  };

const attached = (detaching: CataloguedId, read: OperationEntry["read"]): OperationEntry => ({
  subject: "grant",
  effect: "made",
  lost: [],
  remedy: {
    level: "full",
    why: "RAM answers 409 to a grant that exists, so success proves that it was new; it is taken away in the service and the scope it was made in",
    calls: [detaching],
  },
  read,
});

const detached = (attaching: CataloguedId, read: OperationEntry["read"]): OperationEntry => ({
  subject: "grant",
  effect: "removed",
  lost: [],
  remedy: {
    level: "full",
    why: "a grant is nothing but itself; it is given back in the service and the scope it was taken away in, by a person, as it gives what the policy holds today",
    calls: [attaching],
  },
  read,
});

/** The operations that grant a policy, or take it away. */
export const attachmentOperations = {
  "Ram.AttachPolicyToUser": attached("Ram.DetachPolicyFromUser", ofRam("user", "UserName", "there")),
  "Ram.AttachPolicyToGroup": attached("Ram.DetachPolicyFromGroup", ofRam("group", "GroupName", "there")),
  "Ram.AttachPolicyToRole": attached("Ram.DetachPolicyFromRole", ofRam("role", "RoleName", "there")),
  "ResourceManager.AttachPolicy": attached("ResourceManager.DetachPolicy", ofResourceManager("there")),
  "Ram.DetachPolicyFromUser": detached("Ram.AttachPolicyToUser", ofRam("user", "UserName", "gone")),
  "Ram.DetachPolicyFromGroup": detached("Ram.AttachPolicyToGroup", ofRam("group", "GroupName", "gone")),
  "Ram.DetachPolicyFromRole": detached("Ram.AttachPolicyToRole", ofRam("role", "RoleName", "gone")),
  "ResourceManager.DetachPolicy": detached("ResourceManager.AttachPolicy", ofResourceManager("gone")),
} as const satisfies Entries;
