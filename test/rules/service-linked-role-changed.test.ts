import { describe } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { serviceLinkedRoleChanged } from "../../shared/rules/service-linked-role-changed.ts";
import { allow, own, ruleTable, trustChange, trusting } from "./changes.ts";

const kms = trusting(allow({ Service: "kms.aliyuncs.com" }));
const of = (change: Change): Change =>
  ({ ...change, subject: { ...change.subject, roleName: "AliyunServiceRoleForKMS" } }) as Change;

const linked = (change: Change): Change => {
  if (change.kind !== "role-trust") throw new Error("a change of trust is about a role");
  const { before, after } = change;
  const isOne = <State extends object>(state: State): State =>
    "document" in state ? { ...state, serviceLinked: true } : state;
  return { ...change, before: before.known ? { ...before, state: isOne(before.state) } : before, after: isOne(after) };
};

describe("a service-linked role", () => {
  ruleTable(serviceLinkedRoleChanged, {
    violates: {
      "is made for a service that is not on the list": of(trustChange("new", kms)),
      "is made for two services, one of them on the list": of(
        trustChange("new", trusting(allow({ Service: ["ecs.aliyuncs.com", "kms.aliyuncs.com"] }))),
      ),
      "is made for no service at all": of(trustChange("new", trusting(allow({ RAM: `acs:ram::${own}:user/alice` })))),
      "is one by what RAM says of it, whatever its name": linked(trustChange("new", kms)),
      "was one by what RAM said of it, whatever its name": linked(trustChange(kms, "gone")),
      "is deleted": of(trustChange(kms, "gone")),
    },
    complies: {
      "is made for a service on the list": of(trustChange("new", trusting(allow({ Service: "ecs.aliyuncs.com" })))),
      "is changed": of(trustChange(kms, kms)),
      "is no service's, and is deleted": trustChange(kms, "gone"),
      "was gone, and is": of({ ...trustChange("new", "gone") }),
      "is no service's": trustChange("new", kms),
      "is seen for the first time, and nobody made it": of({ ...trustChange("new", kms), actor: undefined } as Change),
    },
    undetermined: {
      "is made with a trust that cannot be read": of(trustChange("new", "{")),
      "is deleted, and what it was is not known": of(trustChange("unknown", "gone")),
      "is written to, and what it was is not known": of(trustChange("unknown", kms)),
    },
  });
});
