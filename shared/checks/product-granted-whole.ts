import type { Part } from "../domain/standing.ts";
import type { PolicyName } from "../domain/subject.ts";
import { messagingProducts } from "../rules/kit/messaging-products.ts";
import type { Found } from "./kit/check.ts";
import { broken, defineCheck, whenRead } from "./kit/check.ts";

/** System policies that give all of one product; those of the account or its identities are judged by rules of their own. */
const isWholeProduct = ({ type, name }: PolicyName): boolean =>
  type === "System" && /^Aliyun\w+FullAccess$/.test(name) && name !== "AliyunRAMFullAccess";

/** What is narrower for a product whose resources have no levels of their own to grant. */
const usual = { en: "a resource group", "zh-CN": "资源组" };

const levelOf = (name: string) => messagingProducts.find(({ wholeBy }) => wholeBy.includes(name))?.levels ?? usual;

/** Whole products that a user or a group holds for the whole account, where less would do. */
export const productGrantedWhole = defineCheck({
  id: "RAM.ProductGrantedWhole",
  control: "RAM-POL-004",
  severity: "medium",
  looksAt: "user",
  controls: { cloudConfig: ["ram-user-specified-permission-bound (related)"], attack: ["T1098.003"] },
  references: [
    "https://www.alibabacloud.com/help/en/ram/user-guide/grant-permissions-to-the-ram-user",
    "https://www.alibabacloud.com/help/en/apsaramq-for-rabbitmq/ram-policies",
  ],
  text: {
    en: {
      title: "A whole product is granted for the whole account",
      rationale: "who works on one instance may then change, read and delete all of them, those of other teams too",
      runbook: [
        "See which of the product's resources the user works on: LookupEvents with `User` set to the name, the last 90 days.",
        "Grant these alone within the month: a custom policy that names them, or the same policy in one resource group; then detach this one.",
      ],
      falsePositives: "whoever administers the product for the whole account",
    },
    "zh-CN": {
      title: "在整个账号范围授予整个产品的权限",
      rationale: "只负责一个实例的人，却能更改、读取并删除全部实例，包括其他团队的",
      runbook: [
        "查明该用户实际操作该产品的哪些资源：LookupEvents，`User` 设为其名称，最近 90 天。",
        "一个月内只授予这些资源：用自定义策略写明，或在单个资源组内授予同一策略；随后解除此处的授权。",
      ],
      falsePositives: "负责管理整个账号中该产品的人员",
    },
  },
  judge: ({ user: { userName }, policies }) => heldBy(userName, policies),
});

const heldBy = (userName: string, policies: Part<readonly PolicyName[]>): readonly Found[] =>
  whenRead(policies, (held) =>
    held.filter(isWholeProduct).flatMap(({ name }) => {
      const level = levelOf(name);
      return broken(
        {
          en: `user \`${userName}\` holds \`${name}\` for the whole account, where ${level.en} could be named`,
          "zh-CN": `用户 \`${userName}\` 在整个账号范围持有 \`${name}\`，可改为只授予${level["zh-CN"]}`,
        },
        { user: userName, policy: name },
      );
    }),
  );
