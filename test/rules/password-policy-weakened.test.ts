import { describe, expect, test } from "vitest";
import { usualPractices } from "../../shared/domain/settings.ts";
import { passwordPolicyWeakened } from "../../shared/rules/password-policy-weakened.ts";
import { changed, evidenceOf, judged, own, ruleTable, settingChange, settings, user } from "./changes.ts";

const strong = {
  HardExpire: true,
  MinimumPasswordLength: 16,
  MinimumPasswordDifferentCharacter: 6,
  RequireLowercaseCharacters: true,
  RequireUppercaseCharacters: true,
  RequireNumbers: true,
  RequireSymbols: true,
  MaxPasswordAge: 90,
  MaxLoginAttemps: 5,
  PasswordReusePrevention: 5,
};
const to = (over: object, from: object | "unknown" = strong, actor = user("mallory")) =>
  settingChange("password-policy", from === "unknown" ? from : { ...strong, ...from }, { ...strong, ...over }, actor);
const aged = (age: "cis-1.0" | "cis-2.0") => ({
  settings: settings({ practices: { ...usualPractices, passwords: { ...usualPractices.passwords, age } } }),
});

describe("a password policy that asks for less", () => {
  ruleTable(passwordPolicyWeakened, {
    violates: {
      "passwords may be shorter, though long enough": to({ MinimumPasswordLength: 14 }),
      "a kind of character is not asked for any more": to({ RequireSymbols: false }),
      "attempts are not limited any more": to({ MaxLoginAttemps: 0 }),
      "former passwords may come again": to({ PasswordReusePrevention: 0 }),
      "one value is stricter and one weaker": to({ MinimumPasswordLength: 20, RequireNumbers: false }),
      "a pipeline does it": to({ MinimumPasswordLength: 8 }, {}, user("helpdesk")),
      "nobody knows what it was, and it is less than the settings ask for": to({ MinimumPasswordLength: 8 }, "unknown"),
      "nobody knows what it was, and no kind of character is asked for": to(
        {
          RequireLowercaseCharacters: false,
          RequireUppercaseCharacters: false,
          RequireNumbers: false,
          RequireSymbols: false,
        },
        "unknown",
      ),
      "nobody knows what it was, and passwords last longer than CIS v1.0 has it": {
        change: to({ MaxPasswordAge: 91 }, "unknown"),
        facts: aged("cis-1.0"),
      },
      "nobody knows what it was, and passwords end sooner than CIS v2.0 has it": {
        change: to({ MaxPasswordAge: 364 }, "unknown"),
        facts: aged("cis-2.0"),
      },
      "passwords last longer, where CIS v1.0 counts": {
        change: to({ MaxPasswordAge: 180 }),
        facts: aged("cis-1.0"),
      },
      "passwords end sooner, where CIS v2.0 counts": {
        change: to({ MaxPasswordAge: 90 }, { MaxPasswordAge: 365 }),
        facts: aged("cis-2.0"),
      },
      "passwords end at all, where CIS v2.0 counts": {
        change: to({ MaxPasswordAge: 400 }, { MaxPasswordAge: 0 }),
        facts: aged("cis-2.0"),
      },
    },
    complies: {
      "nothing is other than before": to({}),
      "passwords have to be longer": to({ MinimumPasswordLength: 20 }),
      "passwords become longer, though not as long as the settings ask for": to(
        { MinimumPasswordLength: 10 },
        { MinimumPasswordLength: 8 },
      ),
      "the age of passwords changes, and nobody's advice on it is chosen": to({ MaxPasswordAge: 0 }),
      "nobody knows what it was, and it is what the settings ask for": to({ MinimumPasswordLength: 14 }, "unknown"),
      "nobody knows what it was, and the age is what CIS v1.0 asks for": {
        change: to({ MaxPasswordAge: 90 }, "unknown"),
        facts: aged("cis-1.0"),
      },
      "nobody knows what it was, and the age is what CIS v2.0 asks for": {
        change: to({ MaxPasswordAge: 365 }, "unknown"),
        facts: aged("cis-2.0"),
      },
      "nobody knows what it was, and passwords end when they like": to({ MaxPasswordAge: 0 }, "unknown"),
      "nobody knows what it was, and what no benchmark speaks of is off": to(
        {
          HardExpire: false,
          InterceptRiskPasswordOnApi: false,
          PasswordNotContainUserName: false,
          MinimumPasswordDifferentCharacter: 0,
          InitialPasswordAge: 0,
        },
        "unknown",
      ),
      "passwords last longer than before, and end, where CIS v2.0 counts": {
        change: to({ MaxPasswordAge: 365 }, { MaxPasswordAge: 180 }),
        facts: aged("cis-2.0"),
      },
      "it is not there any more": changed<"password-policy">(
        { kind: "password-policy", accountId: own, route: "Ims" },
        { kind: "password-policy", fields: strong },
        undefined,
      ),
      "a provisioner sets it where nobody knows what it was": to(
        { MinimumPasswordLength: 8 },
        "unknown",
        user("helpdesk"),
      ),
      "passwords last longer, where CIS v2.0 counts": {
        change: to({ MaxPasswordAge: 0 }, { MaxPasswordAge: 365 }),
        facts: aged("cis-2.0"),
      },
    },
    undetermined: {
      "a value cannot be compared": to({ MinimumPasswordLength: "long" }),
      "a value is not told": to({ RequireSymbols: null }, "unknown"),
    },
  });

  test("says each value that is weaker", () => {
    const evidence = evidenceOf(
      judged(passwordPolicyWeakened, to({ MinimumPasswordLength: 8, RequireSymbols: false })),
    );
    expect(evidence.map(({ facts }) => facts)).toEqual([
      { maker: "user mallory", setting: "MinimumPasswordLength", from: "16", to: "8" },
      { maker: "user mallory", setting: "RequireSymbols", from: "true", to: "false" },
    ]);
    expect(evidence[0]?.sentence.en).toBe(
      "`user mallory` changed `MinimumPasswordLength` from `16` to `8`, which protects less",
    );
  });
});
