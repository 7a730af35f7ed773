import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { usualPractices } from "../../shared/domain/settings.ts";
import { lentRoleHardToRevoke } from "../../shared/rules/lent-role-hard-to-revoke.ts";
import { trustOf } from "../sandbox/client.ts";
import { evidenceOf, judged, own, partner, roleTrust, ruleTable, settings, stranger, trustChange } from "./changes.ts";

const ours = trustOf({ RAM: [`acs:ram::${own}:role/CI-Deploy`] });
const asked = { StringEquals: { "sts:ExternalId": "q3-2026" } };
const lent = (condition?: Record<string, unknown>) => trustOf({ RAM: [`acs:ram::${partner}:root`] }, condition);
const lasting = (then: number | "unknown", now: number, document = lent(asked)): Change =>
  ({
    ...trustChange(document, document),
    before:
      then === "unknown"
        ? { known: false, because: "there is no baseline of it yet" }
        : { known: true, state: roleTrust(document, { maxSessionSeconds: then }), provenance: "baseline" },
    after: roleTrust(document, { maxSessionSeconds: now }),
  }) as Change;

describe("access of another account that is hard to take back", () => {
  ruleTable(lentRoleHardToRevoke, {
    violates: {
      "an account as a whole, without an external id": trustChange(ours, lent()),
      "the external id is gone": trustChange(lent(asked), lent()),
      "the external id may be missing": trustChange(
        ours,
        lent({ StringEqualsIfExists: { "sts:ExternalId": "q3-2026" } }),
      ),
      "the external id is only what it may not be": trustChange(
        ours,
        lent({ StringNotEquals: { "sts:ExternalId": "q3-2026" } }),
      ),
      "something else is asked for": trustChange(ours, lent({ IpAddress: { "acs:SourceIp": "10.0.0.0/8" } })),
      "sessions of two hours, where an external id was missing before as well": lasting(3600, 7200, lent()),
      "sessions of two hours": lasting(3600, 7200),
      "a role that is new": trustChange("new", lent()),
    },
    complies: {
      "with an external id and sessions of an hour": trustChange(ours, lent(asked)),
      "one role of that account, without an external id": {
        change: trustChange(ours, trustOf({ RAM: [`acs:ram::${partner}:role/reader`] })),
        facts: {},
      },
      "as it was before": trustChange(
        lent(),
        trustOf({ RAM: [`acs:ram::${partner}:root`], Service: ["ecs.aliyuncs.com"] }),
      ),
      "with an external id, whatever was before": trustChange("unknown", lent(asked)),
      "sessions as long as before": lasting(7200, 7200),
      "sessions within what the settings allow": {
        change: lasting(3600, 7200),
        facts: {
          settings: settings({
            practices: { ...usualPractices, longestSession: { human: 7200, automation: 14_400 } },
          }),
        },
      },
      "an account that is not on the list, of which a rule of its own tells": trustChange(
        ours,
        trustOf({ RAM: [`acs:ram::${stranger}:root`] }),
      ),
      "our own account": trustChange(ours, trustOf({ RAM: [`acs:ram::${own}:root`] })),
      "the role is gone": trustChange(lent(), "gone"),
    },
    undetermined: {
      "what was before is not known": trustChange("unknown", lent()),
      "how long sessions lasted before is not known": lasting("unknown", 7200),
      "the trust document cannot be read": trustChange(ours, "{"),
    },
  });

  test("says what is missing, and to whom", () => {
    const [evidence] = evidenceOf(judged(lentRoleHardToRevoke, trustChange(ours, lent())));
    expect(evidence?.facts).toMatchObject({ without: "sts:ExternalId", accountId: partner });
  });
});
