import * as z from "zod";
import { chains } from "./chains/registry.ts";
import { checks } from "./checks/registry.ts";
import type { Response } from "./domain/finding.ts";
import { usualPractices } from "./domain/settings.ts";
import type { Rule } from "./rules/kit/rule.ts";
import { rules } from "./rules/registry.ts";
import { endpointRule, isTablestoreEndpoint, tableName, tableNameRule, usualTable } from "./tablestore-place.ts";

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

const policyName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,128}$/, "a policy's name has 1 to 128 letters, digits or hyphens, without wildcards");

/** A pattern of names: `*` and `?` stand for any letters, and one that is nothing else would match every name. */
const namePattern = z
  .string()
  .regex(
    /^(?=.*[A-Za-z0-9._-])[A-Za-z0-9._*?-]{1,64}$/,
    "a pattern of names has 1 to 64 letters, digits, points, hyphens, `_`, `*` or `?`, and not wildcards alone",
  );

const groupName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, "a group's name has 1 to 64 letters, digits, points, lines or hyphens");

const product = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "a product reads `oss`, as in the name of its actions");

/** RAM takes 1 to 12 hours. */
const sessionSeconds = z.number().int().min(3_600).max(43_200);

const allowance = z.enum(["allowed", "forbidden"]);

const arn = z
  .string()
  .regex(
    /^acs:ram::\d{1,20}:(root|user\/[A-Za-z0-9._-]+|role\/[A-Za-z0-9.-]+|saml-provider\/[^*?]+|oidc-provider\/[^*?]+)$/,
    "an entity is the whole ARN of a user, a role, an identity provider or a root, without wildcards",
  );

/** A secret is never written into the file: the file names the environment variable that holds it. */
const secret = z.strictObject({
  env: z
    .string()
    // Shorter than a robot's secret: one that is put here by mistake must not be taken for a name, which is then shown.
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,49}$/, "`env` is the name of an environment variable, of at most 50 characters"),
});

/** Which messages a channel is for; all of them unless given. */
const routing = {
  severity: z
    .enum(["info", "low", "medium", "high", "critical"])
    .optional()
    .describe("the least severity that it is told of"),
  rules: z
    .array(z.enum([...rules, ...chains, ...checks].map(({ id }) => id) as [string, ...string[]]))
    .min(1)
    .optional()
    .describe("it is told of what these rules find, and of nothing else that another channel takes"),
};

const channel = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("dingtalk"),
    name: name("a channel's name").optional(),
    url: secret.describe("the robot's webhook URL, with its access token"),
    secret: secret.optional().describe("the robot's signing secret"),
    keyword: z.string().min(1).optional().describe("a keyword that the robot asks for"),
    ...routing,
  }),
  z.strictObject({
    kind: z.literal("webhook"),
    name: name("a channel's name").optional(),
    url: secret,
    secrets: z.array(secret).min(1).describe("`whsec_…` signing secrets, the newest first"),
    ...routing,
  }),
  z.strictObject({ kind: z.literal("console"), name: name("a channel's name").optional(), ...routing }),
]);

const state = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("sqlite"), path: name("the path") }),
  z.strictObject({
    kind: z.literal("tablestore"),
    endpoint: z
      .url({ protocol: /^https?$/, error: endpointRule })
      .refine(isTablestoreEndpoint, endpointRule)
      .describe("https://INSTANCE.REGION.ots.aliyuncs.com"),
    instance: name("the instance"),
    table: z.string().regex(tableName, tableNameRule).default(usualTable),
  }),
]);

const limit = (most: number, usual: number) => z.number().int().min(1).max(most).default(usual);

const perHour = z.number().int().min(0).max(100_000);

/** What each rule may be told to do: a response that a rule cannot give is as wrong as one that does not exist. */
const ruleSetting = ({ responses }: Pick<Rule, "responses">) => {
  const setting = anyRuleSetting(responses);
  // Nobody is ever asked about what is only told.
  return responses.some((response) => response !== "alert" && response !== "off")
    ? setting
    : (setting.omit({ approvalHours: true }) as typeof setting);
};

/** How long a question may be answered, in hours. */
const approvalHours = z.number().int().min(1).max(720);

const anyRuleSetting = (responses: readonly Response[]) =>
  z.strictObject({
    response: z
      .enum([...(responses as [Response, ...Response[]]), "observe"])
      .optional()
      .describe("what the rule may do at most; `observe`: it says what it would do, and neither writes nor asks"),
    maturity: z
      .enum(["trial", "stable"])
      .optional()
      .describe("`trial`: it says what it would ask for and never writes, whatever the mode"),
    approvalHours: approvalHours
      .optional()
      .describe("how long a plan that the rule asks about may be approved or rejected; `approvals.hours` unless given"),
  });

const usualResponse = (id: string): Response | undefined =>
  [...rules, ...chains].find((rule) => rule.id === id)?.response;

/** A check of the account as it stands can be told, or not be made. */
const checkSetting = z.strictObject({
  response: z.enum(["alert", "off"]).optional().describe("whether the audit says what the check finds"),
});

const ruleSettings = z.strictObject(
  Object.fromEntries([
    ...rules.map((rule) => [rule.id, ruleSetting(rule).optional()] as const),
    ...chains.map((chain) => [chain.id, ruleSetting(chain).optional()] as const),
    ...checks.map(({ id }) => [id, checkSetting.optional()] as const),
  ]) as { [id: string]: z.ZodOptional<ReturnType<typeof ruleSetting>> },
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
      .regex(/^[a-z]{2}(-[a-z0-9]+)+$/, "a region reads `cn-hangzhou` or `ap-southeast-1`")
      .default("cn-hangzhou")
      .describe("where the account's global events are: cn-hangzhou or ap-southeast-1"),
    language: z.enum(["en", "zh-CN"]).default("en"),
    timeZone: z.string().default("UTC").refine(isTimeZone, "an IANA time zone, such as `Asia/Shanghai`"),
    roles: z
      .strictObject({
        looking: roleName.optional(),
        acting: roleName.optional(),
        approving: roleName
          .optional()
          .describe(
            "the role that people act in when they approve a plan or take one back; their own rights unless given",
          ),
      })
      .default({})
      .describe("the names of the roles that RAM Warden looks, acts and lets people approve with"),
    trusted: z
      .strictObject({
        accounts: z.array(accountId).default([]),
        services: z.array(service).default([]),
        entities: z.array(arn).default([]),
      })
      .default({ accounts: [], services: [], entities: [] })
      .describe("whom a role may trust without a finding"),
    provisioners: z.array(actor).default([]).describe("identities whose job it is to create AccessKeys"),
    pipelines: z
      .array(actor)
      .default([])
      .describe("identities by which deployment pipelines change the account: what they do is told, not fought"),
    protected: z.array(identity).default([]).describe("identities that are never written to"),
    highRiskPolicies: z
      .array(policyName)
      .default([])
      .describe("policies whose attachment is a finding, besides the built-in ones"),
    naming: z
      .strictObject({
        users: z.array(namePattern).default([]).describe("what the name of a person's user looks like, such as `*.*`"),
        services: z.array(namePattern).default([]).describe("what the name of a program's user looks like"),
      })
      .prefault({})
      .describe("what names of users look like; a name is in order when one of the patterns matches it"),
    classes: z
      .strictObject({
        service: z
          .array(namePattern)
          .default([...usualPractices.classes.service])
          .describe("names of programs' users, or patterns of them"),
        serviceTags: z
          .array(
            z.strictObject({
              key: z.string().min(1).max(128),
              value: z.string().max(128).optional().describe("any value unless given"),
            }),
          )
          .default([])
          .describe("tags that programs' users bear, read of a user only where its name does not tell whose it is"),
      })
      .prefault({})
      .describe("which users belong to programs, by their names or by their tags; all others are people's"),
    sso: z
      .enum(["optional", "required"])
      .default("optional")
      .describe("`required`: people log on by single sign-on alone, and a password beside it is a finding"),
    logon: z
      .strictObject({
        passkeys: allowance.default(usualPractices.logon.passkeys),
        personalDingTalk: allowance.default(usualPractices.logon.personalDingTalk),
      })
      .prefault({})
      .describe("which further ways to log on users may have"),
    limits: z
      .strictObject({
        consoleHours: limit(24, usualPractices.limits.consoleHours).describe("how long a console session may last"),
        idleDays: limit(730, usualPractices.limits.idleDays).describe(
          "after how many days RAM disables what is unused",
        ),
        serviceCredentialDays: limit(36_500, usualPractices.limits.serviceCredentialDays).describe(
          "how long a service credential may be valid",
        ),
      })
      .prefault({}),
    passwords: z
      .strictObject({
        length: limit(32, usualPractices.passwords.length),
        reuse: limit(24, usualPractices.passwords.reuse).describe("how many former passwords may not come again"),
        attempts: limit(32, usualPractices.passwords.attempts).describe("failed logons within an hour"),
        age: z
          .enum(["cis-1.0", "cis-2.0"])
          .optional()
          .describe("CIS v1.0 asks for at most 90 days, v2.0 for at least 365; not judged unless one is chosen"),
      })
      .prefault({})
      .describe("the least that a password policy asks for, where nobody knows what it asked for before"),
    requiredGroups: z
      .array(groupName)
      .default([...usualPractices.requiredGroups])
      .describe("groups that nobody but a provisioner or a pipeline takes a user out of"),
    resourceGroupOnly: z
      .array(namePattern)
      .default([...usualPractices.resourceGroupOnly])
      .describe("names of users, groups and roles whose grants are to hold in a resource group, never in the account"),
    allowedProducts: z
      .array(product)
      .default([...usualPractices.allowedProducts])
      .describe("products that may be granted whole, such as `oss`"),
    longestSession: z
      .strictObject({
        human: sessionSeconds.default(usualPractices.longestSession.human).describe("of a role that people take on"),
        automation: sessionSeconds
          .default(usualPractices.longestSession.automation)
          .describe("of a role that only roles, services or workloads take on"),
      })
      .prefault({})
      .describe("the longest session of a role, in seconds, before it is a finding"),
    rules: ruleSettings.default({}),
    exemptions: z
      .string()
      .regex(/^[A-Za-z0-9._-]+\.ya?ml$/, "the name of a YAML file that is beside this one, such as `exemptions.yaml`")
      .optional()
      .describe("the file of exemptions beside this one; `exemptions.yaml` unless given, where there is one"),
    audit: z
      .enum(["daily", "off"])
      .default("daily")
      .describe("`daily`: the sweep looks at the account as it stands, and tells once what is wrong with it"),
    budgets: z
      .strictObject({
        rule: perHour.default(60).describe("by one rule"),
        actor: perHour.default(60).describe("of what one actor did"),
        account: perHour.default(120).describe("in all"),
        subject: perHour.default(3).describe("of one subject: more, and two parties change it back and forth"),
        failures: perHour.default(10).describe("writes that did not end well, after which no more are made"),
      })
      .prefault({})
      .describe("how many writes may be made within any hour; more are told and not made"),
    approvals: z
      .strictObject({
        hours: approvalHours.default(72).describe("how long a plan that asks may be approved or rejected"),
      })
      .default({ hours: 72 }),
    channels: z.array(channel).default([]),
    state: state.default({ kind: "sqlite", path: ".warden/state.sqlite" }),
  })
  .superRefine((config, context) => {
    if (config.mode === "enforce" && config.roles.acting === undefined)
      context.addIssue({
        code: "custom",
        path: ["mode"],
        message: "`enforce` needs `roles.acting`, the name of the role that writes",
      });
    for (const [id, setting] of Object.entries(config.rules)) {
      const response = setting?.response ?? usualResponse(id);
      if (setting?.approvalHours !== undefined && (response === "alert" || response === "off"))
        context.addIssue({
          code: "custom",
          path: ["rules", id, "approvalHours"],
          message: `with the response \`${response}\` the rule asks nobody, so that there is nothing to decide within any time: take this out, or have the rule do more`,
        });
    }
    const tags = config.classes.serviceTags.map(({ key, value }) => JSON.stringify([key, value ?? null]));
    for (const [index, tag] of tags.entries())
      if (tags.indexOf(tag) !== index)
        context.addIssue({
          code: "custom",
          path: ["classes", "serviceTags", index],
          message: "this tag stands here a second time: take one of the two out",
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

/** The JSON Schema of `warden.yaml`, for editors. Time zones and names of channels are checked only when it is read. */
export const configJsonSchema = (): object => ({
  ...z.toJSONSchema(configSchema, { io: "input" }),
  title: "warden.yaml",
  description: "The settings of RAM Warden",
  if: { properties: { mode: { const: "enforce" } }, required: ["mode"] },
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema, which nobody awaits.
  then: { properties: { roles: { required: ["acting"] } }, required: ["roles"] },
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
