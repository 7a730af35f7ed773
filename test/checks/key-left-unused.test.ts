import { describe } from "vitest";
import { keyLeftUnused } from "../../shared/checks/key-left-unused.ts";
import { usualPractices } from "../../shared/domain/settings.ts";
import { settings } from "../rules/changes.ts";
import { checkTable, daysAgo, keyOf, part, unread, userStanding } from "./standings.ts";

const withKey = (more: Parameters<typeof keyOf>[1]) =>
  userStanding({ keys: part([keyOf("LTAI1", { createdAt: daysAgo(400), ...more })]) });
const patient = settings({
  practices: { ...usualPractices, limits: { ...usualPractices.limits, idleDays: 365 } },
});

describe("keys that nobody uses", () => {
  checkTable(keyLeftUnused, {
    broken: {
      "used last 91 days ago": withKey({ usedAt: part(daysAgo(91)) }),
      "never used in 400 days": withKey({ usedAt: part(undefined) }),
    },
    fine: {
      "used last 90 days ago": withKey({ usedAt: part(daysAgo(90)) }),
      "never used, but made 90 days ago": withKey({ usedAt: part(undefined), createdAt: daysAgo(90) }),
      "unused and off": withKey({ usedAt: part(undefined), status: "Inactive" }),
      "unused for less than the settings allow": {
        standing: withKey({ usedAt: part(daysAgo(200)) }),
        facts: { settings: patient },
      },
      "too young for its last use to matter": withKey({ usedAt: unread, createdAt: daysAgo(5) }),
    },
    unread: {
      "its last use could not be read": withKey({ usedAt: unread }),
      "the keys could not be listed": userStanding({ keys: unread }),
    },
  });
});
