import type { Language, Severity } from "../domain/finding.ts";
import { severityRank } from "../domain/finding.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Message, SendOutcome, Span } from "../domain/message.ts";
import { checkedRows } from "../ledger/checked-rows.ts";
import type { OutgoingRow } from "../ledger/outbox.ts";
import {
  closeOutgoing,
  dropIfTold,
  dueOutgoing,
  postpone,
  putOutgoing,
  slotIn,
  takeOutgoing,
  takeSlot,
} from "../ledger/outbox.ts";
import type { Channel, World } from "../ports/world.ts";

/** From this many waiting messages on, a channel gets one digest instead of each. */
const digestFrom = 5;
/** How long a sender may take before another may send the same message; longer than any channel's time-out. */
const turnMs = 30_000;
/** Messages to a digest: 40 titles stay well below the smallest channel's limit of bytes. */
const digestLines = 40;
/** From this many on they are summed up: the worst are named, the others counted, so that a storm is a few messages. */
const sumFrom = 3 * digestLines + 1;
/** Messages to one sum. */
const sumSize = 500;
/**
 * A storm of changes ends in tens of messages: after ten within ten minutes, one a minute; after twenty within the hour, one
 * in five minutes.
 */
const pace = [
  { after: 10, withinMs: 600_000, thenEveryMs: 60_000 },
  { after: 20, withinMs: 3_600_000, thenEveryMs: 300_000 },
];
/** So many messages go one by one to a channel without a limit in one flush, which is to end in time. */
const mostWhole = 100;
/** Rows that are written at the same time. */
const abreast = 25;
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

/** Sends what waits in the outbox, within each channel's limit. What cannot go now stays for the next flush. */
export const flushOutbox = async (given: World, language: Language): Promise<void> => {
  const world: World = { ...given, state: checkedRows(given.state, given.log) };
  for (const channel of world.channels) {
    const { name, limit } = channel;
    const { state, clock, accountId } = world;
    const hasRoom = async () => limit === undefined || (await slotIn(state, clock, accountId, name, limit, pace)) === 0;
    const most = limit === undefined ? mostWhole : 2 * sumSize;
    const waiting = await dueOutgoing(state, clock, accountId, name, most, hasRoom);
    for (const together of inSends(waiting, channel))
      if (!(await sendTogether(world, channel, together, language))) break;
  }
};

/** A channel without a limit is for machines, which want each message whole. */
const inSends = (waiting: readonly OutgoingRow[], { limit }: Channel): readonly (readonly OutgoingRow[])[] => {
  const size = limit === undefined ? 1 : sizeFor(waiting.length);
  return Array.from({ length: Math.ceil(waiting.length / size) }, (_, at) => waiting.slice(at * size, (at + 1) * size));
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

/** Sends one message, or several as a digest; false when the channel bears no more for now. */
const sendTogether = async (
  world: World,
  channel: Channel,
  waiting: readonly OutgoingRow[],
  language: Language,
): Promise<boolean> => {
  const { state, clock, accountId } = world;
  const { limit } = channel;
  if (limit !== undefined && (await takeSlot(state, clock, accountId, channel.name, limit, pace)) > 0) return false;
  const mine = (
    await forEach(waiting, async (one) => {
      const taken = await takeOutgoing(state, clock, one, turnMs);
      return taken === undefined || (await dropIfTold(state, accountId, taken)) ? undefined : taken;
    })
  ).filter((one) => one !== undefined);
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
  await forEach(mine, (one) => conclude(world, one, outcome, messages.length > 1));
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

/** Many messages as one: their titles, the worst first; of very many, the worst by title and the others by number. */
export const digestMessage = (messages: readonly Message[], language: Language): Message => {
  const sorted = [...messages].sort((a, b) => severityRank(b.severity) - severityRank(a.severity));
  const [worst] = sorted;
  const named = sorted.length < sumFrom ? sorted.length : digestLines;
  const title: readonly Span[] =
    language === "en" ? [`RAM Warden: ${sorted.length} incidents`] : [`RAM Warden：${sorted.length} 个事件`];
  return {
    id: `digest-${messages.map((message) => message.id).sort()[0] ?? ""}-${messages.length}`,
    incidentId: worst?.incidentId ?? "",
    severity: worst?.severity ?? "info",
    title,
    fields: [
      ...sorted.slice(0, named).map(({ severity, title: [...spans], incidentId }) => ({
        label: severity,
        value: [...spans, ` (${incidentId})`],
      })),
      ...countedFields(sorted.slice(named), language),
    ],
    data: { incidents: sorted.map(inShort) },
  };
};

const more: { readonly [language in Language]: (count: number) => string } = {
  en: (count) => `${count} more, to be read with \`warden incidents\``,
  "zh-CN": (count) => `另有 ${count} 个，请用 \`warden incidents\` 查看`,
};

/** How many more there are of each severity, the worst first. */
const countedFields = (rest: readonly Message[], language: Language): Message["fields"] =>
  [...new Set(rest.map(({ severity }) => severity))].map((severity) => ({
    label: severity,
    value: [more[language](rest.filter((one) => one.severity === severity).length)],
  }));

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
