import { Engine, type RuleProperties } from "json-rules-engine";

/** What stands beside us: the general rules engine of npm, with rules that ask what ours ask of the event alone. */

const succeeded = [
  { fact: "event", path: "$.eventRW", operator: "notEqual", value: "Read" },
  { fact: "event", path: "$.errorCode", operator: "in", value: [undefined, null, ""] },
];

const rule = (name: string, all: RuleProperties["conditions"][]): RuleProperties => ({
  name,
  conditions: { all: [...succeeded, ...all] } as RuleProperties["conditions"],
  event: { type: name },
});

const called = (service: string, names: readonly string[]) => ({
  all: [
    { fact: "event", path: "$.serviceName", operator: "equal", value: service },
    { fact: "event", path: "$.eventName", operator: "in", value: names },
  ],
});

const highRisk = {
  fact: "event",
  path: "$.requestParameters.PolicyName",
  operator: "in",
  value: ["AdministratorAccess", "AliyunRAMFullAccess"],
};

const rules = [
  rule("trust changed", [
    { any: [called("Ram", ["UpdateRole", "CreateRole"]), called("ResourceManager", ["UpdateRole", "CreateRole"])] },
    {
      fact: "event",
      path: "$.requestParameters.NewAssumeRolePolicyDocument",
      operator: "namesForeigner",
      value: "1234567890123456",
    },
  ] as RuleProperties["conditions"][]),
  rule("key made", [
    { any: [called("Ram", ["CreateAccessKey"]), called("Ims", ["CreateAccessKey"])] },
    { fact: "event", path: "$.userIdentity.userName", operator: "notEqual", value: "deploy:ci" },
  ] as RuleProperties["conditions"][]),
  rule("high-risk policy attached", [
    {
      any: [
        called("Ram", ["AttachPolicyToUser", "AttachPolicyToGroup", "AttachPolicyToRole"]),
        called("ResourceManager", ["AttachPolicy"]),
      ],
    },
    highRisk,
  ] as RuleProperties["conditions"][]),
];

/** Runs the rules over the records, one after the other; gives how many rules fired. */
export const runRulesEngine = async (records: readonly unknown[]): Promise<number> => {
  const engine = new Engine(rules, { allowUndefinedFacts: true });
  engine.addOperator("namesForeigner", (document: unknown, account: unknown) =>
    [...String(document).matchAll(/acs:ram::(\d+):/g)].some((found) => found[1] !== account),
  );
  let fired = 0;
  for (const event of records) {
    const { events } = await engine.run({ event });
    fired += events.length;
  }
  return fired;
};
