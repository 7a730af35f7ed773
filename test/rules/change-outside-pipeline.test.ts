import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { gone } from "../../shared/domain/subject.ts";
import { changeOutsidePipeline } from "../../shared/rules/change-outside-pipeline.ts";
import { evidenceOf, judged, keyChange, own, role, root, ruleTable, settings, stranger, user } from "./changes.ts";

const membership = {
  kind: "membership",
  subject: { kind: "membership", accountId: own, route: "Ims", userName: "alice", groupName: "staff" },
  before: { known: true, state: gone, provenance: "proven-by-event" },
  after: { kind: "membership", userName: "alice", groupName: "staff" },
  actor: user("mallory"),
} as const satisfies Change<"membership">;

const login = {
  kind: "login",
  subject: { kind: "login", accountId: own, route: "Ims", userName: "alice" },
  before: {
    known: true,
    state: { kind: "login", userId: "1", status: "Active", mfaBindRequired: true, passwordResetRequired: false },
    provenance: "baseline",
  },
  after: { kind: "login", userId: "1", status: "Active", mfaBindRequired: true, passwordResetRequired: false },
  actor: user("mallory"),
} as const satisfies Change<"login">;

const pipelines = { settings: settings({ pipelines: [{ kind: "role", name: "Terraform" }] }) };

describe("a change outside the pipelines", () => {
  // Nothing about it can be undetermined: whoever is not known to be a pipeline is none.
  ruleTable(changeOutsidePipeline, {
    violates: {
      "somebody adds a user to a group": { change: membership, facts: pipelines },
      "a user makes a key": { change: keyChange("alice", user("alice")), facts: pipelines },
      "the account owner does it": { change: { ...membership, actor: root }, facts: pipelines },
      "nobody knows who did it": { change: { ...membership, actor: undefined }, facts: pipelines },
      "the pipeline's name in another account": {
        change: { ...membership, actor: role("terraform", stranger) },
        facts: pipelines,
      },
      "a user with the name of the pipeline's role": {
        change: { ...membership, actor: user("Terraform") },
        facts: pipelines,
      },
      "no pipeline is declared": { change: { ...membership, actor: role("terraform") } },
      "a password is set, which no reading shows": { change: { ...login, unseen: ["password"] }, facts: pipelines },
      "it takes something away": {
        change: {
          ...membership,
          before: { known: true, state: membership.after, provenance: "proven-by-event" },
          after: gone,
        },
        facts: pipelines,
      },
      "what was before is not known": {
        change: { ...login, before: { known: false, because: "nobody knows" } },
        facts: pipelines,
      },
    },
    complies: {
      "the pipeline does it": { change: { ...membership, actor: role("terraform") }, facts: pipelines },
      "nothing is other than it was": { change: login, facts: pipelines },
      "the pipeline sets a password": {
        change: { ...login, unseen: ["password"], actor: role("terraform") },
        facts: pipelines,
      },
    },
    undetermined: {},
  });

  test("says who changed what", () => {
    const [evidence] = evidenceOf(judged(changeOutsidePipeline, { change: membership, facts: pipelines }));
    expect(evidence?.facts).toEqual({ maker: "user mallory", subject: "membership of user alice in group staff" });
  });
});
