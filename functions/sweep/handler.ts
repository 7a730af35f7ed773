import type { Credentials } from "../../shared/aliyun/transport.ts";
import type { Config } from "../../shared/config.ts";
import type { Log, World } from "../../shared/ports/world.ts";
import { sweep } from "../../shared/sweep.ts";
import { lastStepMs } from "../../shared/sweep-lease.ts";

/** What Function Compute hands to a handler. `timeout` is in seconds. */
export type SweepContext = {
  readonly requestId: string;
  readonly credentials: Credentials;
  readonly function?: { readonly timeout?: number };
};

/** What an invocation answers: the counts of what was done. The whole report is in the state, as the sign of life. */
export type SweepReceipt =
  | { readonly busy: true }
  | {
      readonly busy: false;
      readonly finished: boolean;
      readonly caughtUp: number;
      readonly decided: number;
      readonly leftovers: number;
      readonly waiting: number;
      /** How many subjects of the account were looked at. */
      readonly looked: number;
      readonly problems: number;
    };

export type SweepSetup = {
  readonly config: Config;
  readonly log: Log;
  readonly world: (credentials: Credentials) => Promise<World>;
};

/** As long as `s.yaml` lets an invocation take, seconds, where the context does not tell. */
const usualSeconds = 600;

/** The sweep: stops in time for the platform's limit, and the next tick goes on. It throws only what a retry can mend. */
export const sweepHandler =
  ({ config, log, world: worldOf }: SweepSetup) =>
  async ({ requestId, credentials, function: limits }: SweepContext): Promise<SweepReceipt> => {
    const world = await worldOf(credentials);
    const limitMs = (limits?.timeout ?? usualSeconds) * 1000;
    // With little time there is still a step, or a limit below one step would stop all.
    const until = world.clock.now() + Math.max(limitMs / 10, limitMs - lastStepMs);
    const report = await sweep(world, config, { until });
    if (report.kind === "busy") return { busy: true };
    for (const problem of report.problems)
      log("warn", "the sweep could not do all of its work", { problem, invocation: requestId });
    const { finished, caughtUp, leftovers, retried, subjects, problems } = report;
    return {
      busy: false,
      finished,
      caughtUp: caughtUp.events,
      decided: caughtUp.decided,
      leftovers: leftovers.finished,
      waiting: retried.waiting,
      looked: subjects.looked,
      problems: problems.length,
    };
  };
