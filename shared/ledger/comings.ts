import type { RuleId } from "../domain/finding.ts";
import { isHeldBack } from "../domain/finding.ts";
import type { AccountId } from "../domain/identity.ts";
import { actorKey } from "../domain/identity.ts";
import { linkOf, refTo, subjectKey } from "../domain/kinds.ts";
import { gone } from "../domain/subject.ts";
import type { Occasion } from "../domain/trail-event.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import type { Incident } from "./incident.ts";
import { asJson } from "./incident.ts";
import { rowKey } from "./keys.ts";
import type { Ledger } from "./ledger.ts";

type Store = { readonly state: StateStore; readonly clock: Clock };

/** That a subject came or went: by which event, and the incident that it led to; none where it broke no rule, or was ours. */
export type Coming = {
  readonly at: number;
  readonly effect: "made" | "removed";
  readonly eventId: string;
  readonly incidentId?: string;
};

/** A making that broke a rule: its incident, and the rule. */
export type BrokenMaking = { readonly incidentId: string; readonly rule: RuleId };

/** What was made longer ago was there: that somebody let it be counts. */
const keptSeconds = 25 * 3_600;
const mostKept = 20;

const keyOf = (accountId: AccountId, about: string): string => rowKey("coming", accountId, about);

/** Notes that a subject came or went: what is taken away is to be made again only where it ought to have been there. */
export const noteComing = async (
  { state, clock }: Store,
  accountId: AccountId,
  about: string,
  coming: Coming,
): Promise<void> => {
  const expiry = { expiresAt: Math.floor(clock.now() / 1000) + keptSeconds };
  for (;;) {
    const row = await state.get(keyOf(accountId, about));
    const known = ((row?.value ?? []) as unknown as readonly Coming[]).filter(
      ({ eventId, effect }) => eventId !== coming.eventId || effect !== coming.effect,
    );
    const next = asJson([...known, coming].sort((a, b) => a.at - b.at).slice(-mostKept));
    const put =
      row === undefined
        ? await state.putIfAbsent(keyOf(accountId, about), next, expiry)
        : await state.compareAndSet(row.key, row.version, next, expiry);
    if (put.written) return;
  }
};

/** Notes what an incident's event did. A key whose event did not name it goes by the id that it was found to have. */
export const noteComingOf = async (store: Store, incident: Incident): Promise<void> => {
  const [event] = incident.events;
  const effect = incident.did?.effect;
  if (event === undefined || (effect !== "made" && effect !== "removed")) return;
  const about = subjectKey(refTo(incident.subject, incident.after ?? gone));
  await noteComing(store, incident.accountId, about, {
    at: event.occurredAt,
    effect,
    eventId: event.eventId,
    incidentId: incident.id,
  });
};

const secondOf = (at: number): number => Math.floor(at / 1000);

/**
 * How what an event took away was made last: by a change of the last day that a rule would have had ended, and that nobody
 * accepted. That it was there before is proven; that it ought to have been is not. Events tell the time to the second: of
 * as many comings as goings within one, nothing was there before; of more goings than comings, it was. Undefined where
 * nothing is held against it.
 */
export const brokenMaking = async (
  { state }: Pick<Store, "state">,
  ledger: Ledger,
  { occurredAt, eventId, ...change }: Pick<Occasion, "subject" | "effect" | "occurredAt" | "eventId">,
): Promise<BrokenMaking | undefined> => {
  const about = takenAway(change);
  if (about === undefined) return undefined;
  const known = ((await state.get(keyOf(ledger.accountId, about)))?.value ?? []) as unknown as readonly Coming[];
  const others = known.filter((one) => one.eventId !== eventId);
  const makings = (second: number) => others.filter(({ at, effect }) => effect === "made" && secondOf(at) === second);
  const second = secondOf(occurredAt);
  const goings = others.filter(({ at, effect }) => effect === "removed" && secondOf(at) === second).length + 1;
  const own = makings(second);
  if (own.length >= goings) return heldAgainst(ledger, own);
  const last = others.findLast(({ at, effect }) => effect === "made" && secondOf(at) < second);
  return last === undefined ? undefined : heldAgainst(ledger, makings(secondOf(last.at)));
};

/**
 * Whether a making only gives back what the same actor took away before it, so that nothing has changed: the removal was
 * judged, nobody accepted it, and what it took ought to have been there.
 */
export const isGivenBack = async (
  { state }: Pick<Store, "state">,
  ledger: Ledger,
  { subject, effect, occurredAt, eventId, actor }: Occasion,
): Promise<boolean> => {
  if (effect !== "made" || actor === undefined || linkOf(subject) === undefined) return false;
  const known = ((await state.get(keyOf(ledger.accountId, subjectKey(subject))))?.value ??
    []) as unknown as readonly Coming[];
  const before = known.filter((one) => one.eventId !== eventId && secondOf(one.at) <= secondOf(occurredAt));
  const last = before.findLast((one) => one.effect === "removed");
  if (last?.incidentId === undefined) return false;
  if (before.some((one) => one.effect === "made" && secondOf(one.at) >= secondOf(last.at))) return false;
  const removal = await ledger.incident(last.incidentId);
  if (removal?.actor === undefined || actorKey(removal.actor) !== actorKey(actor) || removal.decided !== undefined)
    return false;
  const taken = { subject, effect: "removed", occurredAt: last.at, eventId: last.eventId } as const;
  return (await brokenMaking({ state }, ledger, taken)) === undefined;
};

/** What is held against makings that may each be the last: nothing where one of them broke no rule, or is accepted. */
const heldAgainst = async (ledger: Ledger, makings: readonly Coming[]): Promise<BrokenMaking | undefined> => {
  let found: BrokenMaking | undefined;
  for (const { incidentId } of makings) {
    const incident = incidentId === undefined ? undefined : await ledger.incident(incidentId);
    const rule = incident === undefined || isAccepted(incident) ? undefined : brokenBy(incident);
    if (incident === undefined || rule === undefined) return undefined;
    found = { incidentId: incident.id, rule };
  }
  return found;
};

/** What a change took away, by its key. A key that was deleted is told by its coming into the recycle bin. */
const takenAway = ({ subject, effect }: Pick<Occasion, "subject" | "effect">): string | undefined => {
  if (effect === "removed") return subjectKey(subject);
  if (subject.kind !== "recycled-key" || effect !== "made") return undefined;
  const { accountId, accessKeyId, userName: name = "" } = subject;
  return subjectKey({ kind: "access-key", accountId, accessKeyId, owner: { kind: "user", name }, createdAt: 0 });
};

/** A person left it as it is, or it was told and left: whoever reads that may have wanted it. */
const isAccepted = ({ decided, undoneBy, outcome }: Incident): boolean =>
  decided?.decision === "rejected" ||
  undoneBy !== undefined ||
  outcome?.kind === "alerted" ||
  outcome?.kind === "observed";

const brokenBy = ({ findings, ofClaim }: Incident): RuleId | undefined =>
  (ofClaim ?? findings).find(
    (finding) =>
      finding.verdict.kind === "violation" &&
      !isHeldBack(finding) &&
      finding.exemption === undefined &&
      (finding.response === "revert" || finding.response === "contain" || finding.response === "ask"),
  )?.rule;

/** What is said of what is not to be made again. */
export const brokenMakingText = ({ incidentId, rule }: BrokenMaking): string =>
  `what was before was made by a change that broke ${rule}: incident ${incidentId}`;
