import type { CloudError } from "../domain/cloud-error.ts";
import { cloudErrorText } from "../domain/cloud-error.ts";
import { isJsonObject, type Json, type JsonObject } from "../domain/json.ts";
import { subjectKey } from "../domain/kinds.ts";
import type { Renaming } from "../domain/renaming.ts";
import { holdersIn } from "../domain/renaming.ts";
import type { Result } from "../domain/result.ts";
import { failed, ok } from "../domain/result.ts";
import type { Gone, Subject, SubjectRef } from "../domain/subject.ts";
import { readBaseline } from "../ledger/baselines.ts";
import type { Incident } from "../ledger/incident.ts";
import { renamedTo } from "../ledger/renamed-to.ts";
import { asNamedNow } from "../ledger/renamings.ts";
import { objectOf, textOf } from "../operations/fields.ts";
import { shortName } from "../operations/principals.ts";
import type { World } from "../ports/world.ts";

/** A little less than the 90 days that LookupEvents shows. */
const trailMs = 90 * 86_400_000 - 3_600_000;
/** 50 events a page. What is longer is not read: what it may hold is not known. */
const mostPages = 20;

/**
 * Why what a name stands for now is not proven to be what it stood for: `another` where something shows that it may be
 * another by now, `unknown` where that could not be looked up.
 */
export type Doubt = { readonly kind: "another" | "unknown"; readonly because: string };

type Holder = Pick<Renaming, "kind" | "from">;
type Asked = Pick<World, "read" | "trail" | "state" | "clock" | "accountId">;

const another = (because: string): Doubt => ({ kind: "another", because });

const wholeSecond = (at: number): number => Math.floor(at / 1000) * 1000;

/** Since when the subject of a question has borne the name that the question gives it, epoch milliseconds. */
export const namedSince = ({ did, events, openedAt }: Incident): number =>
  did?.namedAt ?? events[0]?.occurredAt ?? openedAt;

/** When, at the earliest, our write of an incident went to whoever bore the name then, epoch milliseconds. */
export const writtenSince = ({ openedAt, callsMade }: Incident): number =>
  Math.min(openedAt, ...callsMade.flatMap(({ recordedAt }) => recordedAt ?? []));

/**
 * Why the users, groups, roles and policies that a subject is named by are not proven to be those of `since`; undefined
 * where they are. A grant or a membership tells nothing of whose it is but the name, and a name can be given to another:
 * who acts on the word of a question must not act on whoever bears the name by now. A user or a group itself tells its id.
 */
export const doubtOfHolders = async (world: Asked, subject: SubjectRef, since: number): Promise<Doubt | undefined> => {
  if (subject.kind === "user" || subject.kind === "group") return undefined;
  // Events tell the time to the second.
  const from = wholeSecond(since);
  const holders = holdersIn(subject);
  const doubt = (await knownRenaming(world, subject, from)) ?? (await madeSince(world, subject, from));
  if (doubt !== undefined) return doubt;
  for (const holder of holders) {
    const seen = await doubtOfHolder(world, holder, from);
    if (seen !== undefined) return seen;
  }
  return undefined;
};

/** A renaming of a holder since, as far as its event has come. */
const knownRenaming = async (world: Asked, subject: SubjectRef, since: number): Promise<Doubt | undefined> => {
  const given = { subject, occurredAt: since };
  const named = await asNamedNow(world, given);
  if (named === given) return undefined;
  const before = holdersIn(subject);
  const now = holdersIn(named.subject);
  for (const [index, { kind, from }] of before.entries()) {
    const to = now[index]?.from;
    if (to !== undefined && to !== from) return another(renamedText({ kind, from, to }));
  }
  const [holder] = before;
  return holder === undefined ? undefined : another(`the ${textOfHolder(holder)} was renamed since, and back`);
};

const textOfHolder = ({ kind, from }: Holder): string => (kind === "user" ? `user \`${from}\`` : `group \`${from}\``);

const renamedText = ({ kind, from, to }: Renaming): string =>
  `the ${textOfHolder({ kind, from })} is named \`${to}\` since`;

const givenText = (holder: Holder): string => `the name of the ${textOfHolder(holder)} was given to another since`;

/** What is named by a subject beside its users and groups: a role, or a policy of the account's own. */
const othersIn = (subject: SubjectRef): readonly SubjectRef[] => {
  if (subject.kind !== "grant") return [];
  const { accountId, principal, policy } = subject;
  const role: SubjectRef = { kind: "role-trust", accountId, route: "Ram", roleName: principal.name };
  const text: SubjectRef = { kind: "policy", accountId, route: "Ram", policyName: policy.name };
  return [...(principal.kind === "role" ? [role] : []), ...(policy.type === "Custom" ? [text] : [])];
};

/** A role or a policy cannot be renamed, but deleted and made again under its name. */
const madeSince = async (world: Asked, subject: SubjectRef, since: number): Promise<Doubt | undefined> => {
  for (const ref of othersIn(subject)) {
    const live = await world.read(ref);
    const text = ref.kind === "role-trust" ? `role \`${ref.roleName}\`` : `policy \`${nameOf(ref)}\``;
    if (!live.ok) return unknown(text, cloudErrorText(live.error));
    const doubt = doubtOfMaking(text, live.value, since);
    if (doubt !== undefined) return doubt;
  }
  return undefined;
};

const nameOf = (ref: SubjectRef): string => (ref.kind === "policy" ? ref.policyName : "");

const unknown = (text: string, why: string): Doubt => ({
  kind: "unknown",
  because: `whether the ${text} is still the same one cannot be looked up: ${why}`,
});

const doubtOfMaking = (text: string, live: Subject | Gone, since: number): Doubt | undefined => {
  if (live.kind === "gone") return another(`the ${text} is not there any more`);
  const madeAt = Date.parse(("createdAt" in live ? live.createdAt : undefined) ?? "");
  if (!Number.isFinite(madeAt)) return unknown(text, "nothing tells when it was made");
  return madeAt > since ? another(`the ${text} was made since, so it is another one`) : undefined;
};

const refOf = ({ kind, from }: Holder, accountId: string): SubjectRef =>
  kind === "user"
    ? { kind, accountId, route: "Ims", userName: from }
    : { kind, accountId, route: "Ims", groupName: from };

const doubtOfHolder = async (world: Asked, holder: Holder, since: number): Promise<Doubt | undefined> => {
  const text = textOfHolder(holder);
  const given = await renamedTo(world, { kind: holder.kind, to: holder.from });
  // One of the same second gave the holder its name, or came after the holder had lost it, which tells by itself.
  const later = given.find(({ at }) => at > since);
  if (later !== undefined) return another(givenText(holder));
  const ref = refOf(holder, world.accountId);
  const live = await world.read(ref);
  if (!live.ok) return unknown(text, cloudErrorText(live.error));
  const lastGiven = Math.max(0, ...given.map(({ at }) => at));
  const made = doubtOfMaking(text, live.value, since);
  if (made !== undefined) return made;
  const shown = await doubtOfTrail(world, holder, since);
  return shown?.kind === "another"
    ? shown
    : ((await doubtOfId(world, text, ref, live.value, since, lastGiven)) ?? shown);
};

const idOf = (state: Subject | Gone): string | undefined =>
  state.kind === "user" ? state.userId : state.kind === "group" ? state.groupId : undefined;

/**
 * The audit trail lags by minutes, and events may be on their way: what was kept of the name before tells its id at once.
 * It tells nothing where the name was made or given anew between it and `since`.
 */
const doubtOfId = async (
  { state, accountId }: Asked,
  text: string,
  ref: SubjectRef,
  live: Subject | Gone,
  since: number,
  lastGiven: number,
): Promise<Doubt | undefined> => {
  const kept = await readBaseline(state, accountId, subjectKey(ref));
  const before = [kept, kept?.earlier].find((one) => one !== undefined && one.since <= since);
  if (before === undefined || lastGiven >= wholeSecond(before.since)) return undefined;
  const madeAt = Date.parse(("createdAt" in live ? live.createdAt : undefined) ?? "");
  const id = idOf(before.state);
  if (id === undefined || madeAt > before.since || id === idOf(live)) return undefined;
  return another(`the ${text} has another id than before, so it is another one`);
};

/** What the audit trail shows of a name since: its event may not have come yet. */
const doubtOfTrail = async (world: Asked, holder: Holder, since: number): Promise<Doubt | undefined> => {
  const text = textOfHolder(holder);
  if (since < world.clock.now() - trailMs) return unknown(text, "it is longer ago than the audit trail shows");
  const renamed = await eventsNamed(world, holder.kind === "user" ? "UpdateUser" : "UpdateGroup", since);
  if (!renamed.ok) return unknown(text, renamed.error);
  for (const event of renamed.value) {
    const doubt = doubtOfRenaming(event, holder, since);
    if (doubt !== undefined) return doubt;
  }
  const deleted = await eventsNamed(world, holder.kind === "user" ? "DeleteUser" : "DeleteGroup", since);
  if (!deleted.ok) return unknown(text, deleted.error);
  return deleted.value.some((event) => isSameName(namedIn(requestOf(event), holder.kind, ""), holder.from))
    ? another(`the ${text} was deleted since`)
    : undefined;
};

/** The successful calls of a name that the audit trail shows since a moment. */
const eventsNamed = async (
  { trail, clock }: Asked,
  eventName: string,
  since: number,
): Promise<Result<readonly JsonObject[], string>> => {
  const found: JsonObject[] = [];
  let token: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await trail({ from: since, to: clock.now(), writesOnly: true, eventName }, token);
    if (!page.ok) return failed(cloudErrorText(page.error satisfies CloudError));
    found.push(...page.value.events.filter(isJsonObject).filter((event) => (textOf(event, "errorCode") ?? "") === ""));
    if (page.value.nextToken === undefined || page.value.nextToken === token) return ok(found);
    token = page.value.nextToken;
  }
  return failed("the history is too long to be read in one go");
};

/** The request's parameters, which some records have as text alone. */
const requestOf = (event: JsonObject): JsonObject => {
  const given = objectOf(event, "requestParameters");
  if (given !== undefined && Object.keys(given).length > 0) return given;
  try {
    const parsed = JSON.parse(textOf(event, "requestParameterJson") ?? "{}") as Json;
    return isJsonObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
};

/** The short name at the parameter that names a user or a group, in Ram's spelling or Ims's. */
const namedIn = (request: JsonObject, kind: Holder["kind"], before: "" | "New"): string | undefined => {
  const parameters = kind === "user" ? ["UserName", "UserPrincipalName"] : ["GroupName"];
  const given = parameters.map((name) => textOf(request, `${before}${name}`)).find((name) => name !== undefined);
  return given === undefined ? undefined : shortName(given);
};

/** Without regard to case: rather one too many is taken for the same than one too few. */
const isSameName = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

const doubtOfRenaming = (event: JsonObject, { kind, from: name }: Holder, since: number): Doubt | undefined => {
  const request = requestOf(event);
  // What a call changed whose request is not recorded, nobody can say.
  if (Object.keys(request).length === 0)
    return unknown(textOfHolder({ kind, from: name }), "the audit trail shows a renaming and not whose");
  const from = namedIn(request, kind, "");
  const to = namedIn(request, kind, "New");
  if (to === undefined || from === to) return undefined;
  const at = Date.parse(textOf(event, "eventTime") ?? "");
  const isLater = !Number.isFinite(at) || at > since;
  if (isSameName(from, name)) return another(renamedText({ kind, from: name, to }));
  return isLater && isSameName(to, name) ? another(givenText({ kind, from: name })) : undefined;
};
