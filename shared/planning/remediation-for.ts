import type { Change } from "../domain/change.ts";
import type { Response } from "../domain/finding.ts";
import type { Reason, Remediation } from "../domain/plan.ts";
import type { Result } from "../domain/result.ts";
import { failed, ok } from "../domain/result.ts";
import type { AccessKey, Grant, ResettableValue, RoleTrust } from "../domain/subject.ts";
import { gone } from "../domain/subject.ts";
import { createRole, deleteRole } from "../operations/new-role.ts";
import { attach, detach, putBackTrust, setKeyStatus } from "../operations/remedies.ts";
import { stateDigest } from "../operations/state-digest.ts";
import { documentForm } from "../policy/canonical.ts";

/** The one write on a subject, with the response it amounts to: a weaker one than asked for comes with the reason. */
export type Chosen = { readonly remediation: Remediation; readonly response: Response; readonly because?: Reason };

const nothingToWrite = (detail: string): Result<Chosen, Reason> => failed({ kind: "nothing-to-write", detail });

/** The exact inverse, or the most reversible containment, of a change; or the reason why there is none. */
export const remediationFor = (change: Change, asked: Response): Result<Chosen, Reason> => {
  if (change.after.kind === "gone") return nothingToWrite("the subject is gone");
  switch (change.kind) {
    case "role-trust":
      return forTrust(change, change.after, asked);
    case "access-key":
      return forKey(change, change.after, asked);
    case "grant":
      return forGrant(change, change.after, asked);
  }
};

const forTrust = (change: Change<"role-trust">, now: RoleTrust, asked: Response): Result<Chosen, Reason> => {
  const { before, subject } = change;
  if (!before.known) return failed({ kind: "prior-state-unknown", detail: before.because });
  const target = { subject, expects: stateDigest(now), was: now };
  if (before.state.kind === "gone")
    return ok({
      remediation: { ...target, becomes: gone, calls: [deleteRole(subject)], undo: [createRole(now, subject.route)] },
      response: "ask",
      because: {
        kind: "destructive",
        detail: "the role is new, so putting back what was means deleting it; that is for a person to decide",
      },
    });
  const becomes = withWhatWasLost({ ...now, document: before.state.document }, before.state, change.leftOut ?? []);
  if (documentForm(now.document) === documentForm(becomes.document))
    return nothingToWrite("the trust document is already what it was");
  return ok({
    remediation: {
      ...target,
      becomes,
      calls: [putBackTrust(becomes, becomes.document, subject.route)],
      undo: [putBackTrust(now, now.document, subject.route)],
    },
    response: asked,
  });
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

const forKey = (change: Change<"access-key">, now: AccessKey, asked: Response): Result<Chosen, Reason> => {
  const { owner } = now;
  if (owner.kind === "root")
    return failed({ kind: "root-credential", detail: "a key of the account owner cannot be managed by a RAM role" });
  if (now.status === "Inactive") return nothingToWrite("the key is Inactive already");
  return ok({
    remediation: {
      subject: { ...change.subject, accessKeyId: now.accessKeyId },
      expects: stateDigest(now),
      was: now,
      becomes: { ...now, status: "Inactive" },
      calls: [setKeyStatus(owner.name, now.accessKeyId, "Inactive")],
      undo: [setKeyStatus(owner.name, now.accessKeyId, "Active")],
    },
    response: asked === "revert" ? "contain" : asked,
  });
};

const forGrant = (change: Change<"grant">, now: Grant, asked: Response): Result<Chosen, Reason> => {
  const { before, subject } = change;
  if (!before.known) return failed({ kind: "prior-state-unknown", detail: before.because });
  if (before.state.kind !== "gone") return nothingToWrite("the policy was attached before as well");
  return ok({
    remediation: {
      subject,
      expects: stateDigest(now),
      was: now,
      becomes: gone,
      calls: [detach(subject)],
      undo: [attach(subject)],
    },
    response: asked,
  });
};
