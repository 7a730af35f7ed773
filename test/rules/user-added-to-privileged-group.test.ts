import { describe, expect, test } from "vitest";
import { userAddedToPrivilegedGroup } from "../../shared/rules/user-added-to-privileged-group.ts";
import {
  allowing,
  carrying,
  evidenceOf,
  judged,
  membershipChange,
  permitting,
  ruleTable,
  settings,
  system,
  user,
} from "./changes.ts";

const join = membershipChange("ops");
const named = (name: string, text?: string) => ({
  carried: [{ policy: system(name), scope: "account", text }] as const,
});

describe("a user who is added to a privileged group", () => {
  ruleTable(userAddedToPrivilegedGroup, {
    violates: {
      "it carries AdministratorAccess": { change: join, facts: named("AdministratorAccess") },
      "it carries a policy that the settings name": { change: join, facts: named("AliyunSTSAssumeRoleAccess") },
      "it carries AdministratorAccess in one resource group": {
        change: join,
        facts: {
          carried: [{ policy: system("AdministratorAccess"), scope: { resourceGroupId: "rg-1" }, text: undefined }],
        },
      },
      "it carries a custom policy that allows everything, beside a harmless one": {
        change: join,
        facts: carrying(allowing("oss:GetObject"), allowing("*:*")),
      },
      "it may attach policies": { change: join, facts: carrying(allowing("ram:AttachPolicyToUser")) },
      "it may assume every role": { change: join, facts: carrying(allowing("sts:AssumeRole")) },
      "one of its policies cannot be read, and another is enough": {
        change: join,
        facts: carrying(undefined, allowing("*")),
      },
      "nothing proves that the user was not in it": {
        change: membershipChange("ops", { before: "unknown" }),
        facts: carrying(allowing("*")),
      },
      "nobody knows who added the user": {
        change: membershipChange("ops", { actor: undefined }),
        facts: carrying(allowing("*")),
      },
    },
    complies: {
      "it carries nothing": { change: join, facts: carrying() },
      "it may do all of a product, which makes nobody an administrator": {
        change: join,
        facts: carrying(allowing("ecs:*")),
      },
      "it reads one bucket": { change: join, facts: carrying(allowing("oss:GetObject", "acs:oss:*:*:logs/*")) },
      "it assumes one role": { change: join, facts: carrying(allowing("sts:AssumeRole", "acs:ram:*:*:role/ci")) },
      "what it allows is denied by another of its policies": {
        change: join,
        facts: carrying(allowing("*"), permitting({ Effect: "Deny", Action: "*", Resource: "*" })),
      },
      "the user was in it before": {
        change: membershipChange("ops", { before: "there" }),
        facts: carrying(allowing("*")),
      },
      "the user leaves it": {
        change: membershipChange("ops", { before: "there", after: "gone" }),
        facts: carrying(allowing("*")),
      },
      "a declared pipeline adds the user": {
        change: join,
        facts: { ...carrying(allowing("*")), settings: settings({ pipelines: [{ kind: "user", name: "mallory" }] }) },
      },
    },
    undetermined: {
      "what it carries was not read": join,
      "the text of one of its policies was not read": {
        change: join,
        facts: carrying(allowing("oss:GetObject"), undefined),
      },
      "one of its policies is no policy": { change: join, facts: carrying("{") },
    },
  });

  test("tells the user, the group, the maker and what is new", () => {
    const [evidence] = evidenceOf(
      judged(userAddedToPrivilegedGroup, {
        change: membershipChange("ops", { actor: user("eve") }),
        facts: carrying(allowing("*")),
      }),
    );
    expect(evidence?.facts).toMatchObject({ user: "bob", group: "ops", maker: "user eve", tier: "admin" });
    expect(evidence?.sentence.en).toContain("`user eve` added user `bob` to group `ops`, which allows every action");
  });
});
