import type { CloudError } from "../../shared/domain/cloud-error.ts";
import { cloudErrorText, isPassing } from "../../shared/domain/cloud-error.ts";
import { BadInput } from "../output.ts";
import { terminalMessage } from "../state-failed.ts";

/**
 * What one look found. `bad` has to be put right; `warning` is as somebody may have wanted it; `failed` could not be found
 * out, as the cloud or the state store did not answer; `skipped` was not asked for.
 */
export type Check = {
  readonly name: string;
  readonly status: "ok" | "warning" | "bad" | "failed" | "skipped";
  readonly detail: string;
};

export const check = (name: string, status: Check["status"], detail: string): Check => ({ name, status, detail });

/** What the cloud's refusal says of an installation: trying again may help, or somebody has to put it right. */
export const refusedBy = (name: string, error: CloudError): Check =>
  check(name, isPassing(error) ? "failed" : "bad", cloudErrorText(error));

/** A step that rejects is one that could not be found out, and does not keep the others from being looked at. */
export const looked = async (name: string, look: () => Promise<readonly Check[]>): Promise<readonly Check[]> => {
  try {
    return await look();
  } catch (error) {
    if (error instanceof BadInput) throw error;
    return [check(name, "failed", error instanceof Error ? terminalMessage(error) : "an unknown fault")];
  }
};
