import { describe } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { gone } from "../../shared/domain/subject.ts";
import { controlPolicyLoosened } from "../../shared/rules/control-policy-loosened.ts";
import { allowing, own, permitting, ruleTable, user } from "./changes.ts";

const denying = (action: unknown) => permitting({ Effect: "Deny", Action: action, Resource: "*" });

const known = <State>(state: State) => ({ known: true, state, provenance: "baseline" }) as const;
const unknown = { known: false, because: "there is no baseline of it yet" } as const;
const at = { accountId: own, route: "ResourceManager" } as const;
const actor = user("mallory");

const policy = (before: string, after: string): Change => {
  const state = (document: string) =>
    document === "gone"
      ? gone
      : ({
          kind: "control-policy",
          policyId: "cp-1",
          policyName: "guard",
          description: "",
          effectScope: "RAM",
          document,
        } as const);
  return {
    kind: "control-policy",
    subject: { kind: "control-policy", ...at, policyId: "cp-1" },
    before: before === "unknown" ? unknown : known(state(before)),
    after: state(after),
    actor,
  };
};

const attachment = (before: "there" | "gone", after: "there" | "gone"): Change => {
  const link = { kind: "control-policy-attachment", policyId: "cp-1", targetId: "r-1" } as const;
  return {
    kind: "control-policy-attachment",
    subject: { ...link, ...at },
    before: known(before === "gone" ? gone : link),
    after: after === "gone" ? gone : link,
    actor,
  };
};

type Status = "Enabled" | "Disabled";
const switched = (before: Status | "unknown", after: Status): Change => {
  const state = (status: Status) => ({ kind: "control-policy-switch", status, attachments: [] }) as const;
  return {
    kind: "control-policy-switch",
    subject: { kind: "control-policy-switch", ...at },
    before: before === "unknown" ? unknown : known(state(before)),
    after: state(after),
    actor,
  };
};

const member = (before: string, after: string): Change => {
  const state = (folderId: string) =>
    folderId === "gone" ? gone : ({ kind: "member-account", memberId: "1", folderId } as const);
  return {
    kind: "member-account",
    subject: { kind: "member-account", ...at, memberId: "1" },
    before: known(state(before)),
    after: state(after),
    actor,
  };
};

describe("control policies that bind less", () => {
  ruleTable(controlPolicyLoosened, {
    violates: {
      "a Deny goes": policy(denying("ram:*"), denying("ram:Delete*")),
      "the policy is deleted": policy(denying("ram:*"), "gone"),
      "an Allow gets wider": policy(allowing("oss:*"), allowing(["oss:*", "ecs:*"])),
      "it is detached": { change: attachment("there", "gone"), facts: { policyDocument: denying("ram:*") } },
      "all are switched off": switched("Enabled", "Disabled"),
      "all are switched off, and nothing is known of before": switched("unknown", "Disabled"),
      "an account leaves the directory": member("r-1", "gone"),
    },
    complies: {
      "a Deny comes": policy(denying("ram:Delete*"), denying("ram:*")),
      "it is written otherwise": policy(denying(["ram:A*", "ram:B*"]), denying(["ram:B*", "ram:A*"])),
      "it is new": policy("gone", denying("ram:*")),
      "it is attached": { change: attachment("gone", "there"), facts: { policyDocument: denying("ram:*") } },
      "one that denies nothing is detached": {
        change: attachment("there", "gone"),
        facts: { policyDocument: allowing("*") },
      },
      "all are switched on": switched("Disabled", "Enabled"),
      "an account stays where it is": member("r-1", "r-1"),
    },
    undetermined: {
      "what it forbade before is not known": policy("unknown", denying("ram:*")),
      "what is detached was not read": attachment("there", "gone"),
      "an account is moved": member("r-1", "r-2"),
      "it cannot be read": policy(denying("ram:*"), "{"),
    },
  });
});
