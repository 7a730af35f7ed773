import type { CloudError } from "./domain/cloud-error.ts";
import { isPassing } from "./domain/cloud-error.ts";
import type { AccountId, Principal } from "./domain/identity.ts";
import { subjectKey } from "./domain/kinds.ts";
import type { Result } from "./domain/result.ts";
import { ok } from "./domain/result.ts";
import type { RuleSettings } from "./domain/settings.ts";
import type { Gone, PolicyName, RefOf, Scope, Subject, SubjectRef } from "./domain/subject.ts";
import { scopeText } from "./domain/subjects/common.ts";
import { tagsRefOf } from "./domain/subjects/user-tags.ts";
import type { Occasion } from "./domain/trail-event.ts";
import { exemptPatterns } from "./exempted.ts";
import { readBaseline } from "./ledger/baselines.ts";
import { documentForm } from "./policy/canonical.ts";
import { makesAdministrator, matters } from "./policy/matters.ts";
import type { World } from "./ports/world.ts";
import { needsPolicyDocument } from "./rules/kit/high-risk.ts";
import { asksForTags, practicesOf } from "./rules/kit/practices.ts";
import type { Facts, HeldDocument, Need } from "./rules/kit/rule.ts";
import { isLentOut, letsForeignersIn, letsOwnAccountIn } from "./rules/kit/trust.ts";
import { isNeeded } from "./rules/registry.ts";
import type { Settings } from "./settings.ts";

type Looking = Pick<
  World,
  "state" | "accountId" | "clock" | "read" | "policyDocument" | "grantsOf" | "groupsOf" | "holdersOf"
>;

type Read<Value> = Promise<Result<Value, CloudError>>;

/**
 * What the rules in force have to know beyond a change: the documents that it brings into play, and whom it reaches. What
 * cannot be read for a while is the failure; what cannot be read at all is left out, and the rules that need it decide nothing.
 */
export const factsOf = async (
  world: Looking,
  settings: Settings,
  { subject, occurredAt }: Pick<Occasion, "subject" | "occurredAt">,
  live: Subject | Gone,
): Read<Facts> => {
  const { rules } = settings;
  const needs = (need: Need): boolean => isNeeded(need, subject.kind, rules);
  const more = await broughtBy({ world, needs, accountId: rules.accountId, occurredAt, rules }, subject, live);
  return more.ok ? ok({ settings: rules, ...more.value, ...(await exemptPatterns(world, settings, subject)) }) : more;
};

type More = Omit<Facts, "settings">;

type Asking = {
  readonly world: Looking;
  readonly needs: (need: Need) => boolean;
  readonly accountId: AccountId;
  readonly occurredAt: number;
  readonly rules: RuleSettings;
};

const broughtBy = async (asking: Asking, subject: SubjectRef, live: Subject | Gone): Read<More> => {
  const { world, needs, accountId, rules } = asking;
  switch (subject.kind) {
    case "grant":
      return byGrant(asking, subject, live.kind !== "gone");
    case "membership":
      return byMembership(asking, subject);
    case "policy":
      return needs("holders") ? holdersOf(world, { type: "Custom", name: subject.policyName }) : ok({});
    case "control-policy-attachment":
      return needs("policyDocument") ? byControlPolicy(world, subject) : ok({});
    case "role-trust": {
      if (live.kind !== "role-trust" || !needs("held")) return ok({});
      const counts = letsOwnAccountIn(live.document, accountId) || isLentOut(live.document, rules);
      if (!counts) return ok({});
      const held = await documentsOf(world, { kind: "role", name: subject.roleName });
      return held.ok ? ok({ held: held.value }) : held;
    }
    case "login": {
      const tags = needs("userTags") ? await tagsOf(world, subject, rules) : ok({});
      if (!tags.ok) return tags;
      const mfa = needs("mfaForAll") ? await mfaForAllUsers(world, subject.accountId) : ok({});
      return mfa.ok ? ok({ ...tags.value, ...mfa.value }) : mfa;
    }
    case "user":
      return needs("userTags") && isNamedByClass(rules) ? tagsOf(world, subject, rules) : ok({});
    default:
      return ok({});
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

/** What `AdministratorAccess` says is known to everybody. */
const everything = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

const isEverything = ({ type, name }: PolicyName): boolean => type === "System" && name === "AdministratorAccess";

const textOf = async (world: Looking, policy: PolicyName): Read<string | undefined> =>
  needsPolicyDocument(policy) ? readable(await world.policyDocument(policy)) : ok(undefined);

const byGrant = async (asking: Asking, ref: RefOf<"grant">, isThere: boolean): Read<More> => {
  const { world, needs } = asking;
  const { accountId, policy, principal, scope } = ref;
  const text = needs("policyDocument") ? await textOf(world, policy) : ok(undefined);
  if (!text.ok) return text;
  const policyDocument = text.value;
  const beside =
    needs("beside") && matters(policy, policyDocument)
      ? await besideOf(asking, principal, { grant: { policy, scope } })
      : ok(undefined);
  if (!beside.ok) return beside;
  const facts = { policyDocument, beside: beside.value };
  if (principal.kind !== "role" || !isThere || !needs("roleTrust")) return ok(facts);
  const role = readable(await world.read({ kind: "role-trust", accountId, roleName: principal.name, route: "Ram" }));
  if (!role.ok) return role;
  const roleTrust = role.value?.kind === "role-trust" ? role.value.document : undefined;
  if (roleTrust === undefined || !needs("held") || !letsForeignersIn(roleTrust, accountId))
    return ok({ ...facts, roleTrust });
  const held = await documentsOf(world, principal);
  return held.ok ? ok({ ...facts, roleTrust, held: held.value }) : held;
};

const byMembership = async (asking: Asking, { userName, groupName }: RefOf<"membership">): Read<More> => {
  const { world, needs } = asking;
  if (!needs("carried")) return ok({});
  const carried = await documentsOf(world, { kind: "group", name: groupName });
  if (!carried.ok) return carried;
  const all = carried.value ?? [];
  if (!needs("beside") || !all.some(({ policy, text }) => matters(policy, text) || makesAdministrator(policy, text)))
    return ok({ carried: carried.value });
  const beside = await besideOf(asking, { kind: "user", name: userName }, { groupName });
  return beside.ok ? ok({ carried: carried.value, beside: beside.value }) : beside;
};

/** What a change is of, which is not besides it. */
type Left = { readonly grant?: { readonly policy: PolicyName; readonly scope: Scope }; readonly groupName?: string };

/** What a principal holds but for what a change is of: itself, and a user by its groups. */
const besideOf = async (
  asking: Asking,
  principal: Principal,
  { grant, groupName }: Left,
): Read<readonly HeldDocument[] | undefined> => {
  const { world } = asking;
  const groups = principal.kind === "user" ? readable(await world.groupsOf(principal.name)) : ok([]);
  if (!groups.ok) return groups;
  const own = await documentsOf(world, principal, grant);
  if (!own.ok) return own;
  if (groups.value === undefined || own.value === undefined) return ok(undefined);
  const all = [...own.value];
  for (const group of groups.value.filter((one) => one.groupName !== groupName)) {
    const more = await documentsOf(world, { kind: "group", name: group.groupName });
    if (!more.ok || more.value === undefined) return more.ok ? ok(undefined) : more;
    all.push(...more.value.map((one) => ({ ...one, since: latest(one.since, group.since) })));
  }
  return ok(await Promise.all(all.map((one) => asSettled(asking, one))));
};

const latest = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : Math.max(one, other);

/** What has been attached for a day has been judged and told, and is not about to be taken away again. */
const settledAfterMs = 86_400_000;

type Dated = HeldDocument & { readonly since?: number | undefined };

/** The text of a custom policy may have become what it is a moment ago: only one that was accepted counts as held. */
const asSettled = async ({ world, accountId, occurredAt }: Asking, held: Dated): Promise<HeldDocument> => {
  const { policy, scope, text, since } = held;
  const isOld = since !== undefined && occurredAt - since > settledAfterMs;
  const settled = isOld && (policy.type === "System" || (await isAcceptedText(world, accountId, policy, text)));
  return { policy, scope, text, settled };
};

const isAcceptedText = async (
  world: Looking,
  accountId: AccountId,
  { name: policyName }: PolicyName,
  text: string | undefined,
): Promise<boolean> => {
  const key = subjectKey({ kind: "policy", accountId, policyName, route: "Ram" });
  const accepted = (await readBaseline(world.state, accountId, key))?.state;
  if (accepted?.kind !== "policy" || text === undefined) return false;
  const version = accepted.versions.find(({ versionId }) => versionId === accepted.defaultVersion);
  return version !== undefined && documentForm(version.document) === documentForm(text);
};

/** What a principal itself holds, each policy with its text. */
const documentsOf = async (
  world: Looking,
  principal: Principal,
  except?: Left["grant"],
): Read<readonly Dated[] | undefined> => {
  const grants = readable(await world.grantsOf(principal));
  if (!grants.ok || grants.value === undefined) return grants.ok ? ok(undefined) : grants;
  const held: Dated[] = [];
  for (const { policy, scope, since } of grants.value) {
    if (except !== undefined && isSameGrant({ policy, scope }, except)) continue;
    const text = isEverything(policy) ? ok(everything) : await textOf(world, policy);
    if (!text.ok) return text;
    held.push({ policy, scope, text: text.value, since });
  }
  return ok(held);
};

const isSameGrant = (one: NonNullable<Left["grant"]>, other: NonNullable<Left["grant"]>): boolean =>
  one.policy.type === other.policy.type &&
  one.policy.name === other.policy.name &&
  scopeText(one.scope) === scopeText(other.scope);

const holdersOf = async (world: Looking, policy: PolicyName): Read<More> => {
  const holders = readable(await world.holdersOf(policy));
  return holders.ok ? ok({ holders: holders.value }) : holders;
};

const byControlPolicy = async (
  world: Looking,
  { accountId, policyId }: RefOf<"control-policy-attachment">,
): Read<More> => {
  const read = readable(await world.read({ kind: "control-policy", accountId, policyId, route: "ResourceManager" }));
  if (!read.ok) return read;
  return ok({ policyDocument: read.value?.kind === "control-policy" ? read.value.document : undefined });
};

/** Whether what the name of a user is to look like depends on whose it is. */
const isNamedByClass = (rules: RuleSettings): boolean => {
  const { naming } = practicesOf(rules);
  return naming.users.length > 0 || naming.services.length > 0;
};

/** The tags of a user, read only where its class depends on them. */
const tagsOf = async (world: Looking, subject: RefOf<"user" | "login">, rules: RuleSettings): Read<More> => {
  if (!asksForTags(subject.userName, rules)) return ok({});
  const read = readable(await world.read(tagsRefOf(subject)));
  if (!read.ok) return read;
  return ok({ userTags: read.value?.kind === "tags" ? read.value.tags : undefined });
};

/** Whether the account asks everybody for a second factor. */
const mfaForAllUsers = async (world: Looking, accountId: string): Read<More> => {
  const read = readable(await world.read({ kind: "security-preference", accountId, route: "Ims" }));
  if (!read.ok) return read;
  const { value } = read;
  return ok({
    mfaForAll: value?.kind === "security-preference" ? value.fields.MFAOperationForLogin === "mandatory" : undefined,
  });
};
