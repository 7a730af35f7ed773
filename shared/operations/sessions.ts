import { ok } from "../domain/result.ts";
import type { Entries, OperationEntry } from "./entry.ts";

/** Nothing that RAM keeps is changed, so nothing is judged; whose write it is, is looked at all the same. */
const changesNothing = (what: string, why: string): OperationEntry => ({
  subject: "none",
  effect: "changed",
  lost: [],
  remedy: { level: "none", why, calls: [] },
  read: () => ok({ kind: "beside", because: `${what}, which changes nothing that RAM keeps` }),
});

const session = changesNothing(
  "opens a session",
  "a session cannot be called back, it ends by itself; what it may do ends with the grants of its role",
);
const report = changesNothing("makes a report", "a report changes nothing that could be put back");

/** The operations that open sessions or make reports. */
export const sessionsOperations = {
  "Sts.AssumeRole": session,
  "Sts.AssumeRoleWithSAML": session,
  "Sts.AssumeRoleWithOIDC": session,
  "Ims.GenerateCredentialReport": report,
  "Ims.GenerateGovernanceReport": report,
} as const satisfies Entries;
