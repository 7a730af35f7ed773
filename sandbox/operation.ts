import type { Account } from "./account.ts";
import type { Caller, Federated } from "./callers.ts";
import type { JsonObject } from "./json.ts";
import type { Params } from "./params.ts";
import type { Ids } from "./random.ts";
import type { Sessions } from "./sessions.ts";

export type Service = "Ram" | "Ims" | "ResourceManager" | "Sts" | "Actiontrail";

/** A permission that a call needs. `resources` are spellings of one resource: a statement that matches any one matches it. */
export type Need = { readonly action: string; readonly resources: readonly string[] };

/** What a call is about before it is run. */
export type Asked = { readonly account: Account; readonly params: Params; readonly caller: Caller };

/** What an operation works with. `account` is a copy of its own for a write. */
export type Work = Asked & {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The same instant as the cloud writes it. */
  readonly now: string;
  readonly ids: Ids;
  readonly sessions: Sessions;
  /** What was recorded so far, and up to when LookupEvents can see it, epoch milliseconds. */
  readonly trail: readonly JsonObject[];
  readonly visibleUntil: number;
  readonly sourceIp: string;
};

/** Names of the resources that a call touched, by ActionTrail's type, such as `ACS::RAM::Role`. */
export type Touched = Readonly<Record<string, readonly string[]>>;

export type Operation = {
  /** What ActionTrail records as `eventRW`; only a write gets a copy of the account and may change it. */
  readonly access: "Read" | "Write";
  readonly needs: (asked: Asked) => readonly Need[];
  /** The answer without `RequestId`; throws ApiError. */
  readonly run: (work: Work) => JsonObject;
  /** Set where a call needs no keys: who knocks then. */
  readonly anonymous?: (account: Account, params: Params) => Federated;
  readonly touches?: (asked: Asked) => Touched;
};

export type Operations = Readonly<Record<string, Operation>>;
