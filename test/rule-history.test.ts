import { describe, expect, test } from "vitest";
import type { Finding } from "../shared/domain/finding.ts";
import type { Outcome } from "../shared/domain/plan.ts";
import type { Incident } from "../shared/ledger/incident.ts";
import { ruleHistory } from "../shared/rule-history.ts";
import { finding, onTrial, own, unsure } from "./planning/changes.ts";

const rule = "RAM.TrustForeignAccount";
const of = (one: Finding): Finding => ({ ...one, rule });

let at = 0;
const incident = (findings: readonly Finding[], outcome: Outcome, more: Partial<Incident> = {}): Incident => {
  at += 1_000;
  return {
    id: String(at),
    accountId: own,
    openedAt: at,
    status: "settled",
    events: [],
    subject: { kind: "role-trust", accountId: own, roleName: "deploy", route: "Ram" },
    findings,
    response: "alert",
    outcome,
    callsMade: [],
    ...more,
  };
};

const counted = (...incidents: readonly Incident[]) => {
  const [history] = ruleHistory([rule], incidents);
  return history;
};

const exempt = { id: "x", owner: "alice", reason: "agreed", until: 1 };
const decided = (decision: "approved" | "rejected") => ({ decided: { decision, by: "user ops", at: 1 } });

describe("what came of a rule's findings", () => {
  test.each<[string, Incident, object]>([
    ["put back", incident([of(finding("revert"))], { kind: "reverted" }), { acted: 1 }],
    ["contained", incident([of(finding("contain"))], { kind: "contained" }), { acted: 1 }],
    ["asked", incident([of(finding("ask"))], { kind: "asked" }), { asked: 1 }],
    [
      "asked and approved",
      incident([of(finding("ask"))], { kind: "asked" }, decided("approved")),
      { asked: 1, approved: 1 },
    ],
    [
      "asked and rejected",
      incident([of(finding("ask"))], { kind: "asked" }, decided("rejected")),
      { asked: 1, overridden: { undone: 0, rejected: 1, exempted: 0 } },
    ],
    [
      "put back and taken back",
      incident([of(finding("revert"))], { kind: "reverted" }, { undoneBy: "another" }),
      { acted: 1, overridden: { undone: 1, rejected: 0, exempted: 0 } },
    ],
    ["observed", incident([of(finding("revert"))], { kind: "observed" }), { wouldHave: 1 }],
    ["on trial", incident([of(onTrial("revert"))], { kind: "alerted" }), { wouldHave: 1, maturity: "trial" }],
    [
      "of a rule that observes",
      incident([{ ...of(finding("revert")), observed: true }], { kind: "alerted" }),
      { wouldHave: 1 },
    ],
    [
      "observed beside a rule that acts",
      incident([{ ...of(finding("revert")), observed: true }], { kind: "reverted" }),
      { wouldHave: 1 },
    ],
    [
      "on trial beside a rule that acts",
      incident([of(onTrial("revert")), finding("revert")], { kind: "reverted" }),
      { wouldHave: 1, acted: 0 },
    ],
    ["told, as it asks for no more", incident([of(finding("alert"))], { kind: "alerted" }), { told: 1 }],
    ["told beside a rule that acts", incident([of(finding("alert"))], { kind: "reverted" }), { told: 1, acted: 0 }],
    ["told, as something stood in the way", incident([of(finding("revert"))], { kind: "alerted" }), { told: 1 }],
    ["told as over", incident([of(finding("revert"))], { kind: "transient" }), { told: 1 }],
    ["not determined", incident([of(unsure("revert"))], { kind: "alerted" }), { told: 1, undetermined: 1 }],
    ["failed", incident([of(finding("revert"))], { kind: "failed", because: "no" }), { failed: 1 }],
    ["overtaken", incident([of(finding("revert"))], { kind: "overtaken" }), { failed: 1 }],
    [
      "exempt",
      incident([{ ...of(finding("revert")), exemption: exempt }], { kind: "alerted" }),
      { told: 1, overridden: { undone: 0, rejected: 0, exempted: 1 } },
    ],
  ])("%s", (_, one, expected) => {
    const history = counted(one);
    expect(history).toMatchObject({ seen: 1, ...expected });
    const { acted = 0, asked = 0, wouldHave = 0, told = 0, failed = 0 } = history ?? {};
    expect(acted + asked + wouldHave + told + failed).toBe(1);
  });

  test("is counted once for each incident, and not where it was given up or is not settled", () => {
    const twice = incident([of(finding("revert")), of(finding("revert"))], { kind: "reverted" });
    const givenUp = incident([of(finding("revert"))], { kind: "superseded" }, { abandoned: "again" });
    const open = incident([of(finding("revert"))], { kind: "reverted" }, { status: "writing" });
    const others = incident([finding("revert", { rule: "RAM.MfaRemoved" })], { kind: "reverted" });
    expect(counted(twice, givenUp, open, others)).toMatchObject({ seen: 1, acted: 1 });
  });

  test("is counted from a time on, and tells the first and the last", () => {
    const [a, b, c] = [1, 2, 3].map(() => incident([of(onTrial("revert"))], { kind: "alerted" })) as [
      Incident,
      Incident,
      Incident,
    ];
    expect(ruleHistory([rule], [c, a, b])[0]).toMatchObject({ seen: 3, first: a.openedAt, last: c.openedAt });
    expect(ruleHistory([rule], [a, b, c], b.openedAt)[0]).toMatchObject({ seen: 2, first: b.openedAt });
  });

  test("of a rule that never found anything is nothing", () => {
    expect(ruleHistory([rule], [])).toEqual([
      {
        rule,
        seen: 0,
        acted: 0,
        asked: 0,
        wouldHave: 0,
        told: 0,
        failed: 0,
        overridden: { undone: 0, rejected: 0, exempted: 0 },
        approved: 0,
        undetermined: 0,
      },
    ]);
  });
});

test("a question that was asked anew is counted once", () => {
  const old = incident(
    [of(finding("ask"))],
    { kind: "asked" },
    { decided: { decision: "void", by: "user ops", at: 1 } },
  );
  const anew = incident([of(finding("ask"))], { kind: "asked" }, { asksAnew: old.id, ...decided("approved") });
  expect(counted(old, anew)).toMatchObject({ seen: 1, asked: 1, approved: 1 });
});
