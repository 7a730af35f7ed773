import { untold } from "./ledger/untold.ts";
import type { World } from "./ports/world.ts";

/** A storm is told within the hour; what waits longer waits for somebody to mend its channel. */
export const waitsTooLongMs = 3_600_000;

/** One line for each channel that has not taken what it was to be told for an hour, or that is gone from the settings. */
export const untoldProblems = async ({ state, accountId, channels, clock }: World): Promise<readonly string[]> =>
  (await untold(state, accountId)).flatMap(({ channel, messages, more, since, because = "not sent yet" }) => {
    if (clock.now() - since < waitsTooLongMs) return [];
    const count = `${messages}${more ? "+" : ""}`;
    const from = new Date(since).toISOString();
    return [
      channels.some(({ name }) => name === channel)
        ? `channel \`${channel}\` has not taken ${count} messages, the oldest of ${from}: ${because}`
        : `channel \`${channel}\` is not in the settings any more, and ${count} messages wait for it, the oldest of ${from}`,
    ];
  });
