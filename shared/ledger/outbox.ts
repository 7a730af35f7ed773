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

/** Everything that waits for one channel, oldest first. */
export const outgoingOf = async (
  state: StateStore,
  accountId: AccountId,
  channel: string,
): Promise<readonly OutgoingRow[]> => {
  const waiting: OutgoingRow[] = [];
  for await (const row of rows(state, rowKey("outbox", accountId, `${channel}/`)))
    waiting.push({ row, outgoing: row.value as unknown as Outgoing });
  return waiting;
};

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

/**
 * Takes one of a channel's slots in the running window, shared by all instances. Returns 0 when there was one, else the
 * milliseconds until the next is free.
 */
export const takeSlot = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  channel: string,
  limit: { readonly messages: number; readonly perMs: number },
): Promise<number> => {
  const key = rowKey("limit", accountId, channel);
  for (;;) {
    const now = clock.now();
    const row = await state.get(key);
    const past = ((row?.value as readonly number[] | undefined) ?? []).filter((at) => at > now - limit.perMs);
    if (past.length >= limit.messages) return (past[0] ?? now) + limit.perMs - now;
    const next = asJson([...past, now]);
    const written =
      row === undefined
        ? (await state.putIfAbsent(key, next)).written
        : (await state.compareAndSet(key, row.version, next)).written;
    if (written) return 0;
  }
};
