import type { Change } from "../../domain/change.ts";
import type { Response } from "../../domain/finding.ts";
import type { Reason, Remediation } from "../../domain/plan.ts";
import type { Result } from "../../domain/result.ts";
import { ok } from "../../domain/result.ts";
import { gone } from "../../domain/subject.ts";
import type { User, UserRef } from "../../domain/subjects/identities.ts";
import { createUser, deleteUser, restoreUser, updateUser } from "../../operations/identity-calls.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Chosen, Remedier } from "../chosen.ts";
import { noRemedy, nothingToWrite, putBack, toPerson } from "../chosen.ts";
import { backward, forward, isSteps, type Step, tooMany } from "../steps.ts";
import { emptying, holdsNothing, stopping } from "./holdings.ts";

type UserChange = Change<"user">;

const serviceOf = ({ route }: UserRef): "Ram" | "Ims" => (route === "Ims" ? "Ims" : "Ram");

/** Whoever keeps a user in another directory changes it there; what is changed here is undone by the next run of it. */
const isProvisioned = (user: User): boolean => user.provisionType !== "" && user.provisionType !== "Manual";

const keptElsewhere = ({ userName, provisionType }: User): Result<Chosen, Reason> =>
  noRemedy("provisioned", `the user \`${userName}\` is kept by ${provisionType}; change it there`);

/** Stops a user that is new, puts back one that was changed, and has a person bring back one that was deleted. */
export const userRemedy: Remedier<"user"> = (change, asked) => {
  const { before, after, subject } = change;
  const was = before.known && before.state.kind === "user" ? before.state : undefined;
  const provisioned = [after, was].find((state) => state?.kind === "user" && isProvisioned(state));
  if (provisioned?.kind === "user") return keptElsewhere(provisioned);
  if (!before.known)
    return after.kind === "user" && subject.onlyRenamed === true && subject.formerName !== undefined
      ? changedBack(change, after, { ...after, userName: subject.formerName }, asked)
      : noRemedy("prior-state-unknown", before.because);
  if (after.kind === "gone") return was === undefined ? nothingToWrite("the subject is gone") : made(subject, was);
  if (after.recycled === true)
    return was === undefined ? nothingToWrite("the user is in the recycle bin") : restored(subject, after, was);
  return was === undefined ? forNew(change, after, asked) : changedBack(change, after, sameBut(after, was), asked);
};

/** The live user with all that a change can have set as it was. */
const sameBut = (now: User, was: User): User => {
  const { userName, displayName, comments, email, mobilePhone } = was;
  return { ...now, userName, displayName, comments, email, mobilePhone };
};

const changedBack = ({ subject }: UserChange, now: User, becomes: User, asked: Response): Result<Chosen, Reason> => {
  const expects = stateDigest(now);
  if (expects === stateDigest(becomes)) return nothingToWrite("the user is already what it was");
  const service = serviceOf(subject);
  return putBack(
    {
      subject,
      expects,
      was: now,
      becomes,
      calls: [updateUser(service, now, becomes, subject)],
      undo: [updateUser(service, becomes, now, subject)],
    },
    asked,
  );
};

const forNew = (change: UserChange, now: User, asked: Response): Result<Chosen, Reason> => {
  const { subject } = change;
  const { steps, back } = stopping(now, subject);
  if (!isSteps(steps)) return deletion(subject, now);
  const remediation = { subject, expects: stateDigest(now), was: now, ...forward(steps), ...backward(back) };
  const detail = "the user is new, and what it can be used by is stopped; to delete it is for a person to decide";
  return asked === "revert"
    ? ok({ remediation, response: "contain", because: { kind: "destructive", detail } })
    : ok({ remediation, response: asked });
};

/**
 * How a user that held nothing is had again: from the recycle bin, which Ims fills, else made anew under another id. What
 * was taken off any other does not come back with it.
 */
const wayBack = (subject: UserRef, now: User): Pick<Remediation, "subject" | "undo" | "anew"> => {
  if (now.holdings === undefined || !holdsNothing(now)) return { subject, undo: [] };
  if (serviceOf(subject) === "Ims") return { subject, undo: [restoreUser(now.userId)] };
  const { userId: _, ...byName } = subject;
  return { subject: byName, undo: [createUser("Ram", now, subject)], anew: "undo" };
};

/** The whole way to a user's deletion. */
const deletion = (subject: UserRef, now: User): Result<Chosen, Reason> => {
  const service = serviceOf(subject);
  const last: Step<User> = { call: deleteUser(service, now.userName, subject), to: gone };
  const emptied = [...emptying(now, subject, { keys: "deleted" }), last];
  if (!isSteps(emptied)) return nothingToWrite("there is nothing to delete");
  const steps = forward(emptied);
  const because = tooMany(steps.calls, subject.accountId);
  if (because !== undefined) return noRemedy("too-many-calls", because);
  return toPerson(
    { expects: stateDigest(now), was: now, ...steps, ...wayBack(subject, now) },
    "destructive",
    now.holdings === undefined
      ? "the user is new, so putting back what was means deleting it, and nobody has looked what it holds; that is for a person to decide"
      : "the user is new and has no key or logon in use, so putting back what was means deleting it; that is for a person to decide",
  );
};

/** A user made again is looked for by name alone: its id is new, and the one of before may be in the recycle bin. */
const byNameAlone = ({ userId: _id, inBin: _bin, ...subject }: UserRef): UserRef => subject;

const made = (subject: UserRef, was: User): Result<Chosen, Reason> =>
  toPerson(
    {
      subject: byNameAlone(subject),
      expects: stateDigest(gone),
      was: gone,
      becomes: was,
      calls: [createUser(serviceOf(subject), was, subject)],
      undo: [deleteUser(serviceOf(subject), was.userName, subject)],
      anew: "calls",
    },
    "grants-privilege",
    "the user is not in the recycle bin, so it is made again under another id, without password, second factors, keys (those in the recycle bin too), tags, groups or policies: whatever is bound to the old id stays broken",
  );

const restored = (subject: UserRef, now: User, was: User): Result<Chosen, Reason> =>
  toPerson(
    {
      subject,
      expects: stateDigest(now),
      was: now,
      becomes: was,
      calls: [restoreUser(now.userId)],
      undo: [deleteUser("Ims", now.userName, subject)],
    },
    "grants-privilege",
    `the user comes back from the recycle bin by its id \`${now.userId}\`, with the keys that are there with it and its logon switched off; groups and policies do not come back with it`,
  );
