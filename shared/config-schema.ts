import * as z from "zod";
import { ruleById, rules } from "./rules/registry.ts";

const name = (what: string) => z.string().min(1, `${what} must not be empty`);

/** Digits, whole: no pattern, no shortening. */
const accountId = z
  .string({ error: "an account id is text: put it in quotes" })
  .regex(/^\d{1,20}$/, "an account id is digits only, in quotes");

/** `user/alice`, `group/ops`, `role/deploy`: one identity by its exact short name, never a pattern. */
const identity = z
  .string()
  .regex(
    /^(user|group|role)\/[A-Za-z0-9._-]{1,64}$/,
    "an identity reads `user/NAME`, `group/NAME` or `role/NAME`, without wildcards",
  );

const actor = z
  .string()
  .regex(
    /^(user|role)\/[A-Za-z0-9._-]{1,64}$/,
    "an acting identity reads `user/NAME` or `role/NAME`, without wildcards",
  );

const roleName = z
  .string()
  .regex(/^[A-Za-z0-9.-]{1,64}$/, "a role name has 1 to 64 letters, digits, points or hyphens");

const service = z
  .string()
  .regex(
    /^[a-z0-9-]+(\.[a-z0-9-]+)+$/,
    "a service principal reads `ecs.aliyuncs.com`, in lower case, without wildcards",
  );

const arn = z
  .string()
  .regex(
    /^acs:ram::\d{1,20}:(root|user\/[A-Za-z0-9._-]+|role\/[A-Za-z0-9.-]+|saml-provider\/[^*?]+|oidc-provider\/[^*?]+)$/,
    "an entity is the whole ARN of a user, a role, an identity provider or a root, without wildcards",
  );

/** A secret is never written into the file: the file names the environment variable that holds it. */
const secret = z.strictObject({
  env: z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, "`env` is the name of an environment variable"),
});

const channel = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("dingtalk"),
    name: name("a channel's name").optional(),
    url: secret.describe("the robot's webhook URL, with its access token"),
    secret: secret.optional().describe("the robot's signing secret"),
    keyword: z.string().min(1).optional().describe("a keyword that the robot asks for"),
  }),
  z.strictObject({
    kind: z.literal("webhook"),
    name: name("a channel's name").optional(),
    url: secret,
    secrets: z.array(secret).min(1).describe("`whsec_…` signing secrets, the newest first"),
  }),
  z.strictObject({ kind: z.literal("console"), name: name("a channel's name").optional() }),
]);

const state = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("sqlite"), path: name("the path") }),
  z.strictObject({
    kind: z.literal("tablestore"),
    endpoint: z.url().describe("https://INSTANCE.REGION.ots.aliyuncs.com"),
    instance: name("the instance"),
    table: name("the table").default("ram_warden"),
  }),
]);

const responses = ["revert", "contain", "ask", "alert", "off"] as const;

const rule = z.strictObject({ response: z.enum(responses).describe("what the rule may do at most") });

const ruleSettings = z.strictObject(
  Object.fromEntries(rules.map(({ id }) => [id, rule.optional()])) as { [id: string]: z.ZodOptional<typeof rule> },
);

/** `warden.yaml`. */
export const configSchema = z
  .strictObject({
    mode: z
      .enum(["observe", "enforce"])
      .default("observe")
      .describe("`observe` says what it would have done and writes nothing"),
    account: accountId.describe("the id of the account that is guarded"),
    region: z
      .string()
      .min(1)
      .default("cn-hangzhou")
      .describe("where the account's global events are: cn-hangzhou or ap-southeast-1"),
    language: z.enum(["en", "zh-CN"]).default("en"),
    timeZone: z.string().default("UTC").refine(isTimeZone, "an IANA time zone, such as `Asia/Shanghai`"),
    roles: z
      .strictObject({ looking: roleName.optional(), acting: roleName.optional() })
      .default({})
      .describe("the names of the roles that RAM Warden looks and acts with"),
    trusted: z
      .strictObject({
        accounts: z.array(accountId).default([]),
        services: z.array(service).default([]),
        entities: z.array(arn).default([]),
      })
      .default({ accounts: [], services: [], entities: [] })
      .describe("whom a role may trust without a finding"),
    provisioners: z.array(actor).default([]).describe("identities whose job it is to create AccessKeys"),
    protected: z.array(identity).default([]).describe("identities that are never written to"),
    highRiskPolicies: z
      .array(name("a policy's name"))
      .default([])
      .describe("policies whose attachment is a finding, besides the built-in ones"),
    rules: ruleSettings.default({}),
    channels: z.array(channel).default([]),
    state: state.default({ kind: "sqlite", path: ".warden/state.sqlite" }),
  })
  .superRefine((config, context) => {
    for (const [id, setting] of Object.entries(config.rules)) {
      const known = ruleById(id);
      if (setting !== undefined && known !== undefined && !known.responses.includes(setting.response))
        context.addIssue({
          code: "custom",
          path: ["rules", id, "response"],
          message: `\`${id}\` cannot \`${setting.response}\`; allowed: ${known.responses.map((one) => `\`${one}\``).join(", ")}`,
        });
    }
    if (config.mode === "enforce" && config.roles.acting === undefined)
      context.addIssue({
        code: "custom",
        path: ["roles"],
        message: "mode `enforce` needs `roles.acting`, the name of the role that writes",
      });
    const names = config.channels.map((one) => one.name ?? one.kind);
    for (const [index, one] of names.entries())
      if (names.indexOf(one) !== index)
        context.addIssue({
          code: "custom",
          path: ["channels", index],
          message: `a second channel is named \`${one}\`; give it a \`name\` of its own`,
        });
  });

export type FileConfig = z.output<typeof configSchema>;

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
