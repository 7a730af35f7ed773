import type { Evidence } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import { defineRule, undetermined } from "./kit/rule.ts";
import { differenceOf, isTrusted, isUntouched, readEntities, unreadable } from "./kit/trust.ts";
import { violationOf } from "./kit/verdicts.ts";

/** Somebody whom the settings do not name may now assume a role that existed before. */
export const trustEntityAdded = defineRule({
  id: "RAM.TrustEntityAdded",
  control: "RAM-ROLE-001",
  severity: "critical",
  maturity: "stable",
  subject: "role-trust",
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { cis: ["2.10"], attack: ["T1098.003", "T1484.002"] },
  references: ["https://help.aliyun.com/en/ram/user-guide/edit-the-trust-policy-of-a-ram-role"],
  text: {
    en: {
      title: "Trusted entity added to a role",
      rationale:
        "who is added to a role's trust policy has the role's permissions from then on, whatever their own are; it is the quietest way to escalate",
      runbook: [
        "Look for AssumeRole calls on the role between `eventTime` and the revert plus one session length: sessions outlive the revert.",
        "Ask whoever changed the role (`userIdentity`) within the hour why; if they do not know of it, treat their credentials as taken.",
        "If the entity is wanted, name it under `trusted` in the settings, then add it again.",
      ],
      falsePositives: "a planned new consumer of the role; name it under `trusted` before the change",
    },
    "zh-CN": {
      title: "角色信任主体新增",
      rationale: "被加入角色信任策略的主体，无论自身权限如何，从此都拥有该角色的权限；这是最隐蔽的提权方式",
      runbook: [
        "查询 `eventTime` 至恢复后一个会话时长内对该角色的 AssumeRole 调用：会话在恢复后仍然有效。",
        "一小时内向修改者（`userIdentity`）确认原因；若其不知情，视其凭证已泄露。",
        "若确需该主体，请先在设置的 `trusted` 中登记，再重新添加。",
      ],
      falsePositives: "计划内新增的角色使用方；请在变更前登记到 `trusted`",
    },
  },
  judge: ({ subject, before, after }, { settings }) => {
    if (after.kind === "gone" || isUntouched(subject, before)) return compliant;
    if (before.known && before.state.kind === "gone") return compliant;
    if (!before.known) {
      const now = readEntities(after.document);
      if (!now.ok) return unreadable(now.error);
      if (now.value.every((entity) => isTrusted(entity, settings))) return compliant;
      return undetermined({
        en: `what the role trusted before is not known (${before.because}), so what was added is not either`,
        "zh-CN": "不知道该角色之前信任谁，因此也不知道新增了谁",
      });
    }
    if (before.state.kind === "gone") return compliant;
    const difference = differenceOf(before.state.document, after.document, settings.accountId);
    if (!difference.ok) return unreadable(difference.error.errors);
    const evidence: Evidence[] = difference.value.steps
      .filter((step) => step.kind === "entity-added" || step.kind === "entity-widened")
      .filter((step) => step.entity === undefined || !isTrusted(step.entity, settings))
      .map((step) => ({ sentence: step.sentence, facts: step.facts }));
    return violationOf(evidence, difference.value.undecided);
  },
});
