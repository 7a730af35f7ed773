import type { Refusal } from "../domain/trail-event.ts";

// Beside the refusals and not in them: a refusal goes into logs and receipts, and the record may hold a secret.
const records = new WeakMap<Refusal, unknown>();

export const rememberRefused = (refusal: Refusal, record: unknown): void => {
  records.set(refusal, record);
};

/** The record that was refused, in the wrapping that it takes to be taken in again; undefined where it is not at hand. */
export const refusedRecord = (refusal: Refusal): unknown => records.get(refusal);
