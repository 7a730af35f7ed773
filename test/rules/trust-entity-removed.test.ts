import { describe } from "vitest";
import { trustEntityRemoved } from "../../shared/rules/trust-entity-removed.ts";
import { allow, own, partner, ruleTable, stranger, trustChange, trusting } from "./changes.ts";

const ci = `acs:ram::${own}:role/CI-Deploy`;

describe("a trusted entity that is removed", () => {
  ruleTable(trustEntityRemoved, {
    violates: {
      "a service of two": trustChange(
        trusting(allow({ Service: "ecs.aliyuncs.com" }), allow({ RAM: ci })),
        trusting(allow({ RAM: ci })),
      ),
      "a user of the account, replaced by a role": trustChange(
        trusting(allow({ RAM: `acs:ram::${own}:user/bob` })),
        trusting(allow({ RAM: ci })),
      ),
      "a partner on the list": trustChange(
        trusting(allow({ RAM: [`acs:ram::${partner}:root`, ci] })),
        trusting(allow({ RAM: ci })),
      ),
    },
    complies: {
      "nobody is removed": trustChange(trusting(allow({ RAM: ci })), trusting(allow({ RAM: ci }))),
      "somebody is added": trustChange(
        trusting(allow({ RAM: ci })),
        trusting(allow({ RAM: [ci, `acs:ram::${partner}:root`] })),
      ),
      "an account that should never have been let in": trustChange(
        trusting(allow({ RAM: [`acs:ram::${stranger}:root`, ci] })),
        trusting(allow({ RAM: ci })),
      ),
      everyone: trustChange(
        trusting(allow({ RAM: ["*"] })),
        trusting(allow({ RAM: ["*"] }, { StringEquals: { "sts:ExternalId": "q" } })),
      ),
      "the role is new, and trusts somebody else than it may": trustChange(
        "new",
        trusting(allow({ RAM: `acs:ram::${stranger}:root` })),
      ),
      "the role is new, and cannot be read, of which another rule tells": trustChange("new", "{"),
      "the role is new": trustChange("new", trusting(allow({ RAM: ci }))),
      "the role is gone": trustChange(trusting(allow({ RAM: ci })), "gone"),
    },
    undetermined: {
      "whom it trusted before is not known": trustChange("unknown", trusting(allow({ RAM: ci }))),
      "the document cannot be read": trustChange(trusting(allow({ RAM: ci })), "{"),
    },
  });
});
