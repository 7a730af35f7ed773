import type { Bilingual } from "../../domain/finding.ts";

/** A product whose resources have levels, and what it means to grant them at their own. */
export type LevelledProduct = {
  /** The code in its actions and resources: `alikafka`. */
  readonly code: string;
  readonly name: Bilingual;
  /** What a grant should name instead of the whole product. */
  readonly levels: Bilingual;
  /** Resources of each level, with `{any}` where a name stands: who may act on any name there may act on all. */
  readonly shapes: readonly string[];
  /** System policies that allow the whole product on all of it, known by their names. */
  readonly wholeBy: readonly string[];
  /** Actions that are of no single instance, so that nothing narrower can be granted. Patterns, compared without case. */
  readonly ofAccount: readonly string[];
};

/**
 * The messaging products. Another product is another row. Sources: the products' pages on RAM authorization and on custom
 * policies (help.aliyun.com document_detail/146559, 185815; alibabacloud.com/help/en/apsaramq-for-rocketmq, -rabbitmq, -kafka).
 */
export const messagingProducts: readonly LevelledProduct[] = [
  {
    code: "mq",
    name: { en: "ApsaraMQ for RocketMQ 4.x and MQTT", "zh-CN": "云消息队列 RocketMQ 版 4.x 与 MQTT 版" },
    levels: { en: "an instance, a topic or a group", "zh-CN": "实例、Topic 或 Group" },
    shapes: ["acs:mq:*:*:{any}", "acs:mq:*:*:{any}%{any}"],
    wholeBy: ["AliyunMQFullAccess"],
    ofAccount: ["mq:OnsInstanceCreate", "mq:OnsInstanceInServiceList", "mq:CreateInstance"],
  },
  {
    code: "rocketmq",
    name: { en: "ApsaraMQ for RocketMQ 5.x", "zh-CN": "云消息队列 RocketMQ 版 5.x" },
    levels: { en: "an instance, a topic or a consumer group", "zh-CN": "实例、Topic 或消费者分组" },
    shapes: [
      "acs:rocketmq:*:*:instance/{any}",
      "acs:rocketmq:*:*:instance/{any}/topic/{any}",
      "acs:rocketmq:*:*:instance/{any}/group/{any}",
    ],
    wholeBy: ["AliyunRocketMQFullAccess"],
    ofAccount: ["rocketmq:CreateInstance"],
  },
  {
    code: "amqp",
    name: { en: "ApsaraMQ for RabbitMQ", "zh-CN": "云消息队列 RabbitMQ 版" },
    levels: { en: "an instance, a vhost, a queue or an exchange", "zh-CN": "实例、Vhost、Queue 或 Exchange" },
    shapes: [
      "acs:amqp:*:*:/instances/{any}",
      "acs:amqp:*:*:/instances/{any}/vhosts/{any}",
      "acs:amqp:*:*:/instances/{any}/vhosts/{any}/queues/{any}",
      "acs:amqp:*:*:/instances/{any}/vhosts/{any}/exchanges/{any}",
    ],
    wholeBy: ["AliyunAMQPFullAccess"],
    ofAccount: ["amqp:CreateInstance"],
  },
  {
    code: "alikafka",
    name: { en: "ApsaraMQ for Kafka", "zh-CN": "云消息队列 Kafka 版" },
    levels: { en: "an instance, a topic or a consumer group", "zh-CN": "实例、Topic 或消费者分组" },
    shapes: ["acs:alikafka:*:*:{any}", "acs:alikafka:*:*:instance/{any}", "acs:alikafka:*:*:{any}/{any}"],
    wholeBy: ["AliyunKafkaFullAccess"],
    ofAccount: ["alikafka:Create*Order", "alikafka:CreateInstance"],
  },
];
