import { compliant } from "../domain/finding.ts";
import { actorIsOneOf } from "./kit/actors.ts";
import { evidenceOfGain, isAssumingAny, isIdentityPower, judgeGain } from "./kit/gains.ts";
import { isHighRiskName } from "./kit/high-risk.ts";
import { defineRule } from "./kit/rule.ts";

/** A user joins a group that administers the account or its identities: the way around a rule on grants. */
export const userAddedToPrivilegedGroup = defineRule({
  id: "RAM.UserAddedToPrivilegedGroup",
  control: "RAM-GRP-001",
  severity: "high",
  maturity: "stable",
  subject: "membership",
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  controls: {
    cis: ["1.15 (supports)"],
    cloudConfig: ["ram-user-group-membership-check (inverse)"],
    attack: ["T1098.003"],
  },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-addusertogroup"],
  needs: ["carried", "beside"],
  text: {
    en: {
      title: "User added to a privileged group",
      rationale:
        "whoever joins a group holds all that it carries from then on, and no policy is attached on the way: no list of grants shows it",
      runbook: [
        "Ask whoever added the user (`userIdentity` of the event) within the hour what it is for; if they do not know of it, treat their credentials as taken.",
        "Look at what the user did between `eventTime` and the revert: LookupEvents with `User` set to its name.",
        "If the membership is wanted, put it back with `warden undo <incident>`, or let a declared pipeline make it.",
      ],
      falsePositives:
        "a new administrator who joins by hand; name the pipeline under `pipelines`, or set the rule to `ask`",
    },
    "zh-CN": {
      title: "用户被加入高权限用户组",
      rationale: "加入用户组者此后即拥有该组的全部权限，过程中不授予任何策略，授权列表中也看不到",
      runbook: [
        "一小时内向操作者（事件的 `userIdentity`）确认用途；若其不知情，视其凭证已泄露。",
        "用 LookupEvents 以 `User` 查询该用户在 `eventTime` 至恢复之间的操作。",
        "若确需加入，用 `warden undo <incident>` 恢复，或由已声明的流水线执行。",
      ],
      falsePositives: "人工加入的新管理员；请将流水线登记到 `pipelines`，或将规则设为 `ask`",
    },
  },
  judge: (change, facts) => {
    const { actor } = change;
    const { settings } = facts;
    if (actor !== undefined && actorIsOneOf(actor, settings.pipelines, settings.accountId)) return compliant;
    return judgeGain(change, facts, ({ change: gained, reasons }) => {
      const named = gained.after
        .filter(({ policy }) => isHighRiskName(policy, settings))
        .map(({ policy }) => ({
          sentence: {
            en: `${gained.deed.en}, which carries \`${policy.name}\`: a policy that the settings count as high-risk`,
            "zh-CN": `${gained.deed["zh-CN"]}，该组拥有 \`${policy.name}\`：设置将该策略列为高风险`,
          },
          facts: { ...gained.facts, policy: policy.name, policyType: policy.type },
        }));
      if (named.length > 0) return { evidence: named };
      const worst =
        reasons.find(({ tier }) => tier === "admin") ??
        reasons.find((reason) => isIdentityPower(reason) || isAssumingAny(reason));
      return { evidence: worst === undefined ? [] : [evidenceOfGain(gained, worst)] };
    });
  },
});
