import type { Intake } from "../domain/trail-event.ts";
import { type Collector, intakeOf, newCollector, refuse } from "./collector.ts";
import { guarded, takeValue } from "./payload.ts";
import { noEnvelope } from "./record.ts";
import { skim } from "./skim.ts";
import { takeText } from "./text.ts";

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Without a byte order mark, which editors and exports put in front and no JSON parser accepts. */
const withoutMark = (bytes: Buffer): Buffer =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

/** The payload's bytes; undefined for a payload that is parsed already. */
const bytesOf = (payload: unknown): Buffer | undefined => {
  if (typeof payload === "string") return withoutMark(Buffer.from(payload));
  if (Buffer.isBuffer(payload)) return withoutMark(payload);
  if (payload instanceof Uint8Array)
    return withoutMark(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength));
  return payload instanceof ArrayBuffer ? withoutMark(Buffer.from(payload)) : undefined;
};

const takeWhole = (payload: unknown, bytes: Buffer | undefined, where: string, into: Collector): void => {
  if (bytes === undefined) takeValue(payload, where, 0, noEnvelope, into);
  else if (isGzip(bytes)) refuse(into, where, "is compressed with gzip and has to be unpacked first", undefined);
  else takeText(bytes.toString("utf8"), where, into);
};

/** The full way alone: everything is parsed. For tests, which hold the cheap look against it. */
export const takeInWhole = (payload: unknown, where = "$"): Intake => {
  const into = newCollector();
  guarded(where, into, () => takeWhole(payload, bytesOf(payload), where, into));
  return intakeOf(into);
};

/**
 * Takes in any payload: a CloudEvent, a bare ActionTrail event, lists of them, LookupEvents answers, SLS records, as
 * bytes, text or parsed value. Every record ends in exactly one of events, passed over, refusals, in the payload's order.
 * Never throws. `where` names the payload in what is reported of it.
 */
export const takeIn = (payload: unknown, where = "$"): Intake => {
  const into = newCollector();
  let cheap: Collector | undefined;
  guarded(where, into, () => {
    const bytes = bytesOf(payload);
    cheap = bytes === undefined ? undefined : skim(bytes, where);
    if (cheap === undefined) takeWhole(payload, bytes, where, into);
  });
  return intakeOf(cheap ?? into);
};
