import type { Message, SendOutcome } from "../../../shared/domain/message.ts";
import { between, type Draw, pick } from "./scheduler.ts";

/** What a channel answers to a message at a moment where it does not take it; undefined where nothing is the matter. */
export type ChannelWeather = (channel: string, message: Message, now: number) => SendOutcome | undefined;

const minute = 60_000;

/**
 * Channels that refuse a message now and then, or a digest for one name in it, and channels that are away for long: stopped,
 * out of reach, or never saying. Drawn by itself, so that seeds without such weather go as they went before it was thought of.
 */
export const channelWeather = (
  draw: Draw,
  channels: readonly string[],
  start: number,
  forMs: number,
): ChannelWeather => {
  const isBad = draw() < 0.4;
  if (!isBad) return () => undefined;
  const refusals = pick(draw, [0, 0.1, 0.5]);
  const unsuitable = pick(draw, [0, 0.3]);
  const away = channels.map((channel) => {
    const from = start + between(draw, 1, Math.max(1, Math.floor(forMs / minute))) * minute;
    const outcome = pick<SendOutcome | undefined>(draw, [
      undefined,
      { kind: "rejected", because: "stopped" },
      { kind: "retry", afterMs: 30_000, because: "no connection" },
      { kind: "unknown", because: "no answer" },
    ]);
    return { channel, from, until: from + between(draw, 5, 300) * minute, outcome };
  });
  return (channel, message, now) => {
    const outage = away.find((one) => one.channel === channel && one.from <= now && now < one.until);
    if (outage?.outcome !== undefined) return outage.outcome;
    if (message.together !== undefined && draw() < unsuitable)
      return { kind: "rejected", because: "unsuitable", content: true };
    return draw() < refusals ? { kind: "rejected", because: "refused" } : undefined;
  };
};
