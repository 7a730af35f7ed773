import { compliant } from "../domain/finding.ts";
import { makerOf } from "./kit/actors.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";
import { otherVersions } from "./kit/versions.ts";

/** The way back is gone: a policy, the last of its other versions, or the newest of them. */
export const policyOrVersionDeleted = defineRule({
  id: "RAM.PolicyOrVersionDeleted",
  control: "RAM-POL-013",
  severity: "medium",
  maturity: "stable",
  subject: "policy",
  response: "alert",
  responses: ["ask", "alert", "off"],
  advisory: true,
  controls: { attack: ["T1562"] },
  references: [
    "https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-deletepolicyversion",
    "https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-deletepolicy",
  ],
  text: {
    en: {
      title: "Policy or its roll-back version deleted",
      rationale:
        "a policy's other versions are how a bad change is taken back; who deletes them first makes sure that it is not",
      runbook: [
        "Look for a change of the same policy within the 24 hours before `eventTime`: CreatePolicyVersion, SetDefaultPolicyVersion.",
        "Ask whoever deleted it (`userIdentity` of the event) within the day whether the version was done with.",
        "If it is missed, set the rule to `ask`: the document of the baseline is then made a version again on your word.",
      ],
      falsePositives: "tidying up old versions by hand; keep the one before the default",
    },
    "zh-CN": {
      title: "策略或回滚版本被删除",
      rationale: "策略的其他版本是撤销错误变更的途径；先删除它们的人，是为了确保无法撤销",
      runbook: [
        "查询 `eventTime` 之前 24 小时内对同一策略的变更：CreatePolicyVersion、SetDefaultPolicyVersion。",
        "一天内向删除者（事件的 `userIdentity`）确认该版本是否确实不再需要。",
        "若仍需要，请将规则设为 `ask`：经您确认后，将以基线中的文档重新创建版本。",
      ],
      falsePositives: "人工清理旧版本；请保留默认版本之前的那个版本",
    },
  },
  judge: ({ subject, before, after, actor }) => {
    const maker = makerOf(actor);
    const { policyName, versionId } = subject;
    const facts = { policy: policyName, maker };
    if (after.kind === "gone")
      return before.known && before.state.kind === "gone"
        ? compliant
        : violation(
            {
              en: `\`${maker}\` deleted custom policy \`${policyName}\` with all its versions`,
              "zh-CN": `\`${maker}\` 删除了自定义策略 \`${policyName}\` 及其全部版本`,
            },
            facts,
          );
    if (subject.did !== "version-deleted") return compliant;
    if (versionId === undefined)
      return undetermined({
        en: `\`${maker}\` deleted a version of custom policy \`${policyName}\`, and which one is not known`,
        "zh-CN": `\`${maker}\` 删除了自定义策略 \`${policyName}\` 的一个版本，但不知道是哪一个`,
      });
    const others = otherVersions(after);
    if (after.versions.some((version) => version.versionId === versionId)) return compliant;
    if (others.length > 0 && others.some((one) => one > Number(versionId.slice(1)))) return compliant;
    return violation(
      others.length === 0
        ? {
            en: `\`${maker}\` deleted version \`${versionId}\` of custom policy \`${policyName}\`: none is left to go back to`,
            "zh-CN": `\`${maker}\` 删除了自定义策略 \`${policyName}\` 的版本 \`${versionId}\`：已无版本可供回滚`,
          }
        : {
            en: `\`${maker}\` deleted version \`${versionId}\` of custom policy \`${policyName}\`: the newest beside the one in force`,
            "zh-CN": `\`${maker}\` 删除了自定义策略 \`${policyName}\` 的版本 \`${versionId}\`：除生效版本外最新的版本`,
          },
      { ...facts, version: versionId },
    );
  },
});
