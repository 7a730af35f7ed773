import { hidden } from "./domain/redact.ts";
import type { Intake, TrailEvent } from "./domain/trail-event.ts";
import { refusedRecord, rememberRefused } from "./intake/refused-records.ts";
import { takeIn } from "./intake/take-in.ts";
import { checkedRows } from "./ledger/checked-rows.ts";
import type { DeadLetterRow, DeadRecord } from "./ledger/dead-letters.ts";
import { openLedger } from "./ledger/ledger.ts";
import type { Receipt } from "./pipeline.ts";
import { handleRecords } from "./pipeline.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";

export type Replayed = {
  readonly handled: number;
  /** Records that are still on the list. */
  readonly left: number;
  readonly receipts: readonly Receipt[];
};

/**
 * Puts a dead letter through the pipeline again, record by record. It leaves the list when all of it was handled; else
 * what is left stays there. Rejects when the state store does not answer.
 */
export const replayDead = async (given: World, settings: Settings, row: DeadLetterRow): Promise<Replayed> => {
  const world: World = { ...given, state: checkedRows(given.state, given.log) };
  const ledger = openLedger(world.state, world.clock, world.accountId);
  const receipts: Receipt[] = [];
  const left: DeadRecord[] = [];
  for (const record of row.letter.records) {
    const intake = intakeOf(record);
    const receipt = intake === undefined ? undefined : await handleRecords(world, settings, ledger, intake, true);
    if (receipt !== undefined) receipts.push(receipt);
    const reason = receipt?.refusals[0]?.reason ?? record.reason;
    if (receipt === undefined || receipt.refusals.length + receipt.deferred.length > 0)
      left.push({ ...record, reason });
  }
  const handled = row.letter.records.length - left.length;
  await ledger.noteReplay(row, left, handled);
  return { handled, left: row.letter.count - handled, receipts };
};

/** What a kept record holds; undefined where it was too large to be kept, or lost a name that had the form of a secret. */
const intakeOf = ({ value, form, where, altered }: DeadRecord): Intake | undefined => {
  if (value === undefined) return undefined;
  const intake: Intake =
    form === "record"
      ? placedAt(takeIn(value, where), where)
      : { events: [value as unknown as TrailEvent], passedOver: [], refusals: [] };
  if (!altered) return intake;
  if (JSON.stringify(intake.events.map(({ subject }) => subject)).includes(hidden)) return undefined;
  // What was taken out may be part of what it claims: the live subject says it.
  return { ...intake, events: intake.events.map((event) => ({ ...event, claimed: undefined })) };
};

/** A record that is kept lies deeper in what came around it than it lay then: its place is where it was first found. */
const placedAt = (intake: Intake, where: string): Intake => {
  const [refusal, ...others] = intake.refusals;
  if (refusal === undefined || others.length > 0) return intake;
  const placed = { ...refusal, where };
  rememberRefused(placed, refusedRecord(refusal));
  return { ...intake, refusals: [placed] };
};
