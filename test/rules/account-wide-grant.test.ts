import { describe } from "vitest";
import { usualPractices } from "../../shared/domain/settings.ts";
import { accountWideGrant } from "../../shared/rules/account-wide-grant.ts";
import { changed, custom, detachChange, grantChange, own, ruleTable, settings, system } from "./changes.ts";

const facts = { settings: settings({ practices: { ...usualPractices, resourceGroupOnly: ["team-*", "alice"] } }) };
const team = { kind: "group", name: "team-billing" } as const;
const alice = { kind: "user", name: "alice" } as const;
const there = system("AliyunECSReadOnlyAccess");

describe("a grant for the whole account where a resource group is required", () => {
  ruleTable(accountWideGrant, {
    violates: {
      "to a group of a team": { change: grantChange(team, custom("work")), facts },
      "to a user that is named": { change: grantChange(alice, there), facts },
      "to a role of a team": { change: grantChange({ kind: "role", name: "team-batch" }, there), facts },
    },
    complies: {
      "in a resource group": { change: grantChange(team, there, { scope: { resourceGroupId: "rg-team" } }), facts },
      "to anybody else": { change: grantChange({ kind: "user", name: "bob" }, there), facts },
      "where the settings require none": grantChange(team, there),
      "it was there before": {
        change: changed<"grant">(
          { kind: "grant", accountId: own, principal: team, policy: there, scope: "account", route: "Ram" },
          { kind: "grant", principal: team, policy: there, scope: "account" },
          { kind: "grant", principal: team, policy: there, scope: "account" },
        ),
        facts,
      },
      "it is taken away, and nobody knows whether it was there": {
        change: detachChange(team, there, { before: "unknown" }),
        facts,
      },
      "it is taken away": { change: detachChange(team, there), facts },
    },
    undetermined: {
      "whether a group held it before is not known": { change: grantChange(team, there, { before: "unknown" }), facts },
      "whether a user held it before is not known": { change: grantChange(alice, there, { before: "unknown" }), facts },
    },
  });
});
