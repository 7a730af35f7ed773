import { compliant } from "../domain/finding.ts";
import { requestText } from "../policy/request-text.ts";
import { guardLost, mayDeny } from "./kit/guards.ts";
import { needsPolicyDocument } from "./kit/high-risk.ts";
import { permissionsRead, textsOf, unreadText } from "./kit/permissions.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** A Deny that held somebody back is gone: detached, rewritten, deleted with its policy, or left behind with a group. */
export const guardWeakened = defineRule({
  id: "RAM.GuardWeakened",
  control: "RAM-POL-011",
  severity: "critical",
  maturity: "stable",
  subject: ["grant", "policy", "membership"],
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { cloudConfig: ["ram-user-specified-permission-bound"], attack: ["T1098.003", "T1562"] },
  references: ["https://help.aliyun.com/zh/ram/policy-evaluation-process"],
  needs: ["policyDocument", "carried", "holders", "beside"],
  text: {
    en: {
      title: "Guard (Deny) policy detached or weakened",
      rationale: "a Deny wins over every Allow, so taking one away is a grant that no list of grants shows",
      runbook: [
        "Read the request of the finding (`facts.request`): it was denied until `eventTime`, and is no longer.",
        "Look at what the principals concerned did between `eventTime` and the moment the guard was back: LookupEvents by their names.",
        "Ask whoever took it away (`userIdentity` of the event) within the hour; a guard that has to go goes by a planned change.",
      ],
      falsePositives: "a guard that is replaced by another; attach the new one before the old one is taken away",
    },
    "zh-CN": {
      title: "Deny 护栏策略被移除或放宽",
      rationale: "Deny 优先于一切 Allow，移除它等于一次授权，而任何授权列表都不会显示",
      runbook: [
        "查看发现中的请求（`facts.request`）：该请求在 `eventTime` 之前被拒绝，此后不再被拒绝。",
        "用 LookupEvents 按名称查询相关身份在 `eventTime` 至护栏恢复之间的操作。",
        "一小时内向操作者（事件的 `userIdentity`）确认；确需移除的护栏应通过计划内变更进行。",
      ],
      falsePositives: "护栏被另一条替换；请在移除旧护栏之前先授予新护栏",
    },
  },
  judge: (change, facts) => {
    const read = permissionsRead(change, facts);
    if (read.kind === "same") return compliant;
    if (read.kind === "unknown")
      return change.after.kind === "gone" || change.kind === "policy" ? undetermined(read.because) : compliant;
    const { before, after, deed, facts: named } = read.change;
    // What comes with a link takes nothing away.
    if (before.length === 0) return compliant;
    const texts = textsOf(before);
    if (mayDeny(texts)) {
      const lost = guardLost(texts, textsOf(after));
      if (lost.result === "new-access" && lost.exact && lost.witness !== undefined) {
        const request = requestText(lost.witness);
        return violation(
          {
            en: `${deed.en}, which denied \`${request}\` and does so no longer`,
            "zh-CN": `${deed["zh-CN"]}，此前拒绝 \`${request}\`，现在不再拒绝`,
          },
          { ...named, request },
        );
      }
      if (lost.result !== "no-new-access" || !lost.exact)
        return undetermined({
          en: `${deed.en}, and whether less is denied by that could not be decided exactly`,
          "zh-CN": `${deed["zh-CN"]}，但无法准确判定拒绝范围是否缩小`,
        });
    }
    return unreadText(before.filter(({ policy }) => needsPolicyDocument(policy))) ?? compliant;
  },
});
