import type { Change } from "../domain/change.ts";
import type { Bilingual, Verdict } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import type { AccountId } from "../domain/identity.ts";
import { scopeText } from "../domain/subjects/common.ts";
import type { TrustEntity } from "../policy/trust-entities.ts";
import { entityText } from "../policy/trust-entities.ts";
import { textsOf } from "./kit/permissions.ts";
import { productsIn } from "./kit/product-scope.ts";
import type { Facts, HeldDocument } from "./kit/rule.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";
import { isForeign, isTrusted, isUntouched, readEntities, unreadable } from "./kit/trust.ts";

/** One of those that a trust document lets in from another account; undefined where it lets in none. */
const foreignerIn = (document: string, accountId: AccountId): TrustEntity | "unreadable" | undefined => {
  const entities = readEntities(document);
  return entities.ok ? entities.value.find((entity) => isForeign(entity, accountId)) : "unreadable";
};

/** The products that documents are about, counting one of which nobody knows the text as one more. */
const productsOf = (held: readonly HeldDocument[]): readonly string[] => [
  ...productsIn(...textsOf(held)),
  ...held.filter(({ text }) => text === undefined).map(({ policy }) => `(${policy.name})`),
];

const ofSeveral = (roleName: string, whom: TrustEntity, products: readonly string[]): Verdict => {
  const all = products.join(", ");
  const text = entityText(whom);
  return violation(
    {
      en: `role \`${roleName}\`, which lets in ${text.en}, holds permissions on more than one product: \`${all}\``,
      "zh-CN": `角色 \`${roleName}\` 允许 ${text["zh-CN"]} 进入，且拥有多个产品的权限：\`${all}\``,
    },
    { role: roleName, products: all, letsIn: text.en },
  );
};

const isMore = (products: readonly string[]): boolean => products.length > 1 || products.includes("*");

const notRead = (roleName: string, does: "lets in" | "holds", zh: string): Verdict => {
  const because: Bilingual = {
    en: `${does === "holds" ? "what" : "whom"} role \`${roleName}\` ${does} could not be read, so whether another account gets more than one product by it is not known`,
    "zh-CN": `无法读取角色 \`${roleName}\` 的${zh}，因此不知道其他账号是否由此获得多个产品的权限`,
  };
  return undetermined(because);
};

const ofGrant = (change: Change<"grant">, { settings, roleTrust, held }: Facts): Verdict => {
  const { subject, before, after } = change;
  const { principal, policy, scope } = subject;
  if (principal.kind !== "role" || after.kind === "gone") return compliant;
  if (before.known && before.state.kind !== "gone") return compliant;
  if (roleTrust === undefined) return notRead(principal.name, "lets in", "信任策略");
  const whom = foreignerIn(roleTrust, settings.accountId);
  if (whom === undefined) return compliant;
  // The rules on trust policies tell of one that cannot be read.
  if (whom === "unreadable") return compliant;
  if (held === undefined) return notRead(principal.name, "holds", "权限");
  const others = held.filter(
    (one) =>
      one.policy.type !== policy.type || one.policy.name !== policy.name || scopeText(one.scope) !== scopeText(scope),
  );
  const [then, now] = [productsOf(others), productsOf(held)];
  return isMore(now) && now.some((product) => !then.includes(product))
    ? ofSeveral(principal.name, whom, now)
    : compliant;
};

const ofTrust = (change: Change<"role-trust">, { settings, held }: Facts): Verdict => {
  const { subject, before, after } = change;
  if (after.kind === "gone" || after.serviceLinked || isUntouched(subject, before)) return compliant;
  const whom = foreignerIn(after.document, settings.accountId);
  if (whom === undefined) return compliant;
  if (whom === "unreadable") {
    const entities = readEntities(after.document);
    return entities.ok ? compliant : unreadable(entities.error);
  }
  const then =
    before.known && before.state.kind !== "gone" ? foreignerIn(before.state.document, settings.accountId) : undefined;
  if (then !== undefined && then !== "unreadable") return compliant;
  // Whoever should not be let in at all is told of by a rule of its own, whatever the role holds.
  if (!isTrusted(whom, settings)) return compliant;
  // A role that is new holds nothing yet.
  if (before.known && before.state.kind === "gone" && held === undefined) return compliant;
  if (held === undefined) return notRead(subject.roleName, "holds", "权限");
  const products = productsOf(held);
  return isMore(products) ? ofSeveral(subject.roleName, whom, products) : compliant;
};

/** A role that another account may take on holds more than the one product that it was made for. */
export const delegatedRoleHoldsMore = defineRule({
  id: "RAM.DelegatedRoleHoldsMore",
  control: "RAM-OWN-003",
  severity: "medium",
  maturity: "stable",
  subject: ["grant", "role-trust"],
  response: "alert",
  responses: ["revert", "ask", "alert", "off"],
  advisory: true,
  controls: { cis: ["2.10 (supports)"], attack: ["T1199", "T1098.003"] },
  references: [
    "https://www.alibabacloud.com/help/en/apsaramq-for-rocketmq/cloud-message-queue-rocketmq-4-x-series/security-and-compliance/grant-permissions-across-alibaba-cloud-accounts",
    "https://help.aliyun.com/en/ram/user-guide/edit-the-trust-policy-of-a-ram-role",
  ],
  needs: ["roleTrust", "held"],
  text: {
    en: {
      title: "Role lent to another account is for more than one product",
      rationale:
        "a role is lent to another account for one purpose, by one narrow policy, and is revoked by removing it; whatever else it holds is lent along with it, to people whom this account does not manage",
      runbook: [
        "Ask whoever made the change (`userIdentity`) within the day which product the other account needs (`facts.products` lists what it has).",
        "Make a role of its own for each purpose, with one policy on the resources that are meant, then detach the rest from this one.",
        "Look for AssumeRole calls on the role by the other account since `eventTime`: sessions live on until they end.",
      ],
      falsePositives:
        "an auditor's or an operator's role that is meant to see several products; exempt it, or set the rule to `off`",
    },
    "zh-CN": {
      title: "可由其他账号扮演的角色拥有多个产品的权限",
      rationale:
        "角色为单一用途、以一条精确的策略借给其他账号，删除即可撤销；角色拥有的其他权限也会一并借给本账号无法管理的人",
      runbook: [
        "一天内向变更者（`userIdentity`）确认对方账号需要哪个产品（`facts.products` 列出已有的产品）。",
        "为每个用途创建单独的角色，仅授予限定到具体资源的策略，然后从此角色移除其余授权。",
        "查询自 `eventTime` 以来对方账号对该角色的 AssumeRole 调用：会话在到期前一直有效。",
      ],
      falsePositives: "本应查看多个产品的审计或运维角色；请设置豁免，或将规则设为 `off`",
    },
  },
  judge: (change, facts) => (change.kind === "grant" ? ofGrant(change, facts) : ofTrust(change, facts)),
});
