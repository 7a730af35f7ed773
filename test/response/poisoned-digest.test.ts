import { beforeEach, describe, expect, it } from "vitest";
import { dingtalkChannel } from "../../shared/channels/dingtalk.ts";
import type { Message } from "../../shared/domain/message.ts";
import { rowKey } from "../../shared/ledger/keys.ts";
import type { World } from "../../shared/ports/world.ts";
import { flushOutbox, tell } from "../../shared/response/tell.ts";
import { type ManualClock, manualClock } from "../ports/manual-clock.ts";
import { type MemoryStateStore, memoryStateStore } from "../support/memory-state-store.ts";

// A robot refuses a body for one name in it (430102): that name hides itself and nothing else.

const accountId = "1234567890123456";
const minute = 60_000;

let clock: ManualClock;
let state: MemoryStateStore;
/** Bodies that came to the chat, and how many were refused. */
let got: string[];
let refused: number;
let isUnsuitable: (text: string) => boolean;
beforeEach(() => {
  clock = manualClock();
  state = memoryStateStore(clock);
  got = [];
  refused = 0;
  isUnsuitable = (text) => text.includes("poison");
});

const world = (): World => {
  const robot = dingtalkChannel({
    url: "https://oapi.dingtalk.com/robot/send?access_token=t",
    language: "en",
    clock,
    post: async ({ body }) => {
      const { text } = (JSON.parse(body.toString()) as { markdown: { text: string } }).markdown;
      const takes = !isUnsuitable(text);
      if (takes) got.push(text);
      else refused += 1;
      return { kind: "answered", status: 200, retryAfter: undefined, text: `{"errcode":${takes ? 0 : 430102}}` };
    },
  });
  return { state, clock, accountId, channels: [robot], log: () => undefined } as unknown as World;
};

const named = (index: number): string => `role-${String(index).padStart(4, "0")}`;
const idOf = (index: number): string => `incident-${String(index).padStart(4, "0")}`;
const tellAll = async (count: number, isPoison: (index: number) => boolean): Promise<void> => {
  for (let index = 0; index < count; index += 1) {
    const message: Message = {
      id: idOf(index),
      incidentId: idOf(index),
      severity: isPoison(index) ? "low" : "critical",
      title: ["Role trusts an account: ", { untrusted: isPoison(index) ? `poison-${index}` : named(index) }],
      fields: [],
      data: {},
    };
    await tell(world(), message);
  }
};
const waiting = (): number => state.all(rowKey("outbox", accountId, "")).length;
const hours = async (count: number): Promise<void> => {
  for (let at = 0; at < count * 60 && waiting() > 0; at += 1) {
    await flushOutbox(world(), "en");
    clock.advance(minute);
  }
};

describe("a digest that is refused for one name", () => {
  it("is sent in halves at once, until the one is alone, and that one goes out without its names", async () => {
    await tellAll(40, (index) => index === 17);
    await flushOutbox(world(), "en");
    const text = got.join("\n");
    for (let index = 0; index < 40; index += 1) if (index !== 17) expect(text).toContain(named(index));
    expect(text).toContain(`Incident ${idOf(17)}`);
    expect(text).not.toContain("poison");
    expect(waiting()).toBe(0);
    expect([got.length, refused]).toEqual([6, 6]);
  });

  it("goes on where it was when its sender is stopped, or when the robot bears no more in this minute", async () => {
    await tellAll(40, (index) => index % 13 === 0);
    await flushOutbox(world(), "en");
    expect(waiting()).toBeGreaterThan(0);
    const before = got.length + refused;
    expect(before).toBeLessThanOrEqual(20);
    await hours(1);
    expect(waiting()).toBe(0);
    const text = got.join("\n");
    for (let index = 0; index < 40; index += 1)
      expect(text).toContain(index % 13 === 0 ? `Incident ${idOf(index)}` : named(index));
  });

  it("in a storm takes a few messages more", async () => {
    await tellAll(3_000, (index) => index === 1_234);
    await hours(3);
    expect(waiting()).toBe(0);
    expect(got.length).toBeLessThan(30);
    expect(got.join("\n")).not.toContain("poison");
  });

  it("in a storm of such names ends in ids, and in tens of messages", async () => {
    await tellAll(2_000, (index) => index % 10 === 0);
    isUnsuitable = (text) => /poison|role-/.test(text);
    await hours(12);
    expect(waiting()).toBe(0);
    expect(got.length).toBeLessThan(100);
    const text = got.join("\n");
    expect(text).toContain("`warden incidents` has all of them");
    const missing = Array.from({ length: 2_000 }, (_, index) => idOf(index)).filter((id) => !text.includes(id));
    expect(missing).toEqual([]);
  });

  it("keeps one that no form of is taken by itself, so that it takes no others with it", async () => {
    await tellAll(6, (index) => index === 0);
    isUnsuitable = (text) => text.includes("poison") || text.includes("did not accept");
    await flushOutbox(world(), "en");
    expect(waiting()).toBe(1);
    clock.advance(61 * minute);
    await tellAll(12, (index) => index === 0);
    refused = 0;
    await flushOutbox(world(), "en");
    // Its own two forms, and no digest with it.
    expect(refused).toBe(2);
    expect(waiting()).toBe(1);
    for (let index = 1; index < 12; index += 1) expect(got.join("\n")).toContain(named(index));
  });
});
