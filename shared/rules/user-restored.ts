import { compliant } from "../domain/finding.ts";
import { isDeclared, makerOf } from "./kit/actors.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** A deleted user came back from the recycle bin, by somebody whose job that is not. */
export const userRestored = defineRule({
  id: "RAM.UserRestored",
  control: "RAM-USER-008",
  severity: "high",
  maturity: "stable",
  subject: "recycled-user",
  response: "contain",
  responses: ["contain", "ask", "alert", "off"],
  controls: { attack: ["T1098"] },
  references: [
    "https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-restoreuserfromrecyclebin",
  ],
  text: {
    en: {
      title: "User restored from the recycle bin",
      rationale:
        "a deleted user comes back with its keys: somebody who left, or whose keys leaked, may act in the account again",
      runbook: [
        "Ask whoever restored the user (`userIdentity` of the event) within the hour why; find out why it was deleted (`DeleteUser` events of the last 30 days).",
        "Look what its keys did since `eventTime`: LookupEvents with `EventAccessKeyId` set to each.",
        "If the user is wanted, put its keys and its logon back in use with `warden undo <incident>`.",
      ],
      falsePositives: "a deletion by mistake; name the identity that brings users back under `provisioners`",
    },
    "zh-CN": {
      title: "从回收站恢复用户",
      rationale: "被删除的用户会连同密钥一起恢复：已离职者或密钥已泄露者可能再次进入账号",
      runbook: [
        "一小时内向恢复者（事件的 `userIdentity`）确认原因；并查明删除原因（最近 30 天的 `DeleteUser` 事件）。",
        "用 LookupEvents 以 `EventAccessKeyId` 查询其每把密钥自 `eventTime` 以来的调用。",
        "若该用户确有需要，用 `warden undo <incident>` 重新启用其密钥与登录。",
      ],
      falsePositives: "误删；请将负责恢复用户的身份登记到 `provisioners`",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    if (after.kind === "gone" || after.place === "bin" || isDeclared(actor, settings)) return compliant;
    if (before.known && before.state.kind !== "gone" && before.state.place === "account") return compliant;
    const user = after.userName === "" ? `id ${subject.userId}` : after.userName;
    if (!before.known || actor === undefined)
      return undetermined({
        en: `whether user \`${user}\` came back from the recycle bin, or who brought it back, is not known`,
        "zh-CN": `不知道用户 \`${user}\` 是否从回收站恢复，或由谁恢复`,
      });
    const maker = makerOf(actor);
    return violation(
      {
        en: `\`${maker}\` brought user \`${user}\` back from the recycle bin; the settings name no such provisioner or pipeline`,
        "zh-CN": `\`${maker}\` 从回收站恢复了用户 \`${user}\`，而设置中未将其登记为 provisioner 或 pipeline`,
      },
      { user, userId: subject.userId, maker },
    );
  },
});
