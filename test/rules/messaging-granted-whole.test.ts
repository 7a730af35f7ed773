import { describe, expect, test } from "vitest";
import { usualPractices } from "../../shared/domain/settings.ts";
import { messagingProducts } from "../../shared/rules/kit/messaging-products.ts";
import { messagingGrantedWhole } from "../../shared/rules/messaging-granted-whole.ts";
import {
  allowing,
  custom,
  detachChange,
  evidenceOf,
  grantChange,
  judged,
  permitting,
  policyChange,
  policyOf,
  ruleTable,
  settings,
  system,
} from "./changes.ts";

const consumer = { kind: "user", name: "consumer" } as const;
const work = grantChange(consumer, custom("work"));
const withText = (policyDocument: string) => ({ change: work, facts: { policyDocument } });
const only = (action: unknown, resource: unknown) => withText(allowing(action, resource));

describe("a messaging product that is granted whole", () => {
  ruleTable(messagingGrantedWhole, {
    violates: {
      "Kafka, by its system policy": {
        change: grantChange(consumer, system("AliyunKafkaFullAccess")),
        facts: { policyDocument: allowing("alikafka:*") },
      },
      "RabbitMQ, by the name of a system policy that was not read": grantChange(
        consumer,
        system("AliyunAMQPFullAccess"),
      ),
      "publishing to every topic of RocketMQ 4.x": only("mq:PUB", "*"),
      "publishing to every topic, in the product's own words": only(["mq:PUB", "mq:SUB"], "acs:mq:*:*:*"),
      "every instance of RocketMQ 5.x in one region": only(
        "rocketmq:*",
        "acs:rocketmq:cn-hangzhou:1234567890123456:instance/*",
      ),
      "every topic of every instance of RocketMQ 5.x": only(
        "rocketmq:CreateTopic",
        "acs:rocketmq:*:*:instance/*/topic/*",
      ),
      "every queue of every instance of RabbitMQ": only(
        "amqp:BasicConsume",
        "acs:amqp:*:*:/instances/*/vhosts/*/queues/*",
      ),
      "all but reading of some other product": withText(
        permitting({ Effect: "Allow", NotAction: ["ram:*", "ims:*", "sts:*"], Resource: "acs:mq:*:*:*" }),
      ),
      "a policy that is changed so": policyChange(
        policyOf([allowing("alikafka:*", "acs:alikafka:*:*:alikafka_post-cn-1*")]),
        policyOf([allowing("alikafka:*", "acs:alikafka:*:*:*")]),
      ),
      "more of what was allowed before": policyChange(
        policyOf([allowing("amqp:CreateQueue")]),
        policyOf([allowing(["amqp:CreateQueue", "amqp:DeleteQueue", "amqp:PurgeQueue"])]),
      ),
    },
    complies: {
      "as much as before, beside another product": policyChange(
        policyOf([allowing("amqp:CreateQueue")]),
        policyOf([allowing(["amqp:CreateQueue", "oss:*"])]),
      ),
      "a system policy of that name whose text names one instance": {
        change: grantChange(consumer, system("AliyunAMQPFullAccess")),
        facts: { policyDocument: allowing("amqp:*", "acs:amqp:*:*:/instances/amqp-cn-1/vhosts/orders/*") },
      },
      "the policy is gone, and nobody knows what it was": policyChange("unknown", "gone", {}),
      "one instance of Kafka": only("alikafka:*", "acs:alikafka:*:*:alikafka_post-cn-1*"),
      "one topic of RocketMQ 4.x": only(
        ["mq:PUB", "mq:SUB"],
        ["acs:mq:*:*:MQ_INST_1%orders", "acs:mq:*:*:MQ_INST_1%GID_1"],
      ),
      "one instance of RocketMQ 5.x and all in it": only("rocketmq:*", "acs:rocketmq:*:*:instance/rmq-cn-1*"),
      "one vhost of RabbitMQ": only("amqp:*", "acs:amqp:*:*:/instances/amqp-cn-1/vhosts/orders/*"),
      "reading everywhere": only(["alikafka:Get*", "alikafka:ListInstance", "mq:QueryInstanceBaseInfo"], "*"),
      "making instances, which are none yet": only("amqp:CreateInstance", "acs:amqp:*:*:/instances/*"),
      "every instance is denied": withText(
        permitting(
          { Effect: "Allow", Action: "amqp:*", Resource: "*" },
          { Effect: "Deny", Action: "amqp:*", Resource: "acs:amqp:*:*:/instances/*" },
        ),
      ),
      "another product": only("oss:*", "*"),
      "one that the settings let be granted whole": {
        ...only("amqp:*", "*"),
        facts: {
          policyDocument: allowing("amqp:*"),
          settings: settings({ practices: { ...usualPractices, allowedProducts: ["amqp"] } }),
        },
      },
      "full administration, which rules of its own tell": only("*", "*"),
      "it is taken away": {
        change: detachChange(consumer, custom("work")),
        facts: { policyDocument: allowing("mq:*") },
      },
      "some of what was allowed before": policyChange(
        policyOf([allowing("amqp:*")]),
        policyOf([allowing("amqp:CreateQueue")]),
      ),
      "the policy is gone": policyChange(policyOf([allowing("amqp:*")]), "gone", {}),
      "the holder has it anyway, for long": {
        change: work,
        facts: {
          policyDocument: allowing("amqp:CreateQueue"),
          beside: [{ policy: custom("other"), scope: "account", text: allowing("amqp:*"), settled: true }],
        },
      },
    },
    undetermined: {
      "the text of a custom policy with the name of a system policy was not read": grantChange(
        consumer,
        custom("AliyunAMQPFullAccess"),
      ),
      "a condition that nobody knows stands before it": withText(
        permitting({ Effect: "Allow", Action: "amqp:*", Resource: "*", Condition: { Unheard: { "acs:x": "1" } } }),
      ),
      "the text of a custom policy was not read": work,
      "the text of a system policy of another name was not read": grantChange(
        consumer,
        system("AliyunMQPubOnlyAccess"),
      ),
    },
  });

  test("counts what the holder got a moment ago all the same", () => {
    const beside = [{ policy: custom("other"), scope: "account", text: allowing("amqp:*"), settled: false }] as const;
    const verdict = judged(messagingGrantedWhole, {
      change: work,
      facts: { policyDocument: allowing("amqp:CreateQueue"), beside },
    });
    expect(verdict.kind).toBe("violation");
  });

  test("says at which levels it can be granted, and by which actions", () => {
    const [evidence] = evidenceOf(judged(messagingGrantedWhole, only(["mq:PUB", "mq:QueryInstanceBaseInfo"], "*")));
    expect(evidence?.facts).toMatchObject({
      product: "mq",
      actions: "mq:PUB",
      levels: "an instance, a topic or a group",
    });
  });

  test.each(messagingProducts.map((product) => [product.code, product] as const))(
    "knows %s by its row alone: whole by name and by text, and each level of it",
    (code, product) => {
      for (const name of product.wholeBy)
        expect(judged(messagingGrantedWhole, grantChange(consumer, system(name))).kind).toBe("violation");
      expect(judged(messagingGrantedWhole, only(`${code}:*`, "*")).kind).toBe("violation");
      for (const shape of product.shapes) {
        expect(judged(messagingGrantedWhole, only(`${code}:DeleteIt`, shape.replaceAll("{any}", "*"))).kind).toBe(
          "violation",
        );
        expect(judged(messagingGrantedWhole, only(`${code}:DeleteIt`, shape.replaceAll("{any}", "mine"))).kind).toBe(
          "compliant",
        );
      }
      for (const action of product.ofAccount)
        expect(judged(messagingGrantedWhole, only(action.replaceAll("*", "X"), "*")).kind).toBe("compliant");
    },
  );
});
