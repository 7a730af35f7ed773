import type { AccountId } from "../domain/identity.ts";

/**
 * Where each kind of row lives. Keys read `kind/accountId/rest`; `rest` may hold any characters.
 * Kinds: `event` what became of an event · `incident` decisions · `lease` who works on a subject · `ours` writes of our
 * own, by RequestId · `baseline` last accepted states · `last` who dealt with a subject last · `waiting` events that wait for a prior state · `outbox` what is
 * to be told · `told` what was told · `limit` what the channels bear · `budget` writes within the hour ·
 * `switch` whether writing is off · `dead` what could not be handled · `journal` the record of decisions · `journal-head`
 * where each of its shards stands · `cursor` where the sweep stands · `deferred` records of the audit trail to be tried
 * again · `drift` subjects that are not as they were accepted · `heartbeat` signs of life · `recheck` subjects that are to be
 * looked at again · `recent` changes of a party, remembered for a day · `chain` chains of changes that were recognised ·
 * `renamed` how users and groups were renamed · `vanished` events whose subject was gone by its name ·
 * `coming` what came and went within a day ·
 * `exemption` what was granted at the terminal · `let-be` what is exempt, to be judged anew once that is over.
 */
export type RowKind =
  | "event"
  | "incident"
  | "lease"
  | "ours"
  | "baseline"
  | "waiting"
  | "last"
  | "outbox"
  | "told"
  | "limit"
  | "budget"
  | "switch"
  | "dead"
  | "journal"
  | "journal-head"
  | "cursor"
  | "deferred"
  | "drift"
  | "heartbeat"
  | "recheck"
  | "recent"
  | "chain"
  | "exemption"
  | "let-be"
  | "renamed"
  | "vanished"
  | "coming";

/** Half a surrogate pair, which a payload may hold and no store can, becomes the replacement character. */
export const rowKey = (kind: RowKind, accountId: AccountId, rest: string): string =>
  `${kind}/${accountId}/${rest}`.replace(/\p{Surrogate}/gu, "\ufffd");

const daySeconds = 86_400;

/** How long a closed row is kept, in seconds. What is still open has no expiry; the journal has a retention of its own. ActionTrail itself reaches back 90 days. */
export const retentionSeconds = {
  event: 100 * daySeconds,
  incident: 400 * daySeconds,
  ours: 100 * daySeconds,
  told: 100 * daySeconds,
  drift: 400 * daySeconds,
} as const;
