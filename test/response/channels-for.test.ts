import { expect, test } from "vitest";
import type { Severity } from "../../shared/domain/finding.ts";
import type { Message, Route } from "../../shared/domain/message.ts";
import type { Channel } from "../../shared/ports/world.ts";
import { channelsFor } from "../../shared/response/tell.ts";

const channel = (name: string, route?: Route): Channel => ({
  name,
  send: async () => ({ kind: "sent" }),
  ...(route === undefined ? {} : { route }),
});

const message = (severity: Severity, ...rules: readonly string[]): Message => ({
  id: "m",
  incidentId: "m",
  severity,
  ...(rules.length === 0 ? {} : { rules }),
  title: [],
  fields: [],
  data: {},
});

const all = channel("all");
const high = channel("high", { atLeast: "high" });
const keys = channel("keys", { rules: ["RAM.RootAccessKey", "RAM.AccessKeyForAnother"] });
const highKeys = channel("high-keys", { atLeast: "high", rules: ["RAM.RootAccessKey"] });

test.each<[string, readonly Channel[], Message, readonly string[]]>([
  ["a channel without a route takes everything", [all], message("info"), ["all"]],
  ["a channel takes its least severity", [high], message("high"), ["high"]],
  ["and what is worse", [high], message("critical"), ["high"]],
  ["and nothing less, even where it is told nowhere then", [high], message("medium"), []],
  ["each channel is asked for itself", [all, high], message("low"), ["all"]],
  ["a channel takes what its rules find", [all, keys], message("low", "RAM.RootAccessKey"), ["all", "keys"]],
  ["one of several findings is enough", [keys], message("low", "RAM.MfaRemoved", "RAM.RootAccessKey"), ["keys"]],
  ["and not what others find, where somebody else takes that", [all, keys], message("low", "RAM.MfaRemoved"), ["all"]],
  ["what nobody's rules name is not lost by that", [keys], message("low", "RAM.MfaRemoved"), ["keys"]],
  ["nor is what is about no rule", [keys, highKeys], message("medium"), ["keys"]],
  ["both parts of a route count", [all, highKeys], message("medium", "RAM.RootAccessKey"), ["all"]],
  ["what is serious is never lost", [channel("worst", { atLeast: "critical" })], message("high"), ["worst"]],
  ["no channels, nobody", [], message("critical"), []],
])("%s", (_, channels, told, names) => {
  expect(channelsFor(channels, told).map(({ name }) => name)).toEqual(names);
});
