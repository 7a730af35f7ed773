import type { Config } from "../../shared/config.ts";
import type { Language } from "../../shared/domain/finding.ts";
import type { Message } from "../../shared/domain/message.ts";
import { untold } from "../../shared/ledger/untold.ts";
import type { World } from "../../shared/ports/world.ts";
import { labels } from "../../shared/response/messages/words.ts";
import { waitsTooLongMs } from "../../shared/untold-problems.ts";
import { said } from "../said.ts";
import { type Check, check } from "./check.ts";
import { age } from "./remembers.ts";

const testMessage = ({ newId, accountId, clock }: World, language: Language): Message => {
  const id = newId();
  return {
    id: `doctor-${id}`,
    incidentId: id,
    severity: "info",
    title: [said("RAM Warden: a test message, nothing happened", language)],
    fields: [{ label: labels[language].what, value: [said("sent by `warden doctor --send-test`", language)] }],
    data: { test: true, accountId, at: clock.now() },
  };
};

/** What waits to be told, by channel: what does so for an hour, or for no channel of the settings, has to be put right. */
export const waits = async ({ state, accountId, channels, clock }: World): Promise<readonly Check[]> =>
  (await untold(state, accountId)).map(({ channel, messages, more, since, because = "not sent yet" }) => {
    const count = `${messages}${more ? "+" : ""}`;
    const isThere = channels.some(({ name }) => name === channel);
    const lasts = clock.now() - since;
    return check(
      `outbox ${channel}`,
      isThere && lasts < waitsTooLongMs ? "ok" : "bad",
      isThere
        ? `${count} messages wait, the oldest for ${age(lasts)}: ${because}`
        : `${count} messages wait, the oldest for ${age(lasts)}, and the settings name no such channel: the sweep hands them to those that they name`,
    );
  });

/** Whether there is somebody to tell. Nothing is sent unless `sendsTest` says so. */
export const tells = async (
  world: World,
  { channels, telling }: Config,
  sendsTest: boolean,
): Promise<readonly Check[]> => {
  if (channels.length === 0) return [check("channels", "bad", "the settings name none, so nobody is told")];
  const checks: Check[] = [];
  for (const channel of channels) {
    const name = `channel ${channel.name}`;
    const sender = world.channels.find((one) => one.name === channel.name);
    if (channel.kind === "broken") checks.push(check(name, "bad", channel.because));
    else if (!sendsTest || sender === undefined)
      checks.push(check(name, "ok", `\`${channel.kind}\`, configured; nothing was sent`));
    else {
      const sent = await sender.send(testMessage(world, telling.language));
      checks.push(
        sent.kind === "sent"
          ? check(name, "ok", `\`${channel.kind}\`, a test message was taken`)
          : check(name, sent.kind === "rejected" ? "bad" : "failed", `\`${channel.kind}\`: ${sent.because}`),
      );
    }
  }
  return checks;
};
