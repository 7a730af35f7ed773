import type { Json } from "../domain/json.ts";

/** A versioned row. Keys read `kind/accountId/rest`: the first two parts name the partition, the rest sorts within it. */
export type Row = {
  readonly key: string;
  readonly value: Json;
  /** Starts at 1 and grows by 1 with each write; 0 for a row that the store has not written itself. */
  readonly version: number;
  /** Epoch seconds; a row past it reads as absent. */
  readonly expiresAt?: number;
};

export type Expiry = { readonly expiresAt?: number };

/**
 * The one thing that all durable state is built on: ledger, leases, baselines, outbox, budgets.
 * A row whose value cannot be read is given back with what is there of it as a text, which no kind of row is: it keeps
 * nobody from the rows beside it, and can be written over and removed like any other.
 * Every method either tells the truth about what is durable or rejects with `StoreUnavailable`; a write whose effect the
 * store itself cannot tell is read back by the adapter before it answers.
 */
export type StateStore = {
  readonly get: (key: string) => Promise<Row | undefined>;
  /**
   * Writes where there is no live row: version 1, or over an expired row its next version, so that a late holder of the
   * expired row cannot write over its successor.
   */
  readonly putIfAbsent: (
    key: string,
    value: Json,
    expiry?: Expiry,
  ) => Promise<{ readonly written: true; readonly version: number } | { readonly written: false; readonly row: Row }>;
  /** Replaces the row exactly when it still has `version`. */
  readonly compareAndSet: (
    key: string,
    version: number,
    value: Json,
    expiry?: Expiry,
  ) => Promise<{ readonly written: true; readonly version: number } | { readonly written: false }>;
  /** Removes the row exactly when it still has `version`. */
  readonly delete: (key: string, version: number) => Promise<boolean>;
  /** Rows whose key starts with `prefix` (which names at least the partition), in key order, after the key `after`. */
  readonly list: (
    prefix: string,
    page: { readonly after?: string; readonly limit: number },
  ) => Promise<{ readonly rows: readonly Row[]; readonly next?: string }>;
};

/**
 * Removes rows that expired long ago, where a store does not do so by itself: looks at `most` rows at the most, from where
 * an earlier call ended. `next` is absent once all have been looked at.
 */
export type ForgetExpired = (
  most: number,
  from: Json | undefined,
) => Promise<{ readonly removed: number; readonly next?: Json }>;

/** The store did not answer or refused; trying again later can help. Carries no address and no secret. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
  /** What the store itself calls it, where it said something; for whoever knows where it is and what helps. */
  readonly code: string | undefined;
  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}
