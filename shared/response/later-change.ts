import type { Finding } from "../domain/finding.ts";
import type { Actor } from "../domain/identity.ts";
import { actorKey } from "../domain/identity.ts";
import type { Telling } from "../domain/settings.ts";
import type { TrailEvent } from "../domain/trail-event.ts";
import type { Incident, LaterChange } from "../ledger/incident.ts";
import { eventInShort } from "../ledger/incident.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { World } from "../ports/world.ts";
import { laterMessage } from "./messages/later-message.ts";
import { tell } from "./tell.ts";

/** Of the changes that one incident put right, so many are kept in it; the others are told all the same. */
const mostKept = 50;

/**
 * Adds a change to the incident that put it right before its event came, and tells whoever did it, once: unless the
 * incident has said the same of the same actor.
 */
export const addLaterChange = async (
  world: World,
  ledger: Ledger,
  telling: Telling,
  incidentId: string,
  event: TrailEvent,
  findings: readonly Finding[],
): Promise<void> => {
  const last = await ledger.incident(incidentId);
  // What a person took back was put right by the incident before: that one is about the change.
  const incident = last?.undoes === undefined ? last : await ledger.incident(last.undoes);
  if (incident === undefined || knows(incident, event)) return;
  const { eventId, operation, occurredAt, actor } = event;
  const later: LaterChange = { eventId, operation, occurredAt, actor, findings };
  if (isNews(incident, later)) await tell(world, laterMessage(incident, later, telling));
  await ledger.update(incident.id, (now) =>
    knows(now, event) || (now.later ?? []).length >= mostKept
      ? now
      : { ...now, events: [...now.events, eventInShort(event)], later: [...(now.later ?? []), later] },
  );
};

/** One call may be told by two trails, with an event each. */
const knows = ({ events }: Incident, event: TrailEvent): boolean => {
  const { eventId, requestId, operation, occurredAt, claim } = eventInShort(event);
  return events.some(
    (one) =>
      one.operation === operation &&
      ((requestId !== "" && one.requestId === requestId) ||
        (one.eventId === eventId && one.occurredAt === occurredAt && one.claim === claim)),
  );
};

const saidOf = (actor: Actor, findings: readonly Finding[]): readonly string[] =>
  findings.map(({ rule, verdict }) => `${actorKey(actor)} ${rule} ${JSON.stringify(verdict)}`);

/** Whether something is found that was not told of its actor yet. */
const isNews = (incident: Incident, { actor, findings }: LaterChange): boolean => {
  const own = incident.ofClaim ?? incident.findings;
  const told = new Set([
    ...(incident.actor === undefined ? [] : saidOf(incident.actor, own)),
    ...(incident.later ?? []).flatMap((one) => saidOf(one.actor, one.findings)),
  ]);
  return saidOf(actor, findings).some((said) => !told.has(said));
};
