import type { Language } from "../domain/finding.ts";
import { severityRank } from "../domain/finding.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Message, SendOutcome, Span } from "../domain/message.ts";
import { checkedRows } from "../ledger/checked-rows.ts";
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
/** After a send that may have arrived, so that a channel which never says is not flooded: 1 min, 2 min and so on. */
const unclearWaitMs = 60_000;
/** A refusal is mended by a person, if at all: 15 min, 30 min and so on. */
const refusedWaitMs = 15 * 60_000;
/** The most between attempts on a channel that refuses or never says. */
const longestSlowWaitMs = 6 * 3_600_000;
/** A channel that takes nothing for so long is not coming back; the incident is in the ledger all the same. */
const giveUpAfterMs = 3 * 86_400_000;

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
export const flushOutbox = async (given: World, language: Language): Promise<void> => {
  const world: World = { ...given, state: checkedRows(given.state, given.log) };
  for (const channel of world.channels) {
    const now = world.clock.now();
    const waiting = (await outgoingOf(world.state, world.accountId, channel.name)).filter(
      ({ outgoing }) => outgoing.dueAt <= now,
    );
    for (const together of inSends(waiting, channel))
      if (!(await sendTogether(world, channel, together, language))) break;
  }
};

/** A channel without a limit is for machines, which want each message whole. */
const inSends = (waiting: readonly OutgoingRow[], { limit }: Channel): readonly (readonly OutgoingRow[])[] => {
  const size = limit !== undefined && waiting.length >= digestFrom ? digestLines : 1;
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
    world.log(outcome.kind === "rejected" ? "error" : "warn", "a message was not taken by its channel", {
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
  // A channel may refuse for its settings alone, which a person mends: what is serious waits for that.
  const serious = severityRank(outgoing.message.severity) >= severityRank("high");
  if (outcome.kind === "rejected" && !serious)
    return closeOutgoing(state, clock, accountId, mine, { outcome: "rejected", because });
  if (clock.now() - outgoing.since >= giveUpAfterMs) {
    // What may have arrived is not said to be refused.
    const unclear = outgoing.mayHaveArrived || outcome.kind === "unknown";
    return closeOutgoing(state, clock, accountId, mine, {
      outcome: unclear ? "unknown" : "rejected",
      because: `gave up: ${because}`,
    });
  }
  await postpone(state, mine, clock.now() + waitAfter(outcome, outgoing.attempts), outcome.kind === "unknown");
};

/** Milliseconds until a message is tried again that was not taken at its `attempts`-th try. */
const waitAfter = (outcome: Exclude<SendOutcome, { kind: "sent" }>, attempts: number): number => {
  const times = 2 ** Math.min(Math.max(attempts - 1, 0), 20);
  switch (outcome.kind) {
    case "retry":
      return Math.max(outcome.afterMs, Math.min(longestWaitMs, 2_000 * times));
    case "unknown":
      return Math.min(longestSlowWaitMs, unclearWaitMs * times);
    case "rejected":
      return Math.min(longestSlowWaitMs, refusedWaitMs * times);
  }
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
    data: { incidents: sorted.map(inShort) },
  };
};

/** A title in a digest's data: 40 of them stay well below what a receiver takes. */
const longestTitle = 100;

const inShort = ({ id, incidentId, severity, title, data }: Message): JsonObject => ({
  messageId: id,
  incidentId,
  severity,
  ...(data.outcome === undefined ? {} : { outcome: data.outcome }),
  title: title
    .map((span) => (typeof span === "string" ? span : span.untrusted))
    .join("")
    .slice(0, longestTitle),
});
