import { describe, expect, test } from "vitest";
import { logonTakenOver } from "../../shared/rules/logon-taken-over.ts";
import { evidenceOf, judged, login, loginChange, role, root, ruleTable, user } from "./changes.ts";

const password = { unseen: ["password"] } as const;
const off = login({ status: "Inactive" });

describe("a logon that somebody else can use from now on", () => {
  ruleTable(logonTakenOver, {
    violates: {
      "somebody sets the password of another user": loginChange(login(), login(), password),
      "and nobody knows how the logon was": loginChange("unknown", login(), password),
      "the account owner does it": loginChange(login(), login(), { ...password, actor: root }),
      "a role does it": loginChange(login(), login(), { ...password, actor: role("ops") }),
      "a user of the same name in another account does it": loginChange(login(), login(), {
        ...password,
        actor: user("alice", "9876543210987654"),
      }),
      "somebody switches it on again": loginChange(off, login()),
    },
    complies: {
      "the user sets the own password": loginChange(login(), login(), { ...password, actor: user("alice") }),
      "the help desk does": loginChange(login(), login(), { ...password, actor: user("helpdesk") }),
      "the help desk switches it on again": loginChange(off, login(), { actor: user("helpdesk") }),
      "the logon is new, which other rules judge": loginChange("nothing", login()),
      "the logon is off": loginChange(login(), off, password),
      "the logon is gone": loginChange(login(), undefined, password),
      "a flag changes": loginChange(login(), login({ passwordResetRequired: true })),
      "a flag changes by Ram, which cannot switch it on": loginChange("unknown", login(), { route: "Ram" }),
      "another device is what is missing": loginChange(login(), login(), { unseen: ["second-factor"] }),
    },
    undetermined: {
      "nobody knows whether it was off": loginChange("unknown", login()),
      "nobody knows who set the password": loginChange(login(), login(), { ...password, actor: undefined }),
    },
  });

  test("tells the user, the maker and what was done", () => {
    const [evidence] = evidenceOf(judged(logonTakenOver, loginChange(login(), login(), password)));
    expect(evidence?.facts).toEqual({ user: "alice", maker: "user mallory", what: "password" });
    const [other] = evidenceOf(judged(logonTakenOver, loginChange(off, login())));
    expect(other?.facts).toEqual({ user: "alice", maker: "user mallory", what: "status" });
  });
});
