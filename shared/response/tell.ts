import type { Language } from "../domain/finding.ts";
import { severityRank } from "../domain/finding.ts";
import type { Message, SendOutcome, Span } from "../domain/message.ts";
import type { OutgoingRow } from "../ledger/outbox.ts";
import { closeOutgoing, outgoingOf, postpone, putOutgoing, takeOutgoing, takeSlot } from "../ledger/outbox.ts";
import type { Channel, World } from "../ports/world.ts";

/** From this many waiting messages on, a channel gets one digest instead of each. */
const digestFrom = 5;
/** How long a sender may take before another may send the same message; longer than any channel's time-out. */
const turnMs = 30_000;
/** Messages to a digest: 40 titles stay well below the smallest channel's limit of bytes. */
const digestLines = 40;
/** Between attempts: 2 s, 4 s and so on, at most this. */
const longestWaitMs = 15 * 60_000;
/** A channel that takes nothing for so long is not coming back; the incident is in the ledger all the same. */
const giveUpAfterMs = 3 * 86_400_000;
/** A message may reach people as often as this when its channel never says whether it arrived. */
const mostUnknownSends = 5;

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
    for (const together of inSends(waiting)) if (!(await sendTogether(world, channel, together, language))) break;
  }
};

const inSends = (waiting: readonly OutgoingRow[]): readonly (readonly OutgoingRow[])[] => {
  const size = waiting.length >= digestFrom ? digestLines : 1;
  return Array.from({ length: Math.ceil(waiting.length / size) }, (_, at) => waiting.slice(at * size, (at + 1) * size));
};

/** Sends one message, or several as a digest; false when the channel bears no more for now. */
const sendTogether = async (
  world: World,
  channel: Channel,
  waiting: readonly OutgoingRow[],
  language: Language,
): Promise<boolean> => {
  const { state, clock, accountId } = world;
  if (channel.limit !== undefined && (await takeSlot(state, clock, accountId, channel.name, channel.limit)) > 0)
    return false;
  const mine: OutgoingRow[] = [];
  for (const one of waiting) {
    const taken = await takeOutgoing(state, clock, one, turnMs);
    if (taken !== undefined) mine.push(taken);
  }
  const messages = mine.map(({ outgoing }) => outgoing.message);
  const [first] = messages;
  if (first === undefined) return true;
  const message = messages.length === 1 ? first : digestMessage(messages, language);
  const again = mine.some(({ outgoing }) => outgoing.mayHaveArrived);
  const outcome = await sendSafely(channel, again ? markedAsRepeat(message, language) : message);
  if (outcome.kind !== "sent")
    world.log("warn", "a message was not taken by its channel", {
      channel: channel.name,
      incidentId: message.incidentId,
      messages: messages.length,
      kind: outcome.kind,
      because: outcome.because,
    });
  for (const one of mine) await conclude(world, one, outcome, messages.length > 1);
  // A channel that does not take this one will not take the next, and may take its time over it.
  return outcome.kind === "sent" || outcome.kind === "rejected";
};

/** A channel answers and never throws; should one throw all the same, nobody knows what it did before. */
const sendSafely = async (channel: Channel, message: Message): Promise<SendOutcome> => {
  try {
    return await channel.send(message);
  } catch (error) {
    return { kind: "unknown", because: error instanceof Error ? error.name : "an unknown fault" };
  }
};

const repeatMark: { readonly [language in Language]: string } = {
  en: "[may be a repeat] ",
  "zh-CN": "[可能重复] ",
};

/** What may have been told before says so, so that people do not take it for a second change. */
const markedAsRepeat = (message: Message, language: Language): Message => ({
  ...message,
  title: [repeatMark[language], ...message.title],
});

/** Records how the send of one message ended: told, refused for good, or to be tried again. */
const conclude = async (world: World, mine: OutgoingRow, outcome: SendOutcome, inDigest: boolean): Promise<void> => {
  const { state, clock, accountId } = world;
  const { outgoing } = mine;
  if (outcome.kind === "sent")
    return closeOutgoing(state, clock, accountId, mine, { outcome: inDigest ? "in-digest" : "sent" });
  const { because } = outcome;
  if (outcome.kind === "rejected")
    return closeOutgoing(state, clock, accountId, mine, { outcome: "rejected", because });
  if (outcome.kind === "unknown" && outgoing.attempts >= mostUnknownSends)
    return closeOutgoing(state, clock, accountId, mine, { outcome: "unknown", because });
  if (clock.now() - outgoing.since >= giveUpAfterMs)
    return closeOutgoing(state, clock, accountId, mine, { outcome: "rejected", because: `gave up: ${because}` });
  const backOffMs = Math.min(longestWaitMs, 1_000 * 2 ** Math.min(outgoing.attempts, 20));
  const waitMs = outcome.kind === "retry" ? Math.max(outcome.afterMs, backOffMs) : backOffMs;
  await postpone(state, mine, clock.now() + waitMs, outcome.kind === "unknown");
};

/** Many messages as one: their titles, the worst first, and where to read the rest. */
export const digestMessage = (messages: readonly Message[], language: Language): Message => {
  const sorted = [...messages].sort((a, b) => severityRank(b.severity) - severityRank(a.severity));
  const [worst] = sorted;
  const title: readonly Span[] =
    language === "en" ? [`RAM Warden: ${sorted.length} incidents`] : [`RAM Warden：${sorted.length} 个事件`];
  return {
    id: `digest-${messages.map((message) => message.id).sort()[0] ?? ""}-${messages.length}`,
    incidentId: worst?.incidentId ?? "",
    severity: worst?.severity ?? "info",
    title,
    fields: sorted.map(({ severity, title: [...spans], incidentId }) => ({
      label: severity,
      value: [...spans, ` (${incidentId})`],
    })),
    data: { incidents: sorted.map((message) => message.data) },
  };
};
