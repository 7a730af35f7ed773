import { changeOf } from "./change-of.ts";
import type { Before, Change } from "./domain/change.ts";
import type { CloudError } from "./domain/cloud-error.ts";
import { cloudErrorText, isPassing } from "./domain/cloud-error.ts";
import type { Json } from "./domain/json.ts";
import { areTwo, formerRef, linkOf, subjectKey } from "./domain/kinds.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { Gone, Subject } from "./domain/subject.ts";
import { gone } from "./domain/subject.ts";
import type { Claim, Occasion, TrailEvent } from "./domain/trail-event.ts";
import { takeIn } from "./intake/take-in.ts";
import type { Baseline } from "./ledger/baselines.ts";
import { readBaseline } from "./ledger/baselines.ts";
import { stateDigest } from "./operations/state-digest.ts";
import { settingNames } from "./operations/understood.ts";
import type { World } from "./ports/world.ts";
import { presumedOf } from "./presumed.ts";
import { isTrusted, readEntities } from "./rules/kit/trust.ts";
import { forbidsState, judgeChange } from "./rules/registry.ts";
import type { Settings } from "./settings.ts";

/** ActionTrail keeps 90 days; an hour of margin keeps the query inside whatever the clock of the cloud says. */
export const historyMs = 90 * 86_400_000 - 3_600_000;
/** 50 events a page: at most 2,000 events for each name of operation, then the history counts as unknown. */
const historyPages = 40;

/**
 * What was before, by what costs no call of the cloud: a successful creation proves that there was nothing, the removal
 * of a link that it was there, and the baseline is the state that was accepted last.
 */
export const beforeAtHand = async (world: World, event: Occasion): Promise<Before> => {
  const { effect, subject, claimed } = event;
  if (effect === "made") return { known: true, state: gone, provenance: "proven-by-event" };
  const link = effect === "removed" ? linkOf(subject) : undefined;
  if (link !== undefined) return { known: true, state: link, provenance: "proven-by-event" };
  const newest = await newestBaseline(world, event);
  if (newest === undefined) return { known: false, because: "there is no baseline of it yet" };
  const baseline = [newest, newest.earlier].find((one) => one !== undefined && !isAfter(one, event));
  if (baseline === undefined) return { known: false, because: "its baseline is newer than the change" };
  const { state, since, source } = baseline;
  if (claimed !== undefined && areTwo(state, claimed)) return ofAnother;
  return { known: true, state, since, provenance: source === "undo" ? "undo" : "baseline" };
};

/** What came to be after a change is not what was before it. Events tell the time to the second. */
const isAfter = ({ since }: Pick<Baseline, "since">, { occurredAt }: Occasion): boolean =>
  Math.floor(since / 1000) * 1000 > occurredAt;

/**
 * Whether a subject stands as a later change left it that was judged and accepted. What was only seen at first sight may
 * be what the event itself made of it.
 */
export const standsAsAcceptedSince = async (world: World, event: Occasion, live: Subject | Gone): Promise<boolean> => {
  const newest = await newestBaseline(world, event);
  return (
    newest !== undefined &&
    newest.source !== "first-sight" &&
    isAfter(newest, event) &&
    stateDigest(newest.state) === stateDigest(live)
  );
};

/**
 * The baseline under the subject's name; under its former one, where the change is a renaming. What our own write left
 * under the new name came after the renaming, and says nothing of what was before it.
 */
const newestBaseline = async (world: World, { accountId, subject }: Occasion): Promise<Baseline | undefined> => {
  const former = formerRef(subject);
  const renamed = former === undefined ? undefined : await readBaseline(world.state, accountId, subjectKey(former));
  if (renamed !== undefined) return renamed;
  const baseline = await readBaseline(world.state, accountId, subjectKey(subject));
  return former !== undefined && baseline?.source === "remediation" ? undefined : baseline;
};

const ofAnother: Before = { known: false, because: "the baseline is that of an earlier one of the same name" };

/** What is known of before, as far as it is of the same thing as the live one. */
export const beforeOf = (before: Before, live: Subject | Gone): Before =>
  before.known && areTwo(before.state, live) ? ofAnother : before;

const untold: Before = { known: false, because: "neither a baseline nor ActionTrail's 90 days of history tell it" };

/**
 * What was before, from ActionTrail's history: the newest earlier state that is acceptable itself. A state that somebody
 * broke in on is not one to go back to, so the states are walked forward from the oldest and any other is skipped.
 */
export const beforeInHistory = async (
  world: World,
  settings: Settings,
  event: Occasion,
): Promise<Result<Before, CloudError>> => {
  const earlier: TrailEvent[] = [];
  for (const eventName of settingNames(event.subject.kind)) {
    const found = await eventsNamed(world, eventName, event);
    if (!found.ok) return isPassing(found.error) ? found : ok({ known: false, because: cloudErrorText(found.error) });
    if (!found.value.whole) return ok({ known: false, because: "the history is too long to be read in one go" });
    earlier.push(...found.value.events);
  }
  return ok(lastAccepted(inOrder(earlier), settings));
};

type History = { readonly events: readonly TrailEvent[]; readonly whole: boolean };

/** The events of one name on the same subject before the given one. */
const eventsNamed = async (world: World, eventName: string, event: Occasion): Promise<Result<History, CloudError>> => {
  // What is renamed has its history under its former name.
  const key = subjectKey(formerRef(event.subject) ?? event.subject);
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
  let accepted: Before = untold;
  for (const event of events) {
    const { effect } = event;
    // What a call did to a role beside its trust, on what was there, is all of the role as it then was.
    const claimed: Claim = event.claimed ?? (event.tells?.role === undefined ? undefined : presumedOf(event, accepted));
    if (claimed === undefined && event.tells?.role !== undefined) continue;
    // A change that does not tell the whole state leaves one that nobody knows.
    if (claimed === undefined || claimed.kind === "gone") {
      accepted = untold;
      continue;
    }
    // What an earlier one of that name was is nothing to go back to.
    if (effect === "made") accepted = { known: false, because: "it was made in a way that breaks a rule" };
    else if (accepted.known && areTwo(accepted.state, claimed)) accepted = ofAnother;
    const before: Before = effect === "made" ? { known: true, state: gone, provenance: "history" } : accepted;
    if (isAcceptable(changeOf(event, before, claimed), settings))
      accepted = { known: true, state: claimed, provenance: "history", since: event.occurredAt };
  }
  return accepted;
};

/**
 * Whether nothing is found against a state. One of which nobody knows what was before it cannot be judged: a trust policy
 * will do where it lets in nobody but whom the settings trust, else whoever was let in then would be put back as if
 * accepted; of any other subject such a state is none to go back to.
 */
const isAcceptable = (change: Change, { rules }: Settings): boolean => {
  const findings = judgeChange(change, { settings: rules });
  if (!forbidsState(findings)) return true;
  if (change.before.known || findings.some(({ verdict }) => verdict.kind === "violation")) return false;
  if (change.kind !== "role-trust" || change.after.kind === "gone") return false;
  const entities = readEntities(change.after.document);
  return entities.ok && entities.value.every((entity) => isTrusted(entity, rules));
};
