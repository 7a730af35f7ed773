import { describe, expect, test } from "vitest";
import { keyGrownOld } from "../../shared/checks/key-grown-old.ts";
import { settings } from "../rules/changes.ts";
import { asOf, checkTable, daysAgo, keyOf, part, unread, userStanding } from "./standings.ts";

const withKeys = (...keys: readonly ReturnType<typeof keyOf>[]) => userStanding({ keys: part(keys) });

describe("the age of keys", () => {
  checkTable(keyGrownOld, {
    broken: {
      "a key of 91 days": withKeys(keyOf("LTAI1", { createdAt: daysAgo(91) })),
      "one of two is old": withKeys(keyOf("LTAI1"), keyOf("LTAI2", { createdAt: daysAgo(800) })),
    },
    fine: {
      "a key of 90 days": withKeys(keyOf("LTAI1", { createdAt: daysAgo(90) })),
      "an old one that is off": withKeys(keyOf("LTAI1", { createdAt: daysAgo(800), status: "Inactive" })),
      "no key": userStanding(),
    },
    unread: { "the keys could not be listed": userStanding({ keys: unread }) },
  });

  test("names each old key for itself, and no other", () => {
    const keys = withKeys(
      keyOf("LTAI1", { createdAt: daysAgo(100) }),
      keyOf("LTAI2"),
      keyOf("LTAI3", { createdAt: daysAgo(300) }),
    );
    const found = keyGrownOld.judge(keys as never, { settings: settings(), asOf });
    expect(found.map(({ subject }) => subject)).toMatchObject([{ accessKeyId: "LTAI1" }, { accessKeyId: "LTAI3" }]);
  });
});
