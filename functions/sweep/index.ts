import { deployed } from "../deployed.ts";
import type { SweepContext, SweepReceipt } from "./handler.ts";
import { sweepHandler } from "./handler.ts";

/** What Function Compute's timer calls. What the timer says is of no interest. */
export const handler = async (_event: Buffer, context: SweepContext): Promise<SweepReceipt> =>
  sweepHandler(deployed())(context);
