import { describe, expect, test } from "vitest";
import { backdoorAdministrator } from "../../shared/chains/backdoor-administrator.ts";
import type { ChainFacts } from "../../shared/chains/kit/chain.ts";
import type { RecentChange } from "../../shared/domain/recent-change.ts";
import { user } from "../rules/changes.ts";
import { facts, grantTo, joined, newKey, newLogin, newUser } from "./changes.ts";

const found = (changes: readonly RecentChange[], given: ChainFacts = facts()) =>
  backdoorAdministrator.recognise(changes, given);
const administers = facts({ administers: (name) => name === "admins" });

describe("a user that is made, can get in and administers, within an hour", () => {
  test.each<[string, readonly RecentChange[], ChainFacts?]>([
    ["a logon and a grant", [newUser("eve"), newLogin("eve"), grantTo("user", "eve")]],
    ["in any order", [grantTo("user", "eve"), newLogin("eve", { minute: 3 }), newUser("eve", { minute: 5 })]],
    ["a key and a grant", [newUser("eve"), newKey("eve"), grantTo("user", "eve")]],
    ["a key whose owner is named by the id", [newUser("eve"), newKey("id-of-eve"), grantTo("user", "eve")]],
    ["in a group that administers", [newUser("eve"), newKey("eve"), joined("eve", "admins")], administers],
    ["in a group that was made to", [newUser("eve"), newKey("eve"), joined("eve", "ops"), grantTo("group", "ops")]],
    ["a membership that broke a rule", [newUser("eve"), newKey("eve"), joined("eve", "ops", { broke: "high" })]],
    ["by two actors", [newUser("eve"), newLogin("eve", { actor: user("bob") }), grantTo("user", "eve")]],
    ["in just an hour", [newUser("eve"), newLogin("eve", { minute: 30 }), grantTo("user", "eve", { minute: 60 })]],
    [
      "a logon that is put in use again in a way that breaks a rule",
      [newUser("eve"), newLogin("eve", { effect: "changed", broke: "high" }), grantTo("user", "eve")],
    ],
  ])("is found: %s", (_, changes, given) => {
    const [chain, ...others] = found(changes, given);
    expect(others).toEqual([]);
    expect(chain?.target).toMatchObject({ kind: "user", userName: "eve" });
    expect(new Set(chain?.pieces)).toEqual(new Set(changes));
    expect(chain?.unsure).toBeUndefined();
    const times = chain?.pieces.map(({ occurredAt }) => occurredAt) ?? [];
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const [evidence] = chain?.evidence ?? [];
    for (const [, value = ""] of evidence?.sentence.en.matchAll(/`([^`]+)`/g) ?? [])
      expect(Object.values(evidence?.facts ?? {})).toContain(value);
  });

  test.each<[string, readonly RecentChange[], ChainFacts?]>([
    ["no way in", [newUser("eve"), grantTo("user", "eve")]],
    ["no power", [newUser("eve"), newLogin("eve"), newKey("eve")]],
    ["a grant of little", [newUser("eve"), newLogin("eve"), grantTo("user", "eve", { policy: "ReadOnlyAccess" })]],
    ["a user who was there", [newLogin("eve"), grantTo("user", "eve")]],
    ["a grant to another", [newUser("eve"), newLogin("eve"), grantTo("user", "bob")]],
    ["a logon of another", [newUser("eve"), newLogin("bob"), grantTo("user", "eve")]],
    ["a grant to a role of the name", [newUser("eve"), newLogin("eve"), grantTo("role", "eve")]],
    ["a group that gives little", [newUser("eve"), newLogin("eve"), joined("eve", "staff")], administers],
    ["a logon that was taken away", [newUser("eve"), newLogin("eve", { effect: "removed" }), grantTo("user", "eve")]],
    [
      "a logon that was changed in order",
      [newUser("eve"), newLogin("eve", { effect: "changed" }), grantTo("user", "eve")],
    ],
    ["more than an hour", [newUser("eve"), newLogin("eve", { minute: 30 }), grantTo("user", "eve", { minute: 61 })]],
    ["nothing at all", []],
  ])("is not found: %s", (_, changes, given) => {
    expect(found(changes, given)).toEqual([]);
  });

  test("is told, and nothing written, where it is not known what a group may do", () => {
    const changes = [newUser("eve"), newKey("eve"), joined("eve", "ops")];
    const [chain] = found(changes, facts({ administers: () => undefined }));
    expect(chain).toMatchObject({ unsure: true });
    expect(chain?.evidence[0].sentence.en).toContain("could not be read");
  });

  test("asks of the account only what the changes do not tell", () => {
    const ask = (changes: readonly RecentChange[]) => backdoorAdministrator.needs(changes, facts().settings);
    expect(ask([newUser("eve"), newKey("eve"), joined("eve", "ops")])).toEqual({ groups: ["ops"], policies: [] });
    expect(ask([newUser("eve"), newKey("eve"), grantTo("user", "eve")])).toEqual({ groups: [], policies: [] });
    // Without a way in there is no chain yet, whatever the group may do.
    expect(ask([newUser("eve"), joined("eve", "ops")])).toEqual({ groups: [], policies: [] });
  });

  test("each user is a chain of its own", () => {
    const both = ["eve", "mal"].flatMap((name) => [newUser(name), newLogin(name), grantTo("user", name)]);
    expect(found(both).map(({ target }) => target)).toMatchObject([{ userName: "eve" }, { userName: "mal" }]);
  });

  test("all that is within an hour of the others is a piece, and what came long before is none", () => {
    const early = newKey("eve", { minute: -200 });
    const changes = [
      early,
      newUser("eve"),
      newLogin("eve", { minute: 20 }),
      newKey("eve", { minute: 50 }),
      grantTo("user", "eve", { minute: 10 }),
    ];
    const [chain] = found(changes);
    expect(chain?.pieces).toHaveLength(4);
    expect(chain?.pieces).not.toContain(early);
  });

  test("ends all but the user itself", () => {
    const pieces = [newUser("eve"), newLogin("eve"), newKey("eve"), grantTo("user", "eve")];
    expect(pieces.map((piece) => backdoorAdministrator.ends?.(piece, pieces))).toEqual([false, true, true, true]);
  });
});
