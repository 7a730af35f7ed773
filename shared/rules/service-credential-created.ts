import type { Bilingual } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import type { ServiceCredential } from "../domain/subjects/credentials.ts";
import { isDeclared, isUserItself, makerOf } from "./kit/actors.ts";
import { practicesOf } from "./kit/practices.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** A key of one service was made, or put in use, for somebody else or for longer than the settings allow. */
export const serviceCredentialCreated = defineRule({
  id: "RAM.ServiceCredentialCreated",
  control: "RAM-AK-011",
  severity: "high",
  maturity: "stable",
  subject: "service-credential",
  response: "contain",
  responses: ["contain", "revert", "ask", "alert", "off"],
  controls: { attack: ["T1098.001", "T1528"] },
  references: [
    "https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-createservicecredential",
  ],
  text: {
    en: {
      title: "Service credential (API key) created",
      rationale:
        "an API key works from anywhere without a second factor, for ever unless it was given an end, and no scanner looks for it",
      runbook: [
        "Ask whoever made it (`userIdentity` of the event) within the hour what it is for; if they do not know of it, treat their credentials as taken.",
        "Look in the audit log of the service (`ServiceName`) what the credential did between `eventTime` and the moment it was set Inactive.",
        "If it is wanted, put it back in use with `warden undo <incident>`; the next one gets `CredentialAgeDays`, made by the user it belongs to.",
      ],
      falsePositives: "a deployment that makes its own keys; name it under `provisioners` or `pipelines`",
    },
    "zh-CN": {
      title: "创建服务凭证（API Key）",
      rationale: "API Key 可从任何地方使用，不需要第二因素；未设有效期则永久有效，且没有扫描工具检查它",
      runbook: [
        "一小时内向创建者（事件的 `userIdentity`）确认用途；若其不知情，视其凭证已泄露。",
        "在对应服务（`ServiceName`）的审计日志中查看该凭证自 `eventTime` 至被禁用之间的操作。",
        "若确有需要，用 `warden undo <incident>` 恢复；下一个凭证请由所属用户创建并设置 `CredentialAgeDays`。",
      ],
      falsePositives: "部署流程自行创建密钥；请将其登记到 `provisioners` 或 `pipelines`",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    if (after.kind === "gone" || after.status === "Inactive" || isDeclared(actor, settings)) return compliant;
    if (before.known && before.state.kind !== "gone" && before.state.status === "Active") return compliant;
    const name = after.name === "" ? after.credentialId : after.name;
    if (!before.known)
      return undetermined({
        en: `whether service credential \`${name}\` was in use before is not known`,
        "zh-CN": `不知道服务凭证 \`${name}\` 之前是否启用`,
      });
    const byOwner = isUserItself(actor, subject.userName, settings);
    const tooLong = excessOf(after, practicesOf(settings).limits.serviceCredentialDays);
    if (byOwner && tooLong === "not told")
      return undetermined({
        en: `for how long service credential \`${name}\` is valid is not told`,
        "zh-CN": `不知道服务凭证 \`${name}\` 的有效期`,
      });
    if (byOwner && tooLong === undefined) return compliant;
    const maker = makerOf(actor);
    const valid: Bilingual = typeof tooLong === "object" ? tooLong : { en: "", "zh-CN": "" };
    return violation(
      {
        en: `\`${maker}\` put service credential \`${name}\` of user \`${subject.userName}\` in use${valid.en}`,
        "zh-CN": `\`${maker}\` 启用了用户 \`${subject.userName}\` 的服务凭证 \`${name}\`${valid["zh-CN"]}`,
      },
      { user: subject.userName, credentialId: after.credentialId, maker, days: String(after.validDays ?? "not told") },
    );
  },
});

const excessOf = ({ validDays }: ServiceCredential, most: number): Bilingual | "not told" | undefined => {
  if (validDays === undefined) return "not told";
  if (validDays === "unlimited") return { en: ", which never ends", "zh-CN": "，且永久有效" };
  return validDays > most
    ? {
        en: `, which is valid for ${Math.round(validDays)} days where ${most} are allowed`,
        "zh-CN": `，有效期 ${Math.round(validDays)} 天，而允许 ${most} 天`,
      }
    : undefined;
};
