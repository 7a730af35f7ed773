import type { Evidence } from "../domain/finding.ts";
import { compareDocuments } from "../policy/compare.ts";
import { parseDocument } from "../policy/parse.ts";
import { judgeGain } from "./kit/gains.ts";
import { textsOf } from "./kit/permissions.ts";
import { practicesOf } from "./kit/practices.ts";
import { remembered } from "./kit/remembered.ts";
import { defineRule } from "./kit/rule.ts";

/** Documents that people write name few products whole; the limit is for those that nobody should have to wait for. */
const mostProducts = 20;

/** The products of which a document allows every action on every resource. */
const wholeProducts = remembered((text = ""): readonly string[] => {
  const parsed = parseDocument(text, "permission");
  if (!parsed.ok) return [];
  const named = parsed.value.statements
    .filter(({ effect, action }) => effect === "Allow" && !action.complement)
    .flatMap(({ action }) => action.patterns)
    .flatMap((pattern) => /^([^:*?]+):\*+$/.exec(pattern)?.[1]?.toLowerCase() ?? []);
  return [...new Set(named)].slice(0, mostProducts).filter((product) => {
    const whole = { Effect: "Allow", Action: `${product}:*`, Resource: "*" };
    const missing = compareDocuments([parsed.value], [JSON.stringify({ Version: "1", Statement: [whole] })]);
    return missing.result === "no-new-access";
  });
});

/** A policy that administers a whole product, where the settings do not say that it may be granted so. */
export const productAdminPolicy = defineRule({
  id: "RAM.ProductAdminPolicy",
  control: "RAM-POL-015",
  severity: "medium",
  maturity: "stable",
  subject: "grant",
  response: "alert",
  responses: ["revert", "ask", "alert", "off"],
  controls: {
    cis: ["1.15 (supports)"],
    cloudConfig: ["ram-user-no-product-admin-access", "ram-role-no-product-admin-access"],
    attack: ["T1098.003"],
  },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/best-practices-for-using-ram"],
  needs: ["policyDocument", "beside"],
  text: {
    en: {
      title: "Administration of a whole product granted",
      rationale:
        "all of a product means all of its data and its deletion; few people and fewer programs need more than some actions on some resources",
      runbook: [
        "Ask whoever made the grant (`userIdentity` of the event) within the day which of the product's resources are meant.",
        "Grant it in one resource group (`ResourceManager.AttachPolicy`), or by a policy that names actions and resources, then detach this one.",
      ],
      falsePositives: "a team that runs the product; name the product under `allowedProducts`",
    },
    "zh-CN": {
      title: "授予云产品管理权限",
      rationale: "整个产品意味着其全部数据以及删除权限；很少有人、更少有程序需要超出部分资源上的部分操作",
      runbook: [
        "一天内向授权者（事件的 `userIdentity`）确认所需的具体资源。",
        "改为在一个资源组内授权（`ResourceManager.AttachPolicy`），或使用限定操作和资源的策略，然后移除此授权。",
      ],
      falsePositives: "负责运维该产品的团队；请将产品登记到 `allowedProducts`",
    },
  },
  judge: (change, facts) =>
    judgeGain(change, facts, ({ change: gained, administration }) => {
      if (administration) return { evidence: [] };
      const { allowedProducts } = practicesOf(facts.settings);
      const products = textsOf(gained.after)
        .flatMap((text) => wholeProducts(text))
        .filter((product) => !allowedProducts.includes(product));
      if (products.length === 0) return { evidence: [] };
      const all = products.join(", ");
      const evidence: Evidence = {
        sentence: {
          en: `${gained.deed.en}, which allows every action of \`${all}\` on every resource`,
          "zh-CN": `${gained.deed["zh-CN"]}，其允许对所有资源执行 \`${all}\` 的所有操作`,
        },
        facts: { ...gained.facts, products: all },
      };
      return { evidence: [evidence] };
    }),
});
