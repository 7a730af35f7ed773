import { consoleChannel } from "../shared/channels/console.ts";
import { dingtalkChannel } from "../shared/channels/dingtalk.ts";
import { webhookChannel } from "../shared/channels/webhook.ts";
import type { ChannelConfig, Config } from "../shared/config.ts";
import type { Language } from "../shared/domain/finding.ts";
import type { Channel, Clock } from "../shared/ports/world.ts";

/** The channels that the settings name. `local` allows plain HTTP towards this machine, for a sandbox's stand-ins. */
export const channelsOf = (
  { channels, telling }: Config,
  { write, local, clock }: ChannelOptions,
): readonly Channel[] =>
  channels.map(({ route, ...channel }) => ({
    ...channelOf(channel, telling.language, write, local, clock),
    ...(route === undefined ? {} : { route }),
  }));

type ChannelOptions = {
  readonly write?: ((line: string) => void) | undefined;
  readonly local: boolean;
  readonly clock: Clock;
};

/** A channel that cannot be used must not keep the guard from its work: it refuses each message, and the log says why. */
const channelOf = (...[channel, ...options]: Parameters<typeof usableChannel>): Channel => {
  try {
    return usableChannel(channel, ...options);
  } catch (error) {
    return refusing(channel.name, error instanceof Error ? error.message : "it cannot be used");
  }
};

const refusing = (name: string, because: string): Channel => ({
  name,
  send: async () => ({ kind: "rejected", because }),
});

const usableChannel = (
  channel: ChannelConfig,
  language: Language,
  write: ((line: string) => void) | undefined,
  local: boolean,
  clock: Clock,
): Channel => {
  const { name } = channel;
  switch (channel.kind) {
    case "broken":
      return refusing(name, channel.because);
    case "console":
      return {
        ...consoleChannel({ write: write ?? ((line) => void process.stderr.write(`${line}\n`)), language }),
        name,
      };
    case "dingtalk":
      return {
        ...dingtalkChannel({
          ...channel,
          language,
          clock,
          allowHost: local ? "127.0.0.1" : undefined,
        }),
        name,
      };
    case "webhook":
      return { ...webhookChannel({ ...channel, clock, allowPrivate: local }), name };
  }
};
