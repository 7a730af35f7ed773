import { expect, it } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { gone, type Subject } from "../../shared/domain/subject.ts";
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

it("an incident tells what its event claimed, where the subject stood otherwise by then", () => {
  const trust = { kind: "role-trust", accountId: subject.accountId, route: "Ram", roleName: "ci" } as const;
  const standing = (document: string) =>
    ({ kind: "role-trust", roleName: "ci", document }) as unknown as Extract<Subject, { kind: "role-trust" }>;
  const event: Occasion = {
    eventId: "E",
    requestId: "R",
    operation: "Ram.UpdateRole",
    occurredAt: 1,
    accountId: subject.accountId,
    actor: undefined,
    subject: trust,
    claimed: standing("claimed"),
    effect: "changed",
  };
  const before = { known: false, because: "nobody knows" };
  const incident = (after: string) => {
    const change = { kind: "role-trust", subject: trust, before, after: standing(after), actor: undefined };
    return openIncident("I", event, { change: change as unknown as Change, findings: [], response: "alert" }, 2);
  };
  expect(occasionOf(incident("of another"))?.claimed).toEqual(event.claimed);
  expect(occasionOf(incident("claimed"))?.claimed).toEqual(event.claimed);
  expect(incident("claimed").claimed).toBeUndefined();
});
