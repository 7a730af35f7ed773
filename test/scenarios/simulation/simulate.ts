import { Deferred, guardHandler } from "../../../functions/guard/handler.ts";
import { type Snapshot, sandboxInProcess } from "../../../sandbox/index.ts";
import type { JsonObject } from "../../../shared/domain/json.ts";
import { takeFirstSight } from "../../../shared/first-sight.ts";
import type { World } from "../../../shared/ports/world.ts";
import { sweep } from "../../../shared/sweep.ts";
import { accountId } from "../../support/guarded-account.ts";
import { memoryStateStore } from "../../support/memory-state-store.ts";
import { channelWeather } from "./channel-weather.ts";
import { type Conditions, conditionsFrom } from "./conditions.ts";
import { type Arrival, checkLedger, type Ended, endViolations } from "./end-state.ts";
import { Died, type Instance, instanceOf, type Surroundings } from "./instance.ts";
import { between, type Draw, drawsFrom, pick, scheduler } from "./scheduler.ts";
import { type ServiceWeather, serviceWeather } from "./service-weather.ts";
import { settingsOf } from "./settings.ts";
import { type Action, accountWithPipeline, actionFrom, versionOf } from "./story.ts";
import { type Violation, watchWrites } from "./watch.ts";
import { requestOf } from "./wire.ts";

export type Simulated = {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** The same for the same seed, whatever machine it runs on. */
  readonly digest: string;
  readonly steps: number;
  readonly changes: number;
  readonly writes: number;
  /** What came to the chat. */
  readonly messages: number;
  readonly conditions: Conditions;
};

/** What is other than the seed would have it: a guard that is broken on purpose, or a story of one's own. */
export type Sabotage = {
  readonly world?: (world: World) => World;
  /** Whether an invocation that failed counts as done, so that nobody comes again. */
  readonly swallowsFailures?: boolean;
  readonly withoutSweep?: boolean;
  readonly conditions?: Partial<Conditions>;
  /** A story of its own, instead of the one that the seed tells; and the account that it is about. */
  readonly story?: readonly { readonly at: number; readonly action: Action }[];
  readonly snapshot?: Snapshot;
  readonly mostSteps?: number;
  /** Shows what there is to see at the end. */
  readonly onEnd?: (seen: Pick<Ended, "store" | "sandbox" | "changes" | "arrivals">) => void;
};

const start = Date.UTC(2026, 10, 22);
const minute = 60_000;
const calmMs = 90_000;
/** Function Compute stops an invocation after so long. */
const guardLimitMs = 300_000;
const instances = 5;
const attempts = 9;
/** How often the ledger is verified while others write. */
const ledgerLooks = 5;
/** More steps than any simulation takes: one that goes on beyond them never ends. */
const usualSteps = 400_000;

const channels = ["robot", "machine"];

const usualSnapshot = accountWithPipeline();

/** Runs one simulation: an account, its actors, the cloud's deliveries, and several guards and sweeps, all from one seed. */
export const simulate = async (seed: number, sabotage: Sabotage = {}): Promise<Simulated> => {
  const draw: Draw = drawsFrom(seed);
  const conditions = { ...conditionsFrom(draw), ...sabotage.conditions };
  const config = settingsOf(conditions);
  const { mostSteps = usualSteps, snapshot = usualSnapshot } = sabotage;
  let endless = false;
  const time = scheduler(start, drawsFrom(seed ^ 0x5bd1e995), () => {
    endless = endless || time.steps() > mostSteps;
    if (endless) throw new Endless();
  });
  const sandbox = sandboxInProcess({
    seed,
    clock: time,
    dateWindowMs: Number.POSITIVE_INFINITY,
    snapshot,
    staleReadMs: conditions.staleReadMs,
    lookupDelayMs: conditions.lookupDelayMs,
    dropResponseElements: conditions.dropsResponses,
  });
  const first = sandbox.dump({ trail: false });
  const store = memoryStateStore(time);
  const watch = watchWrites(store, time.now);
  const arrivals: Arrival[] = [];
  // The first tick of an installation notes where catching up begins: the weather turns after it.
  const isHealed = (): boolean => time.now() < start + calmMs || time.now() >= start + conditions.healAtMs;
  let seen = sandbox.trail.length;
  const changes: JsonObject[] = [];
  let wroteAt = 0;
  let second = 0;
  let callsInSecond = 0;
  const isThrottled = (): boolean => {
    const now = Math.floor(time.now() / 1000);
    if (now !== second) [second, callsInSecond] = [now, 0];
    callsInSecond += 1;
    return callsInSecond > conditions.callsPerSecond;
  };

  // A story of its own is about something else.
  const outage: ServiceWeather =
    sabotage.story === undefined
      ? serviceWeather(drawsFrom(seed ^ 0x1b873593), start, conditions.healAtMs)
      : () => undefined;

  /** The successful writes that the trail has more than before. */
  const news = (): readonly JsonObject[] => {
    const fresh = sandbox.trail.slice(seen) as readonly JsonObject[];
    seen = sandbox.trail.length;
    // A refused write changes nothing that a read could lag behind.
    if (fresh.some(({ eventRW, errorCode }) => eventRW === "Write" && errorCode === undefined)) wroteAt = time.now();
    return fresh.filter(
      ({ eventRW, errorCode, serviceName }) => eventRW === "Write" && errorCode === undefined && serviceName !== "Sts",
    );
  };

  const around: Surroundings = {
    time,
    draw,
    conditions,
    isHealed,
    isThrottled,
    outage,
    wroteAt: () => wroteAt,
    sandbox,
    store,
    config,
    onRequest: (request, answer, isOwn) => {
      let fresh: readonly JsonObject[] = [];
      const reply = watch.request(
        request,
        () => {
          const given = answer();
          fresh = news();
          return given;
        },
        () => fresh.length > 0,
        isOwn,
      );
      for (const event of fresh) publish(event);
      return reply;
    },
    // A story of its own is about something else.
    weather:
      sabotage.story === undefined
        ? channelWeather(drawsFrom(seed ^ 0x3c6ef372), channels, start, conditions.healAtMs)
        : () => undefined,
    onMessage: (channel, message) => {
      const digest = (message.data.incidents ?? []) as readonly { readonly messageId: string }[];
      arrivals.push({
        channel,
        messageIds: digest.length > 0 ? digest.map(({ messageId }) => messageId) : [message.id],
        isMarked: message.title[0] === "[may be a repeat] ",
        at: time.now(),
      });
    },
    ...(sabotage.world === undefined ? {} : { sabotage: sabotage.world }),
  };

  let invocations = 0;
  const looking = () => sandbox.sessionOf("ram-warden-looking", `run-${invocations}`);
  /** Runs one process to its end, its death, or the platform's limit. */
  const inProcess = async (name: string, limitMs: number, run: (instance: Instance) => Promise<unknown>) => {
    invocations += 1;
    const instance = instanceOf(around, `${name}-${invocations}`, looking());
    time.after(limitMs, `${name} limit`, () => instance.kill("the platform's limit"));
    try {
      await Promise.race([run(instance), instance.death]);
    } finally {
      instance.end();
    }
  };

  const queue: { readonly payload: string; readonly left: number }[] = [];
  let running = 0;
  const invokeNext = (): void => {
    while (running < instances) {
      const next = queue.shift();
      if (next === undefined) return;
      running += 1;
      const { payload, left } = next;
      inProcess("guard", guardLimitMs, ({ world }) =>
        guardHandler({ config, log: () => undefined, world: async () => world })(payload, {
          requestId: "run",
          credentials: { accessKeyId: "", accessKeySecret: "" },
        }),
      )
        .catch((error: unknown) => {
          if (!isForeseen(error)) throw error;
          if (left > 1 && sabotage.swallowsFailures !== true)
            time.after(between(draw, 20, 120) * 1_000, "again", () => enqueue(payload, left - 1));
        })
        .catch((error: unknown) => fault(error))
        .finally(() => {
          running -= 1;
          invokeNext();
        });
    }
  };
  const enqueue = (payload: string, left: number): void => {
    queue.push({ payload, left });
    invokeNext();
  };
  const faults: unknown[] = [];
  const fault = (error: unknown): void => void faults.push(error);

  /** EventBridge: late, twice, in any order, or never. */
  const publish = (event: JsonObject): void => {
    if (event.serviceName !== "Ram" && !conditions.deliversIms) return;
    if (draw() < conditions.lostDeliveries * (event.serviceName === "Ram" ? 0.5 : 1)) return;
    const times = draw() < conditions.duplicates ? 2 : 1;
    for (let time_ = 0; time_ < times; time_ += 1) {
      const late = draw() < conditions.late;
      const delay = late ? between(draw, 10_000, pick(draw, [5, 60, 200]) * minute) : between(draw, 100, 12_000);
      const form = pick(draw, [
        (one: JsonObject): unknown => one,
        (one: JsonObject): unknown => ({ specversion: "1.0", id: one.eventId, aliyunaccountid: accountId, data: one }),
        (one: JsonObject): unknown => [one],
      ]);
      time.after(delay, "delivery", () => enqueue(JSON.stringify(form(event)), attempts));
    }
  };

  const keys: { readonly id: string; readonly user: string }[] = [];
  const act = ({ by, service, operation, parameters }: Action): void => {
    sandbox.faults.clear();
    const host = "127.0.0.1";
    const version = versionOf(service);
    const credentials = sandbox.keyOf(by);
    const request = { service, operation, version, host, parameters, credentials, timeoutMs: 1 };
    const reply = sandbox.answer(requestOf(request, time.now(), `act-${draw()}`));
    for (const event of news()) {
      changes.push(event);
      publish(event);
    }
    if (operation === "CreateAccessKey" && reply.kind === "answer" && reply.status === 200) {
      const { AccessKey } = JSON.parse(reply.body) as { AccessKey: { AccessKeyId: string } };
      keys.push({ id: AccessKey.AccessKeyId, user: "alice" });
    }
  };

  const initial = new Set<string>([
    ...(snapshot.attachments ?? []).map(({ principalType, principalName, policyName, resourceGroupId }) =>
      JSON.stringify([principalType, principalName, policyName, resourceGroupId]),
    ),
    ...(snapshot.users ?? []).flatMap(({ accessKeys }) => (accessKeys ?? []).map((key) => String(key.accessKeyId))),
  ]);

  for (const { at, action } of sabotage.story ?? []) time.after(at, "somebody acts", () => act(action));
  for (let done = sabotage.story === undefined ? 0 : conditions.actions; done < conditions.actions; ) {
    const at = between(draw, 1_000, conditions.actForMs);
    // What people do comes in bursts: several calls within a second, on the same subject at times.
    for (let left = between(draw, 1, 5); left > 0 && done < conditions.actions; left -= 1, done += 1)
      time.after(at + between(draw, 0, pick(draw, [10, 900, 9_000])), "somebody acts", () =>
        act(actionFrom(draw, keys, conditions.outsidePipeline)),
      );
  }

  const tick = (forMs: number): void => {
    inProcess("sweep", forMs + 150_000, ({ world }) => sweep(world, config, { until: time.now() + forMs })).catch(
      (error: unknown) => {
        if (!isForeseen(error)) fault(error);
      },
    );
  };
  const quiet = conditions.healAtMs + 210 * minute;
  const ticks: number[] = [];
  for (let at = minute; at < conditions.healAtMs + 45 * minute; at += conditions.tickEveryMs) ticks.push(at);
  for (let at = conditions.healAtMs + 45 * minute; at < quiet; at += 40 * minute) ticks.push(at);
  // What a channel may have got is tried again after hours.
  for (let night = 1; night <= 4; night += 1) ticks.push(quiet + night * 7 * 60 * minute);
  if (sabotage.withoutSweep !== true)
    for (const at of ticks)
      for (let sweeper = 0; sweeper < conditions.sweepers; sweeper += 1)
        time.after(at + between(draw, 0, 5_000), "tick", () =>
          tick(at < conditions.healAtMs ? conditions.tickForMs : 400_000),
        );

  if (conditions.firstSight)
    inProcess("first sight", guardLimitMs, ({ world }) => takeFirstSight(world, config)).catch((error: unknown) => {
      if (!isForeseen(error)) fault(error);
    });
  const violations: Violation[] = [];
  // Whoever verifies does so at any moment, while others write.
  for (let look = 0; look < ledgerLooks; look += 1) {
    const at = between(draw, 1_000, conditions.healAtMs + 30 * minute);
    time.after(at, "somebody verifies", () =>
      checkLedger(store, (invariant, what) => void violations.push({ invariant, at: time.now(), what })).catch(fault),
    );
  }
  try {
    await time.run();
  } catch (error) {
    if (!(error instanceof Endless)) throw error;
    violations.push({ invariant: "the simulation ends", at: time.now(), what: `it goes on after ${mostSteps} steps` });
  }
  if (faults.length > 0) throw faults[0];
  violations.push(
    ...watch.violations,
    ...(await endViolations({
      sandbox,
      store,
      changes,
      writes: watch.writes,
      arrivals,
      channels,
      initial,
      first,
      outsidePipeline: conditions.outsidePipeline,
      now: time.now(),
    })),
  );
  sabotage.onEnd?.({ store, sandbox, changes, arrivals });
  return {
    seed,
    violations,
    digest: time.digest(),
    steps: time.steps(),
    changes: changes.length,
    messages: arrivals.filter(({ channel }) => channel === "robot").length,
    writes: watch.writes.length,
    conditions,
  };
};

class Endless extends Error {
  override readonly name = "Endless";
}

/** What an invocation may end with in life: the platform then comes again. Anything else is a fault of ours. */
const isForeseen = (error: unknown): boolean =>
  error instanceof Died || error instanceof Deferred || (error instanceof Error && error.name === "StoreUnavailable");
