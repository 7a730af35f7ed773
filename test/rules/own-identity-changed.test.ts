import { describe } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { ownIdentityChanged } from "../../shared/rules/own-identity-changed.ts";
import {
  allow,
  allowing,
  custom,
  detachChange,
  grantChange,
  own,
  policyChange,
  policyOf,
  ruleTable,
  settings,
  trustChange,
  trusting,
} from "./changes.ts";

const document = trusting(allow({ Service: "fc.aliyuncs.com" }));
const acting = { kind: "role", name: "RAM-Warden-acting" } as const;
const of = (change: Change): Change =>
  ({ ...change, subject: { ...change.subject, roleName: "ram-warden-looking" } }) as Change;

describe("a change of what the guard works with", () => {
  ruleTable(ownIdentityChanged, {
    violates: {
      "its role trusts somebody else": of(trustChange(document, trusting(allow({ RAM: `acs:ram::${own}:user/bob` })))),
      "its role is deleted": of(trustChange("unknown", "gone")),
      "its role gets a policy": grantChange(acting, custom("work")),
      "its role loses a policy": detachChange(acting, custom("ram-warden-acting")),
      "its policy is changed": policyChange(policyOf([allowing("oss:*")]), policyOf([allowing("*")]), {
        policyName: "ram-warden-acting",
      }),
      "its policy is deleted": policyChange("unknown", "gone", { policyName: "ram-warden-acting" }),
    },
    complies: {
      "it is another role's": trustChange(document, trusting(allow({ RAM: `acs:ram::${own}:user/bob` }))),
      "it is a user of the name": grantChange({ kind: "user", name: "ram-warden-acting" }, custom("work")),
      "it is another policy": policyChange(policyOf([allowing("oss:*")]), policyOf([allowing("*")])),
      "it is written as it was": of(trustChange(document, document)),
      "a declared pipeline makes it": {
        change: grantChange(acting, custom("work")),
        facts: { settings: settings({ pipelines: [{ kind: "user", name: "mallory" }] }) },
      },
      "it is seen for the first time, and nobody changed it": of({
        ...trustChange("new", document),
        actor: undefined,
      } as Change),
    },
    undetermined: {
      "what its role trusted before is not known": of(trustChange("unknown", document)),
      "what its policy allowed before is not known": policyChange("unknown", policyOf([allowing("*")]), {
        policyName: "ram-warden-looking",
      }),
    },
  });
});
