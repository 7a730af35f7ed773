import type { Response } from "../../domain/finding.ts";
import type { Call, Reason, ReasonKind } from "../../domain/plan.ts";
import type { Result } from "../../domain/result.ts";
import { ok } from "../../domain/result.ts";
import { gone } from "../../domain/subject.ts";
import type { AttachedTo, Policy, PolicyRef, PolicyVersion } from "../../domain/subjects/permissions.ts";
import { versionsInOrder } from "../../domain/subjects/permissions.ts";
import { createPolicy, deletePolicy, type PolicyService } from "../../operations/policy-calls.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import { compareDocuments } from "../../policy/compare.ts";
import type { Chosen, Remedier } from "../chosen.ts";
import { noRemedy, nothingToWrite, putBack, toPerson } from "../chosen.ts";
import { backward, endOf, forward, isSteps, type Step, tooMany } from "../steps.ts";
import { detachHeld } from "./holdings.ts";
import {
  type Act,
  acted,
  actsTowards,
  holderOf,
  isFull,
  isOverfull,
  paired,
  sameDocument,
  stepsOf,
  versionOf,
} from "./policy-steps.ts";

const serviceOf = ({ route }: PolicyRef): PolicyService => (route === "ResourceManager" ? "ResourceManager" : "Ram");

/** Puts back what a call did to a custom policy, and nothing else. */
export const policyRemedy: Remedier<"policy"> = ({ before, after, subject }, asked) => {
  if (after.kind === "gone") {
    if (!before.known) return noRemedy("prior-state-unknown", before.because);
    return before.state.kind === "gone" ? nothingToWrite("the subject is gone") : madeAgain(subject, before.state);
  }
  if (!before.known) return withoutBefore(subject, after, before.because, asked);
  if (before.state.kind === "gone") return forNew(subject, after, asked);
  return forChanged(subject, before.state, after, asked);
};

const allowAll = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

/**
 * Whether a document gives power to whoever has another now: it allows more by itself, or forbids less of what other
 * policies allow. What cannot be decided counts as power.
 */
const givesPower = (now: string, then: string): boolean =>
  compareDocuments([now], [then]).result !== "no-new-access" ||
  compareDocuments([allowAll, now], [allowAll, then]).result !== "no-new-access";

/** What leads back, and what has to be said about it. */
type Way = { readonly acts: readonly Act[]; readonly ask?: { readonly kind: ReasonKind; readonly detail: string } };

const chosen = (
  subject: PolicyRef,
  was: Policy | undefined,
  now: Policy,
  { acts, ask }: Way,
  asked: Response,
): Result<Chosen, Reason> => {
  const everSeen = was?.versions ?? [];
  const steps = stepsOf(serviceOf(subject), now, acts, everSeen);
  // Versions go by what they say: one that took the place of another with the same text has changed nothing.
  if (!isSteps(steps) || stateDigest(endOf(steps)) === stateDigest(now))
    return nothingToWrite("the policy is already what it was");
  if (steps.some(isOverfull)) return noRemedy("changed-again", "the good version is gone, and no place is free for it");
  const remediation = {
    subject,
    expects: stateDigest(now),
    was: now,
    ...forward(steps),
    ...wayBack(subject, now, steps, everSeen),
  };
  return ask === undefined ? putBack(remediation, asked) : toPerson(remediation, ask.kind, ask.detail);
};

/** Only a way that leads to exactly what was is one: a version that is made again comes last, wherever it stood. */
const wayBack = (
  subject: PolicyRef,
  now: Policy,
  steps: readonly [Step<Policy>, ...Step<Policy>[]],
  everSeen: readonly PolicyVersion[],
) => {
  const end = endOf(steps);
  if (end.kind === "gone") return { undo: [] };
  const seen = [...everSeen, ...now.versions, ...steps.flatMap(({ to }) => (to.kind === "gone" ? [] : to.versions))];
  const back = stepsOf(serviceOf(subject), end, actsTowards(end, now), seen);
  return isSteps(back) && stateDigest(endOf(back)) === stateDigest(now) ? backward(back) : { undo: [] };
};

const forChanged = (subject: PolicyRef, was: Policy, now: Policy, asked: Response): Result<Chosen, Reason> => {
  switch (subject.did) {
    case "version-made":
      return forVersion(subject, was, now, asked);
    case "default-set": {
      const former = versionOf(was, was.defaultVersion);
      if (subject.versionId !== now.defaultVersion) return noRemedy("changed-again", anotherDefault);
      return former === undefined
        ? noRemedy("prior-state-unknown", unknownDefault)
        : chosen(subject, was, now, defaultBack(former, now), asked);
    }
    case "version-deleted":
      return forDeletedVersion(subject, was, now, asked);
    case "described":
      return now.description === was.description
        ? nothingToWrite("the description is already what it was")
        : chosen(subject, was, now, { acts: [{ do: "describe", description: was.description }] }, asked);
    default:
      return noRemedy(
        "undetermined",
        "it is not known what changed the policy, so that nothing else would be put back",
      );
  }
};

const unknownDefault = "the default version of before is not known";

const anotherDefault = "another version was made the default since, and the event of that decides";

/** The acts by which the former default version is the default again, `bad` never; none where it is. */
const defaultBack = (former: PolicyVersion, now: Policy, bad?: PolicyVersion): Way => {
  const present = versionOf(now, now.defaultVersion);
  if (present === undefined) return { acts: [] };
  const holder = holderOf({ ...now, versions: now.versions.filter((version) => version !== bad) }, former);
  if (holder?.versionId === now.defaultVersion) return { acts: [] };
  const ask: Way["ask"] = givesPower(present.document, former.document)
    ? {
        kind: "grants-privilege",
        detail: `the former default version \`${former.versionId}\` allows what the present one does not`,
      }
    : undefined;
  const withAsk = ask === undefined ? {} : { ask };
  return holder === undefined
    ? { acts: [{ do: "add", document: former.document, asDefault: true }], ...withAsk }
    : { acts: [{ do: "set-default", versionId: holder.versionId }], ...withAsk };
};

/** The version that a call made: by its id, else the only one that was not there before. */
const madeVersion = ({ versionId }: PolicyRef, was: Policy, now: Policy): PolicyVersion | undefined => {
  if (versionId !== undefined) return versionOf(now, versionId);
  const fresh = now.versions.filter(({ versionId: id }) => versionOf(was, id) === undefined);
  return fresh.length === 1 ? fresh[0] : undefined;
};

/**
 * The good version is made the default first, then the bad one deleted, then what a rotation dropped is made again. Where
 * the good one is gone and no place is free, the oldest version makes room for it and is made again at the end, which is
 * said.
 */
const forVersion = (subject: PolicyRef, was: Policy, now: Policy, asked: Response): Result<Chosen, Reason> => {
  const bad = madeVersion(subject, was, now);
  if (bad === undefined)
    return subject.versionId === undefined
      ? noRemedy("changed-again", "the event does not name the version that it made, and it is not the only new one")
      : nothingToWrite("the version is gone again");
  const isDefault = bad.versionId === now.defaultVersion;
  const former = versionOf(was, was.defaultVersion);
  // The default cannot be deleted before another is.
  if (isDefault && former === undefined) return noRemedy("prior-state-unknown", unknownDefault);
  if (isDefault && former !== undefined && now.versions.every((one) => sameDocument(one, former) === (one === bad)))
    return nothingToWrite(
      "the new version holds the document that was the default before, and is the only one that does",
    );
  // Whoever made another version the default since may have published a fix: that stays, and the bad one goes.
  const back: Way = isDefault && former !== undefined ? defaultBack(former, now, bad) : { acts: [] };
  const room = roomFor(back, bad, was, now);
  const acts: Act[] = [...room.first, ...back.acts, { do: "delete", versionId: bad.versionId }];
  let state = acts.reduce((policy, act) => acted(policy, act, was.versions), now);
  const pairs = paired(state, was);
  for (const dropped of subject.rotating === true || room.first.length > 0 ? versionsInOrder(was.versions) : []) {
    if (pairs.has(dropped) || isFull(state)) continue;
    const act: Act = { do: "add", document: dropped.document, asDefault: false };
    acts.push(act);
    state = acted(state, act, was.versions);
  }
  const ask =
    back.ask !== undefined && room.ask !== undefined
      ? { ...back.ask, detail: `${back.ask.detail}; ${room.ask.detail}` }
      : (back.ask ?? room.ask);
  return chosen(subject, was, now, { acts, ...(ask === undefined ? {} : { ask }) }, asked);
};

/** A place for a version that has to be made again, where five are there. */
const roomFor = (
  back: Way,
  bad: PolicyVersion,
  was: Policy,
  now: Policy,
): { readonly first: readonly Act[]; readonly ask?: Way["ask"] } => {
  const needsOne = back.acts.some((act) => act.do === "add");
  if (!needsOne || !isFull(now)) return { first: [] };
  const spare = versionsInOrder(now.versions).find(
    (version) => version !== bad && version.versionId !== now.defaultVersion && holderOf(was, version) !== undefined,
  );
  if (spare === undefined) return { first: [] };
  return {
    first: [{ do: "delete", versionId: spare.versionId }],
    ask: {
      kind: "destructive",
      detail: `five versions are there and the good one is not: \`${spare.versionId}\` is deleted to make room for it, and made again at the end under another id`,
    },
  };
};

const forDeletedVersion = (subject: PolicyRef, was: Policy, now: Policy, asked: Response): Result<Chosen, Reason> => {
  const deleted = versionOf(was, subject.versionId);
  if (deleted === undefined)
    return noRemedy("prior-state-unknown", "the version is not one that was there when the policy was last accepted");
  if (versionOf(now, deleted.versionId) !== undefined) return nothingToWrite("the version is there");
  if (holderOf(now, deleted) !== undefined) return nothingToWrite("another version has the same document");
  if (isFull(now)) return nothingToWrite("five versions are there again, so no place is free for this one");
  return chosen(subject, was, now, { acts: [{ do: "add", document: deleted.document, asDefault: false }] }, asked);
};

/** What is new and not in force can be taken away although nobody knows what else was there. */
const withoutBefore = (subject: PolicyRef, now: Policy, because: string, asked: Response): Result<Chosen, Reason> => {
  const made = subject.did === "version-made" ? versionOf(now, subject.versionId) : undefined;
  if (made === undefined || made.versionId === now.defaultVersion) return noRemedy("prior-state-unknown", because);
  const remedy = chosen(subject, undefined, now, { acts: [{ do: "delete", versionId: made.versionId }] }, asked);
  if (!remedy.ok || subject.rotating !== true || !isFull(now)) return remedy;
  const { response, because: reason = { kind: "prior-state-unknown", detail: droppedUnseen } } = remedy.value;
  return ok({ ...remedy.value, response: response === "revert" ? "contain" : response, because: reason });
};

const droppedUnseen =
  "the new version goes; whether a rotation dropped the oldest one before it, and what that said, is not known";

/** A new policy that is attached to nothing holds nothing: it goes, its further versions first. */
const forNew = (subject: PolicyRef, now: Policy, asked: Response): Result<Chosen, Reason> => {
  const service = serviceOf(subject);
  const attached = now.attachedTo ?? [];
  const detached = detaching(subject, now, attached);
  const bare = detached.at(-1)?.to ?? now;
  const further: readonly Act[] = now.versions
    .filter(({ versionId }) => versionId !== now.defaultVersion)
    .map(({ versionId }) => ({ do: "delete", versionId }));
  const lone = bare.kind === "gone" ? [] : stepsOf(service, bare, further, []);
  const last: Step<Policy> = { call: deletePolicy(service, now.policyName), to: gone };
  const steps = [...detached, ...lone, last];
  if (!isSteps(steps)) return nothingToWrite("there is nothing to delete");
  const ahead = forward(steps);
  const because = tooMany(ahead.calls, subject.accountId);
  if (because !== undefined) return noRemedy("too-many-calls", because);
  const target = { expects: stateDigest(now), was: now, ...ahead };
  if (attached.length > 0 || now.attachedTo === undefined)
    return toPerson(
      { subject, ...target, undo: [] },
      "destructive",
      attached.length === 0
        ? "the policy is new, and nobody has looked what it is attached to; to delete it is for a person to decide"
        : "the policy is new but attached by now, so it is detached before it is deleted; that is for a person to decide",
    );
  const [only] = now.versions;
  if (only === undefined || now.versions.length > 1) return putBack({ subject, ...target, undo: [] }, asked);
  const { createdAt: _, ...byName } = subject;
  const undo = [createPolicy(service, now.policyName, only.document, now.description)];
  return putBack({ subject: byName, ...target, undo, anew: "undo" }, asked);
};

const detaching = (subject: PolicyRef, policy: Policy, attached: readonly AttachedTo[]): readonly Step<Policy>[] =>
  attached.map(({ principal, scope }, index) => {
    const call: Call = detachHeld({ policy: { type: "Custom", name: policy.policyName }, scope }, principal, subject);
    return { call, to: { ...policy, attachedTo: attached.slice(index + 1) } };
  });

/** Only the default document is brought back: the version that a policy is made with is its first. */
const madeAgain = (subject: PolicyRef, was: Policy): Result<Chosen, Reason> => {
  const former = versionOf(was, was.defaultVersion);
  if (former === undefined) return noRemedy("prior-state-unknown", unknownDefault);
  const service = serviceOf(subject);
  const { createdAt: _, ...byName } = subject;
  const versionId = "v1";
  return toPerson(
    {
      subject: byName,
      expects: stateDigest(gone),
      was: gone,
      becomes: { ...was, defaultVersion: versionId, versions: [{ versionId, document: former.document }] },
      calls: [createPolicy(service, was.policyName, former.document, was.description)],
      undo: [deletePolicy(service, was.policyName)],
      anew: "calls",
    },
    "grants-privilege",
    "the policy comes back with the default document of before as `v1`; its other versions, its tags and what it was attached to do not",
  );
};
