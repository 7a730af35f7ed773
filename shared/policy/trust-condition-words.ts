import type { Bilingual, Severity } from "../domain/finding.ts";

type Known = { readonly name: Bilingual; readonly severity: Severity };

const known = (severity: Severity, en: string, zh: string): Known => ({ severity, name: { en, "zh-CN": zh } });

/** The condition keys that keep a trust policy narrow; keys compare without case. */
const knownKeys: ReadonlyMap<string, Known> = new Map([
  ["sts:externalid", known("high", "the external id", "外部 ID")],
  ["oidc:sub", known("critical", "the subject of the token", "令牌主体")],
  ["oidc:aud", known("high", "the audience of the token", "令牌受众")],
  ["oidc:iss", known("high", "the issuer of the token", "令牌颁发者")],
  ["saml:recipient", known("high", "the recipient of the assertion", "断言接收方")],
  ["acs:sourceip", known("high", "the source address", "来源 IP 地址")],
  ["acs:vpcsourceip", known("high", "the source address inside a VPC", "VPC 内来源 IP 地址")],
  ["acs:sourcevpc", known("high", "the source VPC", "来源 VPC")],
  ["acs:mfapresent", known("high", "multi-factor authentication", "多因素认证")],
  ["acs:principalarn", known("high", "the caller", "调用者身份")],
  ["acs:principalrdid", known("high", "the resource directory of the caller", "调用者所属资源目录")],
  [
    "acs:principalrdpath",
    known("high", "the place of the caller in the resource directory", "调用者在资源目录中的路径"),
  ],
  ["acs:securetransport", known("medium", "an encrypted connection", "加密传输")],
  ["acs:currenttime", known("medium", "the time of the call", "调用时间")],
  ["sts:sourceidentity", known("medium", "the source identity", "源身份")],
  ["sts:rolesessionname", known("medium", "the name of the session", "会话名称")],
]);

/** How bad it is when a trust policy loses its condition on this key. */
export const conditionSeverity = (key: string): Severity => knownKeys.get(key.toLowerCase())?.severity ?? "medium";

/** A condition key as a person reads it: the key itself, and what it is where that is known. */
export const conditionKeyText = (key: string): Bilingual => {
  const name = knownKeys.get(key.toLowerCase())?.name;
  if (name === undefined) return { en: `\`${key}\``, "zh-CN": `\`${key}\`` };
  return { en: `\`${key}\` (${name.en})`, "zh-CN": `\`${key}\`（${name["zh-CN"]}）` };
};
