import { afterEach, beforeEach, expect, it } from "vitest";
import type { Message, SendOutcome } from "../../shared/domain/message.ts";
import { tell } from "../../shared/response/tell.ts";
import { type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

// Channels that refuse, are gone or slow: nothing is lost by it, and nothing waits for them that has its own time.

let on: GuardedAccount;
let got: string[];
beforeEach(async () => {
  on = await guardedAccount();
  got = [];
});
afterEach(() => on.stop());

const minute = 60_000;

const message = (id: string): Message => ({
  id,
  incidentId: id,
  severity: "medium",
  title: [`title of ${id}`],
  fields: [],
  data: {},
});

/** A channel of this name, which answers so after so long. */
const channel = (name: string, answer: () => SendOutcome, takesMs = 0) => ({
  name,
  send: async (one: Message) => {
    if (takesMs > 0) await on.clock.sleep(takesMs);
    const outcome = answer();
    if (outcome.kind === "sent") got.push(`${name}: ${one.title.join("")}`);
    return outcome;
  },
});
const through = (...channels: readonly ReturnType<typeof channel>[]): void =>
  on.wrap((world) => ({ ...world, channels }));
const swept = async () => {
  const report = await on.sweep();
  if (report.kind !== "swept") throw new Error("another sweep is at work");
  return report;
};

it("a robot that was stopped for an hour is told what happened meanwhile, and until then it is the sweep's problem", async () => {
  const stoppedUntil = on.clock.now() + 61 * minute;
  through(
    channel("chat", () =>
      on.clock.now() < stoppedUntil ? { kind: "rejected", because: "errcode `400102`" } : { kind: "sent" },
    ),
  );
  await tell(on.world(), message("medium"));
  for (let tick = 0; tick < 6; tick += 1) {
    const { problems } = await swept();
    expect(problems).toEqual([]);
    on.clock.advance(10 * minute);
  }
  expect((await swept()).problems).toEqual([
    expect.stringMatching(/^channel `chat` has not taken 1 messages, the oldest of .*: errcode `400102`$/),
  ]);
  for (let tick = 0; tick < 6; tick += 1) {
    on.clock.advance(10 * minute);
    await swept();
  }
  expect(got).toEqual(["chat: title of medium"]);
  expect((await swept()).problems).toEqual([]);
});

it("what waited for a channel that has another name now is handed over by the sweep, and not by a guard", async () => {
  through(channel("chat", () => ({ kind: "retry", afterMs: 1_000, because: "down" })));
  await tell(on.world(), message("m"));
  await swept();
  on.clock.advance(20 * minute);
  through(channel("ops", () => ({ kind: "sent" })));
  await on.deliver({ hello: "no audit event" });
  expect(got.filter((title) => title.includes("title of m"))).toEqual([]);
  await swept();
  expect(got.filter((title) => title.includes("title of m"))).toEqual([
    "ops: [was for `chat`, which is not in the settings any more] title of m",
  ]);
});
