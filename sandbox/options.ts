import type { IncomingMessage, ServerResponse } from "node:http";
import type { DingtalkStandIn, DingtalkStandInOptions } from "./dingtalk.ts";
import type { Faults } from "./faults.ts";
import type { FcContext, SandboxFunction } from "./fc/functions.ts";
import type { JsonObject } from "./json.ts";
import type { DumpOptions } from "./snapshot/dump.ts";
import type { Snapshot } from "./snapshot/format.ts";
import type { DeadLetter, DeliverySettings } from "./trail/delivery.ts";

export type { FcContext, SandboxFunction };

/** Something else that is served on the same port, such as a stand-in for a chat robot. `path` is a prefix. */
export type Mount = {
  readonly path: string;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
};

export type SandboxOptions = {
  /** 0, the default, takes any free port. Always on 127.0.0.1. */
  readonly port?: number;
  readonly accountId?: string;
  readonly alias?: string;
  readonly snapshot?: Snapshot;
  /** What all ids, secrets, delays, duplicates and random faults are made from. */
  readonly seed?: number;
  /** Epoch milliseconds. */
  readonly clock?: { now(): number };
  readonly delivery?: Partial<DeliverySettings>;
  /** How long after a write reads may still answer the state before it. 0, the default: never. */
  readonly staleReadMs?: number;
  /** How far the date of a request may be off, 15 minutes unless told; `Infinity` for a clock that is made up. */
  readonly dateWindowMs?: number;
  /** How old an event must be before LookupEvents shows it; the cloud's own figure is 10 minutes. 0 unless told. */
  readonly lookupDelayMs?: number;
  /** How long a time-out fault holds a connection, 60 s unless told. */
  readonly holdMs?: number;
  readonly region?: string;
  readonly secretsInEvents?: boolean;
  readonly dropResponseElements?: boolean;
  readonly mounts?: readonly Mount[];
  /** Puts a chat robot of DingTalk beside the cloud, and what it was told at `/inbox`. */
  readonly dingtalk?: DingtalkStandInOptions;
  /** Receives what functions log. */
  readonly log?: (level: string, text: string) => void;
};

export type Credentials = { readonly accessKeyId: string; readonly accessKeySecret: string };

/** One call that reached the sandbox and proved who makes it, or failed to. */
export type CallRecord = {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  /** A user's name, `root`, `role:session`, or `unknown`. */
  readonly caller: string;
  readonly status: number;
  readonly code?: string;
  readonly requestId: string;
  /** True when the caller's policies did not allow it. */
  readonly denied?: boolean;
  /** The fault that struck it. */
  readonly fault?: string;
  /** As sent, secrets starred. */
  readonly parameters: JsonObject;
};

export type Sandbox = {
  /** `127.0.0.1:PORT`, as the SDK's `Config.endpoint` wants it. */
  readonly endpoint: string;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly accountId: string;
  /** An ordinary RAM user with AdministratorAccess and a key. */
  readonly administrator: Credentials & { readonly userName: string };
  /** The first active key of a user. Throws when there is none. */
  readonly keyOf: (userName: string) => Credentials;
  /** What Function Compute would inject for a role, for an hour. */
  readonly sessionOf: (roleName: string, sessionName?: string) => Credentials & { readonly securityToken: string };
  /** A key of somebody in another account, who may do there whatever it wants: for knocking at roles here. */
  readonly foreigner: (accountId: string, userName?: string) => Credentials;
  readonly registerFunction: (fn: SandboxFunction) => void;
  /** Calls a function as the invoke API does; rejects with what the handler throws. */
  readonly invoke: (name: string, payload: Buffer | string) => Promise<unknown>;
  /** Resolves when no delivery is pending or running, retries and what they set off included. */
  readonly settle: () => Promise<void>;
  /** All of the account; `trail: false` leaves out what was recorded, which only ever grows. */
  readonly dump: (options?: DumpOptions) => Snapshot;
  /** Replaces the account. Throws an Error that names what is wrong. */
  readonly load: (snapshot: Snapshot) => void;
  readonly faults: Faults;
  readonly calls: { readonly list: () => readonly CallRecord[]; readonly clear: () => void };
  /** All ActionTrail events, oldest first. */
  readonly trail: readonly JsonObject[];
  /** Deliveries that failed for good. */
  readonly deadLetters: readonly DeadLetter[];
  /** The robot that `options.dingtalk` asked for. */
  readonly dingtalk?: {
    /** Its webhook, token included. */
    readonly url: string;
    /** Answers the taken messages as a JSON array, oldest first. */
    readonly inboxUrl: string;
    readonly robot: DingtalkStandIn;
  };
  readonly seed: number;
  readonly stop: () => Promise<void>;
};
