import type { Evidence } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import type { OidcProvider } from "../domain/subjects/federation.ts";
import { isDeclared, makerOf } from "./kit/actors.ts";
import { defineRule, undetermined } from "./kit/rule.ts";

/** An OIDC provider lets in further clients, trusts further certificates, or takes older tokens. */
export const oidcProviderWidened = defineRule({
  id: "RAM.OidcProviderWidened",
  control: "RAM-IDP-003",
  severity: "high",
  maturity: "stable",
  subject: "oidc-provider",
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { attack: ["T1484.002"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-updateoidcprovider"],
  text: {
    en: {
      title: "OIDC provider client id, issuer time or fingerprint changed",
      rationale: "a further client or certificate lets in whoever holds it, to every role that trusts the provider",
      runbook: [
        "Ask whoever changed it (`userIdentity` of the event) within the hour whose client id or fingerprint it is.",
        "Find the roles whose trust policy names the provider, and `AssumeRoleWithOIDC` calls on them between `eventTime` and the revert.",
        "If the client is wanted, put the change back with `warden undo <incident>`, or let a declared pipeline add it.",
      ],
      falsePositives: "a renewed certificate of the issuer; let a declared pipeline add its fingerprint",
    },
    "zh-CN": {
      title: "OIDC 身份提供商变更",
      rationale: "新增客户端或证书，意味着其持有者可以进入所有信任该提供商的角色",
      runbook: [
        "一小时内向修改者（事件的 `userIdentity`）确认该客户端 ID 或指纹的归属。",
        "查找信任策略中引用该提供商的角色，以及 `eventTime` 至恢复之间对它们的 `AssumeRoleWithOIDC` 调用。",
        "若确需该客户端，用 `warden undo <incident>` 恢复变更，或由已声明的流水线添加。",
      ],
      falsePositives: "颁发者证书更新；请由已声明的流水线添加其指纹",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    if (after.kind === "gone" || isDeclared(actor, settings)) return compliant;
    const { providerName } = subject;
    if (!before.known)
      return undetermined({
        en: `whom OIDC provider \`${providerName}\` let in before is not known`,
        "zh-CN": `不知道 OIDC 身份提供商 \`${providerName}\` 之前允许谁进入`,
      });
    const maker = makerOf(actor);
    const was = before.state;
    if (was.kind === "gone") {
      if (settings.trusted.entities.includes(`acs:ram::${settings.accountId}:oidc-provider/${providerName}`))
        return compliant;
      const sentence = {
        en: `\`${maker}\` made OIDC provider \`${providerName}\`, which \`trusted.entities\` does not name`,
        "zh-CN": `\`${maker}\` 创建了 OIDC 身份提供商 \`${providerName}\`，而 \`trusted.entities\` 中没有它`,
      };
      return {
        kind: "violation",
        evidence: [{ sentence, facts: { provider: providerName, maker, issuer: after.issuerUrl } }],
      };
    }
    const [first, ...others] = widened(was, after, maker);
    return first === undefined ? compliant : { kind: "violation", evidence: [first, ...others] };
  },
});

const widened = (was: OidcProvider, is: OidcProvider, maker: string): readonly Evidence[] => {
  const provider = is.providerName;
  const added = (list: "clientIds" | "fingerprints", en: string, zh: string): readonly Evidence[] =>
    is[list]
      .filter((value) => !was[list].includes(value))
      .map((value) => ({
        sentence: {
          en: `\`${maker}\` added the ${en} \`${value}\` to OIDC provider \`${provider}\``,
          "zh-CN": `\`${maker}\` 为 OIDC 身份提供商 \`${provider}\` 添加了${zh} \`${value}\``,
        },
        facts: { provider, maker, added: value, list },
      }));
  const older: readonly Evidence[] =
    is.issuanceLimitTime > was.issuanceLimitTime
      ? [
          {
            sentence: {
              en: `\`${maker}\` had OIDC provider \`${provider}\` take tokens that are up to \`${is.issuanceLimitTime}\` hours old, and not \`${was.issuanceLimitTime}\``,
              "zh-CN": `\`${maker}\` 将 OIDC 身份提供商 \`${provider}\` 接受的令牌最长签发时间由 \`${was.issuanceLimitTime}\` 小时改为 \`${is.issuanceLimitTime}\` 小时`,
            },
            facts: { provider, maker, hours: String(is.issuanceLimitTime) },
          },
        ]
      : [];
  return [...added("clientIds", "client id", "客户端 ID"), ...added("fingerprints", "fingerprint", "指纹"), ...older];
};
