import type { AccountId } from "../domain/identity.ts";
import type { StateStore } from "../ports/state-store.ts";
import { allOutgoing, channelsWaitedFor } from "./outbox.ts";

/** What one channel has not been told yet. */
export type Untold = {
  readonly channel: string;
  /** How many messages wait; `more` where they were not counted to the end. */
  readonly messages: number;
  readonly more: boolean;
  /** When the oldest of those that were counted came, epoch milliseconds. */
  readonly since: number;
  /** Why one of them was not taken when it was sent last. */
  readonly because?: string;
};

/** A storm leaves thousands, and nobody needs to know how many exactly. */
const mostCounted = 1_000;

/** What waits to be told, by channel. Those that are gone from the settings are among them. */
export const untold = async (state: StateStore, accountId: AccountId): Promise<readonly Untold[]> => {
  const all: Untold[] = [];
  for (const channel of await channelsWaitedFor(state, accountId)) {
    let [messages, more, since] = [0, false, Number.POSITIVE_INFINITY];
    let because: string | undefined;
    for await (const { outgoing } of allOutgoing(state, accountId, channel)) {
      if (messages === mostCounted) {
        more = true;
        break;
      }
      messages += 1;
      since = Math.min(since, outgoing.since);
      because ??= outgoing.because;
    }
    if (messages > 0) all.push({ channel, messages, more, since, ...(because === undefined ? {} : { because }) });
  }
  return all;
};
