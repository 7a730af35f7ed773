import { describe } from "vitest";
import { logonNameKeptUnclear } from "../../shared/checks/logon-name-kept-unclear.ts";
import { usualPractices } from "../../shared/domain/settings.ts";
import { settings } from "../rules/changes.ts";
import { checkTable, userStanding } from "./standings.ts";

const { user } = userStanding();
const named = (userName: string) => userStanding({ user: { ...user, userName } });
const patterns = settings({ practices: { ...usualPractices, naming: { users: ["*.*"], services: [] } } });
const guarding = settings({ protected: [{ kind: "user", name: "break-glass" }] });

describe("names of users as they stand", () => {
  checkTable(logonNameKeptUnclear, {
    broken: {
      "a name that could be anybody's": named("admin"),
      "a name that no pattern matches": { standing: named("alice"), facts: { settings: patterns } },
      "a name that passes for a protected one": { standing: named("break-g1ass"), facts: { settings: guarding } },
    },
    fine: {
      "a name of its own": named("alice"),
      "a name that a pattern matches": { standing: named("ann.lee"), facts: { settings: patterns } },
      "the protected one itself": { standing: named("break-glass"), facts: { settings: guarding } },
    },
  });
});
