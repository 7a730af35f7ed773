import { describe, expect, test } from "vitest";
import { userSsoChanged } from "../../shared/rules/user-sso-changed.ts";
import { changed, evidenceOf, judged, own, ruleTable, settingChange, user } from "./changes.ts";

const sso = { SsoEnabled: true, MetadataDocument: "bWV0YQ==", AuxiliaryDomain: "corp.example" };
const to = (over: object, from: object | "unknown" = {}, actor = user("mallory")) =>
  settingChange("sso-settings", from === "unknown" ? from : { ...sso, ...from }, { ...sso, ...over }, actor);

describe("single sign-on of the users", () => {
  ruleTable(userSsoChanged, {
    violates: {
      "it is turned off": to({ SsoEnabled: false }),
      "other metadata takes its place": to({ MetadataDocument: "b3RoZXI=" }),
      "metadata is put in place while it is off": to(
        { SsoEnabled: false, MetadataDocument: "b3RoZXI=" },
        { SsoEnabled: false },
      ),
      "another domain counts": to({ AuxiliaryDomain: "evil.example" }),
      "a pipeline does it": to({ SsoEnabled: false }, {}, user("helpdesk")),
    },
    complies: {
      "it is as it was": to({}),
      "it was not spoken of, and is not": changed<"sso-settings">(
        { kind: "sso-settings", accountId: own, route: "Ims" },
        { kind: "sso-settings", fields: {} },
        { kind: "sso-settings", fields: { MetadataDocument: "" } },
      ),
      "it is not there any more": changed<"sso-settings">(
        { kind: "sso-settings", accountId: own, route: "Ims" },
        "unknown",
        undefined,
      ),
      "it is turned on, with the metadata that was there": to({}, { SsoEnabled: false }),
      "another value changes": to({ SsoLoginWithDomain: true }),
      "a provisioner sets it where nobody knows what it was": to({}, "unknown", user("helpdesk")),
    },
    undetermined: {
      "it was not there before": changed<"sso-settings">(
        { kind: "sso-settings", accountId: own, route: "Ims" },
        "nothing",
        { kind: "sso-settings", fields: sso },
      ),
      "nobody knows how it was": to({}, "unknown"),
      "nobody knows how it was, and it is off": to({ SsoEnabled: false }, "unknown"),
    },
  });

  test("names what changed, and shows no document", () => {
    const evidence = evidenceOf(judged(userSsoChanged, to({ SsoEnabled: false, MetadataDocument: "b3RoZXI=" })));
    expect(evidence.map(({ facts }) => facts.setting)).toEqual(["SsoEnabled", "MetadataDocument"]);
    expect(JSON.stringify(evidence)).not.toContain("b3RoZXI=");
  });
});
