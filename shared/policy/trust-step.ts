import type { Bilingual, Severity } from "../domain/finding.ts";
import type { AccountId } from "../domain/identity.ts";
import { conditionKeyText, conditionSeverity } from "./trust-condition-words.ts";
import { type ConditionChange, conditionsText, testsText, type Weakening } from "./trust-conditions.ts";
import type { LetIn } from "./trust-entities.ts";
import { entityAccount, entityFacts, entityText, type TrustEntity } from "./trust-entity.ts";

export type TrustStepKind =
  /** Somebody is let in who was not, nor was part of it. */
  | "entity-added"
  /** An entity now includes more than the one that it stands in for: the account where one user was. */
  | "entity-widened"
  | "condition-dropped"
  | "condition-weakened"
  /** A Deny that held somebody back is gone or denies less. */
  | "deny-removed"
  /** An entity that was let in before may do more than it could, such as `sts:SetSourceIdentity`. */
  | "action-added"
  /** New access that none of the words above explains; the facts hold the request that shows it. */
  | "newly-allowed"
  /** The kinds below take access away. */
  | "entity-removed"
  | "entity-narrowed";

/** One difference between two trust documents that a person should know of. */
export type TrustStep = {
  readonly kind: TrustStepKind;
  /** True where the later document lets in somebody, or something, that the earlier one did not. */
  readonly widens: boolean;
  readonly entity?: TrustEntity;
  /** The values behind the sentence, raw and exact: they come from the document and need neutralising before showing. */
  readonly facts: { readonly [name: string]: string };
  readonly severity: Severity;
  readonly sentence: Bilingual;
};

/** Joins both languages of two phrases around a template. */
const say = (en: string, zh: string): Bilingual => ({ en, "zh-CN": zh });

const outside = (entity: TrustEntity, ownAccountId: AccountId | undefined): boolean => {
  const account = entityAccount(entity);
  return (
    entity.kind === "everyone" || (account !== undefined && ownAccountId !== undefined && account !== ownAccountId)
  );
};

/** How bad it is that an entity is let in. Being added from inside the account is escalation too. */
const entitySeverity = (entity: TrustEntity, ownAccountId: AccountId | undefined): Severity =>
  outside(entity, ownAccountId) ? "critical" : "high";

/** Which limits a federated identity lacks that keep it to one workload or one sign-in page. */
const missingLimits = (entry: LetIn): readonly string[] => {
  const wanted =
    entry.entity.kind === "oidc-provider"
      ? ["oidc:sub", "oidc:aud"]
      : entry.entity.kind === "saml-provider"
        ? ["saml:recipient"]
        : [];
  const present = entry.allowed.conditions.map((test) => test.key.toLowerCase());
  return wanted.filter((key) => !present.includes(key));
};

const letInFacts = (entry: LetIn): { readonly [name: string]: string } => {
  const conditions = conditionsText(entry.allowed.conditions);
  const missing = missingLimits(entry);
  return {
    ...entityFacts(entry.entity),
    principal: entry.allowed.principal.value,
    statement: String(entry.allowed.statement),
    ...(conditions === "" ? {} : { conditions }),
    ...(missing.length === 0 ? {} : { withoutConditionOn: missing.join(", ") }),
  };
};

const origin = (entity: TrustEntity, ownAccountId: AccountId | undefined): Bilingual => {
  const account = entityAccount(entity);
  if (account === undefined || ownAccountId === undefined) return say("", "");
  return account === ownAccountId ? say(" (this account)", "（本账号）") : say(" (another account)", "（外部账号）");
};

const underConditions = (entry: LetIn): Bilingual => {
  const conditions = conditionsText(entry.allowed.conditions);
  const missing = missingLimits(entry);
  const when = conditions === "" ? say("", "") : say(`, when \`${conditions}\``, `，条件为 \`${conditions}\``);
  if (missing.length === 0) return when;
  return say(
    `${when.en}, with no limit on \`${missing.join("`, `")}\``,
    `${when["zh-CN"]}，且未限制 \`${missing.join("`、`")}\``,
  );
};

/** A step that lets somebody new in. */
export const entityAdded = (entry: LetIn, ownAccountId: AccountId | undefined): TrustStep => {
  const who = entityText(entry.entity);
  const from = origin(entry.entity, ownAccountId);
  const when = underConditions(entry);
  return {
    kind: "entity-added",
    widens: true,
    entity: entry.entity,
    facts: letInFacts(entry),
    severity: missingLimits(entry).length > 0 ? "critical" : entitySeverity(entry.entity, ownAccountId),
    sentence: say(
      `the role newly trusts ${who.en}${from.en}${when.en}`,
      `该角色新增信任${who["zh-CN"]}${from["zh-CN"]}${when["zh-CN"]}`,
    ),
  };
};

/** Who is let in as things stand, in the same words. */
export const entityTrusted = (
  entry: LetIn,
  ownAccountId: AccountId | undefined,
): Omit<TrustStep, "kind" | "widens"> => {
  const { entity, facts, severity } = entityAdded(entry, ownAccountId);
  const who = entityText(entry.entity);
  const from = origin(entry.entity, ownAccountId);
  const when = underConditions(entry);
  return {
    ...(entity === undefined ? {} : { entity }),
    facts,
    severity,
    sentence: say(`${who.en}${from.en}${when.en}`, `${who["zh-CN"]}${from["zh-CN"]}${when["zh-CN"]}`),
  };
};

/** A step that puts a larger entity where parts of it were trusted. */
export const entityWidened = (
  entry: LetIn,
  parts: readonly TrustEntity[],
  ownAccountId: AccountId | undefined,
): TrustStep => {
  const who = entityText(entry.entity);
  const from = origin(entry.entity, ownAccountId);
  const when = underConditions(entry);
  const were = parts.map(entityText);
  return {
    kind: "entity-widened",
    widens: true,
    entity: entry.entity,
    facts: { ...letInFacts(entry), insteadOf: were.map((text) => text.en).join(", ") },
    severity: entitySeverity(entry.entity, ownAccountId),
    sentence: say(
      `the role trusts ${who.en}${from.en}${when.en}, where it trusted only ${were.map((text) => text.en).join(", ")}`,
      `该角色原仅信任${were.map((text) => text["zh-CN"]).join("、")}，现信任${who["zh-CN"]}${from["zh-CN"]}${when["zh-CN"]}`,
    ),
  };
};

const howText: { readonly [how in Weakening]: Bilingual } = {
  dropped: say("is gone", "已被移除"),
  "values-added": say("accepts more values", "接受了更多的值"),
  "operator-loosened": say("compares by pattern instead of exactly", "由精确匹配变为模式匹配"),
  wildcard: say("accepts a wider pattern", "接受了更宽的模式"),
  "network-widened": say("accepts more addresses", "接受了更多的地址"),
  "exception-added": say("excludes less", "排除的范围变小"),
  replaced: say("accepts something else", "接受了不同的内容"),
};

/** A step that takes away or loosens the condition on one key. */
export const conditionLost = (entry: LetIn, change: ConditionChange): TrustStep => {
  const who = entityText(entry.entity);
  const key = conditionKeyText(change.key);
  const before = testsText(change.before);
  const after = testsText(change.after);
  const how = howText[change.how];
  const now = change.how === "dropped" ? say("", "") : say(`, now \`${after}\``, `，现为 \`${after}\``);
  return {
    kind: change.how === "dropped" ? "condition-dropped" : "condition-weakened",
    widens: true,
    entity: entry.entity,
    facts: {
      ...entityFacts(entry.entity),
      statement: String(entry.allowed.statement),
      conditionKey: change.key,
      how: change.how,
      conditionBefore: before,
      ...(change.how === "dropped" ? {} : { conditionAfter: after }),
    },
    severity: conditionSeverity(change.key),
    sentence: say(
      `for ${who.en} the condition on ${key.en} ${how.en}: it was \`${before}\`${now.en}`,
      `${who["zh-CN"]}：针对 ${key["zh-CN"]} 的条件${how["zh-CN"]}，原为 \`${before}\`${now["zh-CN"]}`,
    ),
  };
};

/** A step for a Deny that is gone or denies less; `text` is the Deny as it was, in short. */
export const denyRemoved = (statement: number, text: string): TrustStep => ({
  kind: "deny-removed",
  widens: true,
  facts: { statementBefore: String(statement), deny: text },
  severity: "high",
  sentence: say(
    `a Deny no longer holds back what it did: it was \`${text}\``,
    `原有的拒绝语句不再完全生效，原为 \`${text}\``,
  ),
});

/** A step for actions that an entity may newly use on the role. */
export const actionAdded = (entry: LetIn, actions: readonly string[]): TrustStep => {
  const who = entityText(entry.entity);
  return {
    kind: "action-added",
    widens: true,
    entity: entry.entity,
    facts: { ...entityFacts(entry.entity), statement: String(entry.allowed.statement), actions: actions.join(", ") },
    severity: "medium",
    sentence: say(
      `${who.en} may newly use \`${actions.join("`, `")}\` on the role`,
      `${who["zh-CN"]}新增可对该角色使用 \`${actions.join("`、`")}\``,
    ),
  };
};

/** A step for new access that is shown by a request and explained by nothing better. */
export const newlyAllowed = (request: string, facts: { readonly [name: string]: string }): TrustStep => ({
  kind: "newly-allowed",
  widens: true,
  facts: { ...facts, request },
  severity: "high",
  sentence: say(`newly allowed: \`${request}\``, `新增允许：\`${request}\``),
});

/** A step that takes an entity away, whole or down to the parts that stay. */
export const entityLost = (entity: TrustEntity, stays: readonly TrustEntity[]): TrustStep => {
  const who = entityText(entity);
  const left = stays.map(entityText);
  const narrowed = left.length > 0;
  return {
    kind: narrowed ? "entity-narrowed" : "entity-removed",
    widens: false,
    entity,
    facts: { ...entityFacts(entity), ...(narrowed ? { stays: left.map((text) => text.en).join(", ") } : {}) },
    severity: narrowed ? "info" : "medium",
    sentence: narrowed
      ? say(
          `where the role trusted ${who.en}, it now trusts only ${left.map((text) => text.en).join(", ")}`,
          `该角色原信任${who["zh-CN"]}，现仅信任${left.map((text) => text["zh-CN"]).join("、")}`,
        )
      : say(`the role no longer trusts ${who.en}`, `该角色不再信任${who["zh-CN"]}`),
  };
};
