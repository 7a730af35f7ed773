import { between, type Draw, pick } from "./scheduler.ts";

/** How bad the weather is in one simulation: drawn from its seed, so that some are calm and some are not. */
export type Conditions = {
  /** Odds that a request to the cloud is struck. */
  readonly cloudFaults: number;
  /** More calls than these within a second are throttled, as RAM does. */
  readonly callsPerSecond: number;
  readonly storeFaults: number;
  readonly channelFaults: number;
  /** Odds that an invocation dies at one of its calls. */
  readonly crashes: number;
  /** Odds that a call takes long: seconds, or longer than a lease. */
  readonly slow: number;
  readonly stalls: number;
  readonly lostDeliveries: number;
  readonly duplicates: number;
  /** Odds that a delivery takes minutes, or hours. */
  readonly late: number;
  readonly deliversIms: boolean;
  readonly staleReadMs: number;
  readonly lookupDelayMs: number;
  readonly dropsResponses: boolean;
  /** Milliseconds between two ticks of the sweep, and how long each may take. */
  readonly tickEveryMs: number;
  readonly tickForMs: number;
  readonly sweepers: number;
  readonly firstSight: boolean;
  readonly actions: number;
  readonly budgets: "ample" | "usual" | "tight";
  /** Whether any change that the pipelines did not make breaks a rule, and is put back. */
  readonly outsidePipeline: boolean;
  /** How long the actors act, and until when things go wrong, milliseconds from the start. */
  readonly actForMs: number;
  readonly healAtMs: number;
};

const minute = 60_000;

export const conditionsFrom = (draw: Draw): Conditions => {
  const actForMs = between(draw, 1, 40) * minute;
  return {
    cloudFaults: pick(draw, [0, 0.02, 0.1, 0.3]),
    callsPerSecond: pick(draw, [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 20, 5]),
    storeFaults: pick(draw, [0, 0.005, 0.03, 0.1]),
    channelFaults: pick(draw, [0, 0.1, 0.5]),
    crashes: pick(draw, [0, 0.1, 0.4]),
    slow: pick(draw, [0, 0.02, 0.1]),
    stalls: pick(draw, [0, 0, 0.003]),
    lostDeliveries: pick(draw, [0, 0.1, 0.5, 1]),
    duplicates: pick(draw, [0, 0.2, 0.6]),
    late: pick(draw, [0, 0.2, 0.6]),
    deliversIms: draw() < 0.5,
    staleReadMs: pick(draw, [0, 0, 1_000, 3_000, 20_000, 55_000]),
    lookupDelayMs: pick(draw, [0, minute, 10 * minute]),
    dropsResponses: draw() < 0.15,
    tickEveryMs: between(draw, 1, 8) * minute,
    tickForMs: between(draw, 5, 400) * 1_000,
    sweepers: pick(draw, [1, 1, 2, 3]),
    firstSight: draw() < 0.8,
    actions: between(draw, 3, 25),
    budgets: pick(draw, ["ample", "ample", "usual", "tight"]),
    outsidePipeline: draw() < 0.3,
    actForMs,
    healAtMs: actForMs + between(draw, 1, 30) * minute,
  };
};
