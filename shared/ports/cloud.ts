import type { CloudError } from "../domain/cloud-error.ts";
import type { Principal } from "../domain/identity.ts";
import type { InventoriedKind, InventoriedRef } from "../domain/inventoried.ts";
import type { Json } from "../domain/json.ts";
import type { Service } from "../domain/operation-id.ts";
import type { Call } from "../domain/plan.ts";
import type { Result } from "../domain/result.ts";
import type { Standing, StandingKind } from "../domain/standing.ts";
import type { Gone, PolicyName, Subject, SubjectRef } from "../domain/subject.ts";
import type { HeldPolicy } from "../domain/subjects/identities.ts";

/** Reads one subject as it stands now, with the looking role. A missing resource is `gone`, not an error. */
export type Reader = (subject: SubjectRef) => Promise<Result<Subject | Gone, CloudError>>;

/** Whose name a write of ours carries: the acting session of a plan, or the key of the person who asked for it. */
export type Writer = { readonly role: string; readonly session: string } | { readonly accessKeyId: string };

/** Sends a call, once, in the name of `writer`. `requestId` is the cloud's own id of the write. */
export type ActingSession = {
  readonly writer: Writer;
  readonly send: (call: Call) => Promise<Result<{ readonly requestId: string }, CloudError>>;
};

/**
 * Assumes the acting role for one plan: named after the plan, for the shortest time, with a session policy of exactly
 * the plan's calls. Rejections come as a value.
 */
export type Act = (planId: string, calls: readonly Call[]) => Promise<Result<ActingSession, CloudError>>;

export type TrailQuery = {
  /** Epoch milliseconds, both ends included. */
  readonly from: number;
  readonly to: number;
  readonly service?: Service;
  readonly eventName?: string;
  readonly resourceName?: string;
  readonly writesOnly?: boolean;
};

export type TrailPage = { readonly events: readonly Json[]; readonly nextToken?: string };

/** ActionTrail's LookupEvents: raw events of up to 90 days, a page at a time, in order of time. */
export type Trail = (query: TrailQuery, nextToken?: string) => Promise<Result<TrailPage, CloudError>>;

/** One thing that a list of the account shows. `state` is there where the list tells as much of it as a reading would. */
export type Listed = { readonly ref: InventoriedRef; readonly state?: Subject };

export type InventoryPage = {
  readonly things: readonly Listed[];
  /** Leads to the page that follows; absent on the last. */
  readonly next?: string;
  /** How many calls of the cloud the page took. */
  readonly calls: number;
};

/** All that the account holds of one kind, a page at a time: what baselines are made from, and compared with. */
export type Inventory = (kind: InventoriedKind, cursor?: string) => Promise<Result<InventoryPage, CloudError>>;

export type CensusPage = {
  readonly seen: readonly Standing[];
  readonly next?: string;
  readonly calls: number;
};

/**
 * The account as it stands, a page at a time, with what single calls tell of each thing: when a key was used last, who is
 * in a group. A part that cannot be read for good is in its piece as such; what a retry can mend fails the page.
 */
export type Census = (kind: StandingKind, cursor?: string) => Promise<Result<CensusPage, CloudError>>;

/** The text of a policy's default version; read when a grant cannot be judged by the policy's name alone. */
export type PolicyDocuments = (policy: PolicyName) => Promise<Result<string | Gone, CloudError>>;

/** Who holds a policy for the whole account: users, groups and roles, by name. */
export type HoldersOf = (policy: PolicyName) => Promise<Result<readonly Principal[], CloudError>>;

/** A policy that somebody holds, and since when, epoch milliseconds, where the cloud says so. */
export type DatedGrant = HeldPolicy & { readonly since?: number };

/** The policies that a user, a group or a role holds itself, for the account and in resource groups; none for one that is not there. */
export type GrantsOf = (principal: Principal) => Promise<Result<readonly DatedGrant[], CloudError>>;

export type JoinedGroup = { readonly groupName: string; readonly since?: number };

/** The groups that a user is in. */
export type GroupsOf = (userName: string) => Promise<Result<readonly JoinedGroup[], CloudError>>;

/** The names of the users in a group. */
export type MembersOf = (groupName: string) => Promise<Result<readonly string[], CloudError>>;

/** Who keeps a user where it is not RAM itself, such as `CloudSSO`; undefined for a user that RAM keeps, or that is not there. */
export type KeeperOf = (userName: string) => Promise<Result<string | undefined, CloudError>>;
