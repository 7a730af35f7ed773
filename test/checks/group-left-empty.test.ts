import { describe } from "vitest";
import { groupLeftEmpty } from "../../shared/checks/group-left-empty.ts";
import { checkTable, groupStanding, part, unread } from "./standings.ts";

describe("groups that nobody needs", () => {
  checkTable(groupLeftEmpty, {
    broken: {
      "nobody is in it": groupStanding({ members: part([]) }),
      "it gives nothing": groupStanding({ policies: part([]) }),
      "nobody is in it, whatever it gives": groupStanding({ members: part([]), policies: unread }),
    },
    fine: {
      "it has a member and a policy": groupStanding(),
      "it has two of each": groupStanding({
        members: part(["alice", "bob"]),
        policies: part([
          { type: "System", name: "ReadOnlyAccess" },
          { type: "Custom", name: "mine" },
        ]),
      }),
    },
    unread: {
      "its members could not be listed": groupStanding({ members: unread }),
      "its policies could not be listed": groupStanding({ policies: unread }),
    },
  });
});
