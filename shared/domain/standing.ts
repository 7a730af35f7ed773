import type { CloudError } from "./cloud-error.ts";
import type { Principal } from "./identity.ts";
import type { JsonObject } from "./json.ts";
import type { PolicyName, RefOf, RoleTrust, Scope, SubjectOf } from "./subject.ts";
import type { HeldPolicy, User } from "./subjects/identities.ts";

/** One part of what was looked at: as it stands, or why it could not be read. What was not read is never taken as fine. */
export type Part<Value> =
  | { readonly read: true; readonly value: Value }
  | { readonly read: false; readonly error: CloudError };

/** A key with what a call of its own tells. Instants are epoch milliseconds. */
export type KeyStanding = {
  readonly ref: RefOf<"access-key">;
  readonly state: SubjectOf<"access-key">;
  readonly createdAt?: number;
  /** When it was used last; undefined in a part that was read means that the cloud knows of no use. */
  readonly usedAt: Part<number | undefined>;
  /** Whether a network policy of its own limits from where it is used; not asked of a key that is out of use. */
  readonly limited: Part<boolean>;
};

export type UserStanding = {
  readonly kind: "user";
  readonly ref: RefOf<"user">;
  readonly user: User;
  readonly createdAt?: number;
  readonly keys: Part<readonly KeyStanding[]>;
  /** Null where the user has no console logon. */
  readonly login: Part<{
    readonly ref: RefOf<"login">;
    readonly state: SubjectOf<"login">;
    readonly usedAt?: number;
  } | null>;
  /** What the user has as a second factor; null for nothing. Looked at only where the user may log on. */
  readonly factor: Part<"device" | "passkey" | null>;
  readonly groups: Part<readonly string[]>;
  /** Left out where nothing depends on them. */
  readonly tags?: Part<{ readonly [key: string]: string }>;
  /** The policies of the whole account that the user holds itself. */
  readonly policies: Part<readonly PolicyName[]>;
};

export type GroupStanding = {
  readonly kind: "group";
  readonly ref: RefOf<"group">;
  readonly members: Part<readonly string[]>;
  readonly policies: Part<readonly PolicyName[]>;
};

export type RoleStanding = {
  readonly kind: "role";
  readonly ref: RefOf<"role-trust">;
  readonly trust: Part<RoleTrust>;
  readonly policies: Part<readonly PolicyName[]>;
};

export type PolicyStanding = {
  readonly kind: "policy";
  readonly ref: RefOf<"policy">;
  /** To how many users, groups and roles it is attached. */
  readonly attachments: number;
};

/** A grant that holds in a resource group only. */
export type ScopedGrantStanding = HeldPolicy & {
  readonly kind: "scoped-grant";
  readonly ref: RefOf<"grant">;
  readonly principal: Principal;
  readonly scope: Exclude<Scope, "account">;
};

/** What is one for the whole account. */
export type AccountStanding = {
  readonly kind: "account";
  readonly rootMfa: Part<boolean>;
  readonly rootKeys: Part<number>;
  readonly preference: Part<JsonObject>;
  readonly passwordPolicy: Part<JsonObject>;
  readonly sso: Part<JsonObject>;
  /** Users, roles and members of groups that hold full administration of the account by a system policy. */
  readonly administrators: Part<readonly Principal[]>;
};

/** What a look at the whole account finds, piece by piece. */
export type Standing =
  | AccountStanding
  | UserStanding
  | GroupStanding
  | RoleStanding
  | PolicyStanding
  | ScopedGrantStanding;

export type StandingKind = Standing["kind"];
export type StandingOf<Kind extends StandingKind> = Extract<Standing, { kind: Kind }>;

/** In the order in which they are looked at: what is one for the account comes first, then what lets somebody in. */
export const standingKinds: readonly StandingKind[] = ["account", "role", "user", "group", "policy", "scoped-grant"];

/** The parts of a piece that could not be read. */
export const unreadParts = (standing: Standing): readonly CloudError[] => {
  const unread = (value: unknown): readonly CloudError[] => {
    if (typeof value !== "object" || value === null) return [];
    if ("read" in value && value.read === false) return [(value as Part<never> & { read: false }).error];
    return Object.values(value).flatMap(unread);
  };
  return unread(standing);
};
