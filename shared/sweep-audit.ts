import type { AuditFinding, PageAudit } from "./audit.ts";
import { auditListed, auditStanding, notExempt, plainKinds, readOnce, unreadLines } from "./audit.ts";
import type { CloudError } from "./domain/cloud-error.ts";
import { cloudErrorText } from "./domain/cloud-error.ts";
import type { InventoriedKind } from "./domain/inventoried.ts";
import { mostPages } from "./domain/inventoried.ts";
import { subjectKey } from "./domain/kinds.ts";
import type { Result } from "./domain/result.ts";
import { ok } from "./domain/result.ts";
import type { StandingKind, StandingOf } from "./domain/standing.ts";
import { standingKinds } from "./domain/standing.ts";
import type { Posture } from "./exempted.ts";
import { exemptionPosture } from "./exempted.ts";
import { moveCursor, readCursor } from "./ledger/cursors.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";
import type { Tick } from "./sweep-tick.ts";
import { tellOnce } from "./tell-once.ts";
import { standingIncident } from "./telling-incidents.ts";
import { endless, isWaitedFor } from "./unread-subjects.ts";

/** A round over the account begins at most so often: a key grows old by the day. */
const roundEveryMs = 86_400_000;
/** For each call: RAM bears a few calls a second, shared with every other tool of the account. */
const paceMs = 200;

type Step =
  | { readonly by: "census"; readonly kind: StandingKind }
  | { readonly by: "list"; readonly kind: InventoriedKind };

const steps: readonly Step[] = [
  ...standingKinds.map((kind) => ({ by: "census", kind }) as const),
  ...plainKinds.map((kind) => ({ by: "list", kind }) as const),
];

/** Where a round stands: which step, which page of it, and after which thing of the page. Without a step it is over. */
type Round = {
  readonly startedAt: number;
  readonly step?: number;
  readonly page?: string;
  readonly pages?: number;
  readonly after?: string;
  /** What is one for the account, which other checks go by as well. */
  readonly account?: StandingOf<"account">;
};

/** What looking at the account as it stands came to in one tick. */
export type AuditSeen = {
  readonly looked: number;
  /** Findings of this tick, told before or not. */
  readonly found: number;
  readonly finished: boolean;
  readonly problems: readonly string[];
};

/**
 * Judges the account as it stands, some of it in each tick, as `warden audit` does in one go: each finding is told once,
 * and nothing is ever written. What may not be read is said.
 */
export const auditBySteps = async (
  given: World,
  settings: Settings,
  ledger: Ledger,
  tick: Tick,
): Promise<AuditSeen> => {
  const world = { ...given, policyDocument: readOnce(given.policyDocument) };
  if (settings.audit !== "daily") return { looked: 0, found: 0, finished: true, problems: [] };
  const cursor = await readCursor<Round>(world.state, world.accountId, "audit");
  const now = world.clock.now();
  const last = cursor.place;
  if (last !== undefined && last.step === undefined && now >= last.startedAt && now - last.startedAt < roundEveryMs)
    return { looked: 0, found: 0, finished: true, problems: [] };
  let place: Round = last?.step === undefined ? { startedAt: now, step: 0 } : last;
  let [looked, found] = [0, 0];
  const unread: CloudError[] = [];
  let stopped: string | undefined;
  while (place.step !== undefined && stopped === undefined && tick.isTime()) {
    const at: At = { ...place, step: place.step };
    // A page that ends in a fault would do so for ever: its step is left out of this round.
    const left: Done = { next: stepAfter(at), audited: nothing };
    const look = () => auditPage(world, settings, at, tick.isTime);
    const done = await tick.contained("judging a page of the account", look, ok(left));
    if (!done.ok) {
      stopped = `the account could not be looked at: ${cloudErrorText(done.error)}`;
      continue;
    }
    const { next, audited } = done.value;
    const posture = audited.findings.length === 0 ? nothingExempt : await exemptionPosture(world, settings);
    for (const finding of notExempt(audited.findings, posture, world.clock.now()))
      await tellStanding(world, settings, ledger, finding);
    looked += audited.looked;
    found += audited.findings.length;
    unread.push(...audited.unread);
    place = next;
  }
  await moveCursor(world.state, world.accountId, "audit", cursor, place);
  const problems = [
    ...unreadLines(unread).map((line) => `not read: ${line}`),
    ...(stopped === undefined ? [] : [stopped]),
  ];
  return { looked, found, finished: place.step === undefined, problems };
};

const nothingExempt: Posture = { lists: [], problems: [] };

type Done = { readonly next: Round; readonly audited: PageAudit };
type At = Round & { readonly step: number };

const auditPage = async (
  world: World,
  settings: Settings,
  at: At,
  isTime: () => boolean,
): Promise<Result<Done, CloudError>> => {
  const step = steps[at.step];
  if (step === undefined) return ok({ next: { startedAt: at.startedAt }, audited: nothing });
  return step.by === "census"
    ? auditCensusPage(world, settings, at, step.kind)
    : auditListPage(world, settings, at, step.kind, isTime);
};

const nothing: PageAudit = { looked: 0, findings: [], undecided: [], unread: [] };

const added = (a: PageAudit, b: PageAudit): PageAudit => ({
  looked: a.looked + b.looked,
  findings: [...a.findings, ...b.findings],
  undecided: [...a.undecided, ...b.undecided],
  unread: [...a.unread, ...b.unread],
});

/** The step that follows. */
const stepAfter = ({ startedAt, step, account }: At): Round => {
  const more = account === undefined ? {} : { account };
  return step + 1 < steps.length ? { startedAt, step: step + 1, ...more } : { startedAt };
};

/** The page that follows, or the step that does; a list that never ends is given up. */
const pageAfter = (at: At, next: string | undefined, kind: StandingKind | InventoriedKind): Done => {
  if (next === undefined) return { next: stepAfter(at), audited: nothing };
  const { startedAt, step, account, pages = 0 } = at;
  if (pages + 1 >= mostPages) return { next: stepAfter(at), audited: { ...nothing, unread: [endless(kind)] } };
  const more = account === undefined ? {} : { account };
  return { next: { startedAt, step, page: next, pages: pages + 1, ...more }, audited: nothing };
};

/** A page of the census is looked at whole: it is small, and what it tells has taken its calls. */
const auditCensusPage = async (
  world: World,
  settings: Settings,
  at: At,
  kind: StandingKind,
): Promise<Result<Done, CloudError>> => {
  const page = await world.census(kind, at.page);
  if (!page.ok)
    return isWaitedFor(page.error) ? page : ok({ next: stepAfter(at), audited: { ...nothing, unread: [page.error] } });
  const { seen, next, calls } = page.value;
  let [audited, account] = [nothing, at.account];
  for (const standing of seen) {
    if (standing.kind === "account") account = standing;
    const judged = await auditStanding(standing, { world, settings, account });
    if (!judged.ok) return judged;
    audited = added(audited, judged.value);
  }
  await world.clock.sleep(paceMs * calls);
  const done = pageAfter(account === undefined ? at : { ...at, account }, next, kind);
  return ok({ next: done.next, audited: added(audited, done.audited) });
};

/** Each thing of a list takes calls of its own, so that a tick may end within a page. */
const auditListPage = async (
  world: World,
  settings: Settings,
  at: At,
  kind: InventoriedKind,
  isTime: () => boolean,
): Promise<Result<Done, CloudError>> => {
  const page = await world.inventory(kind, at.page);
  if (!page.ok)
    return isWaitedFor(page.error) ? page : ok({ next: stepAfter(at), audited: { ...nothing, unread: [page.error] } });
  const things = page.value.things
    .map((thing) => ({ thing, key: subjectKey(thing.ref) }))
    .filter(({ key }) => at.after === undefined || key > at.after)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  let audited = nothing;
  let after = at.after;
  for (const { thing, key } of things) {
    // One at least for each page that is asked for, or ticks that are too short for more would never get on.
    if (after !== at.after && !isTime())
      return ok({ next: { ...at, ...(after === undefined ? {} : { after }) }, audited });
    const judged = await auditListed(world, thing, { world, settings, account: at.account });
    if (!judged.ok) return judged;
    if (thing.state === undefined) await world.clock.sleep(paceMs);
    audited = added(audited, judged.value);
    after = key;
  }
  await world.clock.sleep(paceMs * page.value.calls);
  const done = pageAfter(at, page.value.next, kind);
  return ok({ next: done.next, audited: added(audited, done.audited) });
};

/** Tells a finding once, for as long as it is remembered that it was. */
const tellStanding = async (world: World, settings: Settings, ledger: Ledger, found: AuditFinding): Promise<void> => {
  const event = {
    eventId: `standing-${found.finding.rule}`,
    operation: "Ram.ListUsers",
    occurredAt: 0,
    about: subjectKey(found.subject),
  } as const;
  if ((await ledger.eventRecord(event)) !== undefined) return;
  const incident = standingIncident(world.newId(), world.accountId, found, world.clock.now());
  await tellOnce(world, settings, ledger, event, incident);
};
