import type { Verdict } from "../../domain/finding.ts";
import type { AccountId } from "../../domain/identity.ts";
import type { Result } from "../../domain/result.ts";
import { failed, ok } from "../../domain/result.ts";
import type { RuleSettings } from "../../domain/settings.ts";
import type { RoleTrustRef } from "../../domain/subjects/trust.ts";
import type { DocumentError } from "../../policy/document.ts";
import { trustDifference } from "../../policy/trust-difference.ts";
import type { TrustEntity } from "../../policy/trust-entities.ts";
import { entityAccount, entityKey, entityOfArn, trustEntities } from "../../policy/trust-entities.ts";
import { remembered } from "./remembered.ts";
import { undetermined } from "./rule.ts";

/** Whether a change surely left the document alone, and nothing tells of another that did not. */
export const isUntouched = ({ leavesDocument }: RoleTrustRef, { known }: { readonly known: boolean }): boolean =>
  leavesDocument === true && !known;

/** Whether an entity is let in from outside the account: another account, or anybody at all. */
export const isForeign = (entity: TrustEntity, ownAccountId: string): boolean => {
  if (entity.kind === "everyone" || entity.kind === "unrecognised") return true;
  const account = entityAccount(entity);
  return account !== undefined && account !== ownAccountId;
};

/** Whether the settings allow a role to trust the entity. Everyone, and what is not recognised, is never allowed. */
export const isTrusted = (entity: TrustEntity, { trusted, accountId }: RuleSettings): boolean => {
  if (entity.kind === "everyone" || entity.kind === "unrecognised") return false;
  const account = entityAccount(entity);
  if (account !== undefined && account !== accountId && trusted.accounts.includes(account)) return true;
  if (entity.kind === "service" && (account === undefined || account === accountId))
    return trusted.services.includes(entity.name);
  const key = entityKey(entity);
  return trusted.entities.some((arn) => entityKey(entityOfArn(arn)) === key);
};

/** The distinct entities that a trust document lets in. */
export const readEntities = remembered((document = ""): Result<readonly TrustEntity[], readonly DocumentError[]> => {
  const read = trustEntities(document);
  if (!read.ok) return failed(read.error);
  return ok([...new Map(read.value.map(({ entity }) => [entityKey(entity), entity])).values()]);
});

/** What a change of a trust document means: the earlier document, the later one, the own account. */
export const differenceOf = remembered((before = "", after = "", ownAccountId = "") =>
  trustDifference(before, after, ownAccountId),
);

export const unreadable = (errors: readonly DocumentError[]): Verdict => {
  // A place names members of the document, which are text from outside.
  const where = errors.map(({ path, what }) => `\`${path}: ${what}\``).join("; ");
  return undetermined({
    en: `the trust document cannot be read: ${where}`,
    "zh-CN": `无法读取信任策略：${where}`,
  });
};

/** Whether a trust document lets in all of an account, or everyone. */
export const letsOwnAccountIn = (document: string, accountId: AccountId): boolean => {
  const entities = readEntities(document);
  return entities.ok && entities.value.some((entity) => isWholeAccount(entity, accountId));
};

/** Whether a trust document lets in somebody from outside the account. */
export const letsForeignersIn = (document: string, accountId: AccountId): boolean => {
  const entities = readEntities(document);
  return entities.ok && entities.value.some((entity) => isForeign(entity, accountId));
};

/** Whether a trust document lets in somebody from outside the account who may be let in. */
export const isLentOut = (document: string, settings: RuleSettings): boolean => {
  const entities = readEntities(document);
  return entities.ok && entities.value.some((one) => isForeign(one, settings.accountId) && isTrusted(one, settings));
};

export const isWholeAccount = (entity: TrustEntity, accountId: AccountId): boolean =>
  entity.kind === "everyone" || (entity.kind === "account" && entity.accountId === accountId);
