import type { Change } from "../../domain/change.ts";
import type { Response } from "../../domain/finding.ts";
import type { Remediation } from "../../domain/plan.ts";
import type { ResettableValue, RoleTrust, Route } from "../../domain/subject.ts";
import { gone } from "../../domain/subject.ts";
import { createRole, deleteRole } from "../../operations/new-role.ts";
import { putBackTrust } from "../../operations/remedies.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import { documentForm } from "../../policy/canonical.ts";
import type { Remedier } from "../chosen.ts";
import { noRemedy, nothingToWrite, putBack, toPerson } from "../chosen.ts";

/** Puts back the former trust policy; a role that is new, or that is gone, is put to a person. */
export const trustRemedy: Remedier<"role-trust"> = (change, asked) =>
  change.after.kind === "gone" ? forDeleted(change) : forTrust(change, change.after, asked);

const forDeleted = ({ before, subject }: Change<"role-trust">) => {
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  if (before.state.kind === "gone") return nothingToWrite("the subject is gone");
  return toPerson(
    {
      subject,
      expects: stateDigest(gone),
      was: gone,
      becomes: before.state,
      calls: [createRole(before.state, subject.route)],
      undo: [deleteRole(subject)],
      anew: "calls",
    },
    "grants-privilege",
    "the role comes back under its name but with another RoleId, without its tags, its console logon and its policies, which were taken off it before: whatever is bound to the old id stays broken",
  );
};

const forTrust = (change: Change<"role-trust">, now: RoleTrust, asked: Response) => {
  const { before, subject } = change;
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  const target = { subject, expects: stateDigest(now), was: now };
  if (before.state.kind === "gone")
    return toPerson(
      {
        ...target,
        becomes: gone,
        calls: [deleteRole(subject)],
        undo: [createRole(now, subject.route)],
        anew: "undo",
      },
      "destructive",
      "the role is new, so putting back what was means deleting it; that is for a person to decide",
    );
  const becomes = withWhatWasLost({ ...now, document: before.state.document }, before.state, change.leftOut ?? []);
  if (documentForm(now.document) === documentForm(becomes.document))
    return forLength(target, now, before.state, asked, subject.route);
  return putBack(
    {
      ...target,
      becomes,
      calls: [putBackTrust(becomes, becomes.document, subject.route)],
      undo: [putBackTrust(now, now.document, subject.route)],
    },
    asked,
  );
};

/** Where the trust stands as it did, longer sessions are what is put back, beside the description of today. */
const forLength = (
  target: Pick<Remediation, "subject" | "expects" | "was">,
  now: RoleTrust,
  was: RoleTrust,
  asked: Response,
  route: Route,
) => {
  if (now.maxSessionSeconds <= was.maxSessionSeconds)
    return nothingToWrite("the trust document is already what it was");
  const becomes = { ...now, maxSessionSeconds: was.maxSessionSeconds };
  return putBack(
    {
      ...target,
      becomes,
      calls: [putBackTrust(becomes, becomes.document, route)],
      undo: [putBackTrust(now, now.document, route)],
    },
    asked,
  );
};

/** RAM's own values of what an UpdateRole leaves out (`ram-api.md` §4). */
const defaults = { description: "", maxSessionSeconds: 3600 };

/**
 * The current description and session length stay as they are, but for a value that the change which is put back left
 * out of its request, and that is RAM's default now where another was accepted before. One that the request gave may
 * have been set, legitimately, by an earlier change that leaves the trust alone and is not judged.
 */
const withWhatWasLost = (role: RoleTrust, before: RoleTrust, leftOut: readonly ResettableValue[]): RoleTrust => {
  const lostDescription = leftOut.includes("description") && role.description === defaults.description;
  const lostLength = leftOut.includes("session length") && role.maxSessionSeconds === defaults.maxSessionSeconds;
  return {
    ...role,
    description: lostDescription ? before.description : role.description,
    maxSessionSeconds: lostLength ? before.maxSessionSeconds : role.maxSessionSeconds,
  };
};
