import { describe } from "vitest";
import { federatedTrustUnlimited } from "../../shared/rules/federated-trust-unlimited.ts";
import { allow, own, ruleTable, trustChange, trusting } from "./changes.ts";

const oidc = `acs:ram::${own}:oidc-provider/ci`;
const saml = `acs:ram::${own}:saml-provider/corp`;
const limit = { StringEquals: { "oidc:aud": "sts", "oidc:sub": "repo:o/r" } };

describe("a role that trusts an identity provider without a limit", () => {
  ruleTable(federatedTrustUnlimited, {
    violates: {
      "OIDC, and nothing is asked": trustChange("new", trusting(allow({ Federated: oidc }))),
      "OIDC, and only the audience is asked": trustChange(
        "new",
        trusting(allow({ Federated: oidc }, { StringEquals: { "oidc:aud": "sts" } })),
      ),
      "OIDC, and any subject will do": trustChange(
        "new",
        trusting(allow({ Federated: oidc }, { StringEquals: { "oidc:aud": "sts" }, StringLike: { "oidc:sub": "*" } })),
      ),
      "OIDC, and some subjects are kept out": trustChange(
        "new",
        trusting(
          allow({ Federated: oidc }, { StringEquals: { "oidc:aud": "sts" }, StringNotEquals: { "oidc:sub": "x" } }),
        ),
      ),
      "OIDC, and the subject is asked no more": trustChange(
        trusting(allow({ Federated: oidc }, limit)),
        trusting(allow({ Federated: oidc }, { StringEquals: { "oidc:aud": "sts" } })),
      ),
      "OIDC, and any subject will do besides a named one": trustChange(
        "new",
        trusting(allow({ Federated: oidc }, { StringLike: { "oidc:sub": ["repo:o/r", "**"], "oidc:aud": "sts" } })),
      ),
      "OIDC, and no subject need be there": trustChange(
        "new",
        trusting(
          allow(
            { Federated: oidc },
            { StringEquals: { "oidc:aud": "sts" }, StringEqualsIfExists: { "oidc:sub": "r" } },
          ),
        ),
      ),
      "OIDC, and the subject is compared as what it is not": trustChange(
        "new",
        trusting(
          allow({ Federated: oidc }, { StringEquals: { "oidc:aud": "sts" }, NumericLessThan: { "oidc:sub": "9" } }),
        ),
      ),
      "another provider is let in beside one that was": trustChange(
        trusting(allow({ Federated: oidc })),
        trusting(allow({ Federated: oidc }), allow({ Federated: saml })),
      ),
      "SAML, and nothing is asked": trustChange("new", trusting(allow({ Federated: saml }))),
    },
    complies: {
      "OIDC, with subject and audience": trustChange("new", trusting(allow({ Federated: oidc }, limit))),
      "SAML, with its recipient": trustChange(
        "new",
        trusting(
          allow({ Federated: saml }, { StringEquals: { "saml:recipient": "https://signin.aliyun.com/saml-role/sso" } }),
        ),
      ),
      "with limits, whatever was before": trustChange("unknown", trusting(allow({ Federated: oidc }, limit))),
      "with more of a limit than before": trustChange(
        trusting(allow({ Federated: oidc })),
        trusting(allow({ Federated: oidc }, { StringEquals: { "oidc:aud": "sts" } })),
      ),
      "as it did before": trustChange(
        trusting(allow({ Federated: oidc })),
        trusting(allow({ Federated: oidc }), allow({ Service: "ecs.aliyuncs.com" })),
      ),
      "no identity provider": trustChange("new", trusting(allow({ Service: "ecs.aliyuncs.com" }))),
      "and is gone": trustChange(trusting(allow({ Federated: oidc })), "gone"),
    },
    undetermined: {
      "and what it asked before is not known": trustChange("unknown", trusting(allow({ Federated: oidc }))),
      "or cannot be read": trustChange("new", "{"),
    },
  });
});
