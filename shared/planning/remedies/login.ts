import type { Change } from "../../domain/change.ts";
import type { Response } from "../../domain/finding.ts";
import type { Remediation } from "../../domain/plan.ts";
import { gone } from "../../domain/subject.ts";
import type { Login } from "../../domain/subjects/credentials.ts";
import { deleteLogin, setLogin } from "../../operations/credential-calls.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Remedier } from "../chosen.ts";
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

const forFlags = (change: Change<"login">, now: Login, former: Login, asked: Response) => {
  const { status, mfaBindRequired, passwordResetRequired } = former;
  const becomes: Login = { ...now, status, mfaBindRequired, passwordResetRequired };
  const remediation = changed(change, now, becomes);
  if (stateDigest(becomes) === remediation.expects) return nothingToWrite("the logon is already what it was");
  if (status === "Active" && now.status === "Inactive")
    return toPerson(remediation, "grants-privilege", "the logon was set Inactive; putting that back opens it again");
  const demandsLess =
    (now.mfaBindRequired && !mfaBindRequired) || (now.passwordResetRequired && !passwordResetRequired);
  return demandsLess
    ? toPerson(remediation, "weakens-protection", "the logon demands more than before; putting that back demands less")
    : putBack(remediation, asked);
};

const changed = ({ subject }: Change<"login">, now: Login, becomes: Login): Remediation => ({
  subject,
  expects: stateDigest(now),
  was: now,
  becomes,
  calls: [setLogin(subject, now, becomes)],
  undo: [setLogin(subject, becomes, now)],
});
