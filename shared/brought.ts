import type { CloudError } from "./domain/cloud-error.ts";
import { isPassing } from "./domain/cloud-error.ts";
import type { Principal } from "./domain/identity.ts";
import type { Result } from "./domain/result.ts";
import { ok } from "./domain/result.ts";
import type { Gone, PolicyName, Subject, SubjectRef } from "./domain/subject.ts";
import type { GrantRef } from "./domain/subjects/grant.ts";
import type { World } from "./ports/world.ts";
import { needsPolicyDocument } from "./rules/kit/high-risk.ts";
import type { Facts, HeldDocument } from "./rules/kit/rule.ts";
import { letsOwnAccountIn } from "./rules/kit/trust.ts";
import type { Settings } from "./settings.ts";

type Looking = Pick<World, "read" | "policyDocument" | "grantsOf" | "holdersOf">;

/**
 * What the rules have to know beyond a change: the documents that it brings into play, and whom it reaches. What cannot be
 * read for a while is the failure; what cannot be read at all is left out, and the rules that need it decide nothing.
 */
export const factsOf = async (
  world: Looking,
  settings: Settings,
  subject: SubjectRef,
  live: Subject | Gone,
): Promise<Result<Facts, CloudError>> => {
  const more = await broughtBy(world, settings, subject, live);
  return more.ok ? ok({ settings: settings.rules, ...more.value }) : more;
};

type More = Omit<Facts, "settings">;

const nothingMore: Result<More, never> = ok({});

const broughtBy = (
  world: Looking,
  { rules }: Settings,
  subject: SubjectRef,
  live: Subject | Gone,
): Promise<Result<More, CloudError>> | Result<More, CloudError> => {
  switch (subject.kind) {
    case "grant":
      return byGrant(world, subject, live.kind !== "gone");
    case "membership":
      return carriedBy(world, { kind: "group", name: subject.groupName });
    case "policy":
      return heldBy(world, { type: "Custom", name: subject.policyName });
    case "control-policy-attachment":
      return byAttachment(world, subject.accountId, subject.policyId);
    case "role-trust":
      return live.kind === "role-trust" && letsOwnAccountIn(live.document, rules.accountId)
        ? ofRole(world, { kind: "role", name: subject.roleName })
        : nothingMore;
    default:
      return nothingMore;
  }
};

/** What was read; undefined for what cannot be read at all, or is not there. */
const readable = <Value>(read: Result<Value | Gone, CloudError>): Result<Value | undefined, CloudError> => {
  if (!read.ok) return isPassing(read.error) ? read : ok(undefined);
  const { value } = read;
  return ok(isGone(value) ? undefined : value);
};

const isGone = (value: unknown): value is Gone =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "gone";

const textOf = async (world: Looking, policy: PolicyName): Promise<Result<string | undefined, CloudError>> =>
  needsPolicyDocument(policy) ? readable(await world.policyDocument(policy)) : ok(undefined);

const byGrant = async (world: Looking, ref: GrantRef, isThere: boolean): Promise<Result<More, CloudError>> => {
  const text = await textOf(world, ref.policy);
  if (!text.ok) return text;
  if (ref.principal.kind !== "role" || !isThere) return ok({ policyDocument: text.value });
  const { accountId, principal } = ref;
  const role = readable(await world.read({ kind: "role-trust", accountId, roleName: principal.name, route: "Ram" }));
  if (!role.ok) return role;
  const roleTrust = role.value?.kind === "role-trust" ? role.value.document : undefined;
  return ok({ policyDocument: text.value, roleTrust });
};

/** What a principal holds, each policy with its text. */
const documentsOf = async (
  world: Looking,
  principal: Principal,
): Promise<Result<readonly HeldDocument[] | undefined, CloudError>> => {
  const grants = readable(await world.grantsOf(principal));
  if (!grants.ok || grants.value === undefined) return grants.ok ? ok(undefined) : grants;
  const held: HeldDocument[] = [];
  for (const { policy, scope } of grants.value) {
    const text = await textOf(world, policy);
    if (!text.ok) return text;
    held.push({ policy, scope, text: text.value });
  }
  return ok(held);
};

const carriedBy = async (world: Looking, group: Principal): Promise<Result<More, CloudError>> => {
  const carried = await documentsOf(world, group);
  return carried.ok ? ok({ carried: carried.value }) : carried;
};

const ofRole = async (world: Looking, role: Principal): Promise<Result<More, CloudError>> => {
  const held = await documentsOf(world, role);
  return held.ok ? ok({ held: held.value }) : held;
};

const heldBy = async (world: Looking, policy: PolicyName): Promise<Result<More, CloudError>> => {
  const holders = readable(await world.holdersOf(policy));
  return holders.ok ? ok({ holders: holders.value }) : holders;
};

const byAttachment = async (world: Looking, accountId: string, policyId: string): Promise<Result<More, CloudError>> => {
  const read = readable(await world.read({ kind: "control-policy", accountId, policyId, route: "ResourceManager" }));
  if (!read.ok) return read;
  return ok({ policyDocument: read.value?.kind === "control-policy" ? read.value.document : undefined });
};
