import { describe } from "vitest";
import { roleSessionLong } from "../../shared/checks/role-session-long.ts";
import type { StandingOf } from "../../shared/domain/standing.ts";
import { own } from "../rules/changes.ts";
import { checkTable, part, unread } from "./standings.ts";

const role = (maxSessionSeconds: number, serviceLinked = false): StandingOf<"role"> => ({
  kind: "role",
  ref: { kind: "role-trust", accountId: own, route: "Ram", roleName: "deploy" },
  trust: part({
    kind: "role-trust",
    roleName: "deploy",
    roleId: "1",
    document: "{}",
    description: "",
    maxSessionSeconds,
    serviceLinked,
    rest: {},
  }),
  policies: part([]),
});

describe("how long sessions of a role may last", () => {
  checkTable(roleSessionLong, {
    broken: { "a second more than four hours": role(14_401), "twelve hours": role(43_200) },
    fine: { "an hour": role(3_600), "four hours": role(14_400), "a cloud service's own role": role(43_200, true) },
    unread: { "the role could not be read": { ...role(3_600), trust: unread } },
  });
});
