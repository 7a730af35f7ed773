import { describe } from "vitest";
import { twoKeysKept } from "../../shared/checks/two-keys-kept.ts";
import { checkTable, daysAgo, keyOf, part, unread, userStanding } from "./standings.ts";

const withKeys = (...keys: readonly ReturnType<typeof keyOf>[]) => userStanding({ keys: part(keys) });

describe("two keys in use at once", () => {
  checkTable(twoKeysKept, {
    broken: {
      "both for ten days": withKeys(keyOf("LTAI1"), keyOf("LTAI2")),
      "one for a year, one for eight days": withKeys(
        keyOf("LTAI1", { createdAt: daysAgo(365) }),
        keyOf("LTAI2", { createdAt: daysAgo(8) }),
      ),
    },
    fine: {
      "one alone": withKeys(keyOf("LTAI1")),
      "a rotation of this week": withKeys(keyOf("LTAI1"), keyOf("LTAI2", { createdAt: daysAgo(7) })),
      "one of them off": withKeys(keyOf("LTAI1"), keyOf("LTAI2", { status: "Inactive" })),
    },
    unread: { "the keys could not be listed": userStanding({ keys: unread }) },
  });
});
