import type { Language, Severity } from "../domain/finding.ts";
import { severityRank } from "../domain/finding.ts";
import type { Message, SendOutcome } from "../domain/message.ts";
import { checkedRows } from "../ledger/checked-rows.ts";
import type { Outgoing, OutgoingRow } from "../ledger/outbox.ts";
import {
  allOutgoing,
  channelsWaitedFor,
  closeOutgoing,
  dropIfTold,
  dueOutgoing,
  moveOutgoing,
  putBack,
  putOutgoing,
  slotIn,
  slotsTaken,
  takeOutgoing,
  takeSlot,
} from "../ledger/outbox.ts";
import type { Channel, World } from "../ports/world.ts";
import {
  digestLines,
  digestMessage,
  listSize,
  markedAsLate,
  markedAsMoved,
  markedAsRepeat,
  sumFrom,
  sumSize,
} from "./digest.ts";

/** From this many waiting messages on, a channel gets one digest instead of each. */
const digestFrom = 5;
/** How long a sender may take before another may send the same message; longer than any channel's time-out. */
const turnMs = 30_000;
/**
 * A storm of changes ends in tens of messages: after ten within ten minutes, one a minute; after twenty within the hour, one
 * in five minutes.
 */
const pace = [
  { after: 10, withinMs: 600_000, thenEveryMs: 60_000 },
  { after: 20, withinMs: 3_600_000, thenEveryMs: 300_000 },
];
/**
 * A digest that was refused for one name in it is sent again in halves, which need not wait for their turn; but so many in
 * four hours are a storm, and then the others are told by their ids.
 */
const halvesPace = { after: 40, withinMs: 4 * 3_600_000, thenEveryMs: 300_000 };
/** So many messages go one by one to a channel without a limit in one flush. */
const mostWhole = 100;
/** Rows that are written at the same time. */
const abreast = 25;
/** Between attempts: 2 s, 4 s and so on, at most this. */
const longestWaitMs = 15 * 60_000;
/** After a send that may have arrived, so that a channel which never says is not flooded: 1 min, 2 min and so on. */
const unclearWaitMs = 60_000;
/** A refusal is mended by a person, if at all: 15 min, 30 min and an hour, so that it is told soon after it is mended. */
const refusedWaitMs = 15 * 60_000;
const longestRefusedWaitMs = 3_600_000;
/** The most between attempts on a channel that never says what became of them. */
const longestUnclearWaitMs = 6 * 3_600_000;
/** So many refusals in a row are the channel's, and not of these messages: the others are spared the attempt. */
const refusalsInARow = 3;
/** What could not be told for so long is summed up for people, and says so. */
const lateMs = 6 * 3_600_000;
/** A channel that is missing from the settings for less than this may be of a deployment that is under way. */
const goneAfterMs = 10 * 60_000;
/** Messages of channels that are gone, which one flush hands over. */
const mostMoved = 200;

/** From this severity on a message that is for no channel goes to all of them. */
const neverSilent: Severity = "high";

/**
 * The channels that a message is for. What no channel's rules name goes to those whose severity it has, and what is serious
 * goes to all where it would go nowhere: settings may keep the lesser from being told, and nothing else.
 */
export const channelsFor = (channels: readonly Channel[], { severity, rules = [] }: Message): readonly Channel[] => {
  const severe = channels.filter(
    ({ route }) => route?.atLeast === undefined || severityRank(severity) >= severityRank(route.atLeast),
  );
  const wanted = severe.filter(({ route }) => route?.rules?.some((rule) => rules.includes(rule)) ?? true);
  if (wanted.length > 0) return wanted;
  if (severe.length > 0) return severe;
  return severityRank(severity) >= severityRank(neverSilent) ? channels : [];
};

/** Puts a message into the outbox of every channel that it is for; nothing is sent yet. */
export const tell = (world: World, message: Message): Promise<void> =>
  putOutgoing(
    world.state,
    world.clock,
    world.accountId,
    message,
    channelsFor(world.channels, message).map((channel) => channel.name),
  );

export type FlushOptions = {
  /** Whether it is left to others to hand over what waits for channels that are gone. */
  readonly ownOnly?: boolean;
  /** Epoch milliseconds: from then on nothing more is sent, but for one message to each channel. */
  readonly until?: number;
};

/**
 * Sends what waits in the outbox, within each channel's limit, to all channels side by side: a slow one keeps no other
 * waiting. What cannot go now stays for the next flush.
 */
export const flushOutbox = async (
  given: World,
  language: Language,
  { ownOnly = false, until = Number.POSITIVE_INFINITY }: FlushOptions = {},
): Promise<void> => {
  const world: World = { ...given, state: checkedRows(given.state, given.log) };
  const isTime = (): boolean => world.clock.now() < until;
  if (!ownOnly) await moveFromGone(world, isTime);
  const flushed = await Promise.allSettled(
    world.channels.map((channel) => flushChannel(world, channel, language, isTime)),
  );
  for (const one of flushed) if (one.status === "rejected") throw one.reason;
};

/**
 * What waits for a channel that is not in the settings any more goes to those that are: to the ones that it is for, and to
 * all of them where it would be for none.
 */
const moveFromGone = async (world: World, isTime: () => boolean): Promise<void> => {
  const { state, clock, accountId, channels } = world;
  if (channels.length === 0) return;
  const gone = (await channelsWaitedFor(state, accountId)).filter((name) => !channels.some((one) => one.name === name));
  let moved = 0;
  for (const name of gone)
    for await (const one of allOutgoing(state, accountId, name)) {
      if (moved === mostMoved || !isTime()) return;
      if (clock.now() - one.outgoing.since < goneAfterMs) continue;
      const meant = channelsFor(channels, one.outgoing.message);
      const to = (meant.length > 0 ? meant : channels).map((channel) => channel.name);
      await moveOutgoing(state, clock, accountId, one, to);
      moved += 1;
    }
};

const flushChannel = async (
  world: World,
  channel: Channel,
  language: Language,
  isTime: () => boolean,
): Promise<void> => {
  const { state, clock, accountId } = world;
  const { name, limit } = channel;
  const most = limit === undefined ? mostWhole : 2 * sumSize;
  let isFirst = true;
  // Each flush sends one, so that little time is never no telling.
  const goesOn = (): boolean => {
    const goes = isFirst || isTime();
    isFirst = false;
    return goes;
  };
  for (let inForce = pace; ; inForce = [halvesPace]) {
    const hasRoom = async () =>
      limit === undefined || (await slotIn(state, clock, accountId, name, limit, inForce)) === 0;
    const waiting = await dueOutgoing(state, clock, accountId, name, most, hasRoom);
    const { after, withinMs } = halvesPace;
    const byIds = waiting.some(wasSplit) && (await slotsTaken(state, clock, accountId, name, withinMs)) >= after;
    // What was split is due again, in halves.
    const sends = inSends(waiting, channel, clock.now(), byIds);
    if (!(await sendUntilSplit(world, channel, sends, language, goesOn))) return;
  }
};

const wasSplit = ({ outgoing }: OutgoingRow): boolean => (outgoing.atMost ?? 1) > 1;

/** What goes out together as one message; `plain`: by ids alone. */
type Send = { readonly rows: readonly OutgoingRow[]; readonly plain: boolean };

/** Sends one after the other for as long as the channel bears it; true when a digest was split, and false at the end. */
const sendUntilSplit = async (
  world: World,
  channel: Channel,
  sends: readonly Send[],
  language: Language,
  goesOn: () => boolean,
): Promise<boolean> => {
  let refusals = 0;
  for (const together of sends) {
    if (!goesOn()) return false;
    const went = await sendTogether(world, channel, together, language);
    if (went === "split") return true;
    if (went === "no-more") return false;
    refusals = went === "refused" ? refusals + 1 : 0;
    if (refusals === refusalsInARow) return false;
  }
  return false;
};

/**
 * A channel without a limit is for machines, which want each message whole. What was refused before goes last; what was in
 * a digest that was refused goes by itself, in halves or by ids.
 */
const inSends = (waiting: readonly OutgoingRow[], { limit }: Channel, now: number, byIds: boolean): readonly Send[] => {
  const sorted = [...waiting].sort((a, b) => a.outgoing.attempts - b.outgoing.attempts);
  if (limit === undefined) return inParts(sorted, 1);
  const isLate = ({ outgoing }: OutgoingRow): boolean => now - outgoing.since >= lateMs;
  const free = sorted.filter(({ outgoing }) => outgoing.atMost === undefined);
  const fresh = free.filter((one) => !isLate(one));
  const split = sorted.filter(wasSplit);
  return [
    ...(byIds ? inParts(split, listSize, true) : inHalves(split)),
    ...inParts(fresh, sizeFor(fresh.length)),
    ...inParts(free.filter(isLate), listSize),
    // What was refused by itself would take others with it.
    ...inParts(
      sorted.filter(({ outgoing }) => outgoing.atMost === 1),
      1,
    ),
  ];
};

/** What was in one digest that was refused stays together, but for the half that it is in. */
const inHalves = (rows: readonly OutgoingRow[]): readonly Send[] => {
  const sizes = [...new Set(rows.flatMap(({ outgoing }) => outgoing.atMost ?? []))].sort((a, b) => a - b);
  return sizes.flatMap((size) =>
    inParts(
      rows.filter(({ outgoing }) => outgoing.atMost === size),
      size,
    ),
  );
};

const inParts = (rows: readonly OutgoingRow[], size: number, plain = false): readonly Send[] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, at) => ({
    rows: rows.slice(at * size, (at + 1) * size),
    plain,
  }));

/** Half of a digest, or less where as many titles would be too long. */
const halfOf = (size: number): number => {
  const half = Math.ceil(size / 2);
  return half < sumFrom ? Math.min(half, digestLines) : half;
};

const sizeFor = (waiting: number): number => {
  if (waiting < digestFrom) return 1;
  return waiting < sumFrom ? digestLines : sumSize;
};

/** Does the same for each of many rows, some at a time, in order. */
const forEach = async <One, Answer>(
  many: readonly One[],
  each: (one: One) => Promise<Answer>,
): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  for (let at = 0; at < many.length; at += abreast)
    answers.push(...(await Promise.all(many.slice(at, at + abreast).map(each))));
  return answers;
};

/** What a send leaves to be done: a channel that bears no more for now is left alone. */
type Went = "sent" | "refused" | "split" | "no-more";

/** Sends one message, or several as a digest. */
const sendTogether = async (
  world: World,
  channel: Channel,
  { rows: waiting, plain }: Send,
  language: Language,
): Promise<Went> => {
  const { state, clock, accountId } = world;
  const { name, limit } = channel;
  const inForce = waiting.every(({ outgoing }) => outgoing.atMost !== undefined) ? [halvesPace] : pace;
  if (limit !== undefined && (await takeSlot(state, clock, accountId, name, limit, inForce)) > 0) return "no-more";
  const mine = (
    await forEach(waiting, async (one) => {
      const taken = await takeOutgoing(state, clock, one, turnMs);
      return taken === undefined || (await dropIfTold(state, accountId, taken)) ? undefined : taken;
    })
  ).filter((one) => one !== undefined);
  if (mine.length === 0) return "sent";
  const message = asOne(
    mine.map(({ outgoing }) => outgoing),
    language,
    clock.now(),
    plain,
  );
  const outcome = await sendSafely(channel, message);
  if (outcome.kind !== "sent")
    world.log(outcome.kind === "rejected" ? "error" : "warn", "a message was not taken by its channel", {
      channel: channel.name,
      incidentId: message.incidentId,
      messages: mine.length,
      kind: outcome.kind,
      because: outcome.because,
    });
  if (outcome.kind === "rejected" && outcome.content === true && mine.length > 1 && !plain) {
    const known = { because: outcome.because, atMost: halfOf(mine.length) };
    await forEach(mine, (one) => putBack(state, one, clock.now(), known));
    return "split";
  }
  await forEach(mine, (one) => conclude(world, one, outcome, mine.length > 1));
  if (outcome.kind === "sent") return "sent";
  // A channel that does not take this one will not take the next, and may take its time over it.
  return outcome.kind === "rejected" ? "refused" : "no-more";
};

/** What is sent together as one message, with what people have to know of it: that it is late, or may be a repeat. */
const asOne = (together: readonly Outgoing[], language: Language, now: number, plain: boolean): Message => {
  const [first] = together;
  if (first === undefined) throw new Error("at least one message is sent");
  const ageMs = now - Math.min(...together.map(({ since }) => since));
  const isLate = ageMs >= lateMs;
  const isRepeat = together.some(({ mayHaveArrived }) => mayHaveArrived);
  const repeated = (message: Message): Message => (isRepeat ? markedAsRepeat(message, language) : message);
  if (together.length > 1)
    return repeated(
      digestMessage(
        together.map(({ message }) => message),
        language,
        { ...(isLate ? { lateMs: ageMs } : {}), plain },
      ),
    );
  const { message, movedFrom } = first;
  const moved = movedFrom === undefined ? message : markedAsMoved(message, language, movedFrom);
  return repeated(isLate ? markedAsLate(moved, language, ageMs) : moved);
};

/** A channel answers and never throws; should one throw all the same, nobody knows what it did before. */
const sendSafely = async (channel: Channel, message: Message): Promise<SendOutcome> => {
  try {
    return await channel.send(message);
  } catch (error) {
    return { kind: "unknown", because: error instanceof Error ? error.name : "an unknown fault" };
  }
};

/** Records how the send of one message ended: told, or to be tried again for as long as it takes. */
const conclude = async (world: World, mine: OutgoingRow, outcome: SendOutcome, inDigest: boolean): Promise<void> => {
  const { state, clock, accountId } = world;
  if (outcome.kind === "sent")
    return closeOutgoing(state, clock, accountId, mine, { outcome: inDigest ? "in-digest" : "sent" });
  await putBack(state, mine, clock.now() + waitAfter(outcome, mine.outgoing.attempts), {
    because: outcome.because,
    mayHaveArrived: outcome.kind === "unknown",
    // It would take others with it.
    ...(outcome.kind === "rejected" && outcome.content === true && !inDigest ? { atMost: 1 } : {}),
  });
};

/** Milliseconds until a message is tried again that was not taken at its `attempts`-th try. */
const waitAfter = (outcome: Exclude<SendOutcome, { kind: "sent" }>, attempts: number): number => {
  const times = 2 ** Math.min(Math.max(attempts - 1, 0), 20);
  switch (outcome.kind) {
    case "retry":
      return Math.max(outcome.afterMs, Math.min(longestWaitMs, 2_000 * times));
    case "unknown":
      return Math.min(longestUnclearWaitMs, unclearWaitMs * times);
    case "rejected":
      return Math.min(longestRefusedWaitMs, refusedWaitMs * times);
  }
};
