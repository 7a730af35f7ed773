import type { AccountId } from "../domain/identity.ts";

/** A policy that an identity holds; with its text it is judged by that, without by its name alone. */
export type HeldPolicy = { readonly type: "System" | "Custom"; readonly name: string; readonly document?: string };

export type AccountIdentity = { readonly name: string; readonly policies: readonly HeldPolicy[] };

export type AccountRole = AccountIdentity & {
  /** The trust document; without it nobody can tell who may take on the role. */
  readonly trust?: string;
};

/** What is known of an account, so that a route can name whose power it lends. All of it may be missing. */
export type AccountFacts = {
  readonly accountId?: AccountId;
  /** Whose permissions are judged: what it may do to itself is no escalation. */
  readonly holder?: { readonly kind: "user" | "role"; readonly name: string };
  readonly users?: readonly AccountIdentity[];
  readonly groups?: readonly AccountIdentity[];
  readonly roles?: readonly AccountRole[];
};
