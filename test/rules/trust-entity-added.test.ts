import { describe, expect, test } from "vitest";
import { trustEntityAdded } from "../../shared/rules/trust-entity-added.ts";
import {
  allow,
  deny,
  evidenceOf,
  judged,
  own,
  partner,
  ruleTable,
  settings,
  stranger,
  trustChange,
  trusting,
} from "./changes.ts";

const ram = (...values: readonly string[]) => ({ RAM: values });
const rootOf = (account: string) => `acs:ram::${account}:root`;
const roleOf = (name: string, account = own) => `acs:ram::${account}:role/${name}`;
const userOf = (name: string, account = own) => `acs:ram::${account}:user/${name}`;
const service = (...names: readonly string[]) => ({ Service: names });
const ecs = trusting(allow(service("ecs.aliyuncs.com")));

const trusted = (over: Partial<{ accounts: string[]; services: string[]; entities: string[] }>) => ({
  settings: settings({ trusted: { accounts: [], services: [], entities: [], ...over } }),
});

describe("somebody added to the trust of a role", () => {
  ruleTable(trustEntityAdded, {
    violates: {
      "a user of the own account": trustChange(
        ecs,
        trusting(allow(service("ecs.aliyuncs.com")), allow(ram(userOf("mallory")))),
      ),
      "a role of the own account": trustChange(ecs, trusting(allow(ram(roleOf("mallory"))))),
      "the whole own account": trustChange(ecs, trusting(allow(ram(rootOf(own))))),
      "another account": trustChange(ecs, trusting(allow(ram(rootOf(stranger))))),
      everyone: trustChange(ecs, trusting(allow("*"))),
      "a service that is not on the list": trustChange(
        ecs,
        trusting(allow(service("ecs.aliyuncs.com", "fc.aliyuncs.com"))),
      ),
      "a service whose name begins like a trusted one": trustChange(
        ecs,
        trusting(allow(service("ecs.aliyuncs.com.evil.com"))),
      ),
      "a service whose name ends like a trusted one": trustChange(ecs, trusting(allow(service("xecs.aliyuncs.com")))),
      "a service with a wildcard that matches a trusted one": trustChange(
        ecs,
        trusting(allow(service("*.aliyuncs.com"))),
      ),
      "a trusted service that acts for another account": trustChange(
        ecs,
        trusting(allow(service(`${stranger}@ecs.aliyuncs.com`))),
      ),
      "a user whose name begins like a trusted one's": trustChange(ecs, trusting(allow(ram(userOf("alice2"))))),
      "a user whose name is a trusted one's in another case": trustChange(ecs, trusting(allow(ram(userOf("Alice"))))),
      "a role whose name a trusted one's begins with": trustChange(ecs, trusting(allow(ram(roleOf("CI"))))),
      "a wildcard in a role name that matches a trusted one": trustChange(ecs, trusting(allow(ram(roleOf("CI-*"))))),
      "a role of a trusted role's name in another account": trustChange(
        ecs,
        trusting(allow(ram(roleOf("CI-Deploy", stranger)))),
      ),
      "a user with the name of a trusted role": trustChange(ecs, trusting(allow(ram(userOf("CI-Deploy"))))),
      "the own account, whose id is on the list of accounts": {
        change: trustChange(ecs, trusting(allow(ram(rootOf(own))))),
        facts: trusted({ accounts: [own] }),
      },
      "a user of an account of which only the root is on the list of entities": {
        change: trustChange(ecs, trusting(allow(ram(userOf("ci", partner))))),
        facts: trusted({ entities: [rootOf(partner)] }),
      },
      "an identity provider that is not on the list": trustChange(
        ecs,
        trusting(allow({ Federated: [`acs:ram::${own}:oidc-provider/GitHub`] })),
      ),
      "the whole account where one of its users was": trustChange(
        trusting(allow(ram(userOf("bob")))),
        trusting(allow(ram(rootOf(own)))),
      ),
      "the lists are empty": {
        change: trustChange(ecs, trusting(allow(service("fc.aliyuncs.com")))),
        facts: trusted({}),
      },
      "the lists are long and full of look-alikes": {
        change: trustChange(ecs, trusting(allow(ram(roleOf("ops"))))),
        facts: trusted({
          accounts: [own, "1", stranger],
          services: ["ops", "ram.aliyuncs.com"],
          entities: [roleOf("op"), roleOf("opss"), userOf("ops"), roleOf("ops", partner), rootOf(own)],
        }),
      },
    },
    complies: {
      "a trusted user": trustChange(ecs, trusting(allow(ram(userOf("alice"))))),
      "a trusted role, in another case": trustChange(ecs, trusting(allow(ram(roleOf("ci-deploy"))))),
      "a trusted service, in another case": trustChange(
        trusting(allow(ram(userOf("bob")))),
        trusting(allow(service("ECS.aliyuncs.com"))),
      ),
      "the root of a trusted account": trustChange(ecs, trusting(allow(ram(rootOf(partner))))),
      "a role of a trusted account": trustChange(ecs, trusting(allow(ram(roleOf("any", partner))))),
      "the entity is the last of a long list": {
        change: trustChange(ecs, trusting(allow(ram(roleOf("ops"))))),
        facts: trusted({ entities: [userOf("a"), roleOf("b"), roleOf("OPS")] }),
      },
      "nobody is added, in another order and spelling": trustChange(
        trusting(allow(ram(userOf("bob"), userOf("eve")))),
        trusting(allow(ram(userOf("eve"))), allow(ram(userOf("bob")))),
      ),
      "one user where the whole account was": trustChange(
        trusting(allow(ram(rootOf(own)))),
        trusting(allow(ram(userOf("bob")))),
      ),
      "somebody is taken away": trustChange(
        trusting(allow(ram(userOf("bob"), userOf("eve")))),
        trusting(allow(ram(userOf("bob")))),
      ),
      "somebody is added and denied": trustChange(
        ecs,
        trusting(allow(service("ecs.aliyuncs.com")), allow(ram(userOf("bob"))), deny(ram(userOf("bob")))),
      ),
      "the role is new, so nobody was added to it": trustChange("new", trusting(allow(ram(userOf("bob"))))),
      "the role is gone": trustChange(ecs, "gone"),
      "what was before is not known, and everybody is on the lists": trustChange(
        "unknown",
        trusting(allow(service("ecs.aliyuncs.com")), allow(ram(userOf("alice"), rootOf(partner)))),
      ),
    },
    undetermined: {
      "what was before is not known, and somebody is on no list": trustChange(
        "unknown",
        trusting(allow(ram(userOf("bob")))),
      ),
      "what was before is not known, and one of two is on no list": trustChange(
        "unknown",
        trusting(allow({ Service: "ecs.aliyuncs.com" }), allow(ram(userOf("bob")))),
      ),
      "the document is not JSON": trustChange(ecs, "{"),
      "the document before is not JSON": trustChange("{", ecs),
      "what was before is not known, and the document is not JSON": trustChange("unknown", "{"),
    },
  });

  test("tells one evidence for each who is added, and none for those on the lists", () => {
    const change = trustChange(ecs, trusting(allow(ram(userOf("bob"), userOf("alice"), rootOf(stranger)))));
    const evidence = evidenceOf(judged(trustEntityAdded, change));
    expect(evidence.map(({ facts }) => [facts.entityKind, facts.principal])).toEqual([
      ["user", userOf("bob")],
      ["account", rootOf(stranger)],
    ]);
    expect(evidence[0]?.sentence.en).toBe(
      `the role newly trusts RAM user \`bob\` of account \`${own}\` (this account)`,
    );
  });
});
