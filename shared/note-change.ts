import { chainFinding } from "./chains/kit/chain.ts";
import { chainNeeds, recogniseChains, responseOf } from "./chains/registry.ts";
import type { CloudError } from "./domain/cloud-error.ts";
import { isPassing } from "./domain/cloud-error.ts";
import type { Finding } from "./domain/finding.ts";
import { isHeldBack, severityRank } from "./domain/finding.ts";
import { actorKey } from "./domain/identity.ts";
import { subjectKey } from "./domain/kinds.ts";
import type { RecentChange } from "./domain/recent-change.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { PolicyName, SubjectKind } from "./domain/subject.ts";
import type { Occasion } from "./domain/trail-event.ts";
import type { Posture } from "./exempted.ts";
import { exemptedChain, exemptionPosture } from "./exempted.ts";
import { claimDigest } from "./ledger/incident.ts";
import { openLedger } from "./ledger/ledger.ts";
import { partiesAbout, underLatestNames, withLinked } from "./ledger/parties.ts";
import type { OpenChain } from "./ledger/recent-changes.ts";
import { changeId, joinChain, rememberChange, rememberedOf } from "./ledger/recent-changes.ts";
import type { World } from "./ports/world.ts";
import { isDeclared } from "./rules/kit/actors.ts";
import { highRiskFloor } from "./rules/kit/high-risk.ts";
import { ruleById } from "./rules/registry.ts";
import type { Settings } from "./settings.ts";

/** What a chain may be made of: who there is, how they get in, and what they may do. */
const remembered: readonly SubjectKind[] = [
  "user",
  "group",
  "role-trust",
  "policy",
  "grant",
  "membership",
  "access-key",
  "login",
  "service-credential",
];

/** The change of an event as it is remembered; undefined for one that no chain is made of. */
const recentOf = (
  event: Occasion,
  findings: readonly Finding[],
  settings: Settings,
  now: number,
): RecentChange | undefined => {
  const {
    eventId,
    requestId,
    operation,
    occurredAt,
    effect,
    actor,
    subject,
    claimed,
    claim = claimDigest(claimed),
  } = event;
  if (actor === undefined || !remembered.includes(subject.kind)) return undefined;
  const broke = findings
    // What somebody answers for is no part of anything worse; and who made a change says nothing of what it gives.
    .filter(
      ({ rule, verdict, exemption }) =>
        verdict.kind === "violation" && exemption === undefined && ruleById(rule)?.subject !== "any",
    )
    .map((finding) => ({
      rule: finding.rule,
      severity: finding.severity,
      ...(isHeldBack(finding) ? { heldBack: true as const } : {}),
    }));
  const isExempt = findings.some(
    ({ exemption, severity }) =>
      exemption !== undefined && broke.every((other) => severityRank(other.severity) <= severityRank(severity)),
  );
  const answeredFor = isExempt || isDeclared(actor, settings.rules);
  return {
    eventId,
    requestId,
    operation,
    occurredAt,
    effect,
    actor,
    subject,
    ...(claim === undefined ? {} : { claim }),
    notedAt: now,
    broke,
    ...(answeredFor ? { answeredFor } : {}),
  };
};

/**
 * Remembers a change, and gives all that may belong with it: by whoever made it, and, as two may share one piece of work,
 * of what it is about and what that is linked to.
 */
const rememberedWith = async (
  { state, clock, accountId }: World,
  change: RecentChange,
): Promise<readonly RecentChange[]> => {
  const about = new Map<string, readonly RecentChange[]>();
  for (const party of partiesAbout(change.subject))
    about.set(party, await rememberChange(state, clock, accountId, party, change));
  const linked = await withLinked(about, (party) => rememberedOf(state, clock, accountId, party));
  const byActor = await rememberChange(state, clock, accountId, `actor/${actorKey(change.actor)}`, change);
  return underLatestNames([...new Map([...linked, ...byActor].map((one) => [changeId(one), one])).values()]);
};

/** Remembers what an identity does whose job it is: it is part of no chain, and what others began is theirs from then on. */
const rememberDeclared = async ({ state, clock, accountId }: World, change: RecentChange): Promise<void> => {
  for (const party of partiesAbout(change.subject)) await rememberChange(state, clock, accountId, party, change);
};

/**
 * Remembers a change, and opens the chains that it completes: before it is dealt with, so that what is done about it
 * alone is told with the chain, and so that a chain is not lost with whoever came upon it. Gives the chains of which the
 * change is a piece.
 */
export const noteChange = async (
  world: World,
  settings: Settings,
  event: Occasion,
  findings: readonly Finding[],
): Promise<Result<readonly OpenChain[], CloudError>> => {
  const { state, clock, accountId } = world;
  const recent = recentOf(event, findings, settings, clock.now());
  if (recent === undefined) return ok([]);
  if (isDeclared(recent.actor, settings.rules)) {
    await rememberDeclared(world, recent);
    return ok([]);
  }
  const change = await withUndone(world, recent);
  const changes = (await rememberedWith(world, change)).filter(({ actor }) => !isDeclared(actor, settings.rules));
  const facts = await factsFor(world, settings, changes);
  if (!facts.ok) return facts;
  const chainFacts = { settings: settings.rules, ...facts.value };
  const seen = recogniseChains(changes, chainFacts);
  // The same without what only rules say that are held back: by the rest alone may anything be ended.
  const sure = changes.some(({ broke }) => broke.some(({ heldBack }) => heldBack === true))
    ? recogniseChains(changes.map(withoutHeldBack), chainFacts)
    : seen;
  const posture = seen.length === 0 ? nothingExempt : await exemptionPosture(world, settings);
  const open: OpenChain[] = [];
  for (const { chain, found } of seen) {
    if (!found.pieces.some((piece) => changeId(piece) === changeId(change))) continue;
    const without = sure.filter(
      (one) => one.chain.id === chain.id && subjectKey(one.found.target) === subjectKey(found.target),
    );
    const surely = new Set(without.flatMap((one) => one.found.pieces.map(changeId)));
    const finding: Finding = {
      ...chainFinding(chain, found, responseOf(chain, settings.rules.responses), settings.rules),
      ...(without.length === 0 ? { observed: true } : {}),
    };
    open.push(
      await joinChain(state, clock, accountId, {
        rule: chain.id,
        incidentId: world.newId(),
        target: found.target,
        finding: exemptedChain(posture, found, finding, clock.now()),
        pieces: found.pieces.map((piece) => (surely.has(changeId(piece)) ? piece : { ...piece, heldBack: true })),
      }),
    );
  }
  return ok(open);
};

const withoutHeldBack = (change: RecentChange): RecentChange => ({
  ...change,
  broke: change.broke.filter(({ heldBack }) => heldBack !== true),
});

const nothingExempt: Posture = { lists: [], problems: [] };

/** What comes after a write of ours on its subject, and breaks a rule, has undone it. */
const withUndone = async (world: World, change: RecentChange): Promise<RecentChange> => {
  if (change.broke.length === 0) return change;
  const last = await openLedger(world.state, world.clock, world.accountId).lastOn(subjectKey(change.subject));
  if (last === undefined || (last.outcome !== "reverted" && last.outcome !== "contained")) return change;
  // Events tell the time to the second, and what led to the write is no undoing of it.
  const wroteAt = Math.floor((last.wroteAt ?? last.openedAt) / 1000) * 1000;
  const ledTo = (await openLedger(world.state, world.clock, world.accountId).incident(last.incidentId))?.events ?? [];
  const isLedTo = ledTo.some(({ eventId, requestId }) => eventId === change.eventId || requestId === change.requestId);
  return isLedTo || change.occurredAt < wroteAt ? change : { ...change, undoes: last.incidentId };
};

type Facts = {
  readonly administers: (groupName: string) => boolean | undefined;
  readonly documentOf: (policy: PolicyName) => string | undefined;
};

/** Asks the account for what the changes alone do not tell, and for nothing where they do. */
const factsFor = async (
  world: World,
  settings: Settings,
  changes: readonly RecentChange[],
): Promise<Result<Facts, CloudError>> => {
  const { groups, policies } = chainNeeds(changes, settings.rules);
  const administering = new Set<string>();
  let isWhole = true;
  for (const name of groups.length === 0 ? [] : [...highRiskFloor, ...settings.rules.highRiskPolicies]) {
    const holders = await world.holdersOf({ type: "System", name });
    if (!holders.ok && isPassing(holders.error)) return failed(holders.error);
    if (!holders.ok) isWhole = false;
    else for (const holder of holders.value) if (holder.kind === "group") administering.add(holder.name);
  }
  const documents = new Map<string, string>();
  for (const policy of policies) {
    const read = await world.policyDocument(policy);
    if (!read.ok && isPassing(read.error)) return failed(read.error);
    if (read.ok && typeof read.value === "string") documents.set(`${policy.type}/${policy.name}`, read.value);
  }
  return ok({
    administers: (groupName) => administering.has(groupName) || (isWhole ? false : undefined),
    documentOf: ({ type, name }) => documents.get(`${type}/${name}`),
  });
};
