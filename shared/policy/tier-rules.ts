import type { Bilingual, Severity } from "../domain/finding.ts";
import { matchesAny } from "./action-globs.ts";
import type { PolicyDocument } from "./document.ts";
import { identityPrimitives } from "./escalation-identity.ts";
import { passRolePrimitives } from "./escalation-pass-role.ts";
import { type EscalationPrimitive, unnamedTarget } from "./escalation-primitive.ts";
import { auditPrimitives, dataPrimitives, organisationPrimitives } from "./escalation-reach.ts";
import type { Tier } from "./high-risk-policies.ts";

/** A tier is reached when one of the alternatives is allowed whole, without being bound to particular resources. */
export type TierRule = {
  readonly tier: Tier;
  readonly severity: Severity;
  readonly what: Bilingual;
  readonly requires: readonly (readonly string[])[];
  readonly services?: readonly string[];
  readonly onlyOn?: readonly string[];
};

/** In place of an account id: one letter, which only a wildcard matches, so that the grant reaches any account. */
const anyAccount = "?";

const ofPrimitive = (tier: Tier, primitive: EscalationPrimitive): TierRule => {
  const target = primitive.target === undefined ? undefined : unnamedTarget[primitive.target];
  const way = (language: keyof Bilingual) => primitive.way[language].replace("{target}", target?.[language] ?? "");
  return {
    tier,
    severity: primitive.severity,
    what: { en: `can ${way("en")}`, "zh-CN": `可以${way("zh-CN")}` },
    requires: primitive.requires,
    ...(primitive.services === undefined ? {} : { services: primitive.services }),
    ...(primitive.onlyOn === undefined ? {} : { onlyOn: primitive.onlyOn }),
  };
};

const named = (tier: Tier, all: readonly EscalationPrimitive[], ...ids: readonly string[]): readonly TierRule[] =>
  all.filter((primitive) => ids.includes(primitive.id)).map((primitive) => ofPrimitive(tier, primitive));

const except = (tier: Tier, all: readonly EscalationPrimitive[], ...ids: readonly string[]): readonly TierRule[] =>
  all.filter((primitive) => !ids.includes(primitive.id)).map((primitive) => ofPrimitive(tier, primitive));

/** All actions of a service, on whatever resource. The codes are those of the services' system policies. */
const wholesale = (tier: Tier, severity: Severity, ...services: readonly string[]): readonly TierRule[] =>
  services.map((service) => ({
    tier,
    severity,
    what: { en: `allows every action of \`${service}\``, "zh-CN": `允许 \`${service}\` 的所有操作` },
    requires: [[`${service}:*`]],
  }));

const strong = identityPrimitives.filter(({ severity }) => severity === "critical" || severity === "high");

export const tierRules: readonly TierRule[] = [
  ...except("identity-admin", strong, "sts-assume-role"),
  ...named("identity-admin", organisationPrimitives, "cloudsso-grant", "cloudsso-user-takeover"),
  ...wholesale("identity-admin", "high", "eiam", "idaas", "accountcenter"),

  ...named("escalation-capable", identityPrimitives, "sts-assume-role"),
  ...except("escalation-capable", passRolePrimitives, "passrole-unrestricted", "ros-stack-group"),
  ...wholesale("escalation-capable", "medium", "cloudcontrol"),

  ...except("cross-account", organisationPrimitives, "rd-member-admin"),
  ...named("cross-account", organisationPrimitives, "rd-member-admin").map((rule) => ({
    ...rule,
    // Only the management account of a resource directory can use it.
    severity: "high" as const,
    onlyOn: [`acs:ram:*:${anyAccount}:role/resourcedirectoryaccountaccessrole`],
  })),
  ...named("cross-account", passRolePrimitives, "ros-stack-group"),
  ...named("cross-account", dataPrimitives, "resource-share"),
  ...wholesale("cross-account", "medium", "workorder-authorization", "governance"),

  // Changing some function is only tampering where it is the guard's own: a rule that knows its name judges that.
  ...except("audit-tampering", auditPrimitives, "remediator-code"),
  ...wholesale("audit-tampering", "medium", "accessanalyzer"),

  ...except("data-plane-full", dataPrimitives, "resource-share"),
  ...wholesale("data-plane-full", "high", "oss", "log", "ots", "rds", "polardb", "dds", "kvstore", "nas", "mns"),
  ...wholesale("data-plane-full", "high", "dts", "dms", "dbs", "hbr"),

  ...wholesale("guardrail-or-financial", "medium", "vpc", "cen", "yundun-cloudfirewall", "yundun-waf"),
  ...wholesale("guardrail-or-financial", "medium", "alidns", "domain", "bss", "bssapi", "tag", "support"),
];

/** Whoever may do all of these to any identity, and attach policies, can make itself administrator at once. */
export const controlOfRam: readonly string[] = ["ram:CreatePolicyVersion", "ram:CreateAccessKey", "ram:UpdateRole"];

/** Attaching either what the system offers or what the account's own policies say. */
export const attaching: readonly Pick<TierRule, "onlyOn">[] = [{}, { onlyOn: ["acs:ram:*:*:policy/*"] }];

const mostServices = 20;

/** Who may pass roles to a service and do everything in it can run code or jobs with any role that trusts the service. */
export const servicesPassedTo = (documents: readonly PolicyDocument[]): readonly TierRule[] => {
  const names = documents
    .flatMap(({ statements }) => statements)
    .filter(({ effect, action }) => effect === "Allow" && matchesAny(action, "ram:PassRole"))
    .flatMap(({ conditions }) => conditions)
    .filter(({ key, family, negated }) => key.toLowerCase() === "acs:service" && family === "string" && !negated)
    .flatMap(({ values }) => values);
  return [...new Set(names)].slice(0, mostServices).flatMap((name) => {
    const code = /^([a-z0-9-]+)\.aliyuncs\.com$/.exec(name)?.[1];
    return code === undefined ? [] : [passedTo(code, name)];
  });
};

const passedTo = (code: string, name: string): TierRule => ({
  tier: "escalation-capable",
  severity: "medium",
  what: {
    en: `can run \`${code}\` with any role that trusts \`${name}\``,
    "zh-CN": `可以用任何信任 \`${name}\` 的角色运行 \`${code}\``,
  },
  requires: [["ram:PassRole", `${code}:*`]],
  services: [name],
});
