import { describe, expect, test } from "vitest";
import { trustConditionWeakened } from "../../shared/rules/trust-condition-weakened.ts";
import { allow, deny, evidenceOf, judged, own, partner, ruleTable, trustChange, trusting } from "./changes.ts";

const partnerRoot = { RAM: `acs:ram::${partner}:root` };
const ownRoot = { RAM: `acs:ram::${own}:root` };
const github = { Federated: `acs:ram::${own}:oidc-provider/GitHub` };

const externalId = (...ids: readonly string[]) => ({ StringEquals: { "sts:ExternalId": ids } });
const subject = (operator: string, value: string) => ({ [operator]: { "oidc:sub": value } });
const from = (...ranges: readonly string[]) => ({ IpAddress: { "acs:SourceIp": ranges } });

const change = (before: readonly object[], after: readonly object[]) =>
  trustChange(trusting(...(before as never[])), trusting(...(after as never[])));

describe("easier terms for somebody who was trusted before", () => {
  ruleTable(trustConditionWeakened, {
    violates: {
      "the external id is gone": change([allow(partnerRoot, externalId("a"))], [allow(partnerRoot)]),
      "a second external id is accepted": change(
        [allow(partnerRoot, externalId("a"))],
        [allow(partnerRoot, externalId("a", "b"))],
      ),
      "another external id takes its place": change(
        [allow(partnerRoot, externalId("a"))],
        [allow(partnerRoot, externalId("b"))],
      ),
      "the subject is compared by a pattern": change(
        [allow(github, subject("StringEquals", "repo:corp/app:ref:main"))],
        [allow(github, subject("StringLike", "repo:corp/*"))],
      ),
      "the source network is wider": change(
        [allow(ownRoot, from("10.0.0.0/16"))],
        [allow(ownRoot, from("10.0.0.0/8"))],
      ),
      "the second factor is not asked for": change(
        [allow(ownRoot, { Bool: { "acs:MFAPresent": "true" } })],
        [allow(ownRoot)],
      ),
      "a Deny is gone": change([allow(ownRoot), deny({ RAM: `acs:ram::${own}:user/intern` })], [allow(ownRoot)]),
      "a statement without the condition stands beside the old one": change(
        [allow(partnerRoot, externalId("a"))],
        [allow(partnerRoot, externalId("a")), allow(partnerRoot)],
      ),
      "the condition moves to a key that RAM does not know": change(
        [allow(partnerRoot, externalId("a"))],
        [allow(partnerRoot, { StringEquals: { "sts:ExternalIdx": ["a"] } })],
      ),
    },
    complies: {
      "nothing changes": change([allow(partnerRoot, externalId("a"))], [allow(partnerRoot, externalId("a"))]),
      "a condition is added": change([allow(partnerRoot)], [allow(partnerRoot, externalId("a"))]),
      "the key is spelled in another case": change(
        [allow(partnerRoot, externalId("a"))],
        [allow(partnerRoot, { StringEquals: { "STS:externalid": "a" } })],
      ),
      "the source network is narrower": change(
        [allow(ownRoot, from("10.0.0.0/8"))],
        [allow(ownRoot, from("10.1.0.0/16"))],
      ),
      "somebody new comes in, which another rule judges": change(
        [allow(partnerRoot, externalId("a"))],
        [allow(partnerRoot, externalId("a")), allow({ RAM: `acs:ram::${own}:user/bob` })],
      ),
      "whoever had the condition is no longer trusted": change(
        [allow(partnerRoot, externalId("a")), allow(ownRoot)],
        [allow(ownRoot)],
      ),
      "a Deny is gone that held nobody back": change(
        [allow(partnerRoot), deny({ RAM: `acs:ram::${own}:user/intern` })],
        [allow(partnerRoot)],
      ),
      "the role is new": trustChange("new", trusting(allow(partnerRoot))),
      "the role is gone": trustChange(trusting(allow(partnerRoot, externalId("a"))), "gone"),
    },
    undetermined: {
      "what was before is not known": trustChange("unknown", trusting(allow(partnerRoot))),
      "the document is not JSON": trustChange(trusting(allow(partnerRoot)), "["),
      "the document before is not JSON": trustChange("[", trusting(allow(partnerRoot))),
    },
  });

  test("tells the condition as it was and as it is", () => {
    const [evidence] = evidenceOf(
      judged(
        trustConditionWeakened,
        change([allow(partnerRoot, externalId("a"))], [allow(partnerRoot, externalId("a", "b"))]),
      ),
    );
    expect(evidence?.facts).toMatchObject({ accountId: partner, conditionKey: "sts:ExternalId", how: "values-added" });
    expect(evidence?.sentence.en).toContain("the condition on `sts:ExternalId` (the external id) accepts more values");
    expect(evidence?.sentence.en).toContain(`\`${evidence?.facts.conditionBefore}\``);
    expect(evidence?.sentence.en).toContain(`\`${evidence?.facts.conditionAfter}\``);
  });
});
