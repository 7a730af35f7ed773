import type { AccountId } from "../domain/identity.ts";
import type { Message } from "../domain/message.ts";
import type { Row, StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import { asJson } from "./incident.ts";
import { retentionSeconds, rowKey } from "./keys.ts";
import { rows } from "./rows.ts";

/** A message on its way to one channel. It stays here until the channel took it or refused it for good. */
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
};

export type OutgoingRow = { readonly row: Row; readonly outgoing: Outgoing };

/** What became of a message on one channel, kept so that it is not told again. */
export type Told = {
  readonly outcome: "sent" | "rejected" | "unknown" | "in-digest";
  readonly at: number;
  readonly because?: string;
};

/** Puts a message into the outbox of each channel, unless it is there or was told already. */
export const putOutgoing = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  message: Message,
  channels: readonly string[],
): Promise<void> => {
  for (const channel of channels) {
    const rest = `${channel}/${message.id}`;
    if ((await state.get(rowKey("told", accountId, rest))) !== undefined) continue;
    const now = clock.now();
    const outgoing: Outgoing = { message, channel, attempts: 0, since: now, dueAt: now, mayHaveArrived: false };
    await state.putIfAbsent(rowKey("outbox", accountId, rest), asJson(outgoing));
  }
};

/** What is due on one channel, oldest first, at most so many; `mayGoOn` is asked once there are many. */
export const dueOutgoing = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  channel: string,
  most: number,
  mayGoOn: () => Promise<boolean>,
): Promise<readonly OutgoingRow[]> => {
  const due: OutgoingRow[] = [];
  let looked = 0;
  for await (const row of rows(state, rowKey("outbox", accountId, `${channel}/`))) {
    const outgoing = row.value as unknown as Outgoing;
    if (outgoing.dueAt <= clock.now()) due.push({ row, outgoing });
    if (due.length === most) break;
    looked += 1;
    // In a storm there is a long list, and mostly no room to send.
    if (looked === manyWaiting && !(await mayGoOn())) return [];
  }
  return due;
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

/** Puts a message back, to be sent at `dueAt`. */
export const postpone = async (
  state: StateStore,
  { row, outgoing }: OutgoingRow,
  dueAt: number,
  mayHaveArrived: boolean,
): Promise<void> => {
  await state.compareAndSet(
    row.key,
    row.version,
    asJson({ ...outgoing, dueAt, mayHaveArrived: outgoing.mayHaveArrived || mayHaveArrived }),
  );
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
    const remembered = Math.max(limit.perMs, ...pace.map(({ withinMs }) => withinMs));
    const next = asJson([...sent.filter((at) => at > now - remembered), now]);
    const written =
      row === undefined
        ? (await state.putIfAbsent(key, next)).written
        : (await state.compareAndSet(key, row.version, next)).written;
    if (written) return 0;
  }
};
