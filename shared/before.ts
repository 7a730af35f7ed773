import type { Change, Known, Unknown } from "./domain/change.ts";
import type { CloudError } from "./domain/cloud-error.ts";
import { cloudErrorText, isPassing } from "./domain/cloud-error.ts";
import type { Json } from "./domain/json.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { Gone, Subject } from "./domain/subject.ts";
import { gone, subjectKey } from "./domain/subject.ts";
import type { TrailEvent } from "./domain/trail-event.ts";
import { takeIn } from "./intake/take-in.ts";
import { readBaseline } from "./ledger/baselines.ts";
import { openLedger } from "./ledger/ledger.ts";
import { stateDigest } from "./operations/state-digest.ts";
import type { World } from "./ports/world.ts";
import { isTrusted, readEntities } from "./rules/kit/trust.ts";
import { judgeChange } from "./rules/registry.ts";
import type { Settings } from "./settings.ts";

export type Before = Known<Subject | Gone> | Unknown;

/** ActionTrail keeps 90 days; an hour of margin keeps the query inside whatever the clock of the cloud says. */
const historyMs = 90 * 86_400_000 - 3_600_000;
/** 50 events a page: at most 2,000 events for each name of operation, then the history counts as unknown. */
const historyPages = 40;

/**
 * What was before, by what costs no call of the cloud: a successful creation proves that there was nothing, and the
 * baseline is the state that was accepted last.
 */
export const beforeAtHand = async (world: World, event: TrailEvent): Promise<Before> => {
  if (event.effect === "made") return { known: true, state: gone, provenance: "proven-by-event" };
  if (event.subject.kind === "access-key") return keyBefore(world, event);
  const baseline = await readBaseline(world.state, event.accountId, subjectKey(event.subject));
  if (baseline === undefined) return { known: false, because: "there is no baseline of it yet" };
  if (event.claimed !== undefined && areTwoRoles(baseline.state, event.claimed)) return ofAnother;
  return { known: true, state: baseline.state, provenance: baseline.source === "undo" ? "undo" : "baseline" };
};

/** A key has no baseline; what we left it as, the last time that we dealt with it, is what it was. */
const keyBefore = async (world: World, { accountId, subject, claimed }: TrailEvent): Promise<Before> => {
  const unknown: Before = { known: false, because: "RAM Warden has not dealt with the key before" };
  const last = await openLedger(world.state, world.clock, accountId).lastOn(subjectKey(subject));
  if (last === undefined || claimed?.kind !== "access-key") return unknown;
  const left = (["Active", "Inactive"] as const).find((status) => stateDigest({ ...claimed, status }) === last.left);
  return left === undefined ? unknown : { known: true, state: { ...claimed, status: left }, provenance: "baseline" };
};

const ofAnother: Before = { known: false, because: "the baseline is that of an earlier role of the same name" };

/**
 * Whether two states are of two roles that bore one name one after the other: a RoleId is never used twice. An id that is
 * missing or starred tells nothing.
 */
export const areTwoRoles = (a: Subject | Gone, b: Subject | Gone): boolean =>
  a.kind === "role-trust" && b.kind === "role-trust" && isId(a.roleId) && isId(b.roleId) && a.roleId !== b.roleId;

const isId = (roleId: string): boolean => roleId !== "" && !roleId.includes("*");

/** What is known of before, as far as it is of the same role as the live one. */
export const beforeOf = (before: Before, live: Subject | Gone): Before =>
  before.known && areTwoRoles(before.state, live) ? ofAnother : before;

/**
 * What was before, from ActionTrail's history: the newest earlier state that is acceptable itself. A state that somebody
 * broke in on is not one to go back to, so the states are walked forward from the oldest and any other is skipped.
 */
export const beforeInHistory = async (
  world: World,
  settings: Settings,
  event: TrailEvent,
): Promise<Result<Before, CloudError>> => {
  if (event.subject.kind !== "role-trust") return ok({ known: false, because: "history tells nothing of it" });
  const earlier: TrailEvent[] = [];
  for (const eventName of ["CreateRole", "UpdateRole"]) {
    const found = await eventsNamed(world, eventName, event);
    if (!found.ok) return isPassing(found.error) ? found : ok({ known: false, because: cloudErrorText(found.error) });
    if (!found.value.whole) return ok({ known: false, because: "the history is too long to be read in one go" });
    earlier.push(...found.value.events);
  }
  return ok(lastAccepted(inOrder(earlier), settings));
};

type History = { readonly events: readonly TrailEvent[]; readonly whole: boolean };

/** The events of one name on the same subject before the given one. */
const eventsNamed = async (
  world: World,
  eventName: string,
  event: TrailEvent,
): Promise<Result<History, CloudError>> => {
  const key = subjectKey(event.subject);
  const from = world.clock.now() - historyMs;
  if (from > event.occurredAt) return ok({ events: [], whole: true });
  const query = { from, to: event.occurredAt, eventName };
  const raw: Json[] = [];
  let token: string | undefined;
  let pages = 0;
  do {
    const page = await world.trail(query, token);
    if (!page.ok) return failed(page.error);
    raw.push(...page.value.events);
    token = page.value.nextToken;
    pages += 1;
  } while (token !== undefined && pages < historyPages);
  const all = takeIn(raw).events.filter((other) => subjectKey(other.subject) === key);
  const own = all.findIndex((other) => other.eventId === event.eventId);
  const events = (own === -1 ? all : all.slice(0, own)).filter((other) => other.occurredAt <= event.occurredAt);
  return ok({ events, whole: token === undefined });
};

/** Within one second the creation of a role comes before its updates, as it is asked for first. */
const inOrder = (events: readonly TrailEvent[]): readonly TrailEvent[] =>
  [...events].sort((a, b) => a.occurredAt - b.occurredAt);

const lastAccepted = (events: readonly TrailEvent[], settings: Settings): Before => {
  let accepted: Before = { known: false, because: "neither a baseline nor ActionTrail's 90 days of history tell it" };
  for (const { claimed, effect, actor, subject } of events) {
    if (claimed?.kind !== "role-trust" || subject.kind !== "role-trust") continue;
    // What an earlier role of that name trusted is nothing to go back to.
    if (effect === "made") accepted = { known: false, because: "the role was made with a trust that breaks a rule" };
    else if (accepted.known && areTwoRoles(accepted.state, claimed)) accepted = ofAnother;
    const before: Before = effect === "made" ? { known: true, state: gone, provenance: "history" } : accepted;
    const change = { kind: "role-trust", subject, before, after: claimed, actor } as Change<"role-trust">;
    if (isAcceptable(change, claimed.document, settings))
      accepted = { known: true, state: claimed, provenance: "history" };
  }
  return accepted;
};

/**
 * Whether nothing is found against a state. One of which nobody knows what was before it cannot be judged: it will do
 * where it lets in nobody but whom the settings trust, else whoever was let in then would be put back as if accepted.
 */
const isAcceptable = (change: Change, document: string, { rules }: Settings): boolean => {
  const findings = judgeChange(change, { settings: rules });
  if (findings.length === 0) return true;
  if (change.before.known || findings.some(({ verdict }) => verdict.kind === "violation")) return false;
  const entities = readEntities(document);
  return entities.ok && entities.value.every((entity) => isTrusted(entity, rules));
};
