import { beforeEach, describe, expect, it } from "vitest";
import type { Message, SendOutcome } from "../../shared/domain/message.ts";
import { rowKey } from "../../shared/ledger/keys.ts";
import { rows } from "../../shared/ledger/ledger.ts";
import { type OutgoingRow, takeSlot } from "../../shared/ledger/outbox.ts";
import { untold } from "../../shared/ledger/untold.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import type { StateStore } from "../../shared/ports/state-store.ts";
import type { Channel, World } from "../../shared/ports/world.ts";
import { flushOutbox, tell } from "../../shared/response/tell.ts";
import { untoldProblems } from "../../shared/untold-problems.ts";
import { type ManualClock, manualClock } from "../ports/manual-clock.ts";

let clock: ManualClock;
let state: StateStore;
let sent: Message[];
let next: SendOutcome[];
beforeEach(() => {
  clock = manualClock();
  state = openSqliteStateStore(":memory:", clock);
  sent = [];
  next = [];
});

const channel = (limit?: Channel["limit"]): Channel => ({
  name: "robot",
  ...(limit === undefined ? {} : { limit }),
  send: async (message) => {
    const outcome = next.shift() ?? { kind: "sent" };
    if (outcome.kind === "sent" || outcome.kind === "unknown") sent.push(message);
    return outcome;
  },
});
const world = (one: Channel = channel()): World =>
  ({ accountId: "1", state, clock, channels: [one], log: () => undefined }) as unknown as World;
const message = (id: string, severity: Message["severity"] = "high"): Message => ({
  id,
  incidentId: id,
  severity,
  title: [`title of ${id}`],
  fields: [],
  data: { incidentId: id },
});
const tellAll = async (count: number, to: World = world()): Promise<void> => {
  for (let index = 0; index < count; index += 1) await tell(to, message(`m${String(index).padStart(3, "0")}`));
};
/** All that waits, due or not. */
const outgoing = async (): Promise<readonly OutgoingRow[]> => {
  const found: OutgoingRow[] = [];
  for await (const row of rows(state, rowKey("outbox", "1", "robot/")))
    found.push({ row, outgoing: row.value as unknown as OutgoingRow["outgoing"] });
  return found;
};
const waiting = async () => (await outgoing()).length;
const titles = () => sent.map(({ title }) => title.join(""));

describe("a message", () => {
  it("goes out once, however often it is told and flushed", async () => {
    for (let time = 0; time < 3; time += 1) {
      await tell(world(), message("m"));
      await flushOutbox(world(), "en");
    }
    expect(sent).toHaveLength(1);
    expect(await waiting()).toBe(0);
  });

  it("goes out once when two instances flush at once", async () => {
    await tellAll(3);
    await Promise.all([flushOutbox(world(), "en"), flushOutbox(world(), "en")]);
    await flushOutbox(world(), "en");
    expect(new Set(titles()).size).toBe(3);
    expect(sent).toHaveLength(3);
  });

  it("that was not taken waits longer each time, and is not marked", async () => {
    await tell(world(), message("m"));
    const waits: number[] = [];
    for (let time = 0; time < 12; time += 1) {
      next = [{ kind: "retry", afterMs: 1_500, because: "down" }];
      await flushOutbox(world(), "en");
      expect(next).toEqual([]);
      const [row] = await outgoing();
      waits.push((row?.outgoing.dueAt ?? 0) - clock.now());
      next = [{ kind: "rejected", because: "too early" }];
      await flushOutbox(world(), "en");
      expect(next).toHaveLength(1);
      clock.advance(waits.at(-1) ?? 0);
    }
    expect(waits.slice(0, 5)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000]);
    expect(Math.max(...waits)).toBe(900_000);
    next = [];
    await flushOutbox(world(), "en");
    expect(titles()).toEqual(["title of m"]);
  });

  it.each(["info", "medium", "high", "critical"] as const)(
    "(%s) that was refused waits for somebody to mend it, an hour at the most",
    async (severity) => {
      await tell(world(), message("m", severity));
      const logged: string[] = [];
      const watched: World = { ...world(), log: (level, what) => void logged.push(`${level}: ${what}`) };
      const waits: number[] = [];
      for (let time = 0; time < 5; time += 1) {
        next = [{ kind: "rejected", because: "errcode 310000" }];
        await flushOutbox(watched, "en");
        const [row] = await outgoing();
        expect(row?.outgoing).toMatchObject({ because: "errcode 310000", mayHaveArrived: false });
        waits.push((row?.outgoing.dueAt ?? 0) - clock.now());
        clock.advance(waits.at(-1) ?? 0);
      }
      const minute = 60_000;
      expect(waits).toEqual([15, 30, 60, 60, 60].map((minutes) => minutes * minute));
      expect(logged).toEqual(Array.from({ length: 5 }, () => "error: a message was not taken by its channel"));
      next = [];
      await flushOutbox(world(), "en");
      expect(titles()).toEqual(["title of m"]);
      expect(await waiting()).toBe(0);
    },
  );

  it.each(["retry", "rejected"] as const)(
    "that was not taken (%s) for days is told when the channel is back, and says so",
    async (kind) => {
      await tell(world(), message("n", "medium"));
      for (let hour = 0; hour < 24 * 200; hour += 1) {
        next = [kind === "retry" ? { kind, afterMs: 1, because: "down" } : { kind, because: "down" }];
        await flushOutbox(world(), "en");
        clock.advance(3_600_000);
      }
      next = [];
      await flushOutbox(world(), "en");
      expect(titles()).toEqual(["[could not be told for 200 days] title of n"]);
      expect((await state.get("told/1/robot/n"))?.value).toMatchObject({ outcome: "sent" });
    },
  );

  it.each([
    ["en", "[may be a repeat] "],
    ["zh-CN", "[可能重复] "],
  ] as const)(
    "that may have arrived says so when it comes again (%s), more and more seldom",
    async (language, repeat) => {
      await tell(world(), message("m"));
      for (let hour = 0; hour < 71; hour += 1) {
        next = [{ kind: "unknown", because: "silence" }];
        await flushOutbox(world(), language);
        clock.advance(3_600_000);
      }
      expect(titles()[0]).toBe("title of m");
      for (const title of titles().slice(1)) expect(title.startsWith(repeat)).toBe(true);
      expect(titles()[1]).toBe(`${repeat}title of m`);
      expect(sent.length).toBeGreaterThan(10);
      expect(sent.length).toBeLessThan(24);
      expect(await waiting()).toBe(1);
    },
  );

  it("outlives a channel that is unclear for an hour", async () => {
    await tell(world(), message("m"));
    for (let minute = 0; minute < 60; minute += 1) {
      next = [{ kind: "unknown", because: "silence" }];
      await flushOutbox(world(), "en");
      clock.advance(60_000);
    }
    expect(await waiting()).toBe(1);
    expect(sent.length).toBeLessThan(8);
    next = [];
    clock.advance(6 * 3_600_000);
    await flushOutbox(world(), "en");
    expect(await waiting()).toBe(0);
  });

  it("whose sender died while sending may have arrived", async () => {
    await tell(world(), message("m"));
    const dying: Channel = { ...channel(), send: () => new Promise(() => undefined) };
    void flushOutbox(world(dying), "en");
    await expect.poll(async () => (await outgoing())[0]?.outgoing.attempts).toBe(1);
    await flushOutbox(world(), "en");
    expect(sent).toEqual([]);
    clock.advance(30_000);
    await flushOutbox(world(), "en");
    expect(titles()).toEqual(["[may be a repeat] title of m"]);
  });

  it("is not lost by a channel that throws", async () => {
    await tell(world(), message("m"));
    const throwing: Channel = { ...channel(), send: () => Promise.reject(new TypeError("broken")) };
    await flushOutbox(world(throwing), "en");
    clock.advance(60_000);
    await flushOutbox(world(), "en");
    expect(sent).toHaveLength(1);
  });
});

describe("what could not be told for hours", () => {
  const chat = (): World => world(channel({ messages: 1_000, perMs: 60_000 }));

  it.each([
    ["en", "RAM Warden: 250 incidents could not be told for 30 hours"],
    ["zh-CN", "RAM Warden：250 个事件延迟 30 小时告警"],
  ] as const)(
    "comes to people as one digest that says for how long, and lists all of it (%s)",
    async (language, title) => {
      await tellAll(250);
      clock.advance(30 * 3_600_000);
      await tell(chat(), message("news", "low"));
      await flushOutbox(chat(), language);
      expect(titles()).toEqual(["title of news", title]);
      const text = JSON.stringify(sent[1]?.fields);
      for (let index = 0; index < 250; index += 1) expect(text).toContain(`m${String(index).padStart(3, "0")}`);
      expect(await waiting()).toBe(0);
    },
  );

  it("comes whole to a channel for machines", async () => {
    await tellAll(3);
    clock.advance(30 * 3_600_000);
    await flushOutbox(world(), "en");
    expect(titles()).toEqual([0, 1, 2].map((at) => `[could not be told for 30 hours] title of m00${at}`));
  });

  it("is no reason to send all of it to a channel that refuses, and keeps nothing new from being sent", async () => {
    await tellAll(10);
    let attempts = 0;
    const refusing: Channel = {
      ...channel(),
      send: async (one) => {
        attempts += 1;
        if (one.id !== "new") return { kind: "rejected", because: "stopped" };
        sent.push(one);
        return { kind: "sent" };
      },
    };
    await flushOutbox(world(refusing), "en");
    expect(attempts).toBe(3);
    for (let flush = 0; flush < 4; flush += 1) await flushOutbox(world(refusing), "en");
    clock.advance(3_600_000);
    await tell(world(), message("new"));
    await flushOutbox(world(refusing), "en");
    expect(titles()).toEqual(["title of new"]);
    expect(await waiting()).toBe(10);
  });
});

it("what a receiver never takes does not hide what comes after it, however much of it there is", async () => {
  const picky: Channel = {
    name: "robot",
    send: async (one) => {
      if (one.id.startsWith("m")) return { kind: "retry", afterMs: 0, because: "HTTP status 500" };
      sent.push(one);
      return { kind: "sent" };
    },
  };
  await tellAll(250, world(picky));
  for (let minute = 0; minute < 300; minute += 1) {
    clock.advance(60_000);
    await flushOutbox(world(picky), "en");
  }
  await tell(world(picky), message("z", "critical"));
  await flushOutbox(world(picky), "en");
  expect(sent.map(({ id }) => id)).toEqual(["z"]);
  expect(await waiting()).toBe(250);
});

describe("what waits for a channel that is gone from the settings", () => {
  const named = (name: string, route?: Channel["route"]): Channel => ({
    ...channel(),
    name,
    ...(route === undefined ? {} : { route }),
    send: async (one) => {
      const outcome = next.shift() ?? { kind: "sent" };
      if (outcome.kind === "sent") sent.push({ ...one, title: [`${name}: `, ...one.title] });
      return outcome;
    },
  });
  const settings = (...channels: readonly Channel[]): World => ({ ...world(), channels });
  const gone = "[was for `robot`, which is not in the settings any more] ";

  it("goes to those that are there, once, and says so", async () => {
    await tell(world(), message("m"));
    clock.advance(10 * 60_000);
    const now = settings(named("ops"), named("serious", { atLeast: "critical" }));
    await flushOutbox(now, "en");
    await flushOutbox(now, "en");
    expect(titles()).toEqual([`ops: ${gone}title of m`]);
    expect(await waiting()).toBe(0);
  });

  it("goes to all of them where it would be for none", async () => {
    await tell(world(), message("m", "low"));
    clock.advance(10 * 60_000);
    await flushOutbox(settings(named("ops", { atLeast: "high" })), "en");
    expect(titles()).toEqual([`ops: ${gone}title of m`]);
  });

  it("is not told again where it was told before", async () => {
    const ops = settings(named("ops"));
    await tell(settings(named("robot"), named("ops")), message("m"));
    await flushOutbox(ops, "en", { ownOnly: true });
    expect(titles()).toEqual(["ops: title of m"]);
    clock.advance(10 * 60_000);
    await flushOutbox(ops, "en");
    await flushOutbox(ops, "en");
    expect(titles()).toEqual(["ops: title of m"]);
    expect(await waiting()).toBe(0);
  });

  it("may be a repeat where it may have arrived", async () => {
    await tell(world(), message("m"));
    next = [{ kind: "unknown", because: "silence" }];
    await flushOutbox(world(), "en");
    sent = [];
    clock.advance(10 * 60_000);
    await flushOutbox(settings(named("ops")), "en");
    expect(titles()).toEqual([`ops: [may be a repeat] ${gone}title of m`]);
  });

  it("stays while a deployment may be under way, and where there is no channel", async () => {
    await tell(world(), message("m"));
    await flushOutbox(settings(named("ops")), "en");
    clock.advance(3_600_000);
    await flushOutbox(settings(), "en");
    await flushOutbox(settings(named("ops")), "en", { ownOnly: true });
    expect(sent).toEqual([]);
    expect(await untold(state, "1")).toEqual([
      { channel: "robot", messages: 1, more: false, since: clock.now() - 3_600_000 },
    ]);
    expect(await untoldProblems(settings(named("ops")))).toEqual([
      expect.stringContaining("channel `robot` is not in the settings any more, and 1 messages wait for it"),
    ]);
  });
});

it("what waits for an hour is a problem of the sweep, with the channel's reason", async () => {
  await tellAll(2);
  next = [{ kind: "rejected", because: "errcode `400102`: the robot is stopped" }];
  await flushOutbox(world(channel({ messages: 1, perMs: 60_000 })), "en");
  expect(await untoldProblems(world())).toEqual([]);
  clock.advance(3_600_000);
  expect(await untoldProblems(world())).toEqual([
    expect.stringMatching(
      /^channel `robot` has not taken 2 messages, the oldest of .*Z: errcode `400102`: the robot is stopped$/,
    ),
  ]);
});

describe("many messages", () => {
  const chat = (): World => world(channel({ messages: 1_000, perMs: 60_000 }));

  it("are each told up to four, and one digest from five on, the worst first", async () => {
    await tellAll(4);
    await flushOutbox(chat(), "en");
    expect(sent).toHaveLength(4);
    sent = [];
    await tellAll(9);
    await tell(world(), message("worst", "critical"));
    await flushOutbox(chat(), "en");
    expect(titles()).toEqual(["RAM Warden: 6 incidents"]);
    expect(sent[0]?.severity).toBe("critical");
    expect(sent[0]?.fields.map(({ value }) => value.join(""))[0]).toBe("title of worst (worst)");
    expect(await waiting()).toBe(0);
  });

  it("are all named, in as many digests as it takes", async () => {
    await tellAll(95);
    await flushOutbox(chat(), "zh-CN");
    expect(titles()).toEqual(["RAM Warden：40 个事件", "RAM Warden：40 个事件", "RAM Warden：15 个事件"]);
    expect(new Set(sent.flatMap(({ fields }) => fields.map(({ value }) => value.join("")))).size).toBe(95);
  });

  it("of a digest that was not taken stay, and may come again one by one", async () => {
    await tellAll(6);
    next = [{ kind: "unknown", because: "silence" }];
    await flushOutbox(chat(), "en");
    expect(await waiting()).toBe(6);
    clock.advance(60_000);
    await flushOutbox(chat(), "en");
    expect(titles()).toEqual(["RAM Warden: 6 incidents", "[may be a repeat] RAM Warden: 6 incidents"]);
  });

  it("name each incident in a digest's data as well, in short", async () => {
    await tellAll(5);
    const [long, short] = ["long", "short"].map((id) => ({
      ...message(id, "critical"),
      title: [{ untrusted: id === "long" ? "x".repeat(5_000) : "brief" }],
      data: { outcome: { kind: "reverted" }, evidence: "y".repeat(50_000) },
    }));
    if (long === undefined || short === undefined) throw new Error("two messages were made");
    await tell(world(), long);
    await tell(world(), short);
    await flushOutbox(chat(), "en");
    const incidents = sent[0]?.data.incidents as readonly { readonly [name: string]: unknown }[];
    expect(incidents).toHaveLength(7);
    expect(incidents.find(({ messageId }) => messageId === "short")).toEqual({
      messageId: "short",
      incidentId: "short",
      severity: "critical",
      outcome: { kind: "reverted" },
      title: "brief",
    });
    expect(JSON.stringify(sent[0]?.data).length).toBeLessThan(2_000);
  });

  it("go one by one to a channel without a limit", async () => {
    await tellAll(13);
    await flushOutbox(world(), "en");
    expect(titles()).toHaveLength(13);
    expect(new Set(titles()).size).toBe(13);
  });
});

it("a message that somebody puts here once more after it was told is not told again", async () => {
  await tell(world(), message("m"));
  const [row] = await outgoing();
  await flushOutbox(world(), "en");
  if (row === undefined) throw new Error("a message waits");
  // Whoever looked before it was told, and wrote after.
  await state.putIfAbsent(row.row.key, row.row.value);
  await flushOutbox(world(), "en");
  expect(sent).toHaveLength(1);
  expect(await waiting()).toBe(0);
});

describe("a storm", () => {
  const chat = (): World => world(channel({ messages: 15, perMs: 60_000 }));
  const storm = async (count: number, overMs: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      await tell(chat(), message(`s${String(index).padStart(5, "0")}`, index % 100 === 0 ? "critical" : "high"));
      clock.advance(overMs / count);
      if (index % 5 === 0) await flushOutbox(chat(), "en");
    }
  };
  const rest = async (): Promise<void> => {
    for (let minute = 0; minute < 90 && (await waiting()) > 0; minute += 1) {
      clock.advance(60_000);
      await flushOutbox(chat(), "en");
    }
  };
  const toldIds = (): readonly string[] =>
    sent.flatMap(({ incidentId, data }) =>
      ((data.incidents as readonly { messageId: string }[] | undefined) ?? [{ messageId: incidentId }]).map(
        ({ messageId }) => messageId,
      ),
    );

  it.each([
    ["in a minute", 60_000],
    ["over half an hour", 1_800_000],
  ])("of 5,000 messages %s is told in tens, each of them once", async (_, overMs) => {
    await storm(5_000, overMs);
    await rest();
    expect(await waiting()).toBe(0);
    expect(sent.length).toBeLessThan(50);
    const told = toldIds();
    expect(told).toHaveLength(5_000);
    expect(new Set(told).size).toBe(5_000);
  });

  it("says the worst by name and the rest by number", async () => {
    for (let index = 0; index < 300; index += 1) await tell(chat(), message(`m${index}`, "medium"));
    await tell(chat(), message("worst", "critical"));
    await flushOutbox(chat(), "en");
    expect(titles()).toEqual(["RAM Warden: 301 incidents"]);
    const fields = sent[0]?.fields.map(({ label, value }) => `${label}: ${value.join("")}`) ?? [];
    expect(fields).toHaveLength(41);
    expect(fields[0]).toBe("critical: title of worst (worst)");
    expect(fields.at(-1)).toBe("medium: 261 more, to be read with `warden incidents`");
  });

  it("does not keep a flush from ending: what goes one by one goes in parts", async () => {
    await tellAll(250);
    await flushOutbox(world(), "en");
    expect(sent).toHaveLength(100);
    await flushOutbox(world(), "en");
    await flushOutbox(world(), "en");
    expect(new Set(titles()).size).toBe(250);
  });

  it("that is over leaves the usual way: one message, at once", async () => {
    await storm(200, 60_000);
    await rest();
    clock.advance(600_000);
    sent = [];
    await tell(chat(), message("late"));
    await flushOutbox(chat(), "en");
    expect(titles()).toEqual(["title of late"]);
  });
});

describe("the limiter", () => {
  const limit = { messages: 15, perMs: 60_000 };

  it("is shared: two instances together send 15 in any minute", async () => {
    const instant: number[] = [];
    for (let second = 0; second < 180; second += 1) {
      const slots = await Promise.all([1, 2].map(() => takeSlot(state, clock, "1", "robot", limit)));
      for (const wait of slots) if (wait === 0) instant.push(clock.now());
      clock.advance(1_000);
    }
    expect(instant).toHaveLength(45);
    for (const [index, at] of instant.entries()) {
      const later = instant[index + 15];
      if (later !== undefined) expect(later - at).toBeGreaterThanOrEqual(60_000);
    }
  });

  it("says how long to wait", async () => {
    for (let time = 0; time < 15; time += 1) {
      expect(await takeSlot(state, clock, "1", "robot", limit)).toBe(0);
      clock.advance(1_000);
    }
    expect(await takeSlot(state, clock, "1", "robot", limit)).toBe(45_000);
    expect(await takeSlot(state, clock, "1", "another", limit)).toBe(0);
  });

  it("gets slower the longer a storm lasts, by the strictest pace that is in force", async () => {
    const pace = [
      { after: 10, withinMs: 600_000, thenEveryMs: 60_000 },
      { after: 20, withinMs: 3_600_000, thenEveryMs: 300_000 },
    ];
    const sent: number[] = [];
    const start = clock.now();
    for (let second = 0; second < 4 * 3_600; second += 10) {
      if ((await takeSlot(state, clock, "1", "robot", limit, pace)) === 0) sent.push(clock.now() - start);
      clock.advance(10_000);
    }
    const within = (from: number, to: number) => sent.filter((at) => at >= from * 60_000 && at < to * 60_000).length;
    expect(within(0, 2)).toBeGreaterThanOrEqual(10);
    expect(within(10, 20)).toBeLessThanOrEqual(10);
    // Tens in four hours.
    expect(within(60, 240)).toBeLessThanOrEqual(60);
    expect(sent.length).toBeLessThan(90);
  });

  it("holds messages back, and loses none", async () => {
    const narrow = world(channel({ messages: 2, perMs: 60_000 }));
    await tellAll(4, narrow);
    await flushOutbox(narrow, "en");
    expect(sent).toHaveLength(2);
    await flushOutbox(narrow, "en");
    expect(sent).toHaveLength(2);
    clock.advance(60_000);
    await flushOutbox(narrow, "en");
    expect(new Set(titles()).size).toBe(4);
  });
});
