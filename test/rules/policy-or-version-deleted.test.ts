import { describe } from "vitest";
import { policyOrVersionDeleted } from "../../shared/rules/policy-or-version-deleted.ts";
import { allowing, policyChange, policyOf, ruleTable } from "./changes.ts";

const a = allowing("oss:*");
/** A policy with these versions, the default first. */
const left = (...ids: readonly string[]) => ({
  ...policyOf([a], ids[0]),
  versions: ids.map((versionId) => ({ versionId, document: a })),
});

describe("a way back that is deleted", () => {
  ruleTable(policyOrVersionDeleted, {
    violates: {
      "the policy": policyChange(policyOf([a]), "gone", {}),
      "a policy of which nothing is known": policyChange("unknown", "gone", {}),
      "the only other version": policyChange("unknown", left("v3"), { did: "version-deleted", versionId: "v2" }),
      "the newest of the other versions": policyChange("unknown", left("v4", "v1"), {
        did: "version-deleted",
        versionId: "v2",
      }),
    },
    complies: {
      "an older version, and one newer is left among others": policyChange("unknown", left("v5", "v1", "v3"), {
        did: "version-deleted",
        versionId: "v2",
      }),
      "an older version by its number, though not by its letters": policyChange("unknown", left("v11", "v10"), {
        did: "version-deleted",
        versionId: "v9",
      }),
      "another version is put in force": policyChange("unknown", left("v2", "v1"), { did: "default-set" }),
      "an older version, and newer ones are left": policyChange("unknown", left("v4", "v3"), {
        did: "version-deleted",
        versionId: "v1",
      }),
      "a version is there all the same": policyChange("unknown", left("v4", "v2"), {
        did: "version-deleted",
        versionId: "v2",
      }),
      "a version is made": policyChange("unknown", left("v2"), { did: "version-made", versionId: "v2" }),
      "the policy was gone before": policyChange("new", "gone", {}),
    },
    undetermined: {
      "which version is not known": policyChange("unknown", left("v3"), { did: "version-deleted" }),
      "which version of a known policy is not known": policyChange(policyOf([a, a]), left("v2"), {
        did: "version-deleted",
      }),
    },
  });
});
