import { describe } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { protectedRoleDeleted } from "../../shared/rules/protected-role-deleted.ts";
import { allow, root, ruleTable, trustChange, trusting } from "./changes.ts";

const document = trusting(allow({ Service: "ecs.aliyuncs.com" }));
const of = (roleName: string, change: Change): Change =>
  ({ ...change, subject: { ...change.subject, roleName } }) as Change;

describe("a protected role that is deleted", () => {
  // Nothing about it can be undetermined: that the role is gone is all there is to it.
  ruleTable(protectedRoleDeleted, {
    violates: {
      "it was known": of("break-glass", trustChange(document, "gone")),
      "nothing is known of what it was": of("Break-Glass", trustChange("unknown", "gone")),
      "the account owner deleted it": of("break-glass", trustChange(document, "gone", root)),
    },
    complies: {
      "it is another": of("deploy", trustChange(document, "gone")),
      "it is there": of("break-glass", trustChange(document, document)),
      "it was gone before": of("break-glass", trustChange("new", "gone")),
    },
    undetermined: {},
  });
});
