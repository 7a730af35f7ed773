import type { AccountId, Actor } from "../domain/identity.ts";
import type { JsonObject } from "../domain/json.ts";
import type { SubjectRef } from "../domain/subject.ts";
import { textOf } from "../operations/fields.ts";
import { principalOf, shortName } from "../operations/principals.ts";

const nobody = "(not told)";

/** The subject as near as the names in a record lead, where its entry cannot tell: for a person who has to look. */
export const nearestSubject = (
  request: JsonObject,
  accountId: AccountId,
  actor: Actor,
  mayBeRoot: boolean,
): SubjectRef => {
  const base = { accountId, route: "Ram" } as const;
  if (mayBeRoot) return { kind: "access-key", accountId, owner: { kind: "root" }, createdAt: 0 };
  const principal = principalOf(textOf(request, "PrincipalType") ?? "", textOf(request, "PrincipalName") ?? "");
  const role = textOf(request, "RoleName") ?? (principal?.kind === "role" ? principal.name : undefined);
  if (role !== undefined) return { ...base, kind: "role-trust", roleName: role };
  const group = textOf(request, "GroupName") ?? (principal?.kind === "group" ? principal.name : undefined);
  if (group !== undefined) return { ...base, kind: "group", groupName: group };
  const user = textOf(request, "UserName") ?? textOf(request, "UserPrincipalName") ?? textOf(request, "PrincipalName");
  if (user !== undefined) return { ...base, kind: "user", userName: shortName(user) ?? nobody };
  const policy = textOf(request, "PolicyName");
  if (policy !== undefined) return { ...base, kind: "policy", policyName: policy };
  return { ...base, kind: "user", userName: actor.kind === "user" ? actor.name : nobody };
};
