import { compliant } from "../domain/finding.ts";
import { isDeclared, makerOf } from "./kit/actors.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** A SAML provider was made, trusts other certificates than before, or is gone. */
export const samlProviderChanged = defineRule({
  id: "RAM.SamlProviderChanged",
  control: "RAM-IDP-002",
  severity: "high",
  maturity: "stable",
  subject: "saml-provider",
  response: "ask",
  responses: ["ask", "alert", "off"],
  controls: { attack: ["T1484.002", "T1606.002"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-updatesamlprovider"],
  text: {
    en: {
      title: "SAML provider created, changed or deleted",
      rationale:
        "whoever holds the provider's signing key assumes every role that trusts it, as whomever they say they are",
      runbook: [
        "Ask whoever changed it (`userIdentity` of the event) within the hour; compare the `entityID` and the certificate of the metadata with your provider's.",
        "Find the roles whose trust policy names the provider, and `AssumeRoleWithSAML` calls on them since `eventTime`.",
        "Approve the plan (`warden approve <incident>`) only if the former metadata is still the provider's.",
      ],
      falsePositives:
        "a renewed certificate; let a declared pipeline make the change, or name a new provider in `trusted.entities`",
    },
    "zh-CN": {
      title: "SAML 身份提供商变更",
      rationale: "持有提供商签名密钥者，可以任意身份扮演所有信任它的角色",
      runbook: [
        "一小时内向修改者（事件的 `userIdentity`）确认；将元数据的 `entityID` 与证书同贵方提供商的进行比对。",
        "查找信任策略中引用该提供商的角色，以及自 `eventTime` 以来对它们的 `AssumeRoleWithSAML` 调用。",
        "仅当原元数据仍属于该提供商时才批准计划（`warden approve <incident>`）。",
      ],
      falsePositives: "证书更新；请由已声明的流水线执行，或将新提供商登记到 `trusted.entities`",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    if (isDeclared(actor, settings)) return compliant;
    const { providerName } = subject;
    if (!before.known)
      return undetermined({
        en: `what SAML provider \`${providerName}\` was before is not known`,
        "zh-CN": `不知道 SAML 身份提供商 \`${providerName}\` 之前的状态`,
      });
    const was = before.state;
    const maker = makerOf(actor);
    const facts = { provider: providerName, maker };
    if (after.kind === "gone")
      return was.kind === "gone"
        ? compliant
        : violation(
            {
              en: `\`${maker}\` deleted SAML provider \`${providerName}\``,
              "zh-CN": `\`${maker}\` 删除了 SAML 身份提供商 \`${providerName}\``,
            },
            { ...facts, what: "deleted" },
          );
    if (was.kind === "gone")
      return settings.trusted.entities.includes(`acs:ram::${settings.accountId}:saml-provider/${providerName}`)
        ? compliant
        : violation(
            {
              en: `\`${maker}\` made SAML provider \`${providerName}\`, which \`trusted.entities\` does not name`,
              "zh-CN": `\`${maker}\` 创建了 SAML 身份提供商 \`${providerName}\`，而 \`trusted.entities\` 中没有它`,
            },
            { ...facts, what: "created" },
          );
    if (was.metadata === after.metadata) return compliant;
    return violation(
      {
        en: `\`${maker}\` replaced the metadata of SAML provider \`${providerName}\``,
        "zh-CN": `\`${maker}\` 替换了 SAML 身份提供商 \`${providerName}\` 的元数据`,
      },
      { ...facts, what: "metadata" },
    );
  },
});
