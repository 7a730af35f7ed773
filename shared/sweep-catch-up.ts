import { asked, reachMs } from "./backfill.ts";
import { cloudErrorText } from "./domain/cloud-error.ts";
import type { Decision } from "./domain/decision.ts";
import type { Json } from "./domain/json.ts";
import { isJsonObject } from "./domain/json.ts";
import type { Service } from "./domain/operation-id.ts";
import { takeIn } from "./intake/take-in.ts";
import type { Cursor } from "./ledger/cursors.ts";
import { moveCursor, readCursor } from "./ledger/cursors.ts";
import type { DeferredRow } from "./ledger/deferred.ts";
import {
  deferredKey,
  dropDeferred,
  keepDeferred,
  listDeferred,
  noteToldDeferred,
  putOffDeferred,
} from "./ledger/deferred.ts";
import { openLedger } from "./ledger/ledger.ts";
import { isDue } from "./ledger/put-off.ts";
import type { Receipt } from "./pipeline.ts";
import { handleIntake } from "./pipeline.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";
import type { Tick } from "./sweep-tick.ts";
import { putOffForMs, tellPutOff } from "./tell-put-off.ts";

/**
 * How far the catching-up of one service has come. What lies before `through` was looked at; a `round` under way goes on
 * at `from`, and once it is over everything before `through` of its own was looked at. That is when it began, however
 * long it takes: what the trail showed late meanwhile, behind where the round stood, is for the next round.
 */
type Watermark = {
  readonly through: number;
  readonly round?: { readonly from: number; readonly through: number };
  readonly late?: Late;
};

/** What lies before `since` was there before anybody looked, and is not looked at; `dayAt` is when a whole day was gone over. */
type Late = { readonly since: number; readonly dayAt: number };

/** LookupEvents shows an event within 10 minutes, as its documents say; this is how late one may be and still be seen. */
export const overlapMs = 30 * 60_000;
/** Younger events are left to the guard, which is handed them within seconds, unless the sweep is told otherwise. */
export const guardFirstMs = 60_000;
/** The cloud refuses what is older than its 90 days, by its own clock. */
const furthestMs = reachMs - 3_600_000;
/** After so many events it is noted how far the work has come, so that whoever is stopped repeats little. */
const noteEvery = 20;

/** What catching up came to. */
export type CaughtUp = {
  readonly events: number;
  readonly decided: number;
  readonly deferred: number;
  /** Decided events of Ram, whose delivery is certain, so that the guard ought to have had them: how many, and the first. */
  readonly missed: { readonly events: number; readonly first: number } | undefined;
  /** Everything before is looked at, epoch milliseconds; undefined while some service was never read to the end. */
  readonly through: number | undefined;
  readonly finished: boolean;
  readonly problems: readonly string[];
};

type Stream = {
  readonly service: Service;
  /** The name of its mark. */
  readonly name: string;
  readonly late?: Late;
  readonly range: { readonly from: number; readonly to: number };
  /** What `through` is, and will be once all is looked at. */
  readonly through: number;
  readonly goal: number;
  cursor: Cursor<Watermark>;
  waiting: Json[];
  token: string | undefined;
  /** Those that were given: one that is given again leads nowhere. */
  readonly tokens: Set<string>;
  state: "more" | "done" | "failed";
  /** The time of the last record that was handled. */
  at: number;
};

/** What is told of each receipt, whole. */
export type OnReceipt = (receipt: Receipt) => void;

/** The receipt of a subject that was judged anew, without a delivery. */
export const receiptOf = (decision: Decision): Receipt => ({
  decisions: [decision],
  passedOver: [],
  refusals: [],
  deferred: [],
});

/** Epoch milliseconds of a raw record; one that does not tell comes first, as it cannot be put in order. */
const timeOf = (record: Json): number => {
  const at = isJsonObject(record) ? Date.parse(String(record.eventTime)) : Number.NaN;
  return Number.isNaN(at) ? 0 : at;
};

const cursorName = (service: Service): string => `catch-up/${service}`;

/**
 * Notes where catching up begins, the first time that there is a sweep: whatever keeps it from its work from then on, what
 * happens meanwhile is looked at once it can.
 */
export const beginCatchUp = async (world: World): Promise<void> => {
  const { state, clock, accountId } = world;
  for (const service of asked) {
    const cursor = await readCursor<Watermark>(state, accountId, cursorName(service));
    if (cursor.place === undefined)
      await moveCursor(state, accountId, cursorName(service), cursor, { through: clock.now() });
  }
};

const openStream = async (world: World, service: Service, leftToGuardMs: number): Promise<Stream> => {
  const now = world.clock.now();
  const cursor = await readCursor<Watermark>(world.state, world.accountId, cursorName(service));
  const latest = now - leftToGuardMs;
  // A mark that lies ahead was noted by a clock that was: nothing that has not happened yet was looked at.
  const through = Math.min(cursor.place?.through ?? now, now);
  const begun = cursor.place?.round;
  const round =
    begun === undefined
      ? { from: through - overlapMs, through: Math.max(latest, through) }
      : { from: begun.from > now ? through - overlapMs : begun.from, through: Math.min(begun.through, now) };
  const range = { from: Math.max(round.from, now - furthestMs), to: Math.max(latest, round.from) };
  const looked = cursor.place === undefined ? range.from : through;
  return {
    ...unread(),
    service,
    name: cursorName(service),
    range,
    goal: round.through,
    through: looked,
    cursor,
    at: range.from,
  };
};

/** Nothing of it is read yet. */
const unread = (): Pick<Stream, "waiting" | "token" | "tokens" | "state"> => ({
  waiting: [],
  token: undefined,
  tokens: new Set(),
  state: "more",
});

/** For what the trail shows later than any round waits for: the last hours each hour, and the last day four times a day. */
const lateEveryMs = 3_600_000;
const lateReachMs = 3 * 3_600_000;
const dayEveryMs = 6 * 3_600_000;
const dayReachMs = 24 * 3_600_000;

/** What is gone over again of a service, but for what rounds look at anyway; undefined where nothing is due. */
const openLateStream = async (world: World, service: Service): Promise<Stream | undefined> => {
  const { state, clock, accountId } = world;
  const now = clock.now();
  const name = `catch-up-late/${service}`;
  const cursor = await readCursor<Watermark>(state, accountId, name);
  const { through, round: begun, late: known } = cursor.place ?? { through: now };
  if (known === undefined) {
    await moveCursor<Watermark>(state, accountId, name, cursor, {
      through: now,
      late: { since: now - overlapMs, dayAt: now },
    });
    return undefined;
  }
  // What was noted by a clock that was ahead says nothing.
  const isRecent = (at: number, everyMs: number): boolean => now >= at && now - at < everyMs;
  if (begun === undefined && isRecent(through, lateEveryMs)) return undefined;
  const isDay = begun === undefined && !isRecent(known.dayAt, dayEveryMs);
  const reach = isDay ? dayReachMs : lateReachMs;
  const round = begun ?? { from: Math.max(now - reach, known.since), through: now };
  const late = isDay ? { ...known, dayAt: now } : known;
  const range = { from: round.from, to: Math.max(now - overlapMs, round.from) };
  return { ...unread(), late, service, name, range, goal: round.through, through, cursor, at: range.from };
};

/** A page may be empty and have one after it; as many empty ones in a row as no history has are not gone on with. */
const mostEmptyPages = 100;

/** Reads on until there is something to handle; at least one page, and no more than there is time for. */
const fill = async (world: World, stream: Stream, isTime: () => boolean): Promise<string | undefined> => {
  for (let pages = 0; stream.waiting.length === 0 && stream.state === "more"; pages += 1) {
    if (pages > 0 && !isTime()) return undefined;
    if (pages === mostEmptyPages) {
      stream.state = "failed";
      return `the history of ${stream.service} could not be read: its pages are empty and do not end`;
    }
    const query = { ...stream.range, service: stream.service, writesOnly: true };
    const page = await world.trail(query, stream.token);
    if (!page.ok) {
      stream.state = "failed";
      return `the history of ${stream.service} could not be read: ${cloudErrorText(page.error)}`;
    }
    stream.waiting = [...page.value.events];
    const next = page.value.nextToken;
    if (next === undefined || stream.tokens.has(next)) stream.state = "done";
    else stream.tokens.add(next);
    stream.token = next;
  }
  return undefined;
};

const place = ({ state, waiting, range, goal, at, through, late }: Stream): Watermark => {
  const kept = late === undefined ? {} : { late };
  if (state === "done" && waiting.length === 0) return { ...kept, through: goal };
  const [next] = waiting;
  const from = Math.max(range.from, next === undefined ? at : timeOf(next));
  return { ...kept, through, round: { from, through: goal } };
};

/** Notes how far each service has come; false when another sweep has noted something meanwhile. */
const note = async (world: World, streams: readonly Stream[]): Promise<boolean> => {
  for (const stream of streams) {
    const moved = await moveCursor(world.state, world.accountId, stream.name, stream.cursor, place(stream));
    if (moved === undefined) return false;
    stream.cursor = moved;
  }
  return true;
};

/**
 * Puts through the pipeline what the audit trail shows since the last time, in order of time over the services, whoever
 * else was handed it. What cannot be judged now is kept and tried again.
 */
export const catchUp = async (
  world: World,
  settings: Settings,
  tick: Tick,
  onReceipt: OnReceipt,
  leftToGuardMs: number,
): Promise<CaughtUp> => {
  const streams: Stream[] = [];
  for (const service of asked) streams.push(await openStream(world, service, leftToGuardMs));
  const done = await workThrough(world, settings, tick, streams, onReceipt);
  const reached = streams.map(({ cursor }) => cursor.place?.through);
  return { ...done, through: reached.every((one) => one !== undefined) ? Math.min(...reached) : undefined };
};

/** What the audit trail showed so late that it was in no round: how much was looked at, and what was not judged before. */
export type LateSeen = Pick<CaughtUp, "events" | "decided" | "finished" | "problems">;

/** Goes over the last hours again each hour, and over the last day four times a day. What was dealt with is passed over, at one reading of the store each. */
export const catchUpLate = async (
  world: World,
  settings: Settings,
  tick: Tick,
  onReceipt: OnReceipt,
): Promise<LateSeen> => {
  const streams: Stream[] = [];
  for (const service of asked) {
    const stream = await openLateStream(world, service);
    if (stream !== undefined) streams.push(stream);
  }
  if (streams.length === 0) return { events: 0, decided: 0, finished: true, problems: [] };
  const { events, decided, finished, problems } = await workThrough(world, settings, tick, streams, onReceipt);
  return { events, decided, finished, problems };
};

const workThrough = async (
  world: World,
  settings: Settings,
  tick: Tick,
  streams: readonly Stream[],
  onReceipt: OnReceipt,
): Promise<Omit<CaughtUp, "through">> => {
  // What is kept to be tried again has its own time for that, and is shown again by each round.
  const kept = new Set((await listDeferred(world.state, world.accountId)).map(({ key }) => key));
  const problems: string[] = [];
  let [events, decided, deferred] = [0, 0, 0];
  let missed: CaughtUp["missed"];
  let finished = true;
  for (;;) {
    for (const stream of streams) {
      const problem = await fill(world, stream, tick.isTime);
      if (problem !== undefined) problems.push(problem);
    }
    const next = earliest(streams);
    if (next === undefined) {
      finished = streams.every(({ state }) => state !== "more");
      break;
    }
    if (!tick.isTime()) {
      finished = false;
      break;
    }
    const record = next.waiting[0] as Json;
    if (kept.has(deferredKey(world.accountId, record))) {
      pass(next, record);
      continue;
    }
    const receipt = await handleRecord(world, settings, tick, record);
    onReceipt(receipt);
    pass(next, record);
    events += 1;
    decided += receipt.decisions.length;
    deferred += receipt.deferred.length;
    if (next.service === "Ram" && receipt.decisions.length > 0)
      missed = { events: (missed?.events ?? 0) + 1, first: missed?.first ?? timeOf(record) };
    if (events % noteEvery === 0 && !(await note(world, streams))) {
      finished = false;
      break;
    }
  }
  await note(world, streams);
  return { events, decided, deferred, missed, finished: finished && problems.length === 0, problems };
};

const pass = (stream: Stream, record: Json): void => {
  stream.waiting.shift();
  stream.at = Math.max(stream.at, timeOf(record));
};

const earliest = (streams: readonly Stream[]): Stream | undefined =>
  streams.reduce<Stream | undefined>((first, stream) => {
    const [record] = stream.waiting;
    if (record === undefined) return first;
    const other = first?.waiting[0];
    return other === undefined || timeOf(record) < timeOf(other) ? stream : first;
  }, undefined);

/** The receipt of a record that ended in a fault of our own outside its event: it is not lost by that. */
const faulty: Receipt = {
  decisions: [],
  passedOver: [],
  refusals: [],
  deferred: [{ eventId: "", because: "handling it ended in a fault" }],
};

/** The operation of a raw record: what is about another may be read by other calls, and is not left alone with it. */
const operationIn = (record: Json): string =>
  isJsonObject(record) ? `${String(record.serviceName)}.${String(record.eventName)}` : "";

const handle = (world: World, settings: Settings, tick: Tick, record: Json): Promise<Receipt> => {
  const run = () => handleIntake(world, settings, takeIn(record));
  return tick.asking(
    operationIn(record),
    () => tick.contained("handling a record of the audit trail", run, faulty),
    ({ deferred }) => deferred.length > 0,
  );
};

const leftAlone: Receipt = {
  ...faulty,
  deferred: [{ eventId: "", because: "others of its operation could not be looked at in time" }],
};

const handleRecord = async (world: World, settings: Settings, tick: Tick, record: Json): Promise<Receipt> => {
  const receipt = tick.isOut(operationIn(record)) ? leftAlone : await handle(world, settings, tick, record);
  const [first] = receipt.deferred;
  if (first !== undefined) await keepDeferred(world.state, world.clock, world.accountId, record, first.because);
  return receipt;
};

export type Retried = { readonly tried: number; readonly waiting: number; readonly problems: readonly string[] };

/**
 * Tries again what could not be judged when it was found: what was tried least first, in order of time. What is tried in vain is left alone for longer
 * each time, and told once it has waited for long.
 */
export const retryDeferred = async (
  world: World,
  settings: Settings,
  tick: Tick,
  onReceipt: OnReceipt,
): Promise<Retried> => {
  const kept = [...(await listDeferred(world.state, world.accountId))].sort(
    (a, b) =>
      (a.deferred.tries ?? 0) - (b.deferred.tries ?? 0) || timeOf(a.deferred.record) - timeOf(b.deferred.record),
  );
  let tried = 0;
  const waiting: DeferredRow[] = [];
  for (const row of kept) {
    const isOne =
      tick.isTime() && isDue(row.deferred, world.clock.now()) && !tick.isOut(operationIn(row.deferred.record));
    if (!isOne) {
      waiting.push(row);
      continue;
    }
    tried += 1;
    const receipt = await handle(world, settings, tick, row.deferred.record);
    onReceipt(receipt);
    const [first] = receipt.deferred;
    if (first === undefined) await dropDeferred(world.state, row);
    else waiting.push(await putOffDeferred(world.state, world.clock, row, first.because));
  }
  const long = waiting.filter((row) => hasWaitedLong(world, row));
  for (const row of long)
    if (row.deferred.told !== true && tick.isTime())
      await tick.contained("telling of what cannot be judged", () => tellWaiting(world, settings, row), undefined);
  return { tried, waiting: waiting.length, problems: linesOf(long) };
};

const hasWaitedLong = ({ clock }: World, { deferred }: DeferredRow): boolean =>
  clock.now() - deferred.since >= putOffForMs;

/** What waits for long is in the report of each tick, until it is judged. */
const linesOf = (long: readonly DeferredRow[]): readonly string[] => {
  const [oldest] = [...long].sort((a, b) => a.deferred.since - b.deferred.since);
  if (oldest === undefined) return [];
  const { since, because } = oldest.deferred;
  const when = new Date(since).toISOString();
  return long.length === 1
    ? [`a change waits to be judged for half an hour or longer, since ${when}: ${because}`]
    : [`${long.length} changes wait to be judged for half an hour or longer, since ${when}: ${because}`];
};

const tellWaiting = async (world: World, settings: Settings, row: DeferredRow): Promise<void> => {
  const ledger = openLedger(world.state, world.clock, world.accountId);
  const { record, because } = row.deferred;
  for (const event of takeIn(record).events) await tellPutOff(world, settings, ledger, event, because);
  await noteToldDeferred(world.state, row);
};
