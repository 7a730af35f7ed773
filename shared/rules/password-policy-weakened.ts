import type { JsonObject } from "../domain/json.ts";
import type { Practices } from "../domain/settings.ts";
import type { Compare } from "../policy/direction.ts";
import { moreIsStricter } from "../policy/direction.ts";
import { passwordCompares } from "../policy/setting-directions.ts";
import { practicesOf } from "./kit/practices.ts";
import { defineRule } from "./kit/rule.ts";
import { judgeWeakened } from "./kit/weakened.ts";

/** The password policy of the account asks for less than it did. */
export const passwordPolicyWeakened = defineRule({
  id: "RAM.PasswordPolicyWeakened",
  control: "RAM-SET-001",
  severity: "high",
  maturity: "stable",
  subject: "password-policy",
  response: "revert",
  responses: ["revert", "contain", "ask", "alert", "off"],
  controls: {
    cis: ["1.7", "1.8", "1.9", "1.10", "1.11", "1.12", "1.13", "1.14"],
    cloudConfig: [
      "ram-password-policy-check",
      "ram-password-max-age-check",
      "ram-password-max-login-attemps-check",
      "ram-password-require-char-check",
    ],
    attack: ["T1556"],
  },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-setpasswordpolicy"],
  text: {
    en: {
      title: "Password policy weakened",
      rationale:
        "the policy holds for every user at once: shorter passwords and more attempts make each of them easier to guess",
      runbook: [
        "Ask whoever changed it (`userIdentity` of the event) within the hour why; if they do not know of it, treat their credentials as taken.",
        "Look within 24 hours after `eventTime` for `CreateLoginProfile`, `UpdateLoginProfile` and `ChangePassword`: passwords set meanwhile may be weak.",
        "If the weaker policy is wanted, set the rule to `alert` for the time of the change, or put it back with `warden undo <incident>`.",
      ],
      falsePositives:
        "a planned change of the policy; a maximum age is judged only when `passwords.age` says whose advice on it counts",
    },
    "zh-CN": {
      title: "密码策略被弱化",
      rationale: "密码策略同时约束所有用户：密码变短、允许的尝试次数变多，每个用户都更容易被猜中",
      runbook: [
        "一小时内向修改者（事件的 `userIdentity`）确认原因；若其不知情，视其凭证已泄露。",
        "查看 `eventTime` 之后 24 小时内的 `CreateLoginProfile`、`UpdateLoginProfile` 与 `ChangePassword`：期间设置的密码可能较弱。",
        "若确需放宽，请在变更期间将规则设为 `alert`，或用 `warden undo <incident>` 恢复。",
      ],
      falsePositives: "计划内的策略变更；仅当 `passwords.age` 选定了基准时才判定密码有效期",
    },
  },
  judge: (change, facts) => {
    const { passwords } = practicesOf(facts.settings);
    return judgeWeakened(change, facts, { compares: watchedBy(passwords), least: leastOf(passwords) });
  },
});

/** The two versions of the benchmark contradict each other about age, so neither counts unless it is chosen. */
const watchedBy = ({ age }: Practices["passwords"]): { readonly [name: string]: Compare } => {
  const { MaxPasswordAge: atMost, ...others } = passwordCompares;
  if (age === undefined) return others;
  return { ...others, MaxPasswordAge: age === "cis-1.0" ? atMost : lastsLonger };
};

/** Where passwords are to last, one that never ends lasts longest. */
const lastsLonger: Compare = (from, to) =>
  moreIsStricter(from === 0 ? Number.POSITIVE_INFINITY : from, to === 0 ? Number.POSITIVE_INFINITY : to);

const leastOf = ({ length, reuse, attempts, age }: Practices["passwords"]): JsonObject => ({
  MinimumPasswordLength: length,
  PasswordReusePrevention: reuse,
  MaxLoginAttemps: attempts,
  RequireLowercaseCharacters: true,
  RequireUppercaseCharacters: true,
  RequireNumbers: true,
  RequireSymbols: true,
  ...(age === undefined ? {} : { MaxPasswordAge: age === "cis-1.0" ? 90 : 365 }),
  // What the benchmark does not speak of is judged only against what was before.
  HardExpire: false,
  InterceptRiskPasswordOnApi: false,
  PasswordNotContainUserName: false,
  MinimumPasswordDifferentCharacter: 0,
  InitialPasswordAge: 0,
});
