import { createHash } from "node:crypto";
import { subjectKey } from "./domain/kinds.ts";
import type { Occasion, Refusal } from "./domain/trail-event.ts";
import { deadEvent, deadLetter } from "./ledger/dead-letters.ts";
import type { Incident } from "./ledger/incident.ts";
import { occasionOf } from "./ledger/incident.ts";
import type { Lease } from "./ledger/lease.ts";
import type { EventKey, Ledger } from "./ledger/ledger.ts";
import { StoreUnavailable } from "./ports/state-store.ts";
import type { World } from "./ports/world.ts";
import { incidentMessage } from "./response/messages/incident-message.ts";
import { finishLeftover } from "./response/recover.ts";
import { tell } from "./response/tell.ts";
import type { Settings } from "./settings.ts";
import { tellOnce } from "./tell-once.ts";
import { unhandledIncident } from "./telling-incidents.ts";

/** An event that we could not cope with: it is told, kept as a dead letter, and not judged again by itself. */
export type NotHandled = { readonly kind: "refused"; readonly refusal: Refusal };

const ownKey = (event: Occasion): EventKey => ({ ...event, about: subjectKey(event.subject) });

/**
 * What names a mark on an event, so that it is not taken for what became of the event. A subject's name may be the very
 * fault: longer than any key.
 */
export const marked = (event: Occasion, as: string): EventKey => {
  const subject = createHash("sha256").update(subjectKey(event.subject)).digest("hex").slice(0, 32);
  return { ...event, eventId: `${as}/${event.eventId}`, about: subject };
};
const markOf = (event: Occasion): EventKey => marked(event, "not handled");
const laterMarkOf = (event: Occasion): EventKey => marked(event, "replayed");

/**
 * Gives up what an earlier holder of the lease left half done and what ends in a fault each time: it must not be charged to
 * the next change of its subject, nor come back for ever.
 */
export const giveUpLeftover = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  lease: Lease,
  incidentId: string,
  fault: string,
): Promise<void> => {
  const opened = await ledger.incident(incidentId);
  if (opened === undefined) return;
  const event = occasionOf(opened);
  if (event === undefined) await endFaulted(world, settings, ledger, lease, opened, fault);
  else await giveUpEvent(world, settings, ledger, event, fault, lease, incidentId);
};

/** Whether an event was given up by a fault of ours, and nobody has replayed it since. */
export const isNotHandled = async (ledger: Ledger, event: Occasion): Promise<boolean> =>
  (await ledger.eventRecord(markOf(event))) !== undefined &&
  (await ledger.eventRecord(laterMarkOf(event))) === undefined;

/** Notes that an event was given up, and has been handled since: it is looked at again as any other. */
export const noteReplayed = (ledger: Ledger, event: Occasion): Promise<void> =>
  ledger.settleEvent(laterMarkOf(event), "replayed", undefined, "handled after all, as a person replayed it");

export const faultOf = (error: unknown): string => (error instanceof Error ? error.name : "an unknown fault");

/** Runs what deals with an event; a fault of it is passed on to `otherwise`. What the state store cannot do is no fault. */
export const unlessFault = async <Result>(
  run: () => Promise<Result>,
  otherwise: (fault: string) => Promise<Result>,
): Promise<Result> => {
  try {
    return await run();
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return otherwise(faultOf(error));
  }
};

/**
 * Gives up an event whose handling ended in a fault: it must not keep the others from being judged, nor come back for
 * ever. The incident that it led to, if one is open, is closed by it, under the lease that it was opened under. The marks
 * come last: whoever dies before leaves all of this to be done again.
 */
export const giveUpEvent = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  event: Occasion,
  fault: string,
  lease?: Lease,
  openedId = lease?.incidentId,
): Promise<NotHandled> => {
  const { eventId, operation } = event;
  world.log("error", "an event could not be handled", { eventId, operation, fault });
  const now = world.clock.now();
  const reason = `could not be handled: ${fault}`;
  const opened = openedId === undefined ? undefined : await ledger.incident(openedId);
  const keep = (told: string) =>
    ledger.keepDead(deadLetter("not-handled", [deadEvent(reason, event)], now, told), async () => undefined);
  const tells = () =>
    tellOnce(
      world,
      settings,
      ledger,
      { ...event, about: "not handled" },
      unhandledIncident(world.newId(), event, fault, now),
    );
  let told = opened?.id;
  if (lease !== undefined && opened !== undefined && opened.status !== "settled") {
    await keep(opened.id);
    if (!(await endFaulted(world, settings, ledger, lease, opened, fault))) told = await tells();
  } else {
    told = await tells();
    await keep(told);
  }
  const said = "kept as a dead letter, for a person to replay";
  await unlessFault(
    () => ledger.settleEvent(ownKey(event), "not handled", told, said),
    async () => undefined,
  );
  await ledger.settleEvent(markOf(event), "not handled", told, said);
  return { kind: "refused", refusal: { where: `event ${eventId}`, reason } };
};

/**
 * Ends an incident whose holder came upon a fault, as failed, unless the live subject tells what came of its writes. Gives
 * whether it was told.
 */
export const endFaulted = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  lease: Lease,
  opened: Incident,
  fault: string,
): Promise<boolean> => {
  if (opened.status === "writing") {
    const { telling, guardrails } = settings;
    // Where nothing was written it is not given up for another to take its place: nobody judges the event anew.
    const keeping: Ledger = { ...ledger, abandon: async () => undefined };
    const finish = () => finishLeftover(world, keeping, telling, lease, opened.id, guardrails.mode);
    await unlessFault(
      async () => void (await finish()),
      async () => undefined,
    );
  }
  const now = await ledger.incident(opened.id);
  if (now === undefined || now.status === "settled") return now !== undefined && now.abandoned === undefined;
  const because = `it ended in a fault of RAM Warden (${fault}): look at the change yourself`;
  const close = (incident: Incident): Incident =>
    incident.status === "settled"
      ? incident
      : { ...incident, status: "settled", settledAt: world.clock.now(), outcome: { kind: "failed", because } };
  // The fault may lie in what is to be told.
  const isTold = await unlessFault(
    async () => {
      await tell(world, incidentMessage(close(now), settings.telling));
      return true;
    },
    async () => false,
  );
  await ledger.update(now.id, close);
  return isTold;
};
