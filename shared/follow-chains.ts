import { actOnPlan } from "./act-on-plan.ts";
import { isAcceptedSince, isAnother, sinceThen } from "./anothers-since.ts";
import type { Assessment } from "./assess.ts";
import { withoutChainFault } from "./chain-fault.ts";
import { chainFinding } from "./chains/kit/chain.ts";
import { strongestFirst } from "./chains/kit/pieces.ts";
import { chainById } from "./chains/registry.ts";
import { changeOf } from "./change-of.ts";
import { cloudErrorText, isPassing } from "./domain/cloud-error.ts";
import type { Decision } from "./domain/decision.ts";
import type { Finding } from "./domain/finding.ts";
import { isHeldBack } from "./domain/finding.ts";
import { subjectKey } from "./domain/kinds.ts";
import type { Outcome } from "./domain/plan.ts";
import type { RecentChange } from "./domain/recent-change.ts";
import type { Gone, Subject } from "./domain/subject.ts";
import { gone } from "./domain/subject.ts";
import type { Occasion } from "./domain/trail-event.ts";
import { exemptedChain, exemptionPosture, unlessUnreadable } from "./exempted.ts";
import { guardedPlan } from "./guarded-plan.ts";
import type { Incident, Piece } from "./ledger/incident.ts";
import { eventInShort } from "./ledger/incident.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { ChainRow, OpenChain } from "./ledger/recent-changes.ts";
import { chainName, changeId, dueChains, keepChain, piecesIn, readChain } from "./ledger/recent-changes.ts";
import { asNamedNow } from "./ledger/renamings.ts";
import { endFaulted, unlessFault } from "./not-handled.ts";
import { planChange } from "./planning/plan-change.ts";
import type { World } from "./ports/world.ts";
import { incidentMessage } from "./response/messages/incident-message.ts";
import { tell } from "./response/tell.ts";
import type { Settings } from "./settings.ts";
import type { Tick } from "./sweep-tick.ts";
import type { Deferral, Unfinished } from "./under-lease.ts";
import { deferralBy, finishAll, withLease } from "./under-lease.ts";
import { withinBudget } from "./within-budget.ts";

/** A chain that goes on is told again at most so often, milliseconds. */
const toldEveryMs = 5 * 60_000;
/** A chain that is joined all the while is gone over so often in one go; the sweep goes on with it. */
const mostRounds = 5;

/**
 * Deals with a chain: ends each of its pieces that still stands, the strongest first, each under the lease of its own
 * subject, and tells all of it in one message. What cannot be done now stays due, and the sweep comes back to it; so does
 * what ends in a fault of our own, which is told.
 */
export const followChain = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  chain: OpenChain,
): Promise<Followed | Deferral> => {
  const event = occasionOf(latestOf(chain), world.accountId);
  const contained = <Value>(run: () => Promise<Value>): Promise<Value | undefined> =>
    withoutChainFault<Value | undefined>(world, settings, ledger, event, run, undefined);
  const followed = await contained(() => followUnderLease(world, settings, ledger, chainName(chain)));
  if (followed !== undefined) return followed;
  await contained(() => tellPieces(world, settings, ledger, chain));
  return { kind: "deferred", because: "a chain of changes could not be dealt with" };
};

const latestOf = ({ pieces }: OpenChain): RecentChange => {
  const [first] = pieces;
  return pieces.reduce((a, b) => (b.occurredAt > a.occurredAt ? b : a), first as RecentChange);
};

/** What was to be told with its chain is told for itself, where the chain cannot tell it. */
const tellPieces = async (world: World, settings: Settings, ledger: Ledger, chain: OpenChain): Promise<void> => {
  for (const piece of chain.pieces)
    for (const incident of await incidentsOf(ledger, piece, chain.by[changeId(piece)]))
      if (incident.chain !== undefined && incident.status === "settled" && incident.abandoned === undefined)
        await tell(world, incidentMessage(incident, settings.telling, incident.note));
};

type Followed = { readonly kind: "followed" };

const followUnderLease = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  name: string,
): Promise<Followed | Deferral> =>
  withLease<Followed>(world, `chain/${name}`, async () => {
    for (let round = 1; round <= mostRounds; round += 1) {
      const row = await readChain(world.state, world.accountId, name);
      if (row === undefined || !row.chain.due) return { kind: "followed" };
      if (await followOnce(world, settings, ledger, row)) return { kind: "followed" };
    }
    return { kind: "followed" };
  });

/** Follows what is due. Gives how many were looked at. */
export const followDueChains = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  tick: Pick<Tick, "isTime" | "contained">,
): Promise<number> => {
  const due = await dueChains(world.state, world.accountId);
  let followed = 0;
  for (const { chain } of due) {
    if (!tick.isTime()) break;
    const follow = () => followChain(world, settings, ledger, chain);
    await tick.contained<unknown>("following a chain", follow, undefined);
    followed += 1;
  }
  return followed;
};

/** Whether it is done: false where a piece has joined meanwhile, and it is to be gone over again. */
const followOnce = async (world: World, settings: Settings, ledger: Ledger, row: ChainRow): Promise<boolean> => {
  const { chain } = row;
  const over = new Set(chain.over);
  const stands = new Map(Object.entries(chain.standing ?? {}));
  const by: { [piece: string]: string } = { ...chain.by };
  for (let round = 1; ; round += 1) {
    const open = toBeEnded(chain).filter((piece) => !over.has(changeId(piece)));
    for (const piece of open) {
      const id = changeId(piece);
      const ended = await endPiece(world, settings, ledger, chain, piece);
      // What nobody can end now is for a person, and is told: it is not tried for ever.
      if (ended.kind !== "deferred") over.add(id);
      if (ended.kind !== "deferred" && ended.incidentId !== undefined) by[id] = ended.incidentId;
      if (ended.kind === "over") stands.delete(id);
      else stands.set(id, ended.kind === "stands" ? ended.because : `it is looked at again: ${ended.because}`);
    }
    // Another guard may be at work on a piece for some seconds.
    if (round === triesOfPieces || open.every((piece) => over.has(changeId(piece)))) break;
    await world.clock.sleep(betweenTriesMs);
  }
  const unfinished = toBeEnded(chain).some((piece) => !over.has(changeId(piece)));
  const dealtWith: OpenChain = { ...chain, over: [...over], by, standing: Object.fromEntries(stands) };
  const tells = isToBeTold(chain, unfinished, world.clock.now());
  let next = dealtWith;
  // What is joined all the while costs the same for each that joins: of many pieces each is looked at where all is told.
  if (tells || piecesIn(chain) <= fewPieces) {
    const pieces = await piecesOf(world, ledger, dealtWith);
    const incident = await keepIncident(world, settings, ledger, chain, pieces);
    if (tells) next = { ...dealtWith, ...(await tellChain(world, settings, chain, incident, unfinished)) };
  }
  return keepChain(world.state, world.clock, row, { ...next, due: unfinished || isUntold(next, unfinished) });
};

/** A chain of no more is written down whole each time that something joins it. */
const fewPieces = 20;
const triesOfPieces = 2;
const betweenTriesMs = 3_000;

/** Whether people know less of a chain than there is to know. */
const isUntold = (chain: OpenChain, unfinished: boolean): boolean =>
  chain.toldPieces < piecesIn(chain) || (chain.toldOpen === true && !unfinished);

/** Whether that is to be said now: at once when the chain is new, and later no more often than people can read. */
const isToBeTold = (chain: OpenChain, unfinished: boolean, now: number): boolean =>
  isUntold(chain, unfinished) && (chain.toldAt === undefined || now - chain.toldAt >= toldEveryMs);

/** The pieces that the chain's rule has ended, the strongest first; none where it only tells. */
const toBeEnded = ({ rule, finding, pieces }: OpenChain): readonly RecentChange[] => {
  const ends = chainById(rule)?.ends;
  if (ends === undefined || !mayEnd(finding)) return [];
  return strongestFirst(
    pieces.filter((piece) => piece.effect !== "removed" && piece.heldBack !== true && ends(piece, pieces)),
  );
};

/** What only tells ends nothing: by its response, held back, or where somebody answers for it. */
const mayEnd = (finding: Finding): boolean =>
  finding.exemption === undefined && !isHeldBack(finding) && finding.response !== "alert" && finding.response !== "off";

/** How a piece was left, and the incident by which, where the chain itself dealt with it. */
type Ended =
  | { readonly kind: "over"; readonly incidentId?: string | undefined }
  | { readonly kind: "stands"; readonly because: string; readonly incidentId?: string | undefined }
  | Deferral;

const occasionOf = ({ notedAt: _, broke: __, ...change }: RecentChange, accountId: string): Occasion => ({
  ...change,
  accountId,
  claimed: undefined,
});

/** Whether a thing lets nobody do anything any more, and so is over as far as a chain goes. */
const isOutOfUse = (state: Subject | Gone): boolean =>
  state.kind === "gone" || ("status" in state && state.status === "Inactive");

/** Ends one piece where it still stands, by a plan of its own through guardrails, budgets and the ledger. */
const endPiece = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  chain: OpenChain,
  given: RecentChange,
): Promise<Ended> => {
  const piece = await asNamedNow(world, given);
  const about = subjectKey(piece.subject);
  const event = occasionOf(piece, world.accountId);
  return withLease<Ended>(world, about, async (lease, left) => {
    const finished = await finishAll(world, settings, ledger, lease, left);
    if (finished.kind === "unfinished") return finished;
    const last = await ledger.lastOn(about);
    // A person who took our write back has decided about what the chain made.
    if (last?.outcome === "undone" && last.settledAt >= piece.occurredAt) return { kind: "over" };
    const since = await sinceThen(world, ledger, piece);
    if (since !== undefined) return since;
    const assessed = await assessPiece(world, settings, chain, event);
    if (assessed.kind === "defer") return deferralBy(assessed.error);
    if (assessed.kind !== "plan") return { kind: "over" };
    // A write of its own, beside the one that the event alone may have led to.
    const asked = { ...event, eventId: `${chain.incidentId}/${event.eventId}` };
    const plan = await withinBudget(world, settings, asked, assessed.plan);
    return unlessFault<Ended | Unfinished>(
      async () => {
        const ofChain = { ...plan, chain: chain.incidentId };
        const acted = await actOnPlan(world, settings, ledger, lease, event, ofChain, () =>
          assessPiece(world, settings, chain, event),
        );
        return acted.kind === "decided" ? endedBy(acted.decision) : acted;
      },
      async (fault) => {
        const { eventId, operation } = event;
        world.log("error", "a piece of a chain could not be ended", { eventId, operation, fault });
        const opened = await ledger.incident(lease.incidentId);
        if (opened !== undefined) await endFaulted(world, settings, ledger, lease, opened, fault);
        return { kind: "stands", because: `ending it ended in ${fault}`, incidentId: opened?.id };
      },
    );
  });
};

const endedBy = ({ outcome, note, plan, incidentId }: Decision): Ended => {
  if (outcome === "reverted" || outcome === "contained" || outcome === "superseded")
    return { kind: "over", incidentId };
  return { kind: "stands", because: note ?? plan.because?.detail ?? outcome, incidentId };
};

/** What a piece comes to by the chain alone: what is new in it goes, whatever the rules say of it for itself. */
const assessPiece = async (
  world: World,
  settings: Settings,
  chain: OpenChain,
  event: Occasion,
): Promise<Extract<Assessment, { kind: "plan" | "clear" | "defer" }>> => {
  const { rule, finding, incidentId } = chain;
  const read = await world.read(event.subject);
  const before = { known: true, state: gone, provenance: "proven-by-event" } as const;
  const chainRule = chainById(rule);
  if (!read.ok) {
    if (isPassing(read.error)) return { kind: "defer", error: read.error };
    const because = { kind: "unreadable", detail: cloudErrorText(read.error) } as const;
    const change = changeOf(event, before, gone);
    return { kind: "plan", plan: { change, findings: [finding], response: "alert", because, chain: incidentId } };
  }
  if (isOutOfUse(read.value) || chainRule === undefined) return { kind: "clear", note: "it is over" };
  if (isAnother(chain, event, read.value)) return { kind: "clear", note: "what stands now was made later" };
  if (await isAcceptedSince(world, event, read.value)) return { kind: "clear", note: "a person accepted it" };
  const change = changeOf(event, before, read.value);
  const response = finding.response === "ask" ? "ask" : endsByRemoval(change.kind) ? "revert" : "contain";
  const evidence = finding.verdict.kind === "violation" ? finding.verdict.evidence : undefined;
  if (evidence === undefined) return { kind: "clear", note: "it says nothing" };
  const posture = await exemptionPosture(world, settings);
  const asked = chainFinding(chainRule, { evidence }, response, settings.rules);
  const findings = [exemptedChain(posture, chain, asked, world.clock.now())];
  const planned = unlessUnreadable(planChange(change, findings, settings.guardrails), posture);
  const guarded = await guardedPlan(world, settings, { ...planned, chain: incidentId });
  return guarded.ok ? { kind: "plan", plan: guarded.value } : { kind: "defer", error: guarded.error };
};

/** A right is taken away again; a credential is switched off, so that it is there as evidence and can be given back. */
const endsByRemoval = (kind: RecentChange["subject"]["kind"]): boolean => kind === "grant" || kind === "membership";

/** What became of each piece. The incidents that dealt with it are pieces of the chain from now on. */
const piecesOf = async (
  world: World,
  ledger: Ledger,
  { incidentId, pieces, by, standing = {} }: OpenChain,
): Promise<readonly Piece[]> => {
  const told: Piece[] = [];
  for (const piece of [...pieces].sort((a, b) => a.occurredAt - b.occurredAt)) {
    const { eventId, operation, occurredAt, actor, subject } = piece;
    const incidents = await incidentsOf(ledger, piece, by[changeId(piece)]);
    for (const { id, chain } of incidents)
      if (chain === undefined) await ledger.update(id, (incident) => ({ ...incident, chain: incidentId }));
    const last = incidents.at(-1);
    const stood = standing[changeId(piece)];
    // What a person has decided about, or somebody took away since, waits for nobody any more.
    const isOver = stood !== undefined && (last?.decided !== undefined || (await isOverSince(world, ledger, piece)));
    const because = isOver ? undefined : stood;
    told.push({
      eventId,
      operation,
      occurredAt,
      actor,
      subject,
      ...(last === undefined ? {} : { incidentId: last.id }),
      ...(last?.outcome === undefined ? {} : { outcome: last.outcome.kind }),
      ...(because === undefined ? {} : { stands: because }),
    });
  }
  return told;
};

const isOverSince = async (world: World, ledger: Ledger, piece: RecentChange): Promise<boolean> =>
  (await sinceThen(world, ledger, await asNamedNow(world, piece)))?.kind === "over";

/** The incidents about a piece: that of its own event, and the one that wrote on its subject since; the latest is last. */
const incidentsOf = async (
  ledger: Ledger,
  piece: RecentChange,
  ours: string | undefined,
): Promise<readonly Incident[]> => {
  const about = subjectKey(piece.subject);
  const [record, last] = [await ledger.eventRecord({ ...piece, about }), await ledger.lastOn(about)];
  const others = [record?.incidentId, last?.incidentId].filter((id) => id !== undefined && id !== ours);
  const ids = new Set([...others, ours].filter((id) => id !== undefined));
  const incidents: Incident[] = [];
  for (const id of ids) {
    const incident = await ledger.incident(id);
    if (incident?.events.some(({ eventId }) => eventId === piece.eventId) === true) incidents.push(incident);
  }
  return incidents;
};

/** How all of it ended: contained where nothing of it stands. */
const outcomeOf = (settings: Settings, { finding, more }: OpenChain, pieces: readonly Piece[]): Outcome => {
  if (!mayEnd(finding)) return { kind: "alerted" };
  if (settings.guardrails.mode === "observe") return { kind: "observed" };
  const stands = (more?.open ?? 0) > 0 || pieces.some((piece) => piece.stands !== undefined);
  return stands ? { kind: "alerted" } : { kind: "contained" };
};

const keepIncident = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  chain: OpenChain,
  pieces: readonly Piece[],
): Promise<Incident> => {
  const { incidentId: id, openedAt, target, finding } = chain;
  const now: Incident = {
    id,
    accountId: world.accountId,
    openedAt,
    settledAt: world.clock.now(),
    status: "settled",
    events: chain.pieces.map((piece) => eventInShort(occasionOf(piece, world.accountId))),
    actor: latestOf(chain).actor,
    subject: target,
    findings: [finding],
    response: finding.response,
    outcome: outcomeOf(settings, chain, pieces),
    callsMade: [],
    pieces,
    ...(chain.more === undefined ? {} : { morePieces: { count: chain.more.count, open: chain.more.open } }),
  };
  if ((await ledger.incident(id)) === undefined) await ledger.open(now);
  return ledger.update(id, () => now);
};

/** Tells of the chain. Gives what is noted of that. */
const tellChain = async (
  world: World,
  settings: Settings,
  chain: OpenChain,
  incident: Incident,
  unfinished: boolean,
): Promise<Partial<OpenChain>> => {
  const { told } = chain;
  const message = incidentMessage(incident, settings.telling);
  // A later message of one chain is another message, or the channels would take it for the first, sent again.
  await tell(world, told === 0 ? message : { ...message, id: `${incident.id}-${told}` });
  return { told: told + 1, toldPieces: piecesIn(chain), toldAt: world.clock.now(), toldOpen: unfinished };
};
