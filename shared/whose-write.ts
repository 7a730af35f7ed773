import { subjectKey } from "./domain/kinds.ts";
import type { OperationId } from "./domain/operation-id.ts";
import type { SubjectRef } from "./domain/subject.ts";
import type { PassedOver } from "./domain/trail-event.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Ownership, WriteSeen } from "./own-writes.ts";
import { noteTimeOf, ownershipOf } from "./own-writes.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";
import { tellOnce } from "./tell-once.ts";
import { unknownIncident, unrecordedIncident } from "./telling-incidents.ts";
import type { Deferral } from "./under-lease.ts";
import { finishAll, withLease } from "./under-lease.ts";

/** Asked again when the write of ours that is under way has come to its end. */
export const underWay: Deferral = { kind: "deferred", because: "a write of our own is under way", retryAfterMs: 1_000 };

/** Whose write it is. One that its maker left half done is finished first, unless the maker is still at work. */
export const ownershipNow = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  write: WriteSeen,
): Promise<Ownership> => {
  const ownership = await ownershipOf(ledger, settings, write);
  if (ownership.kind !== "in-flight") return ownership;
  const { id, subject } = ownership.incident;
  const done = await withLease<{ readonly kind: "done" }>(world, subjectKey(subject), (lease, left) =>
    finishAll(world, settings, ledger, lease, [id, ...left]),
  );
  return done.kind === "done" ? ownershipOf(ledger, settings, write) : ownership;
};

/** Looks whether a write that no entry judges was made in the name of a role of ours. */
export const lookAtPassedOver = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  passed: PassedOver,
): Promise<Deferral | { readonly kind: "passed-over"; readonly reason: string } | { readonly kind: "untouched" }> => {
  const { write, eventId, operation } = passed;
  if (write === undefined || eventId === undefined || operation === undefined) return { kind: "untouched" };
  if (write.accountId !== world.accountId) return { kind: "untouched" };
  const seen: WriteSeen = { ...write, eventId, operation: operation as OperationId };
  const ownership = await ownershipNow(world, settings, ledger, seen);
  switch (ownership.kind) {
    case "not-ours":
      if (write.unknown === undefined) return { kind: "untouched" };
      await reportUnknown(world, settings, ledger, seen, write.unknown);
      return { kind: "passed-over", reason: `${passed.reason}: told as an incident, once for each operation` };
    case "ours":
      await noteTimeOf(ledger, ownership.incidentId, seen);
      return { kind: "passed-over", reason: `our own write, of incident ${ownership.incidentId}` };
    case "in-flight":
      return underWay;
    case "unrecorded":
      await reportUnrecorded(world, settings, ledger, seen);
      return {
        kind: "passed-over",
        reason: "a write by our acting role of which the ledger knows nothing: told as an incident",
      };
  }
};

/** An operation that nobody taught us may be a new way in: somebody has to look. It is told once, however often it comes. */
const reportUnknown = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  write: WriteSeen,
  subject: SubjectRef,
): Promise<void> => {
  const { operation } = write;
  const key = { eventId: `unknown ${operation}`, operation, occurredAt: 0, about: "unknown operation" };
  if ((await ledger.eventRecord(key)) !== undefined) return;
  await tellOnce(world, settings, ledger, key, unknownIncident(world.newId(), write, subject, world.clock.now()));
};

/** A write in our name that the ledger knows nothing of is an incident in itself; told once. */
export const reportUnrecorded = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  write: WriteSeen,
): Promise<void> => {
  const incident = unrecordedIncident(world.newId(), write, settings, world.clock.now());
  await tellOnce(world, settings, ledger, { ...write, about: "no record" }, incident);
};
