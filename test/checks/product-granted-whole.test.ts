import { describe, expect, test } from "vitest";
import { productGrantedWhole } from "../../shared/checks/product-granted-whole.ts";
import { settings } from "../rules/changes.ts";
import { asOf, checkTable, part, unread, userStanding } from "./standings.ts";

const holding = (...names: readonly string[]) =>
  userStanding({ policies: part(names.map((name) => ({ type: "System", name }) as const)) });

describe("whole products for the whole account", () => {
  checkTable(productGrantedWhole, {
    broken: {
      "a product": holding("AliyunOSSFullAccess"),
      "a messaging product": holding("AliyunKafkaFullAccess"),
      "two of them": holding("AliyunMQFullAccess", "AliyunAMQPFullAccess"),
    },
    fine: {
      "read only": holding("AliyunOSSReadOnlyAccess"),
      "what rules judge as the danger that it is": holding("AdministratorAccess", "AliyunRAMFullAccess"),
      "a custom policy of that name": userStanding({
        policies: part([{ type: "Custom", name: "AliyunOSSFullAccess" }]),
      }),
      nothing: holding(),
    },
    unread: { "they could not be listed": userStanding({ policies: unread }) },
  });

  test.each([
    ["AliyunMQFullAccess", "a topic or a group"],
    ["AliyunAMQPFullAccess", "a vhost, a queue or an exchange"],
    ["AliyunKafkaFullAccess", "a consumer group"],
    ["AliyunOSSFullAccess", "a resource group"],
  ])("%s names the level that could be granted instead", (name, level) => {
    const [found] = productGrantedWhole.judge(holding(name) as never, { settings: settings(), asOf });
    expect(JSON.stringify(found?.verdict)).toContain(level);
  });
});
