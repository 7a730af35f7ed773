import type { Credentials } from "../../shared/aliyun/transport.ts";
import type { Config } from "../../shared/config.ts";
import type { Receipt } from "../../shared/pipeline.ts";
import { handlePayload } from "../../shared/pipeline.ts";
import type { Log, World } from "../../shared/ports/world.ts";

/** What Function Compute hands to a handler; credentials are those of the function's role and change over time. */
export type FunctionContext = { readonly requestId: string; readonly credentials: Credentials };

/** What an invocation answers: counts, and the incidents to look up. */
export type GuardReceipt = {
  readonly decided: number;
  readonly passedOver: number;
  readonly refused: number;
  readonly outcomes: { readonly [outcome: string]: number };
  readonly incidents: readonly string[];
};

export type GuardSetup = {
  readonly config: Config;
  readonly log: Log;
  /** Built for each call: the credentials in the context expire. */
  readonly world: (credentials: Credentials) => Promise<World>;
  /** Sees each receipt whole. */
  readonly onReceipt?: (receipt: Receipt) => void;
};

/** Something that a retry can mend: Function Compute delivers the same event again. */
export class Deferred extends Error {
  override readonly name = "Deferred";
}

/** The guard: audit events in, a short receipt out. It throws only what a retry can mend. */
export const guardHandler =
  ({ config, log, world, onReceipt }: GuardSetup) =>
  async (event: Buffer | string, context: FunctionContext): Promise<GuardReceipt> => {
    const receipt = await handlePayload(await world(context.credentials), config, event);
    onReceipt?.(receipt);
    for (const { where, reason } of receipt.refusals)
      log("warn", "a record could not be understood", { where, reason, invocation: context.requestId });
    if (receipt.deferred.length > 0) {
      const waiting = receipt.deferred.map(({ eventId, because }) => `event \`${eventId}\`: ${because}`);
      throw new Deferred(`${waiting.length} of the events must be delivered again: ${waiting.slice(0, 5).join("; ")}`);
    }
    return inShort(receipt);
  };

const inShort = ({ decisions, passedOver, refusals }: Receipt): GuardReceipt => {
  const outcomes: { [outcome: string]: number } = {};
  for (const { outcome } of decisions) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    decided: decisions.length,
    passedOver: passedOver.length,
    refused: refusals.length,
    outcomes,
    incidents: decisions.flatMap(({ incidentId }) => (incidentId === undefined ? [] : [incidentId])),
  };
};
