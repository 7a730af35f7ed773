import type { AccountId } from "../domain/identity.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Message, Route, SendOutcome } from "../domain/message.ts";
import type {
  Act,
  Census,
  GrantsOf,
  GroupsOf,
  HoldersOf,
  Inventory,
  KeeperOf,
  MembersOf,
  PolicyDocuments,
  Reader,
  Trail,
} from "./cloud.ts";
import type { ForgetExpired, StateStore } from "./state-store.ts";

/** Time enters here and nowhere else. */
export type Clock = {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

/** Time-ordered unique ids (UUID version 7). */
export type NewId = () => string;

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Structured, redacted at the adapter. `what` is a fixed text; what varies goes into `fields`. */
export type Log = (level: LogLevel, what: string, fields?: JsonObject) => void;

/** How long an invocation has for sending what waits, all its flushes together: a slow channel takes no more than that. */
export type TellingTime = {
  /** Milliseconds that are left. */
  readonly left: () => number;
  readonly spend: (ms: number) => void;
};

/** One way to tell people. `limit` is what the channel bears; the limiter that keeps to it is shared by all instances. */
export type Channel = {
  readonly name: string;
  readonly limit?: { readonly messages: number; readonly perMs: number };
  /** Which messages it is for; all of them unless given. */
  readonly route?: Route;
  readonly send: (message: Message) => Promise<SendOutcome>;
};

/** All that the core needs from outside, as records of functions. Built anew for each invocation. */
export type World = {
  readonly accountId: AccountId;
  readonly read: Reader;
  readonly policyDocument: PolicyDocuments;
  readonly inventory: Inventory;
  readonly census: Census;
  readonly holdersOf: HoldersOf;
  readonly grantsOf: GrantsOf;
  readonly groupsOf: GroupsOf;
  readonly membersOf: MembersOf;
  readonly keeperOf: KeeperOf;
  readonly act: Act;
  readonly trail: Trail;
  readonly state: StateStore;
  /** Absent where the store removes by itself what has expired. */
  readonly forgetExpired?: ForgetExpired;
  readonly channels: readonly Channel[];
  /** What is left of the time that sending may take beside the work; without a bound unless given. */
  readonly tellingTime?: TellingTime;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Log;
};
