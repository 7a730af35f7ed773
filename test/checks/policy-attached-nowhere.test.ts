import { describe } from "vitest";
import { policyAttachedNowhere } from "../../shared/checks/policy-attached-nowhere.ts";
import type { StandingOf } from "../../shared/domain/standing.ts";
import { own } from "../rules/changes.ts";
import { checkTable } from "./standings.ts";

const policy = (policyName: string, attachments: number): StandingOf<"policy"> => ({
  kind: "policy",
  ref: { kind: "policy", accountId: own, route: "Ram", policyName },
  attachments,
});

describe("policies that nobody holds", () => {
  checkTable(policyAttachedNowhere, {
    broken: { "held by nobody": policy("p", 0), "another held by nobody": policy("left-behind", 0) },
    fine: { "held by one": policy("p", 1), "held by many": policy("p", 30) },
  });
});
