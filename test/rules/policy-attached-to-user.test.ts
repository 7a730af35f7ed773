import { describe } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import type { PolicyName } from "../../shared/domain/subject.ts";
import { policyAttachedToUser } from "../../shared/rules/policy-attached-to-user.ts";
import { custom, detachChange, grantChange, ruleTable, system } from "./changes.ts";

const alice = { kind: "user", name: "alice" } as const;
const grant = { kind: "grant", principal: alice, policy: custom("work"), scope: "account" } as const;
const unknownBefore = (policy: PolicyName): Change =>
  ({ ...grantChange(alice, policy), before: { known: false, because: "there is no baseline of it yet" } }) as Change;

describe("a policy that is attached to a user itself", () => {
  ruleTable(policyAttachedToUser, {
    violates: {
      "a custom one": grantChange(alice, custom("work")),
      "a system one": grantChange(alice, system("ReadOnlyAccess"), { actor: undefined }),
      "in a resource group": grantChange(alice, custom("work"), { scope: { resourceGroupId: "rg-1" } }),
    },
    complies: {
      "to a group": grantChange({ kind: "group", name: "staff" }, custom("work")),
      "to a role": grantChange({ kind: "role", name: "ops" }, custom("work")),
      "that is gone again": grantChange(alice, custom("work"), { isGone: true }),
      "that is taken away, and nobody knows whether it was there": detachChange(alice, custom("work"), {
        before: "unknown",
      }),
      "that is taken away": detachChange(alice, custom("work")),
      "that was there before": {
        ...grantChange(alice, custom("work")),
        before: { known: true, state: grant, provenance: "baseline" },
      } as Change,
    },
    undetermined: {
      "whether it was there before is not known": unknownBefore(custom("work")),
      "whether a system policy was there before is not known": unknownBefore(system("ReadOnlyAccess")),
    },
  });
});
