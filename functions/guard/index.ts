import { deployed } from "../deployed.ts";
import type { FunctionContext, GuardReceipt } from "./handler.ts";
import { guardHandler } from "./handler.ts";

/** What Function Compute calls with each audit event. */
export const handler = async (event: Buffer, context: FunctionContext): Promise<GuardReceipt> =>
  guardHandler(deployed())(event, context);
