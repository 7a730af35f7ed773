import { describe } from "vitest";
import { logonNameKeptUnclear } from "../../shared/checks/logon-name-kept-unclear.ts";
import { usualPractices } from "../../shared/domain/settings.ts";
import { settings } from "../rules/changes.ts";
import { checkTable, part, unread, userStanding } from "./standings.ts";

const { user } = userStanding();
const named = (userName: string) => userStanding({ user: { ...user, userName } });
const patterns = settings({ practices: { ...usualPractices, naming: { users: ["*.*"], services: [] } } });
const tagged = settings({
  practices: {
    ...usualPractices,
    naming: { users: ["*.*"], services: ["job-*"] },
    classes: { service: [], serviceTags: [{ key: "usage", value: "service" }] },
  },
});
const guarding = settings({ protected: [{ kind: "user", name: "break-glass" }] });

describe("names of users as they stand", () => {
  checkTable(logonNameKeptUnclear, {
    broken: {
      "a program's name that only a person's pattern matches": {
        standing: { ...named("ann.lee"), tags: part({ usage: "service" }) },
        facts: { settings: tagged },
      },
      "a name that no pattern matches, whosever it is": {
        standing: { ...named("alice"), tags: unread },
        facts: { settings: tagged },
      },
      "a name that could be anybody's": named("admin"),
      "a name that no pattern matches": { standing: named("alice"), facts: { settings: patterns } },
      "a name that passes for a protected one": { standing: named("break-g1ass"), facts: { settings: guarding } },
    },
    fine: {
      "a program's name by its pattern": {
        standing: { ...named("job-1"), tags: part({ usage: "service" }) },
        facts: { settings: tagged },
      },
      "a name of its own": named("alice"),
      "a name that a pattern matches": { standing: named("ann.lee"), facts: { settings: patterns } },
      "the protected one itself": { standing: named("break-glass"), facts: { settings: guarding } },
    },
    unread: {
      "a name that one of the patterns matches, and tags that could not be read": {
        standing: { ...named("ann.lee"), tags: unread },
        facts: { settings: tagged },
      },
    },
  });
});
