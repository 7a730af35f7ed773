import { describe } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { gone } from "../../shared/domain/subject.ts";
import { controlPolicyLoosened } from "../../shared/rules/control-policy-loosened.ts";
import { allowing, own, permitting, ruleTable, user } from "./changes.ts";

const denying = (action: unknown) => permitting({ Effect: "Deny", Action: action, Resource: "*" });
const underUnheard = (effect: "Allow" | "Deny", action: unknown) =>
  permitting({ Effect: effect, Action: action, Resource: "*", Condition: { Unheard: { "acs:x": "1" } } });

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

const attachment = (before: "there" | "gone" | "unknown", after: "there" | "gone"): Change => {
  const link = { kind: "control-policy-attachment", policyId: "cp-1", targetId: "r-1" } as const;
  return {
    kind: "control-policy-attachment",
    subject: { ...link, ...at },
    before: before === "unknown" ? unknown : known(before === "gone" ? gone : link),
    after: after === "gone" ? gone : link,
    actor,
  };
};

type Status = "Enabled" | "Disabled";
const switched = (before: Status | "gone" | "unknown", after: Status | "gone"): Change => {
  const state = (status: Status | "gone") =>
    status === "gone" ? gone : ({ kind: "control-policy-switch", status, attachments: [] } as const);
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
    before: before === "unknown" ? unknown : known(state(before)),
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
      "it is detached, and nothing is known of before": {
        change: attachment("unknown", "gone"),
        facts: { policyDocument: denying("ram:*") },
      },
      "a Deny is narrowed by a condition": policy(
        denying("ram:*"),
        permitting({
          Effect: "Deny",
          Action: "ram:*",
          Resource: "*",
          Condition: { Bool: { "acs:MFAPresent": "false" } },
        }),
      ),
      "all are switched off, where there was nothing": switched("gone", "Disabled"),
      "all are switched off": switched("Enabled", "Disabled"),
      "all are switched off, and nothing is known of before": switched("unknown", "Disabled"),
      "an account leaves the directory": member("r-1", "gone"),
      "an account leaves the directory, and nobody knows where it was": member("unknown", "gone"),
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
      "one that was not there is detached": {
        change: attachment("gone", "gone"),
        facts: { policyDocument: denying("ram:*") },
      },
      "one that nobody knows of is attached": {
        change: attachment("unknown", "there"),
        facts: { policyDocument: denying("ram:*") },
      },
      "all are switched on": switched("Disabled", "Enabled"),
      "all stay switched on": switched("Enabled", "Enabled"),
      "all are switched on, and nothing is known of before": switched("unknown", "Enabled"),
      "all stay switched off": switched("Disabled", "Disabled"),
      "there is no switch any more": switched("Enabled", "gone"),
      "an account joins the directory": member("gone", "r-1"),
      "an account stays where it is": member("r-1", "r-1"),
    },
    undetermined: {
      "a Deny gets a condition that nobody knows": policy(denying("ram:*"), underUnheard("Deny", "ram:*")),
      "an Allow gets wider under a condition that nobody knows": policy(allowing("oss:*"), underUnheard("Allow", "*")),
      "what it forbade before is not known": policy("unknown", denying("ram:*")),
      "what is detached was not read": attachment("there", "gone"),
      "an account is moved": member("r-1", "r-2"),
      "an account is moved, and nobody knows from where": member("unknown", "r-2"),
      "it is changed to what cannot be read": policy("{", "{"),
      "an Allow gets what cannot be read beside it": policy(allowing("oss:*"), "{"),
      "it cannot be read": policy(denying("ram:*"), "{"),
    },
  });
});
