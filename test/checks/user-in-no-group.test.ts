import { describe } from "vitest";
import { userInNoGroup } from "../../shared/checks/user-in-no-group.ts";
import { usualPractices } from "../../shared/domain/settings.ts";
import { settings } from "../rules/changes.ts";
import { checkTable, daysAgo, part, unread, userStanding } from "./standings.ts";

const alone = userStanding({ groups: part([]) });
const service = { ...alone, user: { ...alone.user, userName: "svc-backup" } };

const tagged = settings({
  practices: { ...usualPractices, classes: { service: [], serviceTags: [{ key: "usage", value: "service" }] } },
});

describe("users who are in no group", () => {
  checkTable(userInNoGroup, {
    broken: {
      "a person": alone,
      "a person with rights of their own": { ...alone, policies: part([{ type: "System", name: "ReadOnlyAccess" }]) },
    },
    fine: {
      "who is in one": userStanding(),
      "a program's user": service,
      "a program's user by its tag": {
        standing: { ...alone, tags: part({ usage: "service" }) },
        facts: { settings: tagged },
      },
      "a new user": { ...alone, createdAt: daysAgo(7) },
    },
    unread: {
      "the groups could not be read": userStanding({ groups: unread }),
      "the tags could not be read": { standing: { ...alone, tags: unread }, facts: { settings: tagged } },
    },
  });
});
