// The pairs of documents that are measured: what a change looks like, from the smallest to the largest that RAM takes.

export type Pair = {
  readonly name: string;
  readonly size: "small" | "typical" | "largest";
  readonly before: string;
  readonly after: string;
};

type Statement = Readonly<Record<string, unknown>>;

const document = (...statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "1", Statement: statements });

const allow = (Action: unknown, Resource: unknown = "*", Condition?: unknown): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

const deny = (Action: unknown, Resource: unknown = "*"): Statement => ({ ...allow(Action, Resource), Effect: "Deny" });

const trust = (Principal: unknown, Condition?: unknown): Statement => ({
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal,
  ...(Condition === undefined ? {} : { Condition }),
});

/** A team's policy as they are written: read here, write there, one guard. */
const team = (more: readonly string[], bucket: string, network: string): string =>
  document(
    allow(["ecs:Describe*", "vpc:Describe*", "slb:Describe*", "cms:Query*", ...more]),
    allow(["oss:GetObject", "oss:PutObject", "oss:ListObjects"], ["acs:oss:*:*:app-logs", `acs:oss:*:*:${bucket}/*`]),
    allow(["ecs:StartInstance", "ecs:StopInstance"], "acs:ecs:cn-hangzhou:1234567890123456:instance/*", {
      IpAddress: { "acs:SourceIp": [network, "203.0.113.7"] },
      Bool: { "acs:MFAPresent": "true" },
    }),
    deny(["oss:DeleteBucket", "ecs:DeleteInstance"]),
  );

const github = (subject: string): string =>
  document(
    trust(
      { Federated: ["acs:ram::1234567890123456:oidc-provider/GitHub"] },
      {
        StringEquals: { "oidc:iss": "https://token.actions.githubusercontent.com", "oidc:aud": "sts.aliyuncs.com" },
        StringLike: { "oidc:sub": subject },
      },
    ),
    trust({ RAM: ["acs:ram::1234567890123456:user/alice", "acs:ram::1234567890123456:role/deploy"] }),
  );

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

const services = ["ecs", "rds", "slb", "vpc", "oss", "kms", "log", "cms"];
const verbs = ["DescribeInstance", "CreateBackup", "ModifySpec", "ListTag"];
const actions = range(145).map((at) => `${services[at % 8]}:${verbs[at % 4]}${at}*`);
const buckets = range(82).map((at) => `acs:oss:*:*:bucket-${at}/team/*`);

/** As many characters as RAM takes, 6,144, in as few statements as it can be said. */
const whole = (more: readonly string[] = []): string => document(allow([...actions, ...more]), allow("oss:*", buckets));

const parts = (list: readonly string[], size: number): readonly (readonly string[])[] =>
  range(Math.ceil(list.length / size)).map((at) => list.slice(at * size, (at + 1) * size));

/** The same requests with every statement written anew: other order, other grouping, other statements. */
const rewritten = (): string =>
  document(
    ...parts([...buckets].reverse(), 28).map((list) => allow("oss:*", list)),
    ...parts([...actions].reverse(), 24).map((list) => allow(list)),
  );

export const pairs: readonly Pair[] = [
  {
    name: "one action becomes a prefix",
    size: "small",
    before: document(allow("oss:GetObject")),
    after: document(allow("oss:Get*")),
  },
  {
    name: "everything but RAM becomes everything",
    size: "small",
    before: document({ Effect: "Allow", NotAction: "ram:*", Resource: "*" }),
    after: document(allow("*")),
  },
  {
    name: "one user of an account becomes all",
    size: "small",
    before: document(trust({ RAM: "acs:ram::1234567890123456:user/a" })),
    after: document(trust({ RAM: "acs:ram::1234567890123456:root" })),
  },
  {
    name: "a prefix becomes two narrower ones",
    size: "small",
    before: document(allow("oss:*", "acs:oss:*:*:logs-*")),
    after: document(allow("oss:*", ["acs:oss:*:*:logs-a-*", "acs:oss:*:*:logs-b-*"])),
  },
  {
    name: "a team gets one action more",
    size: "typical",
    before: team([], "app-data", "10.0.0.0/8"),
    after: team(["ram:PassRole"], "app-data", "10.0.0.0/8"),
  },
  {
    name: "a team gets a wider bucket",
    size: "typical",
    before: team([], "app-data/2026", "10.0.0.0/8"),
    after: team([], "app-data", "10.0.0.0/8"),
  },
  {
    name: "a team gets a narrower network",
    size: "typical",
    before: team([], "app-data", "10.0.0.0/8"),
    after: team([], "app-data", "10.1.0.0/16"),
  },
  {
    name: "a team loses an action",
    size: "typical",
    before: team(["rds:Describe*"], "app-data", "10.0.0.0/8"),
    after: team([], "app-data", "10.0.0.0/8"),
  },
  {
    name: "a workflow's role opens to the whole organisation",
    size: "typical",
    before: github("repo:org/app:*"),
    after: github("repo:org*"),
  },
  {
    name: "a workflow's role is narrowed",
    size: "typical",
    before: github("repo:org/*"),
    after: github("repo:org/app:ref:refs/heads/main"),
  },
  { name: "the largest, written anew", size: "largest", before: whole(), after: rewritten() },
  { name: "the largest, written in fewer statements", size: "largest", before: rewritten(), after: whole() },
  { name: "the largest, with one action more", size: "largest", before: rewritten(), after: whole(["ram:*"]) },
  {
    name: "the largest, without one action",
    size: "largest",
    before: rewritten(),
    after: whole().replace('"cms:ListTag7*",', ""),
  },
];
