import { compliant } from "../domain/finding.ts";
import { isDeclared, makerOf } from "./kit/actors.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** A new RAM user that was not made by an identity whose job it is. */
export const userOutsideProvisioner = defineRule({
  id: "RAM.UserOutsideProvisioner",
  control: "RAM-USER-001",
  severity: "medium",
  maturity: "stable",
  subject: "user",
  response: "alert",
  responses: ["revert", "contain", "ask", "alert", "off"],
  controls: { cloudConfig: ["ram-user-group-membership-check (partial)"], attack: ["T1136.003"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-createuser"],
  text: {
    en: {
      title: "RAM user created outside the approved provisioner",
      rationale:
        "a user of one's own is how an intruder stays; the user alone can do nothing, what it is given next can",
      runbook: [
        "Ask whoever made the user (`userIdentity` of the event) within the hour what it is for; if they do not know of it, treat their credentials as taken.",
        "Look for `CreateLoginProfile`, `CreateAccessKey`, `AttachPolicyToUser` and `AddUserToGroup` on the user within 60 minutes of `eventTime`.",
        "If the user is wanted, name its maker under `provisioners` or `pipelines`.",
      ],
      falsePositives: "an administrator who makes users by hand; name the identity under `provisioners`",
    },
    "zh-CN": {
      title: "非授权流程创建 RAM 用户",
      rationale: "入侵者靠自建用户留下来；用户本身什么都做不了，随后授予它的权限才危险",
      runbook: [
        "一小时内向创建者（事件的 `userIdentity`）确认用途；若其不知情，视其凭证已泄露。",
        "查找 `eventTime` 之后 60 分钟内针对该用户的 `CreateLoginProfile`、`CreateAccessKey`、`AttachPolicyToUser` 与 `AddUserToGroup`。",
        "若该用户确有需要，请将创建者登记到 `provisioners` 或 `pipelines`。",
      ],
      falsePositives: "管理员手工创建用户；请将该身份登记到 `provisioners`",
    },
  },
  judge: ({ before, after, actor }, { settings }) => {
    const isNew = before.known && before.state.kind === "gone";
    if (!isNew || after.kind === "gone" || after.recycled === true || isDeclared(actor, settings)) return compliant;
    if (actor === undefined)
      return undetermined({
        en: `no event says who made user \`${after.userName}\``,
        "zh-CN": `没有事件说明用户 \`${after.userName}\` 由谁创建`,
      });
    const maker = makerOf(actor);
    return violation(
      {
        en: `\`${maker}\` made user \`${after.userName}\`; the settings name no such provisioner or pipeline`,
        "zh-CN": `\`${maker}\` 创建了用户 \`${after.userName}\`，而设置中未将其登记为 provisioner 或 pipeline`,
      },
      { user: after.userName, maker },
    );
  },
});
