import { trail } from "../shared/aliyun/actiontrail.ts";
import { census } from "../shared/aliyun/census.ts";
import { holdersOf, keeperOf, membersOf } from "../shared/aliyun/holders.ts";
import { inventory } from "../shared/aliyun/inventory.ts";
import { policyDocuments } from "../shared/aliyun/ram.ts";
import { principalGrants, userGroups } from "../shared/aliyun/read-holdings.ts";
import { reader } from "../shared/aliyun/reader.ts";
import { readingByStableNames } from "../shared/aliyun/reading-by-stable-names.ts";
import { actingSessions } from "../shared/aliyun/sts.ts";
import type { Credentials, TransportOptions } from "../shared/aliyun/transport.ts";
import { transport } from "../shared/aliyun/transport.ts";
import type { Config } from "../shared/config.ts";
import { newId, systemClock } from "../shared/local/system.ts";
import { sessionPolicy } from "../shared/operations/session-policy.ts";
import type { Act } from "../shared/ports/cloud.ts";
import type { ForgetExpired, StateStore } from "../shared/ports/state-store.ts";
import type { Clock, Log, World } from "../shared/ports/world.ts";
import { channelsOf } from "./channels.ts";

/** How the cloud is reached: a sandbox listens on this machine, over plain HTTP. */
export type Reach = Pick<TransportOptions, "endpoint" | "protocol" | "onCall" | "timeoutMs" | "sender" | "random">;

export type Wiring = {
  readonly config: Config;
  readonly credentials: Credentials;
  readonly state: StateStore;
  readonly forgetExpired?: ForgetExpired;
  readonly log: Log;
  /** The machine's own unless given. */
  readonly clock?: Clock;
  readonly reach?: Reach;
  /** Where the console channel writes its lines; stderr unless given. */
  readonly write?: (line: string) => void;
  /** How writes are made; in acting sessions of the acting role unless given. */
  readonly act?: (options: TransportOptions) => Act;
};

const noActingRole: Act = async () => ({
  ok: false,
  error: { kind: "forbidden", code: "NoActingRole", operation: "Sts.AssumeRole" },
});

/** Builds the world of one invocation. Credentials expire, so nothing of it outlives the invocation. */
export const worldOf = (wiring: Wiring): World => {
  const { config, credentials, state, log, forgetExpired, clock = systemClock, reach = {}, write, act } = wiring;
  const { accountId } = config.rules;
  const options: TransportOptions = { credentials, clock, region: config.region, ...reach };
  const send = readingByStableNames(transport(options), accountId);
  const { acting } = config.guardrails.ownRoles;
  return {
    accountId,
    read: reader(send),
    policyDocument: policyDocuments(send),
    inventory: inventory(send, accountId),
    census: census(send, accountId),
    holdersOf: holdersOf(send),
    grantsOf: principalGrants(send),
    groupsOf: userGroups(send),
    membersOf: membersOf(send),
    keeperOf: keeperOf(send, accountId),
    trail: trail(send, clock),
    act: act?.(options) ?? (acting === undefined ? noActingRole : actingIn(options, accountId, acting)),
    state,
    ...(forgetExpired === undefined ? {} : { forgetExpired }),
    channels: channelsOf(config, { write, clock, local: reach.protocol === "http" }),
    clock,
    newId,
    log,
  };
};

/** Writes in sessions of the acting role, each narrowed to its plan's own calls. */
export const actingIn = (options: TransportOptions, accountId: string, actingRole: string): Act =>
  actingSessions({
    transport: options,
    actingRoleArn: `acs:ram::${accountId}:role/${actingRole}`,
    sessionPolicy: (calls) => sessionPolicy(calls, accountId),
  });
