import { describe, expect, test } from "vitest";
import { mfaRemoved } from "../../shared/rules/mfa-removed.ts";
import { evidenceOf, judged, login, loginChange, ruleTable, user } from "./changes.ts";

const lost = { unseen: ["second-factor"] } as const;

describe("a console user without the second factor that was there", () => {
  // Nothing about it can be undetermined: that the factor went is what the event says, and the logon is read.
  ruleTable(mfaRemoved, {
    violates: {
      "somebody takes it": loginChange(login(), login(), lost),
      "nobody knows how the logon was": loginChange("unknown", login(), lost),
      "the user takes the own one": loginChange(login(), login(), { ...lost, actor: user("alice") }),
      "nobody knows who took it": loginChange(login(), login(), { ...lost, actor: undefined }),
    },
    complies: {
      "the help desk takes it": loginChange(login(), login(), { ...lost, actor: user("helpdesk") }),
      "the logon is off": loginChange(login(), login({ status: "Inactive" }), lost),
      "there is no logon": loginChange("nothing", undefined, lost),
      "it is the password that changed": loginChange(login(), login(), { unseen: ["password"] }),
      "nothing but a flag changed": loginChange(login(), login({ mfaBindRequired: false })),
    },
    undetermined: {},
  });

  test("tells whether it was the user's own doing", () => {
    const facts = (actor: string) =>
      evidenceOf(judged(mfaRemoved, loginChange(login(), login(), { ...lost, actor: user(actor) })))[0]?.facts;
    expect(facts("mallory")).toEqual({ user: "alice", maker: "user mallory", own: "false" });
    expect(facts("alice")).toEqual({ user: "alice", maker: "user alice", own: "true" });
  });
});
