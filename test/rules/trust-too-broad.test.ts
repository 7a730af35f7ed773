import { describe } from "vitest";
import type { PolicyName } from "../../shared/domain/subject.ts";
import { trustTooBroad } from "../../shared/rules/trust-too-broad.ts";
import { allow, allowing, custom, own, partner, ruleTable, system, trustChange, trusting } from "./changes.ts";

const ci = `acs:ram::${own}:role/CI-Deploy`;
const whole = trusting(allow({ RAM: `acs:ram::${own}:root` }));
const holding = (policy: PolicyName, text?: string) => ({ held: [{ policy, scope: "account", text }] as const });

describe("a role that trusts a whole account", () => {
  ruleTable(trustTooBroad, {
    violates: {
      "and holds AdministratorAccess": {
        change: trustChange("new", whole),
        facts: holding(system("AdministratorAccess")),
      },
      "and may attach policies": {
        change: trustChange(trusting(allow({ RAM: ci }), allow({ Service: "ecs.aliyuncs.com" })), whole),
        facts: holding(custom("work"), allowing("ram:*")),
      },
      "and holds a strong policy that is called like the answer that there is none": {
        change: trustChange("new", whole),
        facts: holding(custom("none"), allowing("*")),
      },
      "and holds a strong policy that is called like the answer that nobody knows": {
        change: trustChange("new", whole),
        facts: holding(custom("unknown"), allowing("*")),
      },
      "where one role of it was trusted, and holds nothing": {
        change: trustChange(trusting(allow({ RAM: ci })), whole),
        facts: { held: [] },
      },
      "where one role of it was trusted, and what it holds was not read": trustChange(
        trusting(allow({ RAM: ci })),
        whole,
      ),
      "and everyone else, and is strong": {
        change: trustChange("new", trusting(allow({ RAM: "*" }))),
        facts: holding(system("AliyunRAMFullAccess")),
      },
    },
    complies: {
      "and holds nothing, and is new": { change: trustChange("new", whole), facts: { held: [] } },
      "where a service and a partner were trusted, and holds nothing": {
        change: trustChange(trusting(allow({ Service: "ecs.aliyuncs.com", RAM: `acs:ram::${partner}:root` })), whole),
        facts: { held: [] },
      },
      "and only reads": {
        change: trustChange("new", whole),
        facts: holding(custom("work"), allowing("oss:GetObject")),
      },
      "as it did before": { change: trustChange(whole, whole), facts: holding(system("AdministratorAccess")) },
      "no more": {
        change: trustChange(whole, trusting(allow({ RAM: ci }))),
        facts: holding(system("AdministratorAccess")),
      },
      "that is another, which a rule of its own tells": {
        change: trustChange("new", trusting(allow({ RAM: `acs:ram::${partner}:root` }))),
        facts: holding(system("AdministratorAccess")),
      },
      "and is gone": trustChange(whole, "gone"),
    },
    undetermined: {
      "and what it holds was not read": trustChange("new", whole),
      "and the text of what it holds was not read": {
        change: trustChange("new", whole),
        facts: holding(custom("work")),
      },
      "and whom it trusted before is not known": {
        change: trustChange("unknown", whole),
        facts: holding(system("AdministratorAccess")),
      },
      "or cannot be read": trustChange("new", "{"),
    },
  });
});
