import { expect, it } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { gone } from "../../shared/domain/subject.ts";
import type { Occasion } from "../../shared/domain/trail-event.ts";
import { occasionOf, openIncident } from "../../shared/ledger/incident.ts";

const subject = {
  kind: "membership",
  accountId: "1234567890123456",
  route: "Ram",
  userName: "alice",
  groupName: "staff",
} as const;
const member = { kind: "membership" } as const;

it.each([
  ["made", { known: true, state: gone, provenance: "proven-by-event" }, member],
  ["removed", { known: true, state: member, provenance: "proven-by-event" }, gone],
  ["changed", { known: true, state: member, provenance: "baseline" }, gone],
  ["changed", { known: false, because: "nobody knows" }, member],
] as const)("an incident tells of its event that something was %s", (effect, before, after) => {
  const event: Occasion = {
    eventId: "E",
    requestId: "R",
    operation: "Ram.AddUserToGroup",
    occurredAt: 1,
    accountId: subject.accountId,
    actor: undefined,
    subject,
    claimed: undefined,
    effect,
  };
  const change = { kind: "membership", subject, before, after, actor: undefined } as Change;
  const { did: _unknown, ...older } = openIncident("I", event, { change, findings: [], response: "alert" }, 2);
  // One that was written before incidents said so themselves.
  expect(occasionOf(older)?.effect).toBe(effect);
});

it("an incident of something that was taken away says so of its event, whatever stands by now", () => {
  const event: Occasion = {
    eventId: "E",
    requestId: "R",
    operation: "Ram.RemoveUserFromGroup",
    occurredAt: 1,
    accountId: subject.accountId,
    actor: undefined,
    subject,
    claimed: gone,
    effect: "removed",
    unseen: ["password"],
  };
  const before = { known: true, state: member, provenance: "proven-by-event" };
  const change = { kind: "membership", subject, before, after: member, actor: undefined } as Change;
  const incident = openIncident("I", event, { change, findings: [], response: "alert" }, 2);
  expect(occasionOf(incident)).toMatchObject({ effect: "removed", claimed: gone, unseen: ["password"] });
});
