import type { Response } from "../../domain/finding.ts";
import type { Remediation } from "../../domain/plan.ts";
import { gone } from "../../domain/subject.ts";
import type {
  ControlPolicy,
  ControlPolicyRef,
  ControlPolicySwitch,
  ControlPolicySwitchRef,
} from "../../domain/subjects/directory.ts";
import {
  attachControlPolicy,
  createControlPolicy,
  deleteControlPolicy,
  deregisterAdministrator,
  detachControlPolicy,
  moveAccount,
  moveResource,
  registerAdministrator,
  setCreatorAsAdmin,
  switchControlPolicies,
  updateControlPolicy,
} from "../../operations/directory-calls.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import { documentForm } from "../../policy/canonical.ts";
import type { Remedier } from "../chosen.ts";
import { noRemedy, nothingToWrite, putBack, toPerson } from "../chosen.ts";
import { inSteps, type Step } from "./in-steps.ts";

type Kind =
  | "control-policy"
  | "control-policy-attachment"
  | "control-policy-switch"
  | "delegated-administrator"
  | "member-account"
  | "resource-group-of"
  | "resource-group-setting";

const controlPolicyRemedy: Remedier<"control-policy"> = ({ before, after, subject }, asked) => {
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  const { state: was } = before;
  if (after.kind === "gone")
    return was.kind === "gone" ? nothingToWrite("the subject is gone") : policyMadeAgain(subject, was, asked);
  if (was.kind === "gone")
    return toPerson(
      {
        subject,
        expects: stateDigest(after),
        was: after,
        becomes: gone,
        calls: [deleteControlPolicy(after.policyId)],
        // One that is made again has another id.
        undo: [],
      },
      "destructive",
      "the control policy is new, so putting back what was means deleting it; it does no harm until it is attached",
    );
  return policyChangedBack(subject, was, after, asked);
};

/** Attached to nothing it binds nobody, so it may be made again at once; its attachments are told by their own events. */
const policyMadeAgain = (subject: ControlPolicyRef, was: ControlPolicy, asked: Response) =>
  putBack(
    {
      // It gets another id, and is found by its name.
      subject: { ...subject, policyName: was.policyName },
      expects: stateDigest(gone),
      was: gone,
      becomes: was,
      calls: [createControlPolicy(was)],
      undo: [],
      anew: "calls",
    },
    asked,
  );

const policyChangedBack = (subject: ControlPolicyRef, was: ControlPolicy, now: ControlPolicy, asked: Response) => {
  const { policyName, description, document } = was;
  const target: ControlPolicy = { ...now, policyName, description, document };
  if (stateDigest(target) === stateDigest(now)) return nothingToWrite("the control policy is already what it was");
  const remediation: Remediation = {
    subject,
    expects: stateDigest(now),
    was: now,
    becomes: target,
    calls: [updateControlPolicy(target)],
    undo: [updateControlPolicy(now)],
  };
  return documentForm(document) === documentForm(now.document)
    ? putBack(remediation, asked)
    : toPerson(remediation, "lock-out", bindsAccounts);
};

const bindsAccounts = "a control policy binds whole member accounts and can lock everybody in them out";

const attachmentRemedy: Remedier<"control-policy-attachment"> = ({ before, after, subject }) => {
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  const { state: was } = before;
  if ((was.kind === "gone") === (after.kind === "gone")) return nothingToWrite("the attachment is already what it was");
  const [attach, detach] = [attachControlPolicy(subject), detachControlPolicy(subject)];
  const target = { subject, expects: stateDigest(after), was: after, becomes: was };
  return was.kind === "gone"
    ? toPerson(
        { ...target, calls: [detach], undo: [attach] },
        "weakens-protection",
        "detaching a control policy takes a guard-rail away from whole accounts",
      )
    : toPerson({ ...target, calls: [attach], undo: [detach] }, "lock-out", bindsAccounts);
};

/** More than these do not fit into the policy of one acting session. */
const mostAttachments = 8;

const switchRemedy: Remedier<"control-policy-switch"> = ({ before, after, subject }) => {
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  const { state: was } = before;
  if (was.kind === "gone" || after.kind === "gone" || was.status === after.status)
    return nothingToWrite("the switch is already as it was");
  if (was.status === "Enabled") return switchedOn(subject, was, after);
  return toPerson(
    {
      subject,
      expects: stateDigest(after),
      was: after,
      becomes: { ...after, status: "Disabled", attachments: [] },
      calls: [switchControlPolicies("Disabled")],
      // Switching off detaches every control policy, which switching on does not give back.
      undo: after.attachments.length === 0 ? [switchControlPolicies("Enabled")] : [],
    },
    "weakens-protection",
    "switching control policies off takes every guard-rail of the organisation away",
  );
};

const switchedOn = (subject: ControlPolicySwitchRef, was: ControlPolicySwitch, now: ControlPolicySwitch) => {
  const missing = was.attachments.filter(
    ({ policyId, targetId }) =>
      !now.attachments.some((other) => other.policyId === policyId && other.targetId === targetId),
  );
  if (missing.length > mostAttachments)
    return noRemedy(
      "too-many-calls",
      `${missing.length} attachments would have to be given back, and ${mostAttachments} fit into one session; switch control policies on and attach them by hand`,
    );
  let state: ControlPolicySwitch = { ...now, status: "Enabled" };
  const first: Step = {
    call: switchControlPolicies("Enabled"),
    leaves: state,
    back: switchControlPolicies("Disabled"),
  };
  const others = missing.map((attached): Step => {
    state = { ...state, attachments: [...state.attachments, attached] };
    return { call: attachControlPolicy(attached), leaves: state, back: detachControlPolicy(attached) };
  });
  return toPerson(inSteps(subject, now, [first, ...others]), "lock-out", bindsAccounts);
};

const administratorRemedy: Remedier<"delegated-administrator"> = ({ before, after, subject }, asked) => {
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  const { state: was } = before;
  if ((was.kind === "gone") === (after.kind === "gone"))
    return nothingToWrite("the registration is already what it was");
  const [register, deregister] = [registerAdministrator(subject), deregisterAdministrator(subject)];
  const target = { subject, expects: stateDigest(after), was: after, becomes: was };
  return was.kind === "gone"
    ? putBack({ ...target, calls: [deregister], undo: [register] }, asked)
    : toPerson(
        { ...target, calls: [register], undo: [deregister] },
        "grants-privilege",
        "a delegated administrator has power over a service in the whole organisation",
      );
};

const memberRemedy: Remedier<"member-account"> = ({ before, after, subject }) => {
  if (after.kind === "gone")
    return noRemedy("not-reversible", "an account comes back only by an invitation that it accepts itself");
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  const { state: was } = before;
  if (was.kind === "gone" || was.folderId === after.folderId) return nothingToWrite("the account is where it was");
  return toPerson(
    {
      subject,
      expects: stateDigest(after),
      was: after,
      becomes: was,
      calls: [moveAccount(was)],
      undo: [moveAccount(after)],
    },
    "weakens-protection",
    "the account would stand under other control policies, and whether these protect more is for a person to judge",
  );
};

const groupOfRemedy: Remedier<"resource-group-of"> = ({ before, after, subject }) => {
  if (after.kind === "gone") return nothingToWrite("ResourceManager lists no such resource, or no longer");
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  const { state: was } = before;
  if (was.kind === "gone" || was.resourceGroupId === after.resourceGroupId)
    return nothingToWrite("the resource is in the group that it was in");
  return toPerson(
    {
      subject,
      expects: stateDigest(after),
      was: after,
      becomes: was,
      calls: [moveResource(subject, was.resourceGroupId)],
      undo: [moveResource(subject, after.resourceGroupId)],
    },
    "grants-privilege",
    "whoever has rights in the former resource group gets them back over the resource",
  );
};

const groupSettingRemedy: Remedier<"resource-group-setting"> = ({ before, after, subject }, asked) => {
  if (after.kind === "gone") return nothingToWrite("the subject is gone");
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  const { state: was } = before;
  if (was.kind === "gone" || was.creatorAsAdmin === after.creatorAsAdmin)
    return nothingToWrite("the switch is already as it was");
  const remediation: Remediation = {
    subject,
    expects: stateDigest(after),
    was: after,
    becomes: was,
    calls: [setCreatorAsAdmin(was.creatorAsAdmin)],
    undo: [setCreatorAsAdmin(after.creatorAsAdmin)],
  };
  return was.creatorAsAdmin
    ? toPerson(remediation, "grants-privilege", "whoever makes a resource group would administer it again")
    : putBack(remediation, asked);
};

export const directoryRemedies: { readonly [kind in Kind]: Remedier<kind> } = {
  "control-policy": controlPolicyRemedy,
  "control-policy-attachment": attachmentRemedy,
  "control-policy-switch": switchRemedy,
  "delegated-administrator": administratorRemedy,
  "member-account": memberRemedy,
  "resource-group-of": groupOfRemedy,
  "resource-group-setting": groupSettingRemedy,
};
