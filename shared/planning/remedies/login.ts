import type { Change } from "../../domain/change.ts";
import type { Response } from "../../domain/finding.ts";
import type { Reason, Remediation } from "../../domain/plan.ts";
import type { Result } from "../../domain/result.ts";
import { ok } from "../../domain/result.ts";
import { gone } from "../../domain/subject.ts";
import type { Login } from "../../domain/subjects/credentials.ts";
import { deleteLogin, setLogin } from "../../operations/credential-calls.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Chosen, Remedier } from "../chosen.ts";
import { contained, noRemedy, nothingToWrite, putBack, toPerson } from "../chosen.ts";

/**
 * Deletes a logon that is new, sets status and flags again, and sets a logon Inactive where its password or its second
 * factor was changed by somebody else: neither can be put back, and Inactive keeps both as they are.
 */
export const loginRemedy: Remedier<"login"> = (change, asked) => {
  const { before, after, unseen = [] } = change;
  if (after.kind === "gone") return forGone(change);
  if (before.known && before.state.kind === "gone") return forNew(change, after, asked);
  const former = before.known && before.state.kind === "login" ? before.state : undefined;
  if (unseen.length > 0 && after.status === "Active") return forTakenOver(change, after, former, asked);
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  return former === undefined ? nothingToWrite("there was no logon before") : forFlags(change, after, former, asked);
};

/** Has the user bind a second factor at the next logon, and leaves all else as it is. */
export const demandFactor: Remedier<"login"> = (change, asked) => {
  const { after } = change;
  if (after.kind === "gone" || after.mfaBindRequired)
    return nothingToWrite("the logon demands a second factor already");
  return putBack(changed(change, after, { ...after, mfaBindRequired: true }), asked);
};

const forGone = ({ before, unseen = [] }: Change<"login">) => {
  if (unseen.length > 0 || (before.known && before.state.kind === "gone"))
    return nothingToWrite("the user has no console logon");
  return noRemedy(
    "not-reversible",
    "the password went with the logon, and a new one would be a secret that nobody can hand over safely: the user's administrator makes the logon again",
  );
};

const forNew = (change: Change<"login">, now: Login, asked: Response) => {
  const { subject } = change;
  if (asked === "contain")
    return now.status === "Inactive"
      ? nothingToWrite("the logon is Inactive already")
      : contained(changed(change, now, { ...now, status: "Inactive" }), asked);
  return putBack(
    {
      subject,
      expects: stateDigest(now),
      was: now,
      becomes: gone,
      calls: [deleteLogin(subject)],
      // Making it again takes a password, which nobody here may know.
      undo: [],
    },
    asked,
  );
};

/** A demand that was made before, or is made now, stays: it protects whoever the logon belongs to. */
const forTakenOver = (change: Change<"login">, now: Login, former: Login | undefined, asked: Response) => {
  const suspended: Login = {
    ...now,
    status: "Inactive",
    mfaBindRequired: now.mfaBindRequired || former?.mfaBindRequired === true,
    passwordResetRequired: now.passwordResetRequired || former?.passwordResetRequired === true,
  };
  const remediation = changed(change, now, suspended);
  const { actor, subject } = change;
  const byItself = actor?.kind === "user" && actor.accountId === subject.accountId && actor.name === subject.userName;
  return byItself
    ? toPerson(
        remediation,
        "disrupts-logon",
        "the user did this to the own logon; whether that user is still who works with it is for a person to find out",
      )
    : contained(remediation, asked);
};

/**
 * What was opened is closed at once, though the same call also demands more: that part stays, and a person decides about
 * it. Else whoever opens a logon would only have to demand a second factor along with it, and bind the own one.
 */
const forFlags = (change: Change<"login">, now: Login, former: Login, asked: Response): Result<Chosen, Reason> => {
  const { status, mfaBindRequired, passwordResetRequired } = former;
  const becomes: Login = { ...now, status, mfaBindRequired, passwordResetRequired };
  const closed: Login = {
    ...now,
    status: now.status === "Inactive" ? now.status : status,
    mfaBindRequired: now.mfaBindRequired || mfaBindRequired,
    passwordResetRequired: now.passwordResetRequired || passwordResetRequired,
  };
  const [live, whole, safe] = [now, becomes, closed].map((state) => stateDigest(state));
  if (whole === live) return nothingToWrite("the logon is already what it was");
  if (safe === whole) return putBack(changed(change, now, becomes), asked);
  const opens = closed.status !== becomes.status;
  const because: Reason = opens
    ? { kind: "grants-privilege", detail: "the logon was set Inactive; putting that back opens it again" }
    : { kind: "weakens-protection", detail: "the logon demands more than before; putting that back demands less" };
  if (safe !== live && asked !== "ask")
    return ok({
      remediation: changed(change, now, closed),
      response: "contain",
      because: { ...because, detail: `${because.detail}; a person decides about that` },
    });
  // Whoever changed the password or the second factor would be let in with it.
  return opens && (change.unseen ?? []).length > 0
    ? noRemedy(
        "not-reversible",
        "the logon is Inactive, and its password or its second factor was changed: with these it is not opened again, and the user's administrator gives it others first",
      )
    : toPerson(changed(change, now, becomes), because.kind, because.detail);
};

const changed = ({ subject }: Change<"login">, now: Login, becomes: Login): Remediation => ({
  subject,
  expects: stateDigest(now),
  was: now,
  becomes,
  calls: [setLogin(subject, now, becomes)],
  undo: [setLogin(subject, becomes, now)],
});
