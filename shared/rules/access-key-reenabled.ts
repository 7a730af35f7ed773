import { compliant } from "../domain/finding.ts";
import { actorText } from "../domain/identity.ts";
import { actorIsOneOf } from "./kit/actors.ts";
import { isNewKey, ownerName } from "./kit/keys.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** A key that was out of use is in use again, by somebody whose job that is not: how a containment is taken back. */
export const accessKeyReenabled = defineRule({
  id: "RAM.AccessKeyReenabled",
  control: "RAM-AK-006",
  severity: "high",
  maturity: "stable",
  subject: "access-key",
  response: "contain",
  responses: ["contain", "ask", "alert", "off"],
  controls: { attack: ["T1098.001"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-updateaccesskey"],
  text: {
    en: {
      title: "Disabled AccessKey enabled again",
      rationale:
        "a key is disabled because it leaked, was not approved or is not needed; who enables it again, unasked, wants what it opens",
      runbook: [
        "Look up the incident that disabled the key (`warden incidents`): was it contained within the last days, and why.",
        "Ask whoever enabled it (`userIdentity` of the event) within the hour; if they do not know of it, treat their credentials as taken.",
        "If the key is wanted, take the containment back with `warden undo <incident>`: that way it is on record, and left alone.",
      ],
      falsePositives: "a tool that sets every key Active on each run: told as undetermined, and never written to",
    },
    "zh-CN": {
      title: "已禁用的 AccessKey 被重新启用",
      rationale: "密钥被禁用是因为泄露、未经审批或不再需要；擅自重新启用者，觊觎的正是它所能打开的权限",
      runbook: [
        "查找禁用该密钥的事件（`warden incidents`）：是否在最近几天内被遏制，原因为何。",
        "一小时内向启用者（事件的 `userIdentity`）确认；若其不知情，视其凭证已泄露。",
        "若密钥确有需要，请用 `warden undo <incident>` 撤销遏制：这样有据可查，且不会再被处置。",
      ],
      falsePositives: "每次运行都将密钥设为 Active 的工具：仅告知为无法判定，绝不写入",
    },
  },
  judge: ({ before, after, actor, subject }, { settings }) => {
    if (isNewKey(before) || after.kind === "gone" || after.status === "Inactive") return compliant;
    if (subject.owner.kind === "root") return compliant;
    if (actor !== undefined && actorIsOneOf(actor, settings.provisioners, settings.accountId)) return compliant;
    const maker = actor === undefined ? "somebody unknown" : actorText(actor);
    const user = ownerName(subject.owner);
    if (!before.known)
      return undetermined({
        en: "whether the key was out of use before is not known: setting a key Active that is so already succeeds as well",
        "zh-CN": "不知道该密钥之前是否已停用：将已启用的密钥再次设为 Active 同样会成功",
      });
    if (before.state.kind !== "gone" && before.state.status === "Active") return compliant;
    return violation(
      {
        en: `\`${maker}\` enabled AccessKey \`${after.accessKeyId}\` of user \`${user}\` again, which had been disabled`,
        "zh-CN": `\`${maker}\` 重新启用了用户 \`${user}\` 已被禁用的 AccessKey \`${after.accessKeyId}\``,
      },
      { user, accessKeyId: after.accessKeyId, maker },
    );
  },
});
