import { compliant } from "../domain/finding.ts";
import { makerOf } from "./kit/actors.ts";
import { isProtected } from "./kit/practices.ts";
import { defineRule, violation } from "./kit/rule.ts";

/** A user that the settings protect was deleted. */
export const protectedUserDeleted = defineRule({
  id: "RAM.ProtectedUserDeleted",
  control: "RAM-USER-007",
  severity: "critical",
  maturity: "stable",
  subject: "user",
  response: "ask",
  responses: ["ask", "alert", "off"],
  controls: { attack: ["T1531"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-deleteuser"],
  text: {
    en: {
      title: "Protected user deleted",
      rationale: "break-glass users are deleted first by whoever wants to lock the others out",
      runbook: [
        "Ask whoever deleted the user (`userIdentity` of the event) at once; if they do not know of it, treat their credentials as taken.",
        "Approve the plan (`warden approve <incident>`) while the user is in the recycle bin: it comes back by its `UserId`, with its logon switched off.",
        "Give it back its groups and policies within the hour: they do not come back with it.",
      ],
      falsePositives: "a user that is retired; take it out of `protected` before it is deleted",
    },
    "zh-CN": {
      title: "受保护用户被删除",
      rationale: "想把其他人锁在门外的人，首先会删除应急用户",
      runbook: [
        "立即向删除者（事件的 `userIdentity`）确认；若其不知情，视其凭证已泄露。",
        "趁用户仍在回收站时批准计划（`warden approve <incident>`）：它会按 `UserId` 恢复，登录保持关闭。",
        "一小时内重新加入用户组并授予策略：它们不会随用户恢复。",
      ],
      falsePositives: "用户正常退役；请在删除前将其移出 `protected`",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    const isLost = after.kind === "gone" || after.recycled === true;
    if (!isLost || !isProtected("user", subject.userName, settings)) return compliant;
    if (before.known && before.state.kind === "gone") return compliant;
    const maker = makerOf(actor);
    return violation(
      {
        en: `\`${maker}\` deleted user \`${subject.userName}\`, which the settings protect`,
        "zh-CN": `\`${maker}\` 删除了用户 \`${subject.userName}\`，而设置将其列为受保护`,
      },
      { user: subject.userName, maker, where: after.kind === "gone" ? "gone" : "in the recycle bin" },
    );
  },
});
