import type { Snapshot } from "../../../sandbox/index.ts";
import { accountBefore } from "../../support/guarded-account.ts";
import type { Simulated } from "./simulate.ts";
import { simulate } from "./simulate.ts";
import type { Action } from "./story.ts";

const accountOf = (users: number): Snapshot => {
  const before = accountBefore();
  const more = Array.from({ length: users }, (_, index) => ({ userName: `user-${index}` }));
  return { ...before, users: [...(before.users ?? []), ...more] };
};

/** Somebody makes an administrator of each user, all within a minute, while RAM bears few calls a second. */
export const storm = (changes: number, callsPerSecond: number, guardFor: number): Promise<Simulated> => {
  const story = Array.from({ length: changes }, (_, index) => {
    const parameters = { PolicyType: "System", PolicyName: "AdministratorAccess", UserName: `user-${index}` };
    const action: Action = { by: "mallory", service: "Ram", operation: "AttachPolicyToUser", parameters };
    return { at: 120_000 + Math.floor((index * 60_000) / changes), action };
  });
  return simulate(1, {
    story,
    snapshot: accountOf(changes),
    mostSteps: Number.POSITIVE_INFINITY,
    conditions: {
      cloudFaults: 0,
      callsPerSecond,
      storeFaults: 0.001,
      channelFaults: 0.05,
      crashes: 0.02,
      slow: 0.01,
      stalls: 0,
      lostDeliveries: 0.1,
      duplicates: 0.1,
      late: 0.02,
      deliversIms: true,
      staleReadMs: 0,
      lookupDelayMs: 300_000,
      dropsResponses: false,
      tickEveryMs: 60_000,
      tickForMs: 450_000,
      sweepers: 1,
      firstSight: true,
      budgets: "ample",
      outsidePipeline: false,
      healAtMs: guardFor,
    },
  });
};
