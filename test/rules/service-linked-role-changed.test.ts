import { describe } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { serviceLinkedRoleChanged } from "../../shared/rules/service-linked-role-changed.ts";
import { allow, ruleTable, trustChange, trusting } from "./changes.ts";

const kms = trusting(allow({ Service: "kms.aliyuncs.com" }));
const of = (change: Change): Change =>
  ({ ...change, subject: { ...change.subject, roleName: "AliyunServiceRoleForKMS" } }) as Change;

describe("a service-linked role", () => {
  ruleTable(serviceLinkedRoleChanged, {
    violates: {
      "is made for a service that is not on the list": of(trustChange("new", kms)),
      "is deleted": of(trustChange(kms, "gone")),
    },
    complies: {
      "is made for a service on the list": of(trustChange("new", trusting(allow({ Service: "ecs.aliyuncs.com" })))),
      "is changed": of(trustChange(kms, kms)),
      "is no service's": trustChange("new", kms),
      "is seen for the first time, and nobody made it": of({ ...trustChange("new", kms), actor: undefined } as Change),
    },
    undetermined: {
      "is deleted, and what it was is not known": of(trustChange("unknown", "gone")),
      "is written to, and what it was is not known": of(trustChange("unknown", kms)),
    },
  });
});
