import type { Evidence } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import type { Gain } from "./kit/gains.ts";
import { judgeGain } from "./kit/gains.ts";
import type { LevelledProduct } from "./kit/messaging-products.ts";
import { messagingProducts } from "./kit/messaging-products.ts";
import { textsOf } from "./kit/permissions.ts";
import { practicesOf } from "./kit/practices.ts";
import { grantedWhole } from "./kit/product-scope.ts";
import { defineRule } from "./kit/rule.ts";

type Granted = { readonly product: LevelledProduct; readonly actions: string; readonly sure: boolean };

/** What a change newly allows on all of a messaging product: by what the texts say, and by the names that are known. */
const newlyWhole = ({ change }: Gain): readonly Granted[] => {
  const had = grantedWhole(...textsOf(change.before)).flatMap(({ product, actions }) =>
    actions.map((action) => `${product.code} ${action}`),
  );
  const byText = grantedWhole(...textsOf(change.after)).flatMap(({ product, actions, sure }): readonly Granted[] => {
    const fresh = actions.filter((action) => !had.includes(`${product.code} ${action}`));
    return fresh.length === 0 ? [] : [{ product, actions: fresh.join(", "), sure }];
  });
  const byName = messagingProducts
    .filter(
      ({ code, wholeBy }) =>
        change.after.some(
          ({ policy, text }) => text === undefined && policy.type === "System" && wholeBy.includes(policy.name),
        ) && !byText.some(({ product }) => product.code === code),
    )
    .map((product): Granted => ({ product, actions: `${product.code}:*`, sure: true }));
  return [...byText, ...byName];
};

/** All of a messaging product is granted where an instance, a topic or the like is meant. */
export const messagingGrantedWhole = defineRule({
  id: "RAM.MessagingGrantedWhole",
  control: "RAM-OWN-002",
  severity: "medium",
  maturity: "stable",
  subject: ["grant", "policy"],
  response: "alert",
  responses: ["revert", "ask", "alert", "off"],
  advisory: true,
  controls: { attack: ["T1098.003"] },
  references: [
    "https://www.alibabacloud.com/help/en/apsaramq-for-rocketmq/cloud-message-queue-rocketmq-4-x-series/security-and-compliance/custom-policies-of-apsaramq-for-rocketmq",
    "https://www.alibabacloud.com/help/en/apsaramq-for-rocketmq/cloud-message-queue-rocketmq-5-x-series/security-and-compliance/policies-and-examples",
    "https://help.aliyun.com/document_detail/146559.htm",
    "https://www.alibabacloud.com/help/doc-detail/185815.htm",
  ],
  needs: ["policyDocument", "holders", "beside"],
  text: {
    en: {
      title: "Messaging product granted whole where one of its resources is meant",
      rationale:
        "whoever may publish to, subscribe to or manage every instance of a messaging product reads and writes the messages of all its users; a program needs the topics, queues or groups that are its own",
      runbook: [
        "Ask whoever made the grant (`userIdentity` of the event) within the day which resources are meant; `facts.levels` says at which levels the product can be granted.",
        "Write the same actions (`facts.actions`) on these resources into a policy, attach it, then detach this one; `warden policy compare` shows that nothing else is lost.",
        "Look at what the holder did with the product since `eventTime`: LookupEvents by its name, service `facts.product`.",
      ],
      falsePositives:
        "a team that runs the product for everybody; name its code under `allowedProducts`. Creating an instance, and reading, are never counted",
    },
    "zh-CN": {
      title: "消息产品被整体授权（应限定到具体资源）",
      rationale:
        "能对消息产品的所有实例发布、订阅或管理者，可读写所有使用方的消息；程序只需要属于自己的 Topic、Queue 或 Group",
      runbook: [
        "一天内向授权者（事件的 `userIdentity`）确认所需的资源；`facts.levels` 说明该产品可授权的级别。",
        "将相同的操作（`facts.actions`）限定到这些资源写入策略并授权，然后移除此授权；`warden policy compare` 可确认没有损失其他权限。",
        "用 LookupEvents 按持有者名称和服务 `facts.product` 查询自 `eventTime` 以来的操作。",
      ],
      falsePositives: "为全公司运维该产品的团队；请将其代码登记到 `allowedProducts`。创建实例和只读操作从不计入",
    },
  },
  judge: (change, facts) => {
    if (change.kind === "policy" && change.after.kind === "gone") return compliant;
    return judgeGain(change, facts, (gain) => {
      // What full administration includes is told by the rules on that.
      if (gain.administration) return { evidence: [] };
      const { allowedProducts } = practicesOf(facts.settings);
      const found = newlyWhole(gain).filter(({ product }) => !allowedProducts.includes(product.code));
      const { deed, facts: named } = gain.change;
      const unsure = found.find(({ sure }) => !sure);
      return {
        evidence: found
          .filter(({ sure }) => sure)
          .map(
            ({ product, actions }): Evidence => ({
              sentence: {
                en: `${deed.en}, which allows \`${actions}\` on all of ${product.name.en}, and not on ${product.levels.en} alone`,
                "zh-CN": `${deed["zh-CN"]}，其允许对${product.name["zh-CN"]}的全部资源执行 \`${actions}\`，而未限定到${product.levels["zh-CN"]}`,
              },
              facts: { ...named, product: product.code, actions, levels: product.levels.en },
            }),
          ),
        undecided:
          unsure === undefined
            ? undefined
            : {
                en: `${deed.en}, and whether it allows \`${unsure.actions}\` on all of ${unsure.product.name.en} could not be decided exactly`,
                "zh-CN": `${deed["zh-CN"]}，无法准确判定其是否允许对${unsure.product.name["zh-CN"]}的全部资源执行 \`${unsure.actions}\``,
              },
      };
    });
  },
});
