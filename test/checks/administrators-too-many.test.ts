import { describe } from "vitest";
import { administratorsTooMany } from "../../shared/checks/administrators-too-many.ts";
import { accountStanding, checkTable, part, unread } from "./standings.ts";

const some = (count: number) =>
  accountStanding({
    administrators: part(
      Array.from({ length: count }, (_, index) => ({ kind: "user", name: `user-${index}` }) as const),
    ),
  });

describe("how many administer the account", () => {
  checkTable(administratorsTooMany, {
    broken: { four: some(4), many: some(40) },
    fine: { three: some(3), "none, which another check tells": some(0) },
    unread: { "who does could not be read": accountStanding({ administrators: unread }) },
  });
});
