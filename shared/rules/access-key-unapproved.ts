import { compliant } from "../domain/finding.ts";
import { actorText } from "../domain/identity.ts";
import { actorIsOneOf } from "./kit/actors.ts";
import { isNewKey, ownerName } from "./kit/keys.ts";
import { defineRule, violation } from "./kit/rule.ts";

/** A new AccessKey of a RAM user that was not made by an identity whose job it is. */
export const accessKeyUnapproved = defineRule({
  id: "RAM.AccessKeyUnapproved",
  control: "RAM-AK-001",
  severity: "high",
  maturity: "stable",
  subject: "access-key",
  response: "contain",
  responses: ["contain", "ask", "alert", "off"],
  controls: {
    cis: ["1.6 (supports)"],
    cloudConfig: ["ram-user-active-ak-check", "ram-user-activated-ak-quantity-check"],
    attack: ["T1098.001"],
  },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-createaccesskey"],
  text: {
    en: {
      title: "New AccessKey without approval",
      rationale:
        "an AccessKey works from anywhere, without a second factor, until somebody disables it; whoever holds the account for a minute makes one to come back later",
      runbook: [
        "Ask the maker of the key (`userIdentity` of the event) within the hour whether the key is theirs; if not, treat the maker's own credentials as taken.",
        "Look at what the key did between `eventTime` and the moment it was set Inactive: LookupEvents with `EventAccessKeyId` set to the key.",
        "If the key is wanted, approve it by `warden undo <incident>` and name the maker under `provisioners` in the settings.",
      ],
      falsePositives: "a rotation by hand; name the identities that rotate keys under `provisioners`",
    },
    "zh-CN": {
      title: "未经审批创建 AccessKey",
      rationale: "AccessKey 在被禁用之前可从任何地方使用，且不需要第二因素；攻击者常借此留下后门",
      runbook: [
        "一小时内向创建者（事件的 `userIdentity`）确认该密钥是否为其本人创建；若不是，视其凭证已泄露。",
        "用 LookupEvents 以 `EventAccessKeyId` 查询该密钥在 `eventTime` 至被禁用之间的调用。",
        "若密钥确有需要，用 `warden undo <incident>` 恢复，并在设置的 `provisioners` 中登记创建者。",
      ],
      falsePositives: "人工轮转密钥；请把负责轮转的身份登记到 `provisioners`",
    },
  },
  judge: ({ before, after, actor, subject }, { settings }) => {
    if (!isNewKey(before) || subject.fromBin === true) return compliant;
    if (after.kind === "gone" || after.status === "Inactive" || subject.owner.kind === "root") return compliant;
    if (actor !== undefined && actorIsOneOf(actor, settings.provisioners, settings.accountId)) return compliant;
    const maker = actor === undefined ? "somebody unknown" : actorText(actor);
    return violation(
      {
        en: `\`${maker}\` made an AccessKey for user \`${ownerName(subject.owner)}\`; the settings name no such provisioner`,
        "zh-CN": `\`${maker}\` 为用户 \`${ownerName(subject.owner)}\` 创建了 AccessKey，而设置中未将其登记为 provisioner`,
      },
      { user: ownerName(subject.owner), accessKeyId: after.accessKeyId, maker },
    );
  },
});
