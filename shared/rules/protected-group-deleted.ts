import { compliant } from "../domain/finding.ts";
import { makerOf } from "./kit/actors.ts";
import { isProtected } from "./kit/practices.ts";
import { defineRule, violation } from "./kit/rule.ts";

/** A group that the settings protect was deleted. */
export const protectedGroupDeleted = defineRule({
  id: "RAM.ProtectedGroupDeleted",
  control: "RAM-GRP-005",
  severity: "high",
  maturity: "stable",
  subject: "group",
  response: "ask",
  responses: ["ask", "alert", "off"],
  controls: { attack: ["T1531"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-deletegroup"],
  text: {
    en: {
      title: "Protected group deleted",
      rationale: "with the group everybody in it loses what they work with, the people who answer alerts among them",
      runbook: [
        "Ask whoever deleted the group (`userIdentity` of the event) within the hour; if they do not know of it, treat their credentials as taken.",
        "Approve the plan (`warden approve <incident>`): the group is made again, empty and under another `GroupId`.",
        "Look for the `RemoveUserFromGroup` and `DetachPolicyFromGroup` events of the hour before: they tell who was in it and what it carried.",
      ],
      falsePositives: "a group that is retired; take it out of `protected` before it is deleted",
    },
    "zh-CN": {
      title: "受保护用户组被删除",
      rationale: "用户组被删除后，组内所有人（包括处理告警的人）都会失去权限",
      runbook: [
        "一小时内向删除者（事件的 `userIdentity`）确认；若其不知情，视其凭证已泄露。",
        "批准计划（`warden approve <incident>`）：重新创建的用户组为空，且 `GroupId` 不同。",
        "查找此前一小时内的 `RemoveUserFromGroup` 与 `DetachPolicyFromGroup` 事件：它们说明原有成员与策略。",
      ],
      falsePositives: "用户组正常退役；请在删除前将其移出 `protected`",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    if (after.kind !== "gone" || !isProtected("group", subject.groupName, settings)) return compliant;
    if (before.known && before.state.kind === "gone") return compliant;
    const maker = makerOf(actor);
    return violation(
      {
        en: `\`${maker}\` deleted group \`${subject.groupName}\`, which the settings protect`,
        "zh-CN": `\`${maker}\` 删除了用户组 \`${subject.groupName}\`，而设置将其列为受保护`,
      },
      { group: subject.groupName, maker },
    );
  },
});
