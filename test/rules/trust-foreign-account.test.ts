import { describe, expect, test } from "vitest";
import { trustForeignAccount } from "../../shared/rules/trust-foreign-account.ts";
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

const ram = (...values: readonly string[]) => ({ RAM: values.length === 1 ? values[0] : values });
const rootOf = (account: string) => `acs:ram::${account}:root`;
const ecs = trusting(allow({ Service: "ecs.aliyuncs.com" }));

const accounts = (...ids: readonly string[]) => ({
  settings: settings({ trusted: { accounts: ids, services: [], entities: [] } }),
});
const entities = (...arns: readonly string[]) => ({
  settings: settings({ trusted: { accounts: [], services: [], entities: arns } }),
});

describe("a role that lets in another account", () => {
  ruleTable(trustForeignAccount, {
    violates: {
      "another account is added": trustChange(ecs, trusting(allow(ram(rootOf(stranger))))),
      "a role is made with another account in its trust": trustChange("new", trusting(allow(ram(rootOf(stranger))))),
      "a user of another account is added": trustChange(ecs, trusting(allow(ram(`acs:ram::${stranger}:user/ci`)))),
      "a role of another account is added": trustChange(ecs, trusting(allow(ram(`acs:ram::${stranger}:role/ci`)))),
      "a stranger among trusted ones": trustChange(
        ecs,
        trusting(allow(ram(rootOf(own), rootOf(partner), rootOf(stranger)))),
      ),
      "a stranger in a statement of its own": trustChange(
        ecs,
        trusting(allow({ Service: "ecs.aliyuncs.com" }), allow(ram(rootOf(stranger)))),
      ),
      "everyone is let in": trustChange(ecs, trusting(allow("*"))),
      "everyone of RAM is let in": trustChange(ecs, trusting(allow(ram("*")))),
      "a wildcard stands where the account is": trustChange(ecs, trusting(allow(ram("acs:ram::*:root")))),
      "a wildcard stands for the rest of an own account id": trustChange(
        ecs,
        trusting(allow(ram("acs:ram::123456789012345?:root"))),
      ),
      "a wildcard stands for the rest of a partner's id": trustChange(
        ecs,
        trusting(allow(ram(`acs:ram::${partner.slice(0, 8)}*:root`))),
      ),
      "an id that the partner's begins with": trustChange(ecs, trusting(allow(ram(rootOf(partner.slice(0, -1)))))),
      "an id that begins with the partner's": trustChange(ecs, trusting(allow(ram(rootOf(`${partner}0`))))),
      "an id that ends with the partner's": trustChange(ecs, trusting(allow(ram(rootOf(`9${partner}`))))),
      "an id that begins with the own one": trustChange(ecs, trusting(allow(ram(rootOf(`${own}0`))))),
      "an id that the own one begins with": trustChange(ecs, trusting(allow(ram(rootOf(own.slice(0, -1)))))),
      "an identity provider of another account": trustChange(
        ecs,
        trusting(allow({ Federated: `acs:ram::${stranger}:saml-provider/corp` })),
      ),
      "a service that acts for another account": trustChange(
        ecs,
        trusting(allow({ Service: `${stranger}@log.aliyuncs.com` })),
      ),
      "all but one are let in": trustChange(
        ecs,
        JSON.stringify({
          Version: "1",
          Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", NotPrincipal: ram(rootOf(stranger)) }],
        }),
      ),
      "text that is no principal that anybody knows": trustChange(ecs, trusting(allow(ram("arn:aws:iam::1:root")))),
      "the partner's root is on the list of entities, and its look-alike is added": {
        change: trustChange(ecs, trusting(allow(ram(rootOf(`${partner}1`))))),
        facts: entities(rootOf(partner)),
      },
      "nobody is on the lists": {
        change: trustChange(ecs, trusting(allow(ram(rootOf(partner))))),
        facts: accounts(),
      },
      "a wildcard on the list is an id like any other": {
        change: trustChange(ecs, trusting(allow(ram(rootOf(stranger))))),
        facts: accounts("*", "9*", "987654321098765?"),
      },
      "what was before is not known": trustChange("unknown", trusting(allow(ram(rootOf(stranger))))),
      "one user of another account was trusted, and now all of it is": trustChange(
        trusting(allow(ram(`acs:ram::${stranger}:user/ci`))),
        trusting(allow(ram(rootOf(stranger)))),
      ),
      "one stranger takes the place of another": trustChange(
        trusting(allow(ram(rootOf(stranger)))),
        trusting(allow(ram(rootOf("8888888888888888")))),
      ),
    },
    complies: {
      "a cloud service is trusted": trustChange("new", ecs),
      "the own account is trusted": trustChange("new", trusting(allow(ram(rootOf(own))))),
      "the partner's root is trusted": trustChange(ecs, trusting(allow(ram(rootOf(partner))))),
      "a role of the partner's": trustChange(ecs, trusting(allow(ram(`acs:ram::${partner}:role/audit`)))),
      "the partner is the last of the list": {
        change: trustChange(ecs, trusting(allow(ram(rootOf(partner))))),
        facts: accounts("1", "2", partner),
      },
      "the very role of another account is on the list of entities, in another case": {
        change: trustChange(ecs, trusting(allow(ram(`acs:ram::${stranger}:role/Audit`)))),
        facts: entities(`acs:ram::${stranger}:role/audit`),
      },
      "the stranger was trusted before": trustChange(
        trusting(allow(ram(rootOf(stranger)))),
        trusting(allow(ram(rootOf(stranger))), allow({ Service: "ecs.aliyuncs.com" })),
      ),
      "the trust in a stranger is narrowed to one of its roles": trustChange(
        trusting(allow(ram(rootOf(stranger)))),
        trusting(allow(ram(`acs:ram::${stranger}:role/ci`))),
      ),
      "everyone was let in, and now one account is": trustChange(
        trusting(allow(ram("*"))),
        trusting(allow(ram(rootOf(stranger)))),
      ),
      "the stranger is denied": trustChange(
        ecs,
        trusting(allow({ Service: "ecs.aliyuncs.com" }), deny(ram(rootOf(stranger)))),
      ),
      "the stranger is allowed and denied": trustChange(
        ecs,
        trusting(allow(ram(rootOf(stranger))), deny(ram(rootOf(stranger)))),
      ),
      "the role is gone": trustChange(ecs, "gone"),
    },
    undetermined: {
      "the document is not JSON": trustChange(ecs, "{"),
      "the document is not a trust policy": trustChange(ecs, JSON.stringify({ Version: "1", Statement: [{}] })),
    },
  });

  test("tells one evidence for each stranger, with the account", () => {
    const change = trustChange(
      ecs,
      trusting(allow(ram(rootOf(stranger), `acs:ram::${stranger}:user/ci`, rootOf(partner)))),
    );
    const evidence = evidenceOf(judged(trustForeignAccount, change));
    expect(evidence.map(({ facts }) => facts)).toEqual([
      { account: stranger, accountId: stranger, entityKind: "account" },
      { account: stranger, accountId: stranger, entityKind: "user", name: "ci" },
    ]);
    expect(evidence[0]?.sentence.en).toBe(
      `the role lets in every RAM user and role of account \`${stranger}\`, which is outside this account and not on the allow-list`,
    );
  });
});
