import { describe } from "vitest";
import { gone } from "../../shared/domain/subject.ts";
import type {
  ControlPolicy,
  ControlPolicyAttachment,
  ControlPolicyAttachmentRef,
  ControlPolicyRef,
  ControlPolicySwitch,
  ControlPolicySwitchRef,
  DelegatedAdministrator,
  DelegatedAdministratorRef,
  MemberAccount,
  MemberAccountRef,
  ResourceGroupOf,
  ResourceGroupOfRef,
  ResourceGroupSetting,
  ResourceGroupSettingRef,
} from "../../shared/domain/subjects/directory.ts";
import { own } from "./changes.ts";
import { changed, goldenPlans } from "./golden-plans.ts";

const at = { accountId: own, route: "ResourceManager" } as const;
const denying = (action: string): string =>
  JSON.stringify({ Version: "1", Statement: [{ Effect: "Deny", Action: action, Resource: "*" }] });

const policyRef: ControlPolicyRef = { kind: "control-policy", ...at, policyId: "cp-1" };
const policy = (over: Partial<ControlPolicy> = {}): ControlPolicy => ({
  kind: "control-policy",
  policyId: "cp-1",
  policyName: "no-root",
  description: "keeps root out",
  effectScope: "RAM",
  document: denying("ram:*"),
  ...over,
});

describe("a control policy", () => {
  goldenPlans("control-policies", {
    "that is new": [changed(policyRef, gone, policy())],
    "that was deleted": [changed(policyRef, policy(), gone)],
    "that was deleted, asked to ask": [changed(policyRef, policy(), gone), "ask"],
    "that never was": [changed(policyRef, gone, gone)],
    "that was not known": [changed(policyRef, undefined, policy())],
    "whose document is another": [changed(policyRef, policy(), policy({ document: denying("ecs:*") }))],
    "whose document is written otherwise": [
      changed(policyRef, policy(), policy({ document: JSON.stringify(JSON.parse(denying("ram:*")), undefined, 2) })),
    ],
    "that was renamed and described": [
      changed(policyRef, policy(), policy({ policyName: "other", description: "nothing" })),
    ],
    "that was described, asked to ask": [changed(policyRef, policy(), policy({ description: "" })), "ask"],
    "that is what it was": [changed(policyRef, policy(), policy())],
  });
});

const attachmentRef: ControlPolicyAttachmentRef = {
  kind: "control-policy-attachment",
  ...at,
  policyId: "cp-1",
  targetId: "fd-1",
};
const attachment: ControlPolicyAttachment = { kind: "control-policy-attachment", policyId: "cp-1", targetId: "fd-1" };

describe("the attachment of a control policy", () => {
  goldenPlans("control-policy-attachments", {
    "that is new": [changed(attachmentRef, gone, attachment)],
    "that was taken away": [changed(attachmentRef, attachment, gone)],
    "that is there as it was": [changed(attachmentRef, attachment, attachment)],
    "that is not there as it was": [changed(attachmentRef, gone, gone)],
    "that was not known": [changed(attachmentRef, undefined, attachment)],
  });
});

const switchRef: ControlPolicySwitchRef = { kind: "control-policy-switch", ...at };
const attached = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ policyId: `cp-${index + 1}`, targetId: `fd-${(index % 2) + 1}` }));
const switched = (
  status: ControlPolicySwitch["status"],
  attachments: ControlPolicySwitch["attachments"] = [],
): ControlPolicySwitch => ({ kind: "control-policy-switch", status, attachments });

describe("the switch of control policies", () => {
  goldenPlans("control-policy-switch", {
    "that was set off with nothing attached": [changed(switchRef, switched("Enabled"), switched("Disabled"))],
    "that was set off with what was attached": [
      changed(switchRef, switched("Enabled", attached(2)), switched("Disabled")),
    ],
    "that was set off, and one thing is attached again already": [
      changed(switchRef, switched("Enabled", attached(3)), switched("Disabled", attached(3).slice(1, 2))),
    ],
    "that was set off, and another policy is attached to the same folder": [
      changed(
        switchRef,
        switched("Enabled", attached(1)),
        switched("Disabled", [
          { policyId: "cp-9", targetId: "fd-1" },
          { policyId: "cp-1", targetId: "fd-9" },
        ]),
      ),
    ],
    "that was set off with as much attached as one session gives back": [
      changed(switchRef, switched("Enabled", attached(8)), switched("Disabled")),
    ],
    "that was set off with more attached than one session gives back": [
      changed(switchRef, switched("Enabled", attached(9)), switched("Disabled")),
    ],
    "that was set on": [changed(switchRef, switched("Disabled"), switched("Enabled"))],
    "that was set on, and things are attached by now": [
      changed(switchRef, switched("Disabled"), switched("Enabled", attached(1))),
    ],
    "that is as it was": [changed(switchRef, switched("Enabled"), switched("Enabled", attached(1)))],
    "that was not there before": [changed(switchRef, gone, switched("Enabled"))],
    "that is not there": [changed(switchRef, switched("Enabled"), gone)],
    "that was not known": [changed(switchRef, undefined, switched("Disabled"))],
  });
});

const administratorRef: DelegatedAdministratorRef = {
  kind: "delegated-administrator",
  ...at,
  memberId: "111",
  service: "cloudsso.aliyuncs.com",
};
const administrator: DelegatedAdministrator = {
  kind: "delegated-administrator",
  memberId: "111",
  service: "cloudsso.aliyuncs.com",
};

describe("a delegated administrator", () => {
  goldenPlans("delegated-administrators", {
    "that is new": [changed(administratorRef, gone, administrator)],
    "that is new, asked to ask": [changed(administratorRef, gone, administrator), "ask"],
    "that is one no more": [changed(administratorRef, administrator, gone)],
    "that is one as before": [changed(administratorRef, administrator, administrator)],
    "that never was one": [changed(administratorRef, gone, gone)],
    "that was not known": [changed(administratorRef, undefined, administrator)],
  });
});

const memberRef: MemberAccountRef = { kind: "member-account", ...at, memberId: "111" };
const member = (folderId: string): MemberAccount => ({ kind: "member-account", memberId: "111", folderId });

describe("a member account", () => {
  goldenPlans("member-accounts", {
    "that was moved": [changed(memberRef, member("fd-1"), member("fd-2"))],
    "that is where it was": [changed(memberRef, member("fd-1"), member("fd-1"))],
    "that is new": [changed(memberRef, gone, member("fd-1"))],
    "that left": [changed(memberRef, member("fd-1"), gone)],
    "that was not known": [changed(memberRef, undefined, member("fd-1"))],
  });
});

const groupOfRef: ResourceGroupOfRef = {
  kind: "resource-group-of",
  ...at,
  service: "ecs",
  resourceType: "instance",
  resourceId: "i-1",
  regionId: "cn-hangzhou",
};
const inGroup = (resourceGroupId: string): ResourceGroupOf => ({ kind: "resource-group-of", resourceGroupId });

describe("the resource group of a resource", () => {
  goldenPlans("resource-group-of", {
    "that is another": [changed(groupOfRef, inGroup("rg-1"), inGroup("rg-2"))],
    "that is what it was": [changed(groupOfRef, inGroup("rg-1"), inGroup("rg-1"))],
    "that is its first": [changed(groupOfRef, gone, inGroup("rg-1"))],
    "that nobody lists any more": [changed(groupOfRef, inGroup("rg-1"), gone)],
    "that was not known": [changed(groupOfRef, undefined, inGroup("rg-1"))],
  });
});

const settingRef: ResourceGroupSettingRef = { kind: "resource-group-setting", ...at };
const setting = (creatorAsAdmin: boolean): ResourceGroupSetting => ({ kind: "resource-group-setting", creatorAsAdmin });

describe("whether who makes a resource group administers it", () => {
  goldenPlans("resource-group-setting", {
    "was set on": [changed(settingRef, setting(false), setting(true))],
    "was set on, asked to ask": [changed(settingRef, setting(false), setting(true)), "ask"],
    "was set off": [changed(settingRef, setting(true), setting(false))],
    "is as it was": [changed(settingRef, setting(true), setting(true))],
    "was not there before": [changed(settingRef, gone, setting(true))],
    "is not there": [changed(settingRef, setting(true), gone)],
    "was not known": [changed(settingRef, undefined, setting(true))],
  });
});
