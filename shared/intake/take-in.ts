import type { Intake } from "../domain/trail-event.ts";
import { type Collector, intakeOf, newCollector, refuse } from "./collector.ts";
import { guarded, takeValue } from "./payload.ts";
import { noEnvelope } from "./record.ts";
import { decode, takeText, withoutMark } from "./text.ts";

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const take = (payload: unknown, where: string, into: Collector): void => {
  if (typeof payload === "string") takeText(withoutMark(payload), where, into);
  else if (payload instanceof ArrayBuffer) take(new Uint8Array(payload), where, into);
  else if (!(payload instanceof Uint8Array)) takeValue(payload, where, 0, noEnvelope, into);
  else if (isGzip(payload)) refuse(into, where, "is compressed with gzip and has to be unpacked first");
  else takeText(withoutMark(decode(payload)), where, into);
};

/**
 * Takes in any payload: a CloudEvent, a bare ActionTrail event, lists of them, LookupEvents answers, SLS records, as
 * bytes, text or parsed value. Every record ends in exactly one of events, passed over, refusals, in the payload's order.
 * Never throws. `where` names the payload in what is reported of it.
 */
export const takeIn = (payload: unknown, where = "$"): Intake => {
  const into = newCollector();
  guarded(where, into, () => take(payload, where, into));
  return intakeOf(into);
};
