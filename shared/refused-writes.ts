import type { Refusal, UnreadWrite } from "./domain/trail-event.ts";
import { refusedRecord } from "./intake/refused-records.ts";
import { deadLetter, deadRecord } from "./ledger/dead-letters.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { StoreUnavailable } from "./ports/state-store.ts";
import type { World } from "./ports/world.ts";
import { deadLetterMessage } from "./response/messages/dead-letter-message.ts";
import { tell } from "./response/tell.ts";
import { isJudged } from "./rules/registry.ts";
import type { Settings } from "./settings.ts";
import { tellOnce } from "./tell-once.ts";
import { unreadIncident } from "./telling-incidents.ts";

/**
 * One letter for all of a payload's junk, so that it does not keep the guard from its work; told once, however often it
 * comes, and sent with whatever else is told of the payload.
 */
export const keepRefused = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  refusals: readonly Refusal[],
): Promise<void> => {
  if (refusals.length === 0) return;
  const records = refusals.map((refusal) => deadRecord(refusal.where, refusal.reason, refusedRecord(refusal)));
  const letter = deadLetter("not-understood", records, world.clock.now());
  // What has an incident of its own is told by that.
  const isTold = refusals.every((refusal) => unreadOf(world, settings, refusal) !== undefined);
  const tells = async () => (isTold ? undefined : tell(world, deadLetterMessage(letter, settings.telling)));
  await ledger.keepDead(letter, tells);
};

/** The successful write behind a refusal, where a rule would have judged it. */
const unreadOf = ({ accountId }: World, settings: Settings, { write }: Refusal): UnreadWrite | undefined =>
  write !== undefined && (write.accountId ?? accountId) === accountId && isJudged(write.kind, settings.rules)
    ? write
    : undefined;

/** Of one payload's writes that could not be read, so many are told one by one; a change of the feed's form breaks all. */
const mostUnread = 20;

/** Tells of successful writes that were understood by their operation and whose records could not be read whole. */
export const tellUnread = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  refusals: readonly Refusal[],
): Promise<void> => {
  const { accountId } = world;
  const unread = refusals.flatMap((refusal) => {
    const write = unreadOf(world, settings, refusal);
    return write === undefined ? [] : [{ reason: refusal.reason, write }];
  });
  for (const { reason, write } of unread.slice(0, mostUnread)) {
    const incident = unreadIncident(world.newId(), write, { reason, accountId, at: world.clock.now() });
    const event = { ...write, occurredAt: write.occurredAt ?? 0, about: `not read: ${reason}` };
    await tellOnce(world, settings, ledger, event, incident).catch((error: unknown) => {
      if (error instanceof StoreUnavailable) throw error;
      world.log("error", "a record that could not be read could not be told", { operation: write.operation });
    });
  }
  if (unread.length > mostUnread)
    world.log("error", "more records could not be read than are told one by one", { records: unread.length });
};
