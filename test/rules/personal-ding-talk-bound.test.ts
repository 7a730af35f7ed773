import { describe } from "vitest";
import { usualPractices } from "../../shared/domain/settings.ts";
import { personalDingTalkBound } from "../../shared/rules/personal-ding-talk-bound.ts";
import { changed, own, ruleTable, settings, user } from "./changes.ts";

const state = { kind: "personal-dingtalk", userName: "alice" } as const;
const bound = (then: "nothing" | "unknown" | typeof state, isBound = true, actor = user("alice")) =>
  changed<"personal-dingtalk">(
    { kind: "personal-dingtalk", accountId: own, route: "Ims", userName: "alice" },
    then,
    isBound ? state : undefined,
    { actor },
  );
const allowed = {
  settings: settings({ practices: { ...usualPractices, logon: { passkeys: "allowed", personalDingTalk: "allowed" } } }),
};

describe("a personal DingTalk account of a user", () => {
  ruleTable(personalDingTalkBound, {
    violates: {
      "the user binds it": bound("nothing"),
      "somebody else binds it": bound("nothing", true, user("mallory")),
    },
    complies: {
      "the settings allow it": { change: bound("nothing"), facts: allowed },
      "it was bound before": bound(state),
      "it is not bound, and nobody knows whether it was": bound("unknown", false),
      "it is not bound any more": bound(state, false),
    },
    undetermined: {
      "nobody knows whether it was bound before": bound("unknown"),
      "nobody knows, and somebody else does it": bound("unknown", true, user("mallory")),
    },
  });
});
