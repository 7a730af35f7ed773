import type { Response } from "../../domain/finding.ts";
import type { Reason } from "../../domain/plan.ts";
import type { Result } from "../../domain/result.ts";
import { ok } from "../../domain/result.ts";
import type { RecycledUser, RecycledUserRef } from "../../domain/subjects/identities.ts";
import { deleteUser, restoreUser } from "../../operations/identity-calls.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Chosen, Remedier } from "../chosen.ts";
import { noRemedy, nothingToWrite, toPerson } from "../chosen.ts";
import { backward, forward, isSteps, type Step, tooMany } from "../steps.ts";
import { emptying, heldBy, stopping } from "./holdings.ts";

/** Stops a user that came back from the recycle bin, and has a person bring back one that went there. */
export const recycledUserRemedy: Remedier<"recycled-user"> = ({ before, after, subject }, asked) => {
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  if (after.kind === "gone")
    return noRemedy(
      "not-reversible",
      "a user that is purged from the recycle bin is gone for good, and its keys with it",
    );
  if (before.state.kind === "gone" || before.state.place === after.place)
    return nothingToWrite("the user is where it was before");
  return after.place === "bin" ? toAccount(subject, after) : stopped(subject, after, asked);
};

const toAccount = (subject: RecycledUserRef, now: RecycledUser): Result<Chosen, Reason> =>
  toPerson(
    {
      subject,
      expects: stateDigest(now),
      was: now,
      becomes: { ...now, place: "account" },
      calls: [restoreUser(now.userId)],
      undo: [deleteUser("Ims", now.userName, subject)],
    },
    "grants-privilege",
    "the user comes back with the keys that are in the recycle bin with it and its logon switched off; groups and policies do not come back with it",
  );

const stopped = (subject: RecycledUserRef, now: RecycledUser, asked: Response): Result<Chosen, Reason> => {
  const { steps, back } = stopping(now, subject);
  if (!isSteps(steps)) return toBin(subject, now);
  const remediation = { subject, expects: stateDigest(now), was: now, ...forward(steps), ...backward(back) };
  const detail =
    "the user came back from the recycle bin, and what it can be used by is stopped; to delete it again is for a person to decide";
  return asked === "revert"
    ? ok({ remediation, response: "contain", because: { kind: "destructive", detail } })
    : ok({ remediation, response: asked });
};

/** Its keys go to the recycle bin along with it, as they came: to delete them would push older ones out for ever. */
const toBin = (subject: RecycledUserRef, now: RecycledUser): Result<Chosen, Reason> => {
  const { holdings: _, ...bare } = now;
  const last: Step<RecycledUser> = {
    call: deleteUser("Ims", now.userName, subject),
    to: { ...bare, place: "bin" },
  };
  const steps = [...emptying(now, subject, { keys: "kept" }), last];
  if (!isSteps(steps)) return nothingToWrite("there is nothing to delete");
  const ahead = forward(steps);
  const because = tooMany(ahead.calls, subject.accountId);
  if (because !== undefined) return noRemedy("too-many-calls", because);
  const { login, mfaSerial, groups, grants } = heldBy(now);
  const isExact = login === null && mfaSerial === null && groups.length === 0 && grants.length === 0;
  return toPerson(
    {
      subject,
      expects: stateDigest(now),
      was: now,
      ...ahead,
      undo: isExact ? [restoreUser(now.userId)] : [],
    },
    "destructive",
    "the user came back from the recycle bin with no key or logon in use; to send it there again is for a person to decide",
  );
};
