import type { Evidence } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import { entityAccount, entityCovers, entityFacts, entityText } from "../policy/trust-entities.ts";
import { defineRule } from "./kit/rule.ts";
import { isForeign, isTrusted, isUntouched, readEntities, unreadable } from "./kit/trust.ts";
import { violationOf } from "./kit/verdicts.ts";

/** A role lets in another account, or everyone, that the settings do not name: on its creation or by a change. */
export const trustForeignAccount = defineRule({
  id: "RAM.TrustForeignAccount",
  control: "RAM-ROLE-002",
  severity: "critical",
  maturity: "stable",
  subject: "role-trust",
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { cis: ["2.10 (supports)"], attack: ["T1098.003", "T1199"] },
  references: ["https://help.aliyun.com/en/ram/user-guide/edit-the-trust-policy-of-a-ram-role"],
  text: {
    en: {
      title: "Role trusts an account that is not on the allow-list",
      rationale:
        "an account outside yours decides by itself who of its identities comes in; no control of this account sees or binds them",
      runbook: [
        "Find out within the hour whose account it is (`facts.account`); an unknown one means the role was used as a back door.",
        "Look for AssumeRole calls on the role by that account (`stsTokenPlayerUid`) since `eventTime`: sessions outlive the revert.",
        "If the account is a partner's, name it under `trusted.accounts` in the settings, with an ExternalId in the trust policy.",
      ],
      falsePositives: "a vendor or another account of the company; name it under `trusted.accounts`",
    },
    "zh-CN": {
      title: "角色信任未许可的外部账号",
      rationale: "外部账号自行决定由其哪些身份进入，本账号的任何控制都看不到也约束不了它们",
      runbook: [
        "一小时内查明该账号（`facts.account`）归属；若未知，说明角色已被用作后门。",
        "查询该账号（`stsTokenPlayerUid`）自 `eventTime` 以来对角色的 AssumeRole 调用：会话在恢复后仍然有效。",
        "若为合作方账号，请在设置的 `trusted.accounts` 中登记，并在信任策略中使用 ExternalId。",
      ],
      falsePositives: "供应商或公司其他账号；请登记到 `trusted.accounts`",
    },
  },
  judge: ({ subject, before, after }, { settings }) => {
    if (after.kind === "gone" || isUntouched(subject, before)) return compliant;
    const now = readEntities(after.document);
    if (!now.ok) return unreadable(now.error);
    const then = before.known && before.state.kind !== "gone" ? readEntities(before.state.document) : undefined;
    // Whoever was let in before, alone or among others, is not let in by this change: to narrow a trust breaks no rule.
    const known = then?.ok ? then.value : [];
    const evidence: Evidence[] = now.value
      .filter((entity) => isForeign(entity, settings.accountId) && !isTrusted(entity, settings))
      .filter((entity) => !known.some((whole) => entityCovers(whole, entity)))
      .map((entity) => {
        const text = entityText(entity);
        return {
          sentence: {
            en: `the role lets in ${text.en}, which is outside this account and not on the allow-list`,
            "zh-CN": `该角色允许 ${text["zh-CN"]} 进入，其不属于本账号且不在许可名单中`,
          },
          facts: { account: entityAccount(entity) ?? "any", ...entityFacts(entity) },
        };
      });
    return violationOf(evidence, undefined);
  },
});
