import type { Language } from "../domain/finding.ts";
import { severityRank } from "../domain/finding.ts";
import type { Message, Span } from "../domain/message.ts";
import type { OutgoingRow } from "../ledger/outbox.ts";
import { closeOutgoing, outgoingOf, postpone, putOutgoing, takeOutgoing, takeSlot } from "../ledger/outbox.ts";
import type { Channel, World } from "../ports/world.ts";

/** From this many waiting messages on, a channel gets one digest instead of each. */
const digestFrom = 5;
/** How long a sender may take before another may send the same message; longer than any channel's time-out. */
const turnMs = 30_000;
const maxAttempts = 8;
/** Lines of a digest: 40 titles stay well below the smallest channel's limit of bytes. */
const digestLines = 40;

/** Puts a message into the outbox of every channel; nothing is sent yet. */
export const tell = (world: World, message: Message): Promise<void> =>
  putOutgoing(
    world.state,
    world.clock,
    world.accountId,
    message,
    world.channels.map((channel) => channel.name),
  );

/** Sends what waits in the outbox, within each channel's limit. What cannot go now stays for the next flush. */
export const flushOutbox = async (world: World, language: Language): Promise<void> => {
  for (const channel of world.channels) {
    const now = world.clock.now();
    const waiting = (await outgoingOf(world.state, world.accountId, channel.name)).filter(
      ({ outgoing }) => outgoing.dueAt <= now,
    );
    if (waiting.length >= digestFrom) await sendDigest(world, channel, waiting, language);
    else for (const one of waiting) if (!(await sendOne(world, channel, one))) break;
  }
};

/** Sends one message; false when the channel bears no more for now. */
const sendOne = async (world: World, channel: Channel, waiting: OutgoingRow): Promise<boolean> => {
  const { state, clock, accountId } = world;
  if (channel.limit !== undefined && (await takeSlot(state, clock, accountId, channel.name, channel.limit)) > 0)
    return false;
  const mine = await takeOutgoing(state, clock, waiting, turnMs);
  if (mine === undefined) return true;
  await closeOrPostpone(world, channel, mine, mine.outgoing.message);
  return true;
};

/** Sends many messages as one: titles, worst first, and where to read the rest. */
const sendDigest = async (
  world: World,
  channel: Channel,
  waiting: readonly OutgoingRow[],
  language: Language,
): Promise<void> => {
  const { state, clock, accountId } = world;
  if (channel.limit !== undefined && (await takeSlot(state, clock, accountId, channel.name, channel.limit)) > 0) return;
  const mine: OutgoingRow[] = [];
  for (const one of waiting) {
    const taken = await takeOutgoing(state, clock, one, turnMs);
    if (taken !== undefined) mine.push(taken);
  }
  const [first] = mine;
  if (first === undefined) return;
  const digest = digestMessage(
    mine.map(({ outgoing }) => outgoing.message),
    language,
  );
  const outcome = await channel.send(digest);
  for (const one of mine) {
    if (outcome.kind === "sent") await closeOutgoing(state, clock, accountId, one, { outcome: "in-digest" });
    else if (outcome.kind === "rejected")
      await closeOutgoing(state, clock, accountId, one, { outcome: "rejected", because: outcome.because });
    else
      await postpone(
        state,
        one,
        clock.now() + (outcome.kind === "retry" ? outcome.afterMs : 60_000),
        outcome.kind === "unknown",
      );
  }
  if (outcome.kind !== "sent")
    world.log("warn", "a digest was not taken by its channel", {
      channel: channel.name,
      kind: outcome.kind,
      because: outcome.because,
    });
};

export const digestMessage = (messages: readonly Message[], language: Language): Message => {
  const sorted = [...messages].sort((a, b) => severityRank(b.severity) - severityRank(a.severity));
  const shown = sorted.slice(0, digestLines);
  const left = sorted.length - shown.length;
  const [worst] = sorted;
  const title: readonly Span[] =
    language === "en" ? [`RAM Warden: ${sorted.length} incidents`] : [`RAM Warden：${sorted.length} 个事件`];
  return {
    id: `digest-${messages.map((message) => message.id).sort()[0] ?? ""}-${messages.length}`,
    incidentId: worst?.incidentId ?? "",
    severity: worst?.severity ?? "info",
    title,
    fields: [
      ...shown.map((message) => ({ label: message.severity, value: [...message.title, ` (${message.incidentId})`] })),
      ...(left === 0 ? [] : [{ label: "…", value: [language === "en" ? `and ${left} more` : `另有 ${left} 个`] }]),
    ],
    data: { incidents: sorted.map((message) => message.data) },
  };
};

const closeOrPostpone = async (world: World, channel: Channel, mine: OutgoingRow, message: Message): Promise<void> => {
  const { state, clock, accountId } = world;
  const outcome = await channel.send(message);
  if (outcome.kind === "sent") return closeOutgoing(state, clock, accountId, mine, { outcome: "sent" });
  world.log("warn", "a message was not taken by its channel", {
    channel: channel.name,
    incidentId: message.incidentId,
    kind: outcome.kind,
    because: outcome.because,
  });
  if (outcome.kind === "rejected")
    return closeOutgoing(state, clock, accountId, mine, { outcome: "rejected", because: outcome.because });
  // A send whose result is unknown may have arrived: it is tried once more, then left at that.
  if (outcome.kind === "unknown" && mine.outgoing.mayHaveArrived)
    return closeOutgoing(state, clock, accountId, mine, { outcome: "unknown", because: outcome.because });
  if (mine.outgoing.attempts >= maxAttempts)
    return closeOutgoing(state, clock, accountId, mine, {
      outcome: "rejected",
      because: `gave up: ${outcome.because}`,
    });
  const waitMs = outcome.kind === "retry" ? Math.max(outcome.afterMs, 1_000) : 5_000;
  await postpone(state, mine, clock.now() + waitMs, outcome.kind === "unknown");
};
