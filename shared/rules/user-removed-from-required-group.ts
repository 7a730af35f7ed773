import { compliant } from "../domain/finding.ts";
import { actorIsOneOf, makerOf } from "./kit/actors.ts";
import { isProtected, practicesOf } from "./kit/practices.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** A user is taken out of a group that everybody is to be in, or that a protected user counts on. */
export const userRemovedFromRequiredGroup = defineRule({
  id: "RAM.UserRemovedFromRequiredGroup",
  control: "RAM-GRP-003",
  severity: "medium",
  maturity: "stable",
  subject: "membership",
  response: "ask",
  responses: ["ask", "alert", "off"],
  controls: { cloudConfig: ["ram-user-group-membership-check"], attack: ["T1531"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-removeuserfromgroup"],
  text: {
    en: {
      title: "User removed from a required group",
      rationale:
        "a group that everybody is in carries what everybody is bound by, its Denies included: who leaves it loses rights, or limits",
      runbook: [
        "Ask whoever took the user out (`userIdentity` of the event) within the hour what it is for.",
        "Look at what the group carries (`warden policy explain` on its policies): with a Deny, look at what the user did since `eventTime`.",
        "If the user belongs in the group, approve the plan: it adds the user again.",
      ],
      falsePositives: "somebody who leaves; let the leaver process, named under `provisioners` or `pipelines`, do it",
    },
    "zh-CN": {
      title: "用户被移出必需用户组",
      rationale: "人人所在的用户组承载着对所有人的约束，包括 Deny：被移出者会失去权限，也可能摆脱限制",
      runbook: [
        "一小时内向操作者（事件的 `userIdentity`）确认用途。",
        "查看该组拥有的策略（对其执行 `warden policy explain`）：若含 Deny，请查看该用户自 `eventTime` 以来的操作。",
        "若用户应属于该组，请批准该方案：将重新加入该用户。",
      ],
      falsePositives: "离职人员；请由登记在 `provisioners` 或 `pipelines` 中的离职流程执行",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    const { userName, groupName } = subject;
    if (after.kind !== "gone" || (before.known && before.state.kind === "gone")) return compliant;
    const isRequired = practicesOf(settings).requiredGroups.includes(groupName);
    if (!isRequired && !isProtected("user", userName, settings)) return compliant;
    const leaving = [...settings.provisioners, ...settings.pipelines];
    if (actor !== undefined && actorIsOneOf(actor, leaving, settings.accountId)) return compliant;
    if (!before.known)
      return undetermined({
        en: `user \`${userName}\` is not in group \`${groupName}\`, and whether it was is not known`,
        "zh-CN": `用户 \`${userName}\` 不在用户组 \`${groupName}\` 中，且不知道之前是否在`,
      });
    const maker = makerOf(actor);
    return violation(
      isRequired
        ? {
            en: `\`${maker}\` took user \`${userName}\` out of group \`${groupName}\`, which the settings require`,
            "zh-CN": `\`${maker}\` 将用户 \`${userName}\` 移出设置要求的用户组 \`${groupName}\``,
          }
        : {
            en: `\`${maker}\` took user \`${userName}\`, which the settings protect, out of group \`${groupName}\``,
            "zh-CN": `\`${maker}\` 将设置中受保护的用户 \`${userName}\` 移出用户组 \`${groupName}\``,
          },
      { user: userName, group: groupName, maker },
    );
  },
});
