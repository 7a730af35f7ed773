import { describe, expect, test } from "vitest";
import { logonMaskWidened } from "../../shared/rules/logon-mask-widened.ts";
import { changed, evidenceOf, judged, own, ruleTable, settingChange, user } from "./changes.ts";

const from = (mask: string | undefined, to: string, actor = user("mallory")) =>
  settingChange(
    "security-preference",
    mask === undefined ? "unknown" : { LoginNetworkMasks: mask },
    { LoginNetworkMasks: to },
    actor,
  );

describe("a logon mask that lets in more", () => {
  ruleTable(logonMaskWidened, {
    violates: {
      "it is removed": from("10.0.0.0/8", ""),
      "it is wider": from("10.0.0.0/16", "10.0.0.0/8"),
      "a network is added": from("10.0.0.0/8", "10.0.0.0/8;192.168.0.0/16"),
      "one network takes the place of another": from("10.0.0.0/8", "192.168.0.0/16"),
      "it lets in everybody of one family": from("10.0.0.0/8", "0.0.0.0/0"),
      "a pipeline does it": from("10.0.0.0/8", "", user("helpdesk")),
    },
    complies: {
      "it is not there any more": changed<"security-preference">(
        { kind: "security-preference", accountId: own, route: "Ims" },
        "unknown",
        undefined,
      ),
      "it was not spoken of, and is not": changed<"security-preference">(
        { kind: "security-preference", accountId: own, route: "Ims" },
        { kind: "security-preference", fields: {} },
        { kind: "security-preference", fields: {} },
      ),
      "there was none, and there is none": from("", ""),
      "it is as it was": from("10.0.0.0/8", "10.0.0.0/8"),
      "it is narrower": from("10.0.0.0/8", "10.1.0.0/16"),
      "there is one now": from("", "10.0.0.0/8"),
      "it is written otherwise": from("10.0.0.0/9;10.128.0.0/9", "10.0.0.0/8"),
      "it is unreadable as it was": from("corp", "corp"),
      "a provisioner sets it where nobody knows what it was": from(undefined, "", user("helpdesk")),
    },
    undetermined: {
      "there was nothing to be weaker than": changed<"security-preference">(
        { kind: "security-preference", accountId: own, route: "Ims" },
        "nothing",
        { kind: "security-preference", fields: { LoginNetworkMasks: "10.0.0.0/8" } },
      ),
      "nobody knows what it was": from(undefined, "10.0.0.0/8"),
      "the new one cannot be read": from("10.0.0.0/8", "corp"),
      "the former one cannot be read": from("corp", "10.0.0.0/8"),
    },
  });

  test("says both masks", () => {
    const [evidence] = evidenceOf(judged(logonMaskWidened, from("10.0.0.0/8", "")));
    expect(evidence?.facts).toEqual({ maker: "user mallory", from: "10.0.0.0/8", to: "" });
    expect(evidence?.sentence.en).toContain("from `10.0.0.0/8` to `none`");
  });
});
