import type { Change } from "../../domain/change.ts";
import type { Response } from "../../domain/finding.ts";
import type { Call, Reason } from "../../domain/plan.ts";
import type { Result } from "../../domain/result.ts";
import { gone } from "../../domain/subject.ts";
import type { Group, GroupContents, GroupRef } from "../../domain/subjects/identities.ts";
import { createGroup, deleteGroup, removeFromGroup, updateGroup } from "../../operations/identity-calls.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Chosen, Remedier } from "../chosen.ts";
import { noRemedy, nothingToWrite, putBack, toPerson } from "../chosen.ts";
import { forward, isSteps, type Step, tooMany } from "../steps.ts";
import { detachHeld } from "./holdings.ts";

const serviceOf = ({ route }: GroupRef): "Ram" | "Ims" => (route === "Ims" ? "Ims" : "Ram");

/** Deletes a group that is new and empty, puts back one that was changed, and has a person decide about any other. */
export const groupRemedy: Remedier<"group"> = (change, asked) => {
  const { before, after, subject } = change;
  if (!before.known)
    return after.kind === "group" && subject.onlyRenamed === true && subject.formerName !== undefined
      ? changedBack(change, after, { ...after, groupName: subject.formerName }, asked)
      : noRemedy("prior-state-unknown", before.because);
  const was = before.state.kind === "group" ? before.state : undefined;
  if (after.kind === "gone") return was === undefined ? nothingToWrite("the subject is gone") : made(subject, was);
  if (was === undefined) return forNew(subject, after, asked);
  const { groupName, displayName, comments } = was;
  return changedBack(change, after, { ...after, groupName, displayName, comments }, asked);
};

const changedBack = (
  { subject }: Change<"group">,
  now: Group,
  becomes: Group,
  asked: Response,
): Result<Chosen, Reason> => {
  const expects = stateDigest(now);
  if (expects === stateDigest(becomes)) return nothingToWrite("the group is already what it was");
  const service = serviceOf(subject);
  return putBack(
    {
      subject,
      expects,
      was: now,
      becomes,
      calls: [updateGroup(service, now, becomes)],
      undo: [updateGroup(service, becomes, now)],
    },
    asked,
  );
};

/** A group made again has another id, by which it is not to be missed. */
const byNameAlone = ({ groupId: _, ...subject }: GroupRef): GroupRef => subject;

const isEmpty = (contents: GroupContents | undefined): boolean =>
  contents !== undefined && contents.members.length === 0 && contents.grants.length === 0;

const forNew = (subject: GroupRef, now: Group, asked: Response): Result<Chosen, Reason> => {
  const service = serviceOf(subject);
  if (isEmpty(now.contents))
    return putBack(
      {
        subject: byNameAlone(subject),
        expects: stateDigest(now),
        was: now,
        becomes: gone,
        calls: [deleteGroup(service, now.groupName)],
        undo: [createGroup(service, now)],
        anew: "undo",
      },
      asked,
    );
  const steps = [...emptied(subject, now), { call: deleteGroup(service, now.groupName), to: gone }];
  if (!isSteps(steps)) return nothingToWrite("there is nothing to delete");
  const ahead = forward(steps);
  const because = tooMany(ahead.calls, subject.accountId);
  if (because !== undefined) return noRemedy("too-many-calls", because);
  return toPerson(
    { subject, expects: stateDigest(now), was: now, ...ahead, undo: [] },
    "destructive",
    now.contents === undefined
      ? "the group is new, and nobody has looked who is in it and what it carries; to delete it is for a person to decide"
      : "the group is new but has members or policies by now, so it is emptied before it is deleted; that is for a person to decide",
  );
};

/** Members first, then grants: the power goes with the first, whoever the group is given to next. */
const emptied = (subject: GroupRef, group: Group): readonly Step<Group>[] => {
  const steps: Step<Group>[] = [];
  let state = group;
  const step = (call: Call, contents: GroupContents): void => {
    state = { ...state, contents };
    steps.push({ call, to: state });
  };
  const { members, grants } = group.contents ?? { members: [], grants: [] };
  members.forEach((member, index) => {
    step(removeFromGroup(serviceOf(subject), member, group.groupName, subject), {
      members: members.slice(index + 1),
      grants,
    });
  });
  grants.forEach((grant, index) => {
    step(detachHeld(grant, { kind: "group", name: group.groupName }, subject), {
      members: [],
      grants: grants.slice(index + 1),
    });
  });
  return steps;
};

const made = (subject: GroupRef, was: Group): Result<Chosen, Reason> =>
  toPerson(
    {
      subject: byNameAlone(subject),
      expects: stateDigest(gone),
      was: gone,
      becomes: was,
      calls: [createGroup(serviceOf(subject), was)],
      undo: [deleteGroup(serviceOf(subject), was.groupName)],
      anew: "calls",
    },
    "grants-privilege",
    "the group comes back empty and under another id; its members and policies were taken off it by calls of their own, and giving them back gives power",
  );
