import { subjectKey } from "./domain/kinds.ts";
import { moveCursor, readCursor } from "./ledger/cursors.ts";
import type { Incident } from "./ledger/incident.ts";
import { occasionOf } from "./ledger/incident.ts";
import { rowKey } from "./ledger/keys.ts";
import type { ExpiredLease } from "./ledger/lease.ts";
import { expiredLeases } from "./ledger/lease.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { rows } from "./ledger/ledger.ts";
import { keepRecheck } from "./ledger/rechecks.ts";
import { handleOccasion } from "./pipeline.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";
import type { Tick } from "./sweep-tick.ts";
import { finishAll, withLease } from "./under-lease.ts";

export type Leftovers = { readonly found: number; readonly finished: number; readonly judgedAnew: number };

/** The lease under which a sweep works: one at a time. It is about no subject. */
export const sweepLease = "sweep";

/**
 * Finishes what holders of leases left half done, without waiting for an event. What was given up is judged anew from
 * what its incident says of the event, as that may never come again.
 */
export const finishLeftovers = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  tick: Tick,
): Promise<Leftovers> => {
  const { isTime } = tick;
  const expired = (await expiredLeases(world.state, world.clock, world.accountId)).filter(
    (lease) => lease.subjectKey !== sweepLease,
  );
  let finished = 0;
  let judgedAnew = 0;
  const finishThem = async (half: ExpiredLease): Promise<void> => {
    // Subjects of one kind are read by the same calls.
    const kind = half.subjectKey.split("/")[1] ?? "";
    if (tick.isOut(kind)) return;
    const contained = () =>
      tick.contained("finishing a subject that was left half done", () => finishOne(half), undefined);
    await tick.asking(kind, contained, (isDone) => isDone !== true);
  };
  const finishOne = async (half: ExpiredLease): Promise<boolean> => {
    if (!(await finish(world, settings, ledger, half))) return false;
    finished += 1;
    for (const incidentId of half.incidentIds)
      if (await judgeAnew(world, settings, await ledger.incident(incidentId))) judgedAnew += 1;
    return true;
  };
  for (const lease of expired) if (isTime()) await finishThem(lease);
  const open = await openIntents(world, isTime);
  for (const intent of open) if (isTime()) await finishThem(intent);
  return { found: expired.length + open.length, finished, judgedAnew };
};

const finish = async (world: World, settings: Settings, ledger: Ledger, half: ExpiredLease): Promise<boolean> => {
  for (const incidentId of half.incidentIds) await rememberSubject(world, await ledger.incident(incidentId));
  const done = await withLease<{ readonly kind: "done" }>(world, half.subjectKey, (lease, left) =>
    finishAll(world, settings, ledger, lease, [...new Set([...left, ...half.incidentIds])]),
  );
  return done.kind === "done";
};

/** An intent that is given up leads nobody to its subject any more: should this sweep die now, the next looks at it again. */
const rememberSubject = async (world: World, incident: Incident | undefined): Promise<void> => {
  const occasion = incident === undefined || incident.status === "settled" ? undefined : occasionOf(incident);
  if (occasion === undefined) return;
  const key = subjectKey(occasion.subject);
  await keepRecheck(world.state, world.accountId, key, occasion, world.clock.now());
};

/** Up to which incident, in order of time, all are known to be settled. */
type Settled = { readonly after: string };

/** An incident of an hour ago is not opened any more: whoever was to open it has been stopped since. */
const openForMs = 3_600_000;

/**
 * Intents that are open: one may come into the ledger after its lease was taken over, from a holder who was stopped in
 * the middle of that write. Whoever is at work on one still holds its lease.
 */
const openIntents = async (world: World, isTime: () => boolean): Promise<readonly ExpiredLease[]> => {
  const { state, clock, accountId } = world;
  const cursor = await readCursor<Settled>(state, accountId, "intents");
  const open: ExpiredLease[] = [];
  let mark = cursor.place?.after;
  const after = mark === undefined ? undefined : rowKey("incident", accountId, mark);
  for await (const { value } of rows(state, rowKey("incident", accountId, ""), after)) {
    const { id, status, subject, openedAt } = value as unknown as Incident;
    if (status !== "settled") open.push({ subjectKey: subjectKey(subject), incidentIds: [id] });
    else if (open.length === 0 && clock.now() - openedAt > openForMs) mark = id;
    if (!isTime()) break;
  }
  if (mark !== undefined && mark !== cursor.place?.after)
    await moveCursor<Settled>(state, accountId, "intents", cursor, { after: mark });
  return open;
};

const judgeAnew = async (world: World, settings: Settings, incident: Incident | undefined): Promise<boolean> => {
  const occasion = incident?.abandoned === undefined ? undefined : occasionOf(incident);
  if (occasion === undefined) return false;
  return (await handleOccasion(world, settings, occasion)).kind === "decided";
};
