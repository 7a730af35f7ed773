import { describe, expect, test } from "vitest";
import type { Actor } from "../../shared/domain/identity.ts";
import { verificationChangedForAnother } from "../../shared/rules/verification-changed-for-another.ts";
import { changed, evidenceOf, judged, own, role, ruleTable, user } from "./changes.ts";

const bound = (value: string) => ({ kind: "verification", type: "sms", value }) as const;
const set = (
  then: string | "unknown" | "nothing",
  to: string | undefined,
  who: { readonly actor?: Actor | undefined } = {},
) =>
  changed<"verification">(
    { kind: "verification", accountId: own, route: "Ims", userName: "alice", type: "sms" },
    then === "unknown" || then === "nothing" ? then : bound(then),
    to === undefined ? undefined : bound(to),
    who,
  );

describe("what another user is verified by", () => {
  ruleTable(verificationChangedForAnother, {
    violates: {
      "somebody sets a number": set("nothing", "86-13900000001"),
      "somebody changes it": set("86-13900000001", "86-13900000002"),
      "somebody takes it": set("86-13900000001", undefined),
      "nobody knows what it was": set("unknown", "86-13900000001"),
      "somebody sets an address": changed<"verification">(
        { kind: "verification", accountId: own, route: "Ims", userName: "alice", type: "email" },
        "nothing",
        { kind: "verification", type: "email", value: "mallory@evil.example" },
      ),
      "a role does": set("nothing", "86-13900000001", { actor: role("alice") }),
    },
    complies: {
      "the user sets the own": set("nothing", "86-13900000001", { actor: user("alice") }),
      "the help desk does": set("nothing", "86-13900000001", { actor: user("helpdesk") }),
      "it is what it was": set("86-13900000001", "86-13900000001"),
      "there was none and is none": set("nothing", undefined),
    },
    undetermined: {
      "nobody knows who set it": set("nothing", "86-13900000001", { actor: undefined }),
      "nobody knows who took it": set("86-13900000001", undefined, { actor: undefined }),
    },
  });

  test("does not tell the number", () => {
    const evidence = evidenceOf(judged(verificationChangedForAnother, set("86-13900000001", "86-13900000002")));
    expect(JSON.stringify(evidence)).not.toContain("139");
  });
});
