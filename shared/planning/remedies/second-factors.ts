import type { Change } from "../../domain/change.ts";
import type { Response } from "../../domain/finding.ts";
import { gone } from "../../domain/subject.ts";
import type { MfaDevice, Passkey, Verification } from "../../domain/subjects/credentials.ts";
import {
  deleteDevice,
  renamePasskey,
  setVerification,
  unbindDevice,
  unbindVerification,
} from "../../operations/credential-calls.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Remedier } from "../chosen.ts";
import { noRemedy, nothingToWrite, putBack, toPerson } from "../chosen.ts";

/** Unbinds a device that was bound, by a person's word; one that was unbound can be bound by its owner only. */
export const mfaRemedy: Remedier<"mfa"> = ({ subject, before, after }) => {
  if (after.kind === "gone")
    return noRemedy(
      "not-reversible",
      "binding a device takes two codes that only the person can read; the logon that lost its factor is dealt with by itself",
    );
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  if (before.state.kind !== "gone")
    return noRemedy("not-reversible", "the former device can be bound by its owner only");
  return toPerson(
    {
      subject,
      expects: stateDigest(after),
      was: after,
      becomes: gone,
      calls: [unbindDevice(subject)],
      // Binding takes two codes that only the person can read.
      undo: [],
    },
    "weakens-protection",
    "unbinding the device takes a second factor from the user, who may have bound it for good reason",
  );
};

/** Deletes a device that is new; where somebody has bound it by now, that is for a person to decide. */
export const mfaDeviceRemedy: Remedier<"mfa-device"> = (change, asked) => {
  const { before, after } = change;
  if (after.kind === "gone") return noRemedy("not-reversible", "the seed of the device is gone with it");
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  return before.state.kind === "gone"
    ? forNewDevice(change, after, asked)
    : nothingToWrite("the device was there before as well");
};

const forNewDevice = ({ subject }: Change<"mfa-device">, now: MfaDevice, asked: Response) => {
  // Making it again gives another seed, and the person would have to bind it anew.
  const target = { subject, expects: stateDigest(now), was: now, becomes: gone, undo: [] };
  if (now.boundTo === "") return putBack({ ...target, calls: [deleteDevice(subject)] }, asked);
  const { accountId, route } = subject;
  return toPerson(
    {
      ...target,
      calls: [unbindDevice({ accountId, route, userName: now.boundTo }), deleteDevice(subject)],
      between: [stateDigest({ ...now, boundTo: "" })],
    },
    "weakens-protection",
    `the device is bound to user ${now.boundTo} by now, who would lose a second factor`,
  );
};

/** Gives a passkey its former name; one that was deleted can be registered by the person only. */
export const passkeyRemedy: Remedier<"passkey"> = ({ subject, before, after }, asked) => {
  if (after.kind === "gone")
    return noRemedy("not-reversible", "the private key lives on the person's device; they must register it again");
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  if (before.state.kind === "gone") return noRemedy("not-reversible", "a passkey was registered by the person");
  const becomes: Passkey = { ...after, name: before.state.name };
  if (stateDigest(becomes) === stateDigest(after)) return nothingToWrite("the passkey has its former name already");
  return putBack(
    {
      subject,
      expects: stateDigest(after),
      was: after,
      becomes,
      calls: [renamePasskey(subject, becomes.name)],
      undo: [renamePasskey(subject, after.name)],
    },
    asked,
  );
};

/** What a user is verified by is a person's own; taking it away or giving it back is for a person to decide. */
export const verificationRemedy: Remedier<"verification"> = (change) => {
  const { subject, before, after } = change;
  const former = before.known && before.state.kind === "verification" ? before.state.value : undefined;
  if (after.kind === "gone") return forUnbound(change, former ?? subject.former);
  if (former === after.value) return nothingToWrite("what is bound is what was bound before");
  const target = { subject, expects: stateDigest(after), was: after, undo: [setVerification(subject, after.value)] };
  if (former === undefined)
    return toPerson(
      { ...target, becomes: gone, calls: [unbindVerification(subject, after.value)] },
      "weakens-protection",
      before.known
        ? "nothing was bound before, so this takes a factor from the user"
        : `this takes a factor from the user; whether another was bound before is not known: ${before.because}`,
    );
  return toPerson(
    { ...target, becomes: { ...after, value: former }, calls: [setVerification(subject, former)] },
    "weakens-protection",
    "the former value is only proposed again, and counts once the user has confirmed it",
  );
};

const forUnbound = ({ subject, before }: Change<"verification">, value: string | undefined) => {
  if (before.known && before.state.kind === "gone") return nothingToWrite("nothing was bound before");
  if (value === undefined) return noRemedy("prior-state-unknown", "neither a baseline nor the request tells the value");
  const becomes: Verification = { kind: "verification", type: subject.type, value };
  return toPerson(
    {
      subject,
      expects: stateDigest(gone),
      was: gone,
      becomes,
      calls: [setVerification(subject, value)],
      undo: [unbindVerification(subject, value)],
    },
    "grants-privilege",
    "whoever has that number or address could prove to be the user with it again, once it is confirmed",
  );
};
