import type { Evidence } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import type { ConditionTest } from "../policy/document.ts";
import type { LetIn } from "../policy/trust-entities.ts";
import { entityFacts, entityKey, entityText, trustEntities } from "../policy/trust-entities.ts";
import { defineRule, undetermined } from "./kit/rule.ts";
import { isUntouched, unreadable } from "./kit/trust.ts";

const wanted: { readonly [kind in LetIn["entity"]["kind"]]?: readonly string[] } = {
  "oidc-provider": ["oidc:sub", "oidc:aud"],
  "saml-provider": ["saml:recipient"],
};

/** A condition that any value meets, or that only names what is kept out, limits nobody. */
const limits = ({ negated, ifExists, values, family }: ConditionTest): boolean =>
  family === "string" && !negated && !ifExists && values.every((value) => !/^[*?]*$/.test(value));

const missing = ({ entity, allowed }: LetIn): readonly string[] =>
  (wanted[entity.kind] ?? []).filter(
    (key) => !allowed.conditions.some((test) => test.key.toLowerCase() === key && limits(test)),
  );

/** A role lets in whoever an identity provider signs for: any repository, any workload, any page that asks. */
export const federatedTrustUnlimited = defineRule({
  id: "RAM.FederatedTrustUnlimited",
  control: "RAM-ROLE-008",
  severity: "high",
  maturity: "stable",
  subject: "role-trust",
  response: "alert",
  responses: ["revert", "ask", "alert", "off"],
  advisory: true,
  controls: { attack: ["T1484.002", "T1606"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/overview-of-oidc-based-sso"],
  text: {
    en: {
      title: "Federated trust without subject or audience",
      rationale:
        "an identity provider signs for everybody who uses it: without a subject, an audience or a recipient the role is open to all of them",
      runbook: [
        "Look for AssumeRoleWithOIDC and AssumeRoleWithSAML calls on the role since `eventTime`, by subjects that are not yours.",
        "Add `oidc:sub` and `oidc:aud`, or `saml:recipient`, with the exact values to the trust policy within the day.",
      ],
      falsePositives: "a provider of the company's own that serves one purpose; name the subject all the same",
    },
    "zh-CN": {
      title: "联合身份信任缺少 sub/aud 限制",
      rationale: "身份提供商为其所有使用者签名：没有主体、受众或接收方限制，角色对所有人开放",
      runbook: [
        "查询自 `eventTime` 以来对该角色的 AssumeRoleWithOIDC 和 AssumeRoleWithSAML 调用中不属于您的主体。",
        "一天内在信任策略中以确切的值添加 `oidc:sub` 和 `oidc:aud`，或 `saml:recipient`。",
      ],
      falsePositives: "仅用于单一用途的公司自有身份提供商；仍请写明主体",
    },
  },
  judge: ({ subject, before, after }) => {
    if (after.kind === "gone" || isUntouched(subject, before)) return compliant;
    const now = trustEntities(after.document);
    if (!now.ok) return unreadable(now.error);
    const open = now.value.filter((entry) => missing(entry).length > 0);
    if (open.length === 0) return compliant;
    if (!before.known)
      return undetermined({
        en: `role \`${subject.roleName}\` trusts an identity provider without a limit; whether that is new is not known (${before.because})`,
        "zh-CN": `角色 \`${subject.roleName}\` 无限制地信任身份提供商；不知道这是否为新的变更`,
      });
    const then = before.state.kind === "gone" ? undefined : trustEntities(before.state.document);
    // Whoever was let in with no more of a limit than now is let in as before, or is limited more.
    const wasSo = (entry: LetIn): boolean =>
      then?.ok === true &&
      then.value.some(
        (one) =>
          entityKey(one.entity) === entityKey(entry.entity) &&
          missing(entry).every((key) => missing(one).includes(key)),
      );
    const evidence = open
      .filter((entry) => !wasSo(entry))
      .map((entry): Evidence => {
        const [text, without] = [entityText(entry.entity), missing(entry).join(", ")];
        return {
          sentence: {
            en: `the role lets in whoever ${text.en} signs for, without a condition on \`${without}\``,
            "zh-CN": `该角色允许 ${text["zh-CN"]} 签名的任何人进入，未对 \`${without}\` 设置条件`,
          },
          facts: { role: subject.roleName, ...entityFacts(entry.entity), withoutConditionOn: without },
        };
      });
    const [first, ...others] = evidence;
    return first === undefined ? compliant : { kind: "violation", evidence: [first, ...others] };
  },
});
