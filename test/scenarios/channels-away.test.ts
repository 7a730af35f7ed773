import { afterEach, beforeEach, describe, expect, it } from "vitest";
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

describe("a channel that takes 9 s over each message", () => {
  const slow = () => channel("slow", () => ({ kind: "sent" }), 9_000);
  const sentBy = (name: string): number => got.filter((one) => one.startsWith(`${name}: `)).length;
  const tellMany = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at += 1) await tell(on.world(), message(`m${String(at).padStart(3, "0")}`));
  };

  it("keeps a tick of the sweep from nothing that it is for: the trail is read in time, and the tick ends", async () => {
    await swept();
    let readAt: number | undefined;
    const channels = [slow()];
    on.wrap((world) => ({
      ...world,
      channels,
      trail: (...asked) => {
        readAt ??= on.clock.now();
        return world.trail(...asked);
      },
    }));
    await tellMany(60);
    const from = on.clock.now();
    await on.sweep(450_000);
    expect((readAt ?? Number.POSITIVE_INFINITY) - from).toBeLessThan(80_000);
    expect(on.clock.now() - from).toBeLessThan(200_000);
    expect(sentBy("slow")).toBeGreaterThan(8);
    for (let tick = 0; tick < 8; tick += 1) await on.sweep(450_000);
    expect(new Set(got).size).toBe(60);
    expect(got).toHaveLength(60);
  });

  it("takes of a guard's time less than a minute, however many records it is handed, and sends some", async () => {
    through(slow());
    await tellMany(60);
    const from = on.clock.now();
    await on.deliver([1, 2, 3, 4, 5].map((at) => ({ hello: `no audit event ${at}` })));
    expect(on.clock.now() - from).toBeLessThan(60_000);
    expect(sentBy("slow")).toBeGreaterThan(2);
  });

  it("keeps another channel from nothing: they are sent to side by side", async () => {
    let done: () => void = () => undefined;
    const fastIsDone = new Promise<void>((resolve) => {
      done = resolve;
    });
    const hanging = {
      name: "slow",
      send: async () => {
        await fastIsDone;
        return { kind: "sent" } as const;
      },
    };
    const fast = channel("fast", () => ({ kind: "sent" }));
    through(hanging, {
      ...fast,
      send: async (one) => {
        const outcome = await fast.send(one);
        if (sentBy("fast") === 60) done();
        return outcome;
      },
    });
    await tellMany(60);
    await on.sweep(450_000);
    expect(sentBy("fast")).toBe(60);
  });

  it("leaves a tick that has little time the time for its work, and is sent one message all the same", async () => {
    through(slow());
    await tellMany(3);
    const { caughtUp } = await swept();
    expect(caughtUp.finished).toBe(true);
    got = [];
    await tellMany(9);
    const from = on.clock.now();
    await on.sweep(4_000);
    expect(sentBy("slow")).toBeGreaterThan(0);
    expect(on.clock.now() - from).toBeLessThan(60_000);
  });
});
