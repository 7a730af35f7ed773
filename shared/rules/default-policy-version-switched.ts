import { compliant } from "../domain/finding.ts";
import { evidenceOfGain, isAssumingAny, isIdentityPower, isPassingAny, judgeGain } from "./kit/gains.ts";
import { defineRule } from "./kit/rule.ts";

/** Another version of a policy came into force, and allows more that matters: no document was written on the way. */
export const defaultPolicyVersionSwitched = defineRule({
  id: "RAM.DefaultPolicyVersionSwitched",
  control: "RAM-POL-006",
  severity: "high",
  maturity: "stable",
  subject: "policy",
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { cis: ["1.15 (supports)"], attack: ["T1548.005"] },
  references: [
    "https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-setdefaultpolicyversion",
  ],
  needs: ["holders"],
  text: {
    en: {
      title: "Default policy version switched to a stronger one",
      rationale:
        "a policy keeps five versions, and one call puts any of them in force for all who hold it: an old version that was too wide, or one that was laid by, is enough",
      runbook: [
        "Compare the two versions: `warden policy compare` on the former default and on the present one, within the hour.",
        "Find out who wrote the version that came into force: LookupEvents for CreatePolicyVersion with the policy's name within 90 days.",
        "If the switch is wanted, put it back with `warden undo <incident>`; delete the versions that nobody needs.",
      ],
      falsePositives: "a planned roll-back to an older version; set the rule to `ask` for its time",
    },
    "zh-CN": {
      title: "策略默认版本被切换为权限更大的版本",
      rationale: "策略保留五个版本，一次调用即可让其中任意一个对所有持有者生效：过宽的旧版本或预先埋下的版本都足够",
      runbook: [
        "一小时内用 `warden policy compare` 对比原默认版本与当前版本。",
        "用 LookupEvents 按策略名称查询 90 天内的 CreatePolicyVersion，找出生效版本的编写者。",
        "若确需切换，用 `warden undo <incident>` 恢复；并删除不再需要的版本。",
      ],
      falsePositives: "计划内回滚到旧版本；请在此期间将规则设为 `ask`",
    },
  },
  judge: (change, facts) => {
    const { did } = change.subject;
    // A policy that is new has nothing to switch from, and what is deleted nothing to switch to.
    if (did === "made" || change.after.kind === "gone") return compliant;
    if (change.before.known && change.before.state.kind === "gone") return compliant;
    return judgeGain(change, facts, ({ change: gained, reasons }) => {
      const worst =
        reasons.find(({ tier }) => tier === "admin") ??
        reasons.find((reason) => isIdentityPower(reason) || isAssumingAny(reason) || isPassingAny(reason));
      return { evidence: worst === undefined ? [] : [evidenceOfGain(gained, worst)] };
    });
  },
});
