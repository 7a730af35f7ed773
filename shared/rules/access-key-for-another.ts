import { compliant } from "../domain/finding.ts";
import { actorText } from "../domain/identity.ts";
import { actorIsOneOf } from "./kit/actors.ts";
import { isNewKey, ownerName } from "./kit/keys.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** An AccessKey made by one identity for another: the maker can then act as the owner, unseen. */
export const accessKeyForAnother = defineRule({
  id: "RAM.AccessKeyForAnother",
  control: "RAM-AK-002",
  severity: "critical",
  maturity: "stable",
  subject: "access-key",
  response: "contain",
  responses: ["contain", "ask", "alert", "off"],
  controls: { attack: ["T1098.001"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-createaccesskey"],
  text: {
    en: {
      title: "AccessKey created for somebody else",
      rationale:
        "the secret of a new AccessKey is shown once, to the caller: who makes a key for another user can act in that user's name from then on",
      runbook: [
        "Compare what the owner of the key may do with what the maker may do (`warden policy explain` on both): a more powerful owner means escalation.",
        "Look within the last 24 hours for other changes by the same `userIdentity.principalId`: groups, policies, login profiles.",
        "If the key is wanted, put it back with `warden undo <incident>` and let the owner make the next one.",
      ],
      falsePositives: "a help desk that hands out keys; name it under `provisioners`",
    },
    "zh-CN": {
      title: "为他人创建 AccessKey",
      rationale: "新 AccessKey 的密钥只向调用者显示一次：为他人创建密钥者，此后即可冒用该用户身份",
      runbook: [
        "对比密钥所有者与创建者的权限（对两者执行 `warden policy explain`）：所有者权限更高即为提权。",
        "查看过去 24 小时内同一 `userIdentity.principalId` 的其他变更：用户组、权限策略、登录配置。",
        "若密钥确有需要，用 `warden undo <incident>` 恢复；下一把密钥请由所有者本人创建。",
      ],
      falsePositives: "由服务台统一发放密钥；请将其登记到 `provisioners`",
    },
  },
  judge: ({ before, after, actor, subject }, { settings }) => {
    if (!isNewKey(before) || subject.fromBin === true) return compliant;
    if (after.kind === "gone" || after.status === "Inactive" || subject.owner.kind === "root") return compliant;
    if (actor === undefined)
      return undetermined({
        en: "no event says who made this AccessKey",
        "zh-CN": "没有事件说明该 AccessKey 由谁创建",
      });
    const { owner } = subject;
    const own =
      actor.kind === "user" &&
      actor.accountId === settings.accountId &&
      owner.kind === "user" &&
      actor.name === owner.name;
    if (own || actorIsOneOf(actor, settings.provisioners, settings.accountId)) return compliant;
    return violation(
      {
        en: `\`${actorText(actor)}\` made an AccessKey that belongs to user \`${ownerName(subject.owner)}\``,
        "zh-CN": `\`${actorText(actor)}\` 创建了属于用户 \`${ownerName(subject.owner)}\` 的 AccessKey`,
      },
      { user: ownerName(subject.owner), accessKeyId: after.accessKeyId, maker: actorText(actor) },
    );
  },
});
