import type { Change } from "../../domain/change.ts";
import type { Response } from "../../domain/finding.ts";
import type { Remediation } from "../../domain/plan.ts";
import { gone } from "../../domain/subject.ts";
import type { KeyPolicy, ServiceCredential } from "../../domain/subjects/credentials.ts";
import { deleteKey, restoreKey, setKeyPolicy, setServiceCredential } from "../../operations/credential-calls.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import { keyPolicyDirection } from "../../policy/key-networks.ts";
import type { Remedier } from "../chosen.ts";
import { contained, noRemedy, nothingToWrite, putBack, toPerson } from "../chosen.ts";

/** Sets a service credential Inactive, or as it was; putting one in use again is for a person to decide. */
export const serviceCredentialRemedy: Remedier<"service-credential"> = (change, asked) => {
  const { before, after } = change;
  if (after.kind === "gone") return noRemedy("not-reversible", "no call brings a deleted service credential back");
  if (!before.known)
    return after.status === "Active"
      ? toPerson(
          setTo(change, after, { ...after, status: "Inactive" }),
          "prior-state-unknown",
          `the credential may have been in use before: ${before.because}`,
        )
      : noRemedy("prior-state-unknown", before.because);
  if (before.state.kind !== "gone") return forCredential(change, after, before.state, asked);
  return after.status === "Inactive"
    ? nothingToWrite("the credential is Inactive already")
    : contained(setTo(change, after, { ...after, status: "Inactive" }), asked);
};

const forCredential = (
  change: Change<"service-credential">,
  now: ServiceCredential,
  { status, name }: ServiceCredential,
  asked: Response,
) => {
  const remediation = setTo(change, now, { ...now, status, name });
  if (stateDigest(remediation.becomes) === remediation.expects)
    return nothingToWrite("the credential is already what it was");
  return status === "Active" && now.status === "Inactive"
    ? toPerson(
        remediation,
        "grants-privilege",
        "the credential was in use, so what works with it may have stopped; whether it is to work again is for a person to decide",
      )
    : putBack(remediation, asked);
};

const setTo = (
  { subject }: Change<"service-credential">,
  now: ServiceCredential,
  becomes: ServiceCredential,
): Remediation => ({
  subject: { ...subject, credentialId: now.credentialId },
  expects: stateDigest(now),
  was: now,
  becomes,
  calls: [setServiceCredential(subject, becomes)],
  undo: [setServiceCredential(subject, now)],
});

/**
 * Puts back the whole network policy of a key. By itself only where it lets in nobody whom the one that is in force keeps
 * out.
 */
export const keyPolicyRemedy: Remedier<"key-policy"> = (change, asked) => {
  const { before, after } = change;
  if (after.kind === "gone") return nothingToWrite("the key is gone, and its policy with it");
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  if (before.state.kind === "gone") return nothingToWrite("there was no such key before");
  return forPolicy(change, after, before.state, asked);
};

const forPolicy = ({ subject }: Change<"key-policy">, now: KeyPolicy, former: KeyPolicy, asked: Response) => {
  const { userName } = subject;
  if (userName === undefined)
    return noRemedy("root-credential", "a key of the account owner cannot be managed by a RAM role");
  if (stateDigest(former) === stateDigest(now)) return nothingToWrite("the policy is already what it was");
  const remediation: Remediation = {
    subject,
    expects: stateDigest(now),
    was: now,
    becomes: former,
    calls: [setKeyPolicy(subject, userName, former.document)],
    undo: [setKeyPolicy(subject, userName, now.document)],
  };
  return keyPolicyDirection(now.document, former.document) === "stricter"
    ? putBack(remediation, asked)
    : toPerson(
        remediation,
        "weakens-protection",
        "the former policy may let in addresses that the one in force keeps out; which of them is right is for a person to decide",
      );
};

/** Brings a deleted key back, by a person's word: a key may have been deleted because it leaked. */
export const recycledKeyRemedy: Remedier<"recycled-key"> = ({ subject, before, after }) => {
  if (after.kind === "gone") return noRemedy("not-reversible", "what is deleted from the recycle bin is gone for ever");
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  if (before.state.kind !== "gone") return nothingToWrite("the key was in the recycle bin before as well");
  const { userName } = subject;
  return toPerson(
    {
      subject,
      expects: stateDigest(after),
      was: after,
      becomes: gone,
      calls: [restoreKey(after)],
      undo: userName === undefined ? [] : [deleteKey({ ...subject, userName })],
    },
    "grants-privilege",
    "a deleted key may be one that leaked; it can be brought back within 30 days, with the status that the cloud gives it then",
  );
};
