import { describe } from "vitest";
import { userRestored } from "../../shared/rules/user-restored.ts";
import { changed, own, role, root, ruleTable, user } from "./changes.ts";

const at = (place: "bin" | "account") => ({ kind: "recycled-user", userId: "201", userName: "alice", place }) as const;
const moved = (
  then: "bin" | "account" | "unknown",
  now: "bin" | "account" | "gone",
  actor: ReturnType<typeof user> | undefined = user("mallory"),
) =>
  changed<"recycled-user">(
    { kind: "recycled-user", accountId: own, route: "Ims", userId: "201", from: "bin" },
    then === "unknown" ? then : at(then),
    now === "gone" ? undefined : at(now),
    { actor },
  );
const byNobody = (then: "bin" | "unknown") =>
  changed<"recycled-user">(
    { kind: "recycled-user", accountId: own, route: "Ims", userId: "201", from: "bin" },
    then === "unknown" ? then : at(then),
    at("account"),
    { actor: undefined },
  );

describe("a user that comes back from the recycle bin", () => {
  ruleTable(userRestored, {
    violates: {
      "somebody brings it back": moved("bin", "account"),
      "the account owner does": moved("bin", "account", root),
      "nobody knows its name": changed<"recycled-user">(
        { kind: "recycled-user", accountId: own, route: "Ims", userId: "201", from: "bin" },
        at("bin"),
        { ...at("account"), userName: "" },
      ),
      "it was nowhere before": changed<"recycled-user">(
        { kind: "recycled-user", accountId: own, route: "Ims", userId: "201", from: "bin" },
        "nothing",
        at("account"),
      ),
      "a role that is no provisioner does": moved("bin", "account", role("ops")),
    },
    complies: {
      "a provisioner brings it back": moved("bin", "account", user("helpdesk")),
      "it goes there": moved("account", "bin"),
      "it goes there, and nobody knows where it was": moved("unknown", "bin"),
      "it is purged": moved("bin", "gone"),
      "it was in the account before": moved("account", "account"),
    },
    undetermined: {
      "nobody knows where it was": moved("unknown", "account"),
      "nobody knows who brought it back": byNobody("bin"),
      "nobody knows either": byNobody("unknown"),
    },
  });
});
