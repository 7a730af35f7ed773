import { answerOf as answered, errorNamed } from "../../../cli/sandbox-wire.ts";
import type { Reply } from "../../../sandbox/index.ts";

export { requestOf } from "../../../cli/sandbox-wire.ts";

/** What the SDK's runtime throws when nothing comes back in time. */
export const timedOut = (): Error =>
  errorNamed("RequestTimeoutError", "ReadTimeout(10000). POST http://h/ failed.", {});

/** What it throws when the connection ends. */
export const cutOff = (): Error => errorNamed("Error", "socket hang up", { code: "ECONNRESET" });

/** A reply as the SDK's runtime gives it to its caller. Not for silence: that takes time. */
export const answerOf = (reply: Reply): { readonly statusCode: number; readonly body: unknown } => {
  if (reply.kind === "hold") throw timedOut();
  return answered(reply);
};
