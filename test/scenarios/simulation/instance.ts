import { worldOf } from "../../../functions/wire.ts";
import type { Reply, SandboxInProcess } from "../../../sandbox/index.ts";
import type { Credentials, Sender } from "../../../shared/aliyun/transport.ts";
import type { Config } from "../../../shared/config.ts";
import { type StateStore, StoreUnavailable } from "../../../shared/ports/state-store.ts";
import type { Channel, Clock, World } from "../../../shared/ports/world.ts";
import type { MemoryStateStore } from "../../support/memory-state-store.ts";
import type { ChannelWeather } from "./channel-weather.ts";
import type { Conditions } from "./conditions.ts";
import { between, type Draw, pick, type Scheduler } from "./scheduler.ts";
import type { ServiceWeather } from "./service-weather.ts";
import type { IsOwn } from "./watch.ts";
import { answerOf, requestOf, timedOut } from "./wire.ts";

/** What all instances of one simulation share. */
export type Surroundings = {
  readonly time: Scheduler;
  readonly draw: Draw;
  readonly conditions: Conditions;
  readonly isHealed: () => boolean;
  /** Whether the account has had its calls of this second. Asked once for each call. */
  readonly isThrottled: () => boolean;
  /** Whether a service is out for long, beside the faults that are drawn call by call. */
  readonly outage: ServiceWeather;
  /** When the account was last written to. */
  readonly wroteAt: () => number;
  readonly sandbox: SandboxInProcess;
  readonly store: MemoryStateStore;
  readonly config: Config;
  /** Sees each request at the moment that it reaches the cloud, before and after its effect. */
  readonly onRequest: (request: Parameters<Sender>[0], answer: () => Reply, isOwn: IsOwn) => Reply;
  /** What keeps a channel from taking a message, beside the faults that are drawn call by call. */
  readonly weather: ChannelWeather;
  readonly onMessage: (channel: string, message: Parameters<Channel["send"]>[0]) => void;
  /** A guard that is broken on purpose, to see that it is found out. */
  readonly sabotage?: (world: World) => World;
};

/** The process was killed: whatever it waited for never comes. */
export class Died extends Error {
  override readonly name = "Died";
}

export type Instance = {
  readonly world: World;
  /** Rejects when the process dies. */
  readonly death: Promise<never>;
  readonly kill: (why: string) => void;
  readonly end: () => void;
};

const longestLagMs = 60_000;

const never = new Promise<never>(() => undefined);

const faults = [
  "throttle",
  "server-error",
  "server-error-after",
  "html",
  "timeout-before",
  "timeout-after",
  "cut-before",
  "cut-after",
  "stale-read",
  "empty",
  "unavailable",
  "concurrent-call",
] as const;

/**
 * One process: a guard or a sweep at work, whose every call to the outside takes its time, may fail, and may be where it
 * dies. A dead process is not told so: its promises never settle.
 */
export const instanceOf = (around: Surroundings, name: string, credentials: Credentials): Instance => {
  const { time, draw, conditions, isHealed, sandbox, store } = around;
  let state: "alive" | "dead" | "over" = "alive";
  // Asked anew each time: a process may be killed from outside while it waits.
  const isDead = (): boolean => state === "dead";
  let calls = 0;
  const ids = new Set<string>();
  const dies = !isHealed() && draw() < conditions.crashes;
  const diesAt = dies ? between(draw, 1, pick(draw, [4, 30, 120])) : 0;
  const diesBefore = draw() < 0.5;
  let reject: (error: Error) => void = () => undefined;
  const death = new Promise<never>((_, fail) => {
    reject = fail;
  });
  // Nobody may be waiting for it any more.
  death.catch(() => undefined);
  const kill = (why: string): void => {
    if (state !== "alive") return;
    state = "dead";
    reject(new Died(why));
  };
  const odds = (rate: number): boolean => !isHealed() && rate > 0 && draw() < rate;
  const latency = (usual: number): number => {
    if (odds(conditions.stalls)) return between(draw, 20_000, 200_000);
    if (odds(conditions.slow)) return between(draw, 500, 9_000);
    return between(draw, 1, usual);
  };

  /** One call to the outside: it takes time to get there, and time to come back; the process may die on either side. */
  const call = async <Answer>(what: string, usual: number, run: () => Answer | Promise<Answer>): Promise<Answer> => {
    if (isDead()) return never;
    calls += 1;
    const fatal = calls === diesAt;
    if (fatal && diesBefore) {
      kill(`before ${what}`);
      return never;
    }
    await time.sleep(latency(usual), `${name} ${what}`);
    if (isDead()) return never;
    let answer: { readonly ok: true; readonly value: Answer } | { readonly ok: false; readonly error: unknown };
    try {
      answer = { ok: true, value: await run() };
    } catch (error) {
      answer = { ok: false, error };
    }
    if (fatal) {
      kill(`after ${what}`);
      return never;
    }
    await time.sleep(latency(usual), `${name} ${what} answers`);
    if (isDead()) return never;
    if (!answer.ok) throw answer.error;
    return answer.value;
  };
  const inStore =
    <Given extends readonly unknown[], Answer>(what: string, run: (...given: Given) => Promise<Answer>) =>
    (...given: Given): Promise<Answer> =>
      call(what, 8, async () => {
        const fails = odds(conditions.storeFaults);
        // A store that does not answer may have written.
        if (fails && draw() < 0.5) throw new StoreUnavailable("no answer");
        const answer = await run(...given);
        if (fails) throw new StoreUnavailable("no answer");
        return answer;
      });
  const gated: StateStore = {
    get: inStore("get", store.get),
    putIfAbsent: inStore("putIfAbsent", store.putIfAbsent),
    compareAndSet: inStore("compareAndSet", store.compareAndSet),
    delete: inStore("delete", store.delete),
    list: inStore("list", store.list),
  };

  const sender: Sender = async (request) => {
    const what = `${request.service}.${request.operation}`;
    const from = time.now();
    const reply = await call(what, 120, () => {
      // A client that gave up has closed its connection: what had not arrived by then never does.
      if (time.now() - from > request.timeoutMs) return { kind: "hold" } as const;
      const outage = isHealed() ? undefined : around.outage(request.service, time.now());
      if (outage === "silent") return { kind: "hold" } as const;
      const nonce = `${Math.floor(draw() * 2 ** 52)}-${Math.floor(draw() * 2 ** 52)}`;
      const answer = (): Reply => {
        sandbox.faults.clear();
        if (outage === "unavailable") sandbox.faults.inject({ match: {}, kind: "unavailable" });
        else if (around.isThrottled()) sandbox.faults.inject({ match: {}, kind: "throttle" });
        else if (odds(conditions.cloudFaults)) {
          const kind = pick(draw, faults);
          // Reads lag behind writes by a minute at the most (`ram-api.md` §3).
          if (kind !== "stale-read" || time.now() - around.wroteAt() < longestLagMs)
            sandbox.faults.inject({ match: {}, kind });
        }
        return sandbox.answer(requestOf(request, time.now(), nonce));
      };
      return around.onRequest(request, answer, (id) => ids.has(id));
    });
    const left = request.timeoutMs - (time.now() - from);
    if (reply.kind === "hold" && left > 0) await call(`${what} waits`, left, () => undefined);
    if (left < 0) throw timedOut();
    return answerOf(reply);
  };

  const clock: Clock = {
    now: time.now,
    sleep: async (ms) => {
      await time.sleep(ms, `${name} sleeps`);
      if (isDead()) await never;
    },
  };

  const channel = (channelName: string, limit: Channel["limit"]): Channel => ({
    name: channelName,
    ...(limit === undefined ? {} : { limit }),
    send: (message) =>
      call(`send to ${channelName}`, 200, () => {
        const bad = isHealed() ? undefined : around.weather(channelName, message, time.now());
        if (bad !== undefined) return bad;
        const fault = odds(conditions.channelFaults)
          ? pick(draw, ["refuses", "busy", "lost", "unclear", "throws"] as const)
          : "none";
        if (fault === "none" || fault === "unclear") around.onMessage(channelName, message);
        switch (fault) {
          case "none":
            return { kind: "sent" } as const;
          case "refuses":
            return { kind: "retry", afterMs: 60_000, because: "full" } as const;
          case "busy":
            return { kind: "retry", afterMs: 0, because: "busy" } as const;
          case "throws":
            throw new TypeError("a fault of the channel");
          default:
            return { kind: "unknown", because: "no answer" } as const;
        }
      }),
  });

  const made = worldOf({
    config: around.config,
    credentials,
    state: gated,
    log: () => undefined,
    clock,
    reach: { sender, random: draw },
  });
  const world: World = {
    ...made,
    channels: [channel("robot", { messages: 20, perMs: 60_000 }), channel("machine", undefined)],
    newId: () => {
      const id = idAt(time.now(), draw);
      ids.add(id);
      return id;
    },
  };
  return {
    world: around.sabotage === undefined ? world : around.sabotage(world),
    death,
    kill,
    end: () => {
      if (state === "alive") state = "over";
    },
  };
};

const hex = (value: number, length: number): string => Math.floor(value).toString(16).padStart(length, "0");

/** A UUID of version 7 whose chance is the seed's. */
export const idAt = (now: number, draw: Draw): string => {
  const time = hex(now, 12);
  const random = (length: number): string => hex(draw() * 16 ** length, length);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random(3)}-8${random(3)}-${random(12)}`;
};
