import { describe } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { usualPractices } from "../../shared/domain/settings.ts";
import { sessionLengthRaised } from "../../shared/rules/session-length-raised.ts";
import { allow, own, roleTrust, ruleTable, settings, trustChange, trusting } from "./changes.ts";

const person = trusting(allow({ RAM: `acs:ram::${own}:user/alice` }));
const service = trusting(allow({ Service: "ecs.aliyuncs.com" }));
const workload = trusting(allow({ Federated: `acs:ram::${own}:oidc-provider/ci` }));
const both = trusting(allow({ RAM: `acs:ram::${own}:user/alice` }), allow({ Service: "ecs.aliyuncs.com" }));

const lasting = (before: number | "new" | "unknown", after: number, document: string): Change =>
  ({
    ...trustChange(typeof before === "number" ? document : before, document),
    ...(typeof before === "number"
      ? { before: { known: true, state: roleTrust(document, { maxSessionSeconds: before }), provenance: "baseline" } }
      : {}),
    after: roleTrust(document, { maxSessionSeconds: after }),
  }) as Change;

describe("sessions of a role that may last longer", () => {
  ruleTable(sessionLengthRaised, {
    violates: {
      "a person's, above an hour": lasting(3600, 7200, person),
      "a service's, above four hours": lasting(3600, 14_401, service),
      "of a new role": lasting("new", 43_200, service),
      "raised once more": lasting(7200, 43_200, person),
      "of a role that lets in a person and a service": lasting(3600, 7200, both),
    },
    complies: {
      "an hour": lasting("unknown", 3600, person),
      "a service's, within four hours": lasting(3600, 14_400, service),
      "of a workload with an identity provider, within four hours": lasting(3600, 14_400, workload),
      "lowered, and still above": lasting(43_200, 14_401, person),
      "as long as before": lasting(7200, 7200, person),
      "within what the settings allow": {
        change: lasting(3600, 7200, person),
        facts: {
          settings: settings({ practices: { ...usualPractices, longestSession: { human: 7200, automation: 14_400 } } }),
        },
      },
      "of a new role, within four hours": lasting("new", 14_400, service),
      "an hour, by a trust that cannot be read": lasting(7200, 3600, "{"),
      "that another role takes on, within four hours": lasting(
        3600,
        14_400,
        trusting(allow({ RAM: `acs:ram::${own}:role/ci` })),
      ),
      "the role is gone": trustChange(person, "gone"),
    },
    undetermined: {
      "how long they lasted before is not known": lasting("unknown", 43_200, service),
      "the trust document cannot be read": lasting(3600, 7200, "{"),
    },
  });
});
