import { describe } from "vitest";
import type { Actor } from "../../shared/domain/identity.ts";
import { factorBoundByAnother } from "../../shared/rules/factor-bound-by-another.ts";
import { changed, own, role, root, ruleTable, user } from "./changes.ts";

const device = (name: string) => ({ kind: "mfa", serialNumber: `acs:ram::${own}:mfa/${name}` }) as const;
const bound = (
  then: string | "nothing" | "unknown",
  now: string | undefined,
  who: { readonly actor?: Actor | undefined } = {},
) =>
  changed<"mfa">(
    { kind: "mfa", accountId: own, route: "Ims", userName: "alice" },
    then === "nothing" || then === "unknown" ? then : device(then),
    now === undefined ? undefined : device(now),
    who,
  );

describe("a second factor that somebody else bound", () => {
  ruleTable(factorBoundByAnother, {
    violates: {
      "to a user who had none": bound("nothing", "new"),
      "in the place of another": bound("old", "new"),
      "as the account owner": bound("nothing", "new", { actor: root }),
      "in a role": bound("nothing", "new", { actor: role("alice") }),
    },
    complies: {
      "the user binds the own": bound("nothing", "new", { actor: user("alice") }),
      "the help desk does": bound("nothing", "new", { actor: user("helpdesk") }),
      "it was bound before": bound("old", "old"),
      "there is none": bound("old", undefined),
    },
    undetermined: {
      "nobody knows who bound it": bound("nothing", "new", { actor: undefined }),
      "nobody knows whether it is new": bound("unknown", "new"),
    },
  });
});
