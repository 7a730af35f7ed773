import { compliant } from "../domain/finding.ts";
import { isDeclared, makerOf } from "./kit/actors.ts";
import { ownerName } from "./kit/keys.ts";
import { defineRule, violation } from "./kit/rule.ts";

/** A deleted AccessKey came back from the recycle bin, by somebody whose job that is not. */
export const accessKeyRestored = defineRule({
  id: "RAM.AccessKeyRestored",
  control: "RAM-AK-007",
  severity: "high",
  maturity: "stable",
  subject: "access-key",
  response: "contain",
  responses: ["contain", "ask", "alert", "off"],
  controls: { attack: ["T1098.001"] },
  references: [
    "https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-restoreaccesskeyfromrecyclebin",
  ],
  text: {
    en: {
      title: "AccessKey restored from the recycle bin",
      rationale:
        "a key is deleted because it leaked or is not needed; whoever still has its secret can use it as soon as it is back",
      runbook: [
        "Find out why the key was deleted: `DeleteAccessKey` events of the last 30 days with its `UserAccessKeyId`.",
        "Look what it did between `eventTime` and the moment it was set Inactive: LookupEvents with `EventAccessKeyId` set to the key.",
        "If the key is wanted, put it back in use with `warden undo <incident>`, and have a new one take its place.",
      ],
      falsePositives: "a deletion by mistake; name the identity that brings keys back under `provisioners`",
    },
    "zh-CN": {
      title: "从回收站恢复 AccessKey",
      rationale: "密钥被删除是因为泄露或不再需要；仍持有其密钥者在恢复后即可使用",
      runbook: [
        "查明密钥被删除的原因：最近 30 天内带有该 `UserAccessKeyId` 的 `DeleteAccessKey` 事件。",
        "用 LookupEvents 以 `EventAccessKeyId` 查询该密钥在 `eventTime` 至被禁用之间的调用。",
        "若密钥确有需要，用 `warden undo <incident>` 重新启用，并尽快以新密钥替换。",
      ],
      falsePositives: "误删；请将负责恢复密钥的身份登记到 `provisioners`",
    },
  },
  judge: ({ after, actor, subject }, { settings }) => {
    if (subject.fromBin !== true || after.kind === "gone" || after.status === "Inactive") return compliant;
    if (subject.owner.kind === "root" || isDeclared(actor, settings)) return compliant;
    const maker = makerOf(actor);
    const user = ownerName(subject.owner);
    return violation(
      {
        en: `\`${maker}\` brought AccessKey \`${after.accessKeyId}\` of user \`${user}\` back from the recycle bin; the settings name no such provisioner or pipeline`,
        "zh-CN": `\`${maker}\` 从回收站恢复了用户 \`${user}\` 的 AccessKey \`${after.accessKeyId}\`，而设置中未将其登记为 provisioner 或 pipeline`,
      },
      { user, accessKeyId: after.accessKeyId, maker },
    );
  },
});
