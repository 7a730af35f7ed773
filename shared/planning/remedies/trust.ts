import type { Change } from "../../domain/change.ts";
import type { Response } from "../../domain/finding.ts";
import type { ResettableValue, RoleTrust } from "../../domain/subject.ts";
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
  const becomes = withShorterSessions(
    withWhatWasGiven(
      withWhatWasLost({ ...now, document: before.state.document }, before.state, change.leftOut ?? []),
      before.state,
      change,
    ),
    before.state,
    change,
  );
  const isOfMore = change.whole === true || change.sessionLength === true;
  if (isOfMore && stateDigest(now) === stateDigest(becomes)) return nothingToWrite("the role is already what it was");
  if (!isOfMore && documentForm(now.document) === documentForm(becomes.document))
    return nothingToWrite("the trust document is already what it was");
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

/** RAM's own values of what an UpdateRole leaves out (`ram-api.md` §4). */
const defaults = { description: "", maxSessionSeconds: 3600 };

/**
 * The current description and session length stay as they are, but for a value that the change which is put back left
 * out of its request, and that is RAM's default now where another was accepted before. One that the request gave may
 * have been set, legitimately, by an earlier change whose event was not taken in.
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

/**
 * Where all of a role is judged, what the change's own request set goes back as well. What it did not set may have been
 * set by a wanted change since the role was accepted, whose event was not taken in.
 */
const withWhatWasGiven = (
  role: RoleTrust,
  before: RoleTrust,
  { whole, leftOut }: Pick<Change<"role-trust">, "whole" | "leftOut">,
): RoleTrust => {
  if (whole !== true || leftOut === undefined) return role;
  return {
    ...role,
    description: leftOut.includes("description") ? role.description : before.description,
    maxSessionSeconds: leftOut.includes("session length") ? role.maxSessionSeconds : before.maxSessionSeconds,
  };
};

/** Where the length of sessions was judged, it goes back with the rest, as far as it is longer now than it was. */
const withShorterSessions = (
  role: RoleTrust,
  before: RoleTrust,
  { sessionLength }: Pick<Change<"role-trust">, "sessionLength">,
): RoleTrust =>
  sessionLength === true
    ? { ...role, maxSessionSeconds: Math.min(role.maxSessionSeconds, before.maxSessionSeconds) }
    : role;
