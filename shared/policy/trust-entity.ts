import type { Bilingual } from "../domain/finding.ts";
import type { AccountId } from "../domain/identity.ts";

/** One party that a trust document names, as parsed parts: entities are compared by parts, never by patterns over text. */
export type TrustEntity =
  /** Any identity of any account: `*`, `{"RAM": "*"}`, a wildcard where the account id stands, `NotPrincipal`. */
  | { readonly kind: "everyone" }
  /** All RAM users and roles of one account (`acs:ram::<account>:root`). */
  | { readonly kind: "account"; readonly accountId: AccountId }
  | { readonly kind: "user" | "role"; readonly accountId: AccountId; readonly name: string }
  /** A cloud service, for this account or (`<account>@log.aliyuncs.com`) acting for another; the name may hold wildcards. */
  | { readonly kind: "service"; readonly name: string; readonly forAccountId?: AccountId }
  | { readonly kind: "saml-provider" | "oidc-provider"; readonly accountId: AccountId; readonly name: string }
  /** Text that is none of the above, kept as it stands: it is never taken for a trusted one. */
  | { readonly kind: "unrecognised"; readonly text: string };

const everyone: TrustEntity = { kind: "everyone" };

const holdsWildcard = (text: string): boolean => text.includes("*") || text.includes("?");
const isAccountId = (text: string): boolean => /^[0-9]+$/.test(text);

/**
 * Reads one value of a `Principal`. Where a wildcard leaves open who is meant the widest reading wins: a wildcard in the
 * account is everyone, one in a user's or role's name is the whole account.
 */
export const entityOf = (type: string, value: string): TrustEntity => {
  const text = value.trim();
  switch (type.trim().toLowerCase()) {
    case "*":
    case "ram":
      return ramEntity(text);
    case "service":
      return serviceEntity(text);
    case "federated":
      return text === "*" ? everyone : ramEntity(text);
    default:
      return { kind: "unrecognised", text: `${type}: ${value}` };
  }
};

/** Reads a whole ARN as settings hold it (`acs:ram::<account>:role/ci`), by the same rules as a document's principals. */
export const entityOfArn = (arn: string): TrustEntity => ramEntity(arn.trim());

const ramEntity = (text: string): TrustEntity => {
  if (text === "*") return everyone;
  // A bare account id is not documented for RAM; if it is accepted it can only mean the account.
  if (isAccountId(text)) return { kind: "account", accountId: text };
  const parts = text.split(":");
  const [scheme, service, , accountId] = parts;
  if (parts.length < 5 || accountId === undefined) return looseEntity(text);
  if (!mayBe(scheme, ["acs"]) || !mayBe(service, ["ram", "sts"])) return { kind: "unrecognised", text };
  if (holdsWildcard(accountId)) return everyone;
  if (!isAccountId(accountId)) return { kind: "unrecognised", text };
  return relativeEntity(accountId, parts.slice(4).join(":")) ?? { kind: "unrecognised", text };
};

/** `acs:ram:*` and the like: a pattern too short to hold an account, whose last part takes in all the rest. */
const looseEntity = (text: string): TrustEntity => {
  const parts = text.split(":");
  const last = parts[parts.length - 1] ?? "";
  const reachesAll = last.endsWith("*") && mayBe(parts[0], ["acs"]);
  return reachesAll ? everyone : { kind: "unrecognised", text };
};

/** Whether a segment is one of the words in any case, or a pattern, which is taken to match. */
const mayBe = (segment: string | undefined, words: readonly string[]): boolean =>
  segment !== undefined && (holdsWildcard(segment) || words.includes(segment.toLowerCase()));

const relativeEntity = (accountId: AccountId, relative: string): TrustEntity | undefined => {
  const slash = relative.indexOf("/");
  const type = (slash < 0 ? relative : relative.slice(0, slash)).toLowerCase();
  const rest = slash < 0 ? "" : relative.slice(slash + 1);
  const account: TrustEntity = { kind: "account", accountId };
  if (slash < 0) return type === "root" || holdsWildcard(type) ? account : undefined;
  if (holdsWildcard(type)) return account;
  if (rest === "") return undefined;
  switch (type) {
    case "user":
      return holdsWildcard(rest) ? account : { kind: "user", accountId, name: rest };
    case "role":
    case "assumed-role": {
      if (holdsWildcard(rest)) return account;
      // A session is written `role/<name>/<session>`; the role is what can be told apart.
      const [name] = rest.split("/");
      return name === undefined || name === "" ? undefined : { kind: "role", accountId, name };
    }
    case "saml-provider":
    case "oidc-provider":
      return { kind: type, accountId, name: rest };
    default:
      return undefined;
  }
};

const serviceEntity = (text: string): TrustEntity => {
  const at = text.indexOf("@");
  if (at < 0) return { kind: "service", name: text.toLowerCase() };
  return { kind: "service", name: text.slice(at + 1).toLowerCase(), forAccountId: text.slice(0, at) };
};

/** One text per entity, equal for every spelling that means the same; role and service names without case. */
export const entityKey = (entity: TrustEntity): string => {
  switch (entity.kind) {
    case "everyone":
      return "everyone";
    case "account":
      return `account/${entity.accountId}`;
    case "user":
    case "saml-provider":
    case "oidc-provider":
      return `${entity.kind}/${entity.accountId}/${entity.name}`;
    case "role":
      return `role/${entity.accountId}/${entity.name.toLowerCase()}`;
    case "service":
      return `service/${entity.forAccountId === undefined ? "" : `${entity.forAccountId}@`}${entity.name}`;
    case "unrecognised":
      return `unrecognised/${entity.text}`;
  }
};

/** Whether every identity that `part` names is also named by `whole`, as far as the parts alone tell. */
export const entityCovers = (whole: TrustEntity, part: TrustEntity): boolean => {
  if (entityKey(whole) === entityKey(part)) return true;
  if (whole.kind === "everyone") return part.kind !== "service" && part.kind !== "unrecognised";
  if (whole.kind === "account")
    return (part.kind === "user" || part.kind === "role") && part.accountId === whole.accountId;
  return false;
};

/** The account that an entity belongs to or acts for; undefined where it is none or cannot be told. */
export const entityAccount = (entity: TrustEntity): AccountId | undefined => {
  switch (entity.kind) {
    case "account":
    case "user":
    case "role":
    case "saml-provider":
    case "oidc-provider":
      return entity.accountId;
    case "service":
      return entity.forAccountId;
    default:
      return undefined;
  }
};

/** How a person reads an entity. The names inside are as the document gives them: neutralise before showing. */
export const entityText = (entity: TrustEntity): Bilingual => {
  switch (entity.kind) {
    case "everyone":
      return { en: "everyone (any identity of any account)", "zh-CN": "任何人（任意账号的任意身份）" };
    case "account":
      return {
        en: `every RAM user and role of account \`${entity.accountId}\``,
        "zh-CN": `账号 \`${entity.accountId}\` 下的所有 RAM 用户和角色`,
      };
    case "user":
      return {
        en: `RAM user \`${entity.name}\` of account \`${entity.accountId}\``,
        "zh-CN": `账号 \`${entity.accountId}\` 的 RAM 用户 \`${entity.name}\``,
      };
    case "role":
      return {
        en: `RAM role \`${entity.name}\` of account \`${entity.accountId}\``,
        "zh-CN": `账号 \`${entity.accountId}\` 的 RAM 角色 \`${entity.name}\``,
      };
    case "service":
      return entity.forAccountId === undefined
        ? { en: `cloud service \`${entity.name}\``, "zh-CN": `云服务 \`${entity.name}\`` }
        : {
            en: `cloud service \`${entity.name}\` acting for account \`${entity.forAccountId}\``,
            "zh-CN": `代表账号 \`${entity.forAccountId}\` 的云服务 \`${entity.name}\``,
          };
    case "saml-provider":
      return {
        en: `SAML identity provider \`${entity.name}\` of account \`${entity.accountId}\``,
        "zh-CN": `账号 \`${entity.accountId}\` 的 SAML 身份提供商 \`${entity.name}\``,
      };
    case "oidc-provider":
      return {
        en: `OIDC identity provider \`${entity.name}\` of account \`${entity.accountId}\``,
        "zh-CN": `账号 \`${entity.accountId}\` 的 OIDC 身份提供商 \`${entity.name}\``,
      };
    case "unrecognised":
      return {
        en: `a principal that is not recognised, \`${entity.text}\``,
        "zh-CN": `无法识别的主体 \`${entity.text}\``,
      };
  }
};

/** The parts of an entity by name, raw and exact, for the facts of an evidence. */
export const entityFacts = (entity: TrustEntity): { readonly [name: string]: string } => {
  const { kind, ...rest } = entity;
  return { entityKind: kind, ...rest };
};
