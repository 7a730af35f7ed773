import type { Gone } from "../domain/subject.ts";
import type { SecurityPreference } from "../domain/subjects/settings.ts";
import type { Compare } from "../policy/direction.ts";
import { preferenceCompares } from "../policy/setting-directions.ts";
import { defineRule } from "./kit/rule.ts";
import { judgeWeakened } from "./kit/weakened.ts";

/** The account asks its users for a second factor less often, or takes weaker ones. */
export const mfaRequirementWeakened = defineRule({
  id: "RAM.MfaRequirementWeakened",
  control: "RAM-SET-002",
  severity: "critical",
  maturity: "stable",
  subject: "security-preference",
  response: "revert",
  responses: ["revert", "contain", "ask", "alert", "off"],
  controls: { cis: ["1.4"], cloudConfig: ["ram-user-mfa-check"], attack: ["T1556.006"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-setsecuritypreference"],
  text: {
    en: {
      title: "Account-wide MFA requirement weakened",
      rationale: "one call takes the second factor from every console user at once; a stolen password is enough then",
      runbook: [
        "Ask whoever changed it (`userIdentity` of the event) at once; if they do not know of it, treat their credentials as taken.",
        "Look at `ConsoleSignin` events between `eventTime` and the revert for logons without a second factor.",
        "If the weaker demand is wanted, set the rule to `ask` before the change, or put it back with `warden undo <incident>`.",
      ],
      falsePositives: "a planned move to single sign-on, where the provider asks for the second factor",
    },
    "zh-CN": {
      title: "账号级 MFA 要求被弱化",
      rationale: "一次调用即可取消所有控制台用户的第二因素，此后仅凭被盗密码就能登录",
      runbook: [
        "立即向修改者（事件的 `userIdentity`）确认；若其不知情，视其凭证已泄露。",
        "查看 `eventTime` 至恢复之间的 `ConsoleSignin` 事件，找出未使用第二因素的登录。",
        "若确需放宽，请在变更前将规则设为 `ask`，或用 `warden undo <incident>` 恢复。",
      ],
      falsePositives: "计划内迁移到单点登录，由身份提供商要求第二因素",
    },
  },
  judge: (change, facts) =>
    judgeWeakened(change, facts, {
      compares: {
        MFAOperationForLogin: preferenceCompares.MFAOperationForLogin,
        EnableSaveMFATicket: preferenceCompares.EnableSaveMFATicket,
        EnforceMFAForLogin: preferenceCompares.EnforceMFAForLogin,
        VerificationTypes: fewerMeans,
      },
      // Any other demand than the strictest may be one that was weakened just now.
      least: isStrictest(change.after) ? strictest : {},
    }),
});

const strictest = {
  MFAOperationForLogin: "mandatory",
  EnableSaveMFATicket: false,
  EnforceMFAForLogin: true,
  VerificationTypes: ["email", "sms"],
};

const isStrictest = (after: SecurityPreference | Gone): boolean =>
  after.kind !== "gone" &&
  after.fields.MFAOperationForLogin === strictest.MFAOperationForLogin &&
  after.fields.EnableSaveMFATicket === strictest.EnableSaveMFATicket;

/** A further means to choose from is one more to be taken over. */
const fewerMeans: Compare = (from, to) => {
  if (!Array.isArray(from) || !Array.isArray(to)) return "unsure";
  if (to.some((each) => !from.includes(each))) return "looser";
  return from.length === to.length ? "neutral" : "stricter";
};
