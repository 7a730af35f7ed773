import type { Change } from "../../domain/change.ts";
import type { Bilingual, RuleId, Verdict } from "../../domain/finding.ts";
import { compliant } from "../../domain/finding.ts";
import type { Principal } from "../../domain/identity.ts";

import type { RuleSettings } from "../../domain/settings.ts";
import type { PolicyName } from "../../domain/subject.ts";
import { policyTiers } from "../../policy/tiers.ts";
import { attachedBy, madeBy } from "./actors.ts";
import type { Facts, Rule } from "./rule.ts";
import { defineRule, undetermined, violation } from "./rule.ts";

/**
 * The floor: system policies whose attachment is full administration, of the account or of its identities.
 * Source: tier 1 of the catalogue of controls. The settings add names; a custom policy is judged by its text.
 */
export const highRiskFloor: readonly string[] = ["AdministratorAccess", "AliyunRAMFullAccess"];

/** Whether the settings, or the floor, count a policy as high-risk whatever its text. */
export const isHighRiskName = (policy: PolicyName, settings: RuleSettings): boolean =>
  (policy.type === "System" && highRiskFloor.includes(policy.name)) || settings.highRiskPolicies.includes(policy.name);

/** Whether what a policy allows can only be judged by its text: all that is known by the name are those of the floor. */
export const needsPolicyDocument = ({ type, name }: PolicyName): boolean =>
  type === "Custom" || !highRiskFloor.includes(name);

const kinds = { user: "用户", group: "用户组", role: "角色" } as const;

/** Judges a grant to one kind of principal: by the policy's name, and where it was read, by the policy's text. */
const judgeHighRiskGrant =
  (principalKind: Principal["kind"]) =>
  ({ after, actor }: Change<"grant">, { settings, policyDocument }: Facts): Verdict => {
    if (after.kind === "gone" || after.principal.kind !== principalKind) return compliant;
    const { policy, principal } = after;
    const where = after.scope === "account" ? "" : ` in resource group \`${after.scope.resourceGroupId}\``;
    const zhWhere = after.scope === "account" ? "" : `（资源组 \`${after.scope.resourceGroupId}\`）`;
    const facts = {
      policy: policy.name,
      policyType: policy.type,
      principal: principal.name,
      ...madeBy(actor),
      ...(after.scope === "account" ? {} : { resourceGroup: after.scope.resourceGroupId }),
    };
    const deed = attachedBy(actor, policy.name, principal, { en: where, "zh-CN": zhWhere });
    if (isHighRiskName(policy, settings))
      return violation(
        {
          en: `${deed.en}: a policy that the settings count as high-risk`,
          "zh-CN": `${deed["zh-CN"]}：设置将该策略列为高风险`,
        },
        facts,
      );
    if (policyDocument === undefined)
      return policy.type === "System"
        ? compliant
        : undetermined({
            en: `the text of policy \`${policy.name}\` could not be read, so what it allows is not known`,
            "zh-CN": `无法读取策略 \`${policy.name}\` 的内容，因此不知道它允许什么`,
          });
    const { reasons, exact } = policyTiers(policyDocument);
    const worst = reasons.find(({ tier }) => tier === "admin") ?? reasons.find(({ tier }) => tier === "identity-admin");
    if (worst === undefined)
      return exact
        ? compliant
        : undetermined({
            en: `what policy \`${policy.name}\` allows could not be decided exactly`,
            "zh-CN": `无法准确判定策略 \`${policy.name}\` 允许什么`,
          });
    return violation(
      {
        en: `${deed.en}: its text ${worst.sentence.en}`,
        "zh-CN": `${deed["zh-CN"]}：其内容${worst.sentence["zh-CN"]}`,
      },
      { ...facts, ...worst.facts, tier: worst.tier },
    );
  };

type HighRiskRule = {
  readonly id: RuleId;
  readonly control: string;
  readonly principal: Principal["kind"];
  readonly cis: readonly string[];
  readonly cloudConfig: readonly string[];
  readonly title: Bilingual;
  readonly rationale: Bilingual;
  /** The LookupEvents attribute that finds what the principal did. */
  readonly lookup: string;
};

/** The three rules on high-risk grants differ in whom they watch; what they say is made here once. */
export const highRiskRule = (rule: HighRiskRule): Rule => {
  const { principal, title, rationale, lookup } = rule;
  return defineRule({
    id: rule.id,
    control: rule.control,
    severity: "critical",
    maturity: "stable",
    subject: "grant",
    response: "revert",
    responses: ["revert", "ask", "alert", "off"],
    controls: { cis: rule.cis, cloudConfig: rule.cloudConfig, attack: ["T1098.003"] },
    references: [
      `https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-attachpolicyto${principal}`,
      "https://help.aliyun.com/zh/resource-management/api-attachpolicy",
    ],
    needs: ["policyDocument"],
    text: {
      en: {
        title: title.en,
        rationale: rationale.en,
        runbook: [
          "Ask whoever made the grant (`userIdentity` of the event) within the hour what it is for; if they do not know of it, treat their credentials as taken.",
          `Look at what the ${principal} did between \`eventTime\` and the revert: LookupEvents with ${lookup} set to its name.`,
          "If the grant is wanted, put it back with `warden undo <incident>`, narrower where it can be (`warden policy explain`).",
        ],
        falsePositives:
          "a planned change of administrators; set the rule to `ask` or name the identity under `protected` before it",
      },
      "zh-CN": {
        title: title["zh-CN"],
        rationale: rationale["zh-CN"],
        runbook: [
          "一小时内向授权者（事件的 `userIdentity`）确认用途；若其不知情，视其凭证已泄露。",
          `用 LookupEvents 以 ${lookup} 查询该${kinds[principal]}在 \`eventTime\` 至恢复之间的操作。`,
          "若授权确有需要，用 `warden undo <incident>` 恢复，并尽量缩小范围（`warden policy explain`）。",
        ],
        falsePositives: "计划内的管理员变更；请事先将规则设为 `ask`，或将该身份列入 `protected`",
      },
    },
    judge: judgeHighRiskGrant(principal),
  });
};
