import type { AccountId } from "../domain/identity.ts";
import type { Message } from "../domain/message.ts";
import type { Row, StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import { asJson } from "./incident.ts";
import { retentionSeconds, rowKey } from "./keys.ts";
import { rows } from "./rows.ts";

/** A message on its way to one channel. It stays here until the channel took it, however long that takes. */
export type Outgoing = {
  readonly message: Message;
  readonly channel: string;
  readonly attempts: number;
  /** When it was put here, epoch milliseconds. */
  readonly since: number;
  /** Not to be sent before, epoch milliseconds. While a sender is at work it is the end of its turn. */
  readonly dueAt: number;
  /** Whether an earlier send may have arrived: what is told twice is marked so. */
  readonly mayHaveArrived: boolean;
  /** Why it was not taken when it was sent last. */
  readonly because?: string;
  /** The channel that it waited for until that was gone from the settings. */
  readonly movedFrom?: string;
  /** The most messages of a digest with this one: a digest was refused for what is said in it. */
  readonly atMost?: number;
};

export type OutgoingRow = { readonly row: Row; readonly outgoing: Outgoing };

/** What became of a message on one channel, kept so that it is not told again. */
export type Told = {
  readonly outcome: "sent" | "in-digest";
  readonly at: number;
};

/** Puts a message into the outbox of each channel, unless it is there or was told already. */
export const putOutgoing = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  message: Message,
  channels: readonly string[],
): Promise<void> => {
  const now = clock.now();
  for (const channel of channels)
    await putUnlessTold(state, accountId, {
      message,
      channel,
      attempts: 0,
      since: now,
      dueAt: now,
      mayHaveArrived: false,
    });
};

const putUnlessTold = async (state: StateStore, accountId: AccountId, outgoing: Outgoing): Promise<void> => {
  const rest = `${outgoing.channel}/${outgoing.message.id}`;
  if ((await state.get(rowKey("told", accountId, rest))) !== undefined) return;
  await state.putIfAbsent(rowKey("outbox", accountId, rest), asJson(outgoing));
};

/** The prefix of what waits for one channel. */
const waitingFor = (accountId: AccountId, channel: string): string => rowKey("outbox", accountId, `${channel}/`);

/** The channels that something waits for, by one look at each: those of the settings, and others that are gone from there. */
export const channelsWaitedFor = async (state: StateStore, accountId: AccountId): Promise<readonly string[]> => {
  const all = rowKey("outbox", accountId, "");
  const found: string[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await state.list(all, { ...(after === undefined ? {} : { after }), limit: 1 });
    const [row] = page.rows;
    const channel = row === undefined ? undefined : (row.value as unknown as Outgoing).channel;
    if (channel !== undefined) found.push(channel);
    if (page.next === undefined) return [...new Set(found)];
    // Behind all that waits for this one, as `0` follows `/`.
    after = row?.key.startsWith(`${all}${channel}/`) === true ? `${all}${channel}0` : page.next;
  }
};

/** What waits for one channel, due or not, oldest first. */
export async function* allOutgoing(
  state: StateStore,
  accountId: AccountId,
  channel: string,
): AsyncGenerator<OutgoingRow> {
  for await (const row of rows(state, waitingFor(accountId, channel))) {
    const outgoing = row.value as unknown as Outgoing;
    if (outgoing.channel === channel) yield { row, outgoing };
  }
}

/**
 * Hands a message over to other channels, unless they have it or told it already. It leaves the outbox of its own only
 * then: one who dies in between leaves it to be handed over again.
 */
export const moveOutgoing = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  { row, outgoing }: OutgoingRow,
  channels: readonly string[],
): Promise<void> => {
  const { because: _, atMost: __, ...kept } = outgoing;
  for (const channel of channels)
    await putUnlessTold(state, accountId, {
      ...kept,
      channel,
      attempts: 0,
      dueAt: clock.now(),
      movedFrom: outgoing.movedFrom ?? outgoing.channel,
    });
  await state.delete(row.key, row.version);
};

/**
 * What is due on one channel, at most so many: what was tried least first, so that messages which a receiver never takes
 * do not hide those behind them, and of these the oldest. `mayGoOn` is asked once there are many.
 */
export const dueOutgoing = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  channel: string,
  most: number,
  mayGoOn: () => Promise<boolean>,
): Promise<readonly OutgoingRow[]> => {
  const due: OutgoingRow[] = [];
  let untried = 0;
  let looked = 0;
  for await (const one of allOutgoing(state, accountId, channel)) {
    if (one.outgoing.dueAt <= clock.now()) {
      due.push(one);
      if (one.outgoing.attempts === 0) untried += 1;
    }
    if (untried === most) break;
    looked += 1;
    // In a storm there is a long list, and mostly no room to send.
    if (looked === manyWaiting && !(await mayGoOn())) return [];
  }
  return due.sort((a, b) => a.outgoing.attempts - b.outgoing.attempts).slice(0, most);
};

const manyWaiting = 50;

/**
 * Takes a message to send it: nobody else sends it until `turnMs` are over. From now until the sender says otherwise it
 * may have arrived, as the sender may die before it can say. Returns the message as it was found, to be sent so.
 */
export const takeOutgoing = async (
  state: StateStore,
  clock: Clock,
  { row, outgoing }: OutgoingRow,
  turnMs: number,
): Promise<OutgoingRow | undefined> => {
  const mine = { ...outgoing, attempts: outgoing.attempts + 1, dueAt: clock.now() + turnMs };
  const kept = asJson({ ...mine, mayHaveArrived: true });
  const swap = await state.compareAndSet(row.key, row.version, kept);
  return swap.written ? { row: { ...row, version: swap.version, value: kept }, outgoing: mine } : undefined;
};

/**
 * Takes off a message that was told already; answers whether it was. Whoever looked before it was told may have put it
 * here once more since.
 */
export const dropIfTold = async (
  state: StateStore,
  accountId: AccountId,
  { row, outgoing }: OutgoingRow,
): Promise<boolean> => {
  const told = await state.get(rowKey("told", accountId, `${outgoing.channel}/${outgoing.message.id}`));
  if (told !== undefined) await state.delete(row.key, row.version);
  return told !== undefined;
};

/** Puts a message back, to be sent at `dueAt`, with what is known of it since. */
export const putBack = async (
  state: StateStore,
  { row, outgoing }: OutgoingRow,
  dueAt: number,
  known: Partial<Pick<Outgoing, "because" | "mayHaveArrived" | "atMost">>,
): Promise<void> => {
  const mayHaveArrived = outgoing.mayHaveArrived || known.mayHaveArrived === true;
  await state.compareAndSet(row.key, row.version, asJson({ ...outgoing, ...known, dueAt, mayHaveArrived }));
};

/** Closes a message on a channel: what became of it is recorded first, then it leaves the outbox. */
export const closeOutgoing = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  { row, outgoing }: OutgoingRow,
  told: Omit<Told, "at">,
): Promise<void> => {
  const expiresAt = Math.floor(clock.now() / 1000) + retentionSeconds.told;
  await state.putIfAbsent(
    rowKey("told", accountId, `${outgoing.channel}/${outgoing.message.id}`),
    asJson({ ...told, at: clock.now() }),
    { expiresAt },
  );
  await state.delete(row.key, row.version);
};

export type Limit = { readonly messages: number; readonly perMs: number };

/** After so many messages within a time, only one in each `thenEveryMs`: people read tens, not thousands. */
export type Pace = { readonly after: number; readonly withinMs: number; readonly thenEveryMs: number };

/** Milliseconds until the next message may be sent, after the ones that were. */
const waitFor = (sent: readonly number[], now: number, limit: Limit, pace: readonly Pace[]): number => {
  const inLimit = sent.filter((at) => at > now - limit.perMs);
  const forLimit = inLimit.length >= limit.messages ? (inLimit[0] ?? now) + limit.perMs - now : 0;
  const last = sent.at(-1);
  if (last === undefined) return forLimit;
  const inForce = pace.filter(({ after, withinMs }) => sent.filter((at) => at > now - withinMs).length >= after);
  return Math.max(forLimit, ...inForce.map(({ thenEveryMs }) => last + thenEveryMs - now));
};

/** Milliseconds until a channel has a slot; 0 when it has one now. Takes none. */
export const slotIn = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  channel: string,
  limit: Limit,
  pace: readonly Pace[] = [],
): Promise<number> => {
  const row = await state.get(rowKey("limit", accountId, channel));
  return waitFor((row?.value as readonly number[] | undefined) ?? [], clock.now(), limit, pace);
};

/** For how long it is known which slots were taken, whichever pace the taker keeps to. */
const rememberedMs = 4 * 3_600_000;

/** How many slots of a channel were taken within so many milliseconds. */
export const slotsTaken = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  channel: string,
  withinMs: number,
): Promise<number> => {
  const row = await state.get(rowKey("limit", accountId, channel));
  return ((row?.value as readonly number[] | undefined) ?? []).filter((at) => at > clock.now() - withinMs).length;
};

/**
 * Takes one of a channel's slots in the running window, shared by all instances. Returns 0 when there was one, else the
 * milliseconds until the next is free.
 */
export const takeSlot = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  channel: string,
  limit: Limit,
  pace: readonly Pace[] = [],
): Promise<number> => {
  const key = rowKey("limit", accountId, channel);
  for (;;) {
    const now = clock.now();
    const row = await state.get(key);
    const sent = (row?.value as readonly number[] | undefined) ?? [];
    const wait = waitFor(sent, now, limit, pace);
    if (wait > 0) return wait;
    const remembered = Math.max(rememberedMs, limit.perMs, ...pace.map(({ withinMs }) => withinMs));
    const next = asJson([...sent.filter((at) => at > now - remembered), now]);
    const written =
      row === undefined
        ? (await state.putIfAbsent(key, next)).written
        : (await state.compareAndSet(key, row.version, next)).written;
    if (written) return 0;
  }
};
