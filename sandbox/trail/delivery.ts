import { stamp } from "../instants.ts";
import type { JsonObject } from "../json.ts";
import { type Draw, drawsFrom } from "../random.ts";

/** How events travel. The cloud's own figures are longer: 3 retries, 10 to 20 s apart (`payloads.md` §b.4). */
export type DeliverySettings = {
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** Odds of 0 to 1 that an event comes twice. */
  readonly duplicateRate: number;
  /** Lets a later event overtake an earlier one. */
  readonly reorder: boolean;
  readonly retries: number;
  readonly retryDelayMs: number;
};

export const usualDelivery: DeliverySettings = {
  minDelayMs: 0,
  maxDelayMs: 20,
  duplicateRate: 0,
  reorder: false,
  retries: 3,
  retryDelayMs: 20,
};

export type Envelope = JsonObject & { readonly data: JsonObject };

/** A CloudEvents envelope as the default bus sends it (`payloads.md` §b.2). */
export const envelopeOf = (event: JsonObject, accountId: string, region: string, at: number): Envelope => {
  const service = String(event.serviceName).toLowerCase();
  return {
    id: String(event.eventId),
    source: `acs.${service}`,
    specversion: "1.0",
    subject: `acs:${service}:${region}:${accountId}:${String(event.resourceName ?? "")}`,
    type: `${service}:ActionTrail:ApiCall`,
    datacontenttype: "application/json;charset=utf-8",
    time: stamp(at),
    aliyunaccountid: accountId,
    aliyunpublishtime: new Date(at).toISOString(),
    aliyuneventbusname: "default",
    aliyunregionid: region,
    aliyunpublishaddr: "127.0.0.1",
    data: event,
  };
};

export type DeadLetter = { readonly functionName: string; readonly payload: string; readonly error: string };

export type Delivery = {
  readonly send: (functionName: string, payload: string) => void;
  /** Resolves when nothing is under way any more, what deliveries set off included. */
  readonly settle: () => Promise<void>;
  readonly deadLetters: DeadLetter[];
  readonly stop: () => void;
};

/** Carries payloads to functions after seeded delays, at least once, and again when a function throws. */
export const deliveryBy = (
  settings: DeliverySettings,
  seed: number,
  invoke: (functionName: string, payload: Buffer) => Promise<unknown>,
): Delivery => {
  const draw: Draw = drawsFrom(seed);
  const timers = new Set<NodeJS.Timeout>();
  const deadLetters: DeadLetter[] = [];
  let pending = 0;
  let stopped = false;
  let waiting: (() => void)[] = [];

  const done = (): void => {
    pending -= 1;
    if (pending > 0 || stopped) return;
    const resolved = waiting;
    waiting = [];
    for (const resolve of resolved) resolve();
  };
  const after = (ms: number, run: () => void): void => {
    if (stopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  };
  const attempt = (functionName: string, payload: string, left: number): void => {
    invoke(functionName, Buffer.from(payload)).then(done, (error: unknown) => {
      if (left > 0) return after(settings.retryDelayMs, () => attempt(functionName, payload, left - 1));
      deadLetters.push({ functionName, payload, error: error instanceof Error ? error.message : String(error) });
      done();
    });
  };
  // Timers of different lengths may fire a tick apart from what was meant, so order is kept by a queue, not by time.
  const queue: { ready: boolean; readonly start: () => void }[] = [];
  const release = (): void => {
    while (queue[0]?.ready === true) queue.shift()?.start();
  };
  const schedule = (functionName: string, payload: string): void => {
    const delay = settings.minDelayMs + draw() * Math.max(0, settings.maxDelayMs - settings.minDelayMs);
    const start = (): void => attempt(functionName, payload, settings.retries);
    pending += 1;
    if (settings.reorder) {
      after(delay, start);
      return;
    }
    const entry = { ready: false, start };
    queue.push(entry);
    after(delay, () => {
      entry.ready = true;
      release();
    });
  };
  return {
    send: (functionName, payload) => {
      schedule(functionName, payload);
      if (draw() < settings.duplicateRate) schedule(functionName, payload);
    },
    settle: async () => {
      // A handler's own writes are sent while it runs, so `pending` cannot reach 0 before they are counted.
      while (pending > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    deadLetters,
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      stopped = true;
      pending = 0;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
  };
};
