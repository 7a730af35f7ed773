import { ok, type Result } from "../domain/result.ts";
import { assumeActions, matchesAny } from "./action-globs.ts";
import type { ConditionTest, DocumentError, Globs, PrincipalPattern, Statement } from "./document.ts";
import { parseDocument } from "./parse.ts";
import { withSureDenies } from "./sure-denies.ts";
import { entityCovers, entityOf, type TrustEntity } from "./trust-entity.ts";

export {
  entityAccount,
  entityCovers,
  entityFacts,
  entityKey,
  entityOfArn,
  entityText,
  type TrustEntity,
} from "./trust-entity.ts";

/** The statement that lets an entity in, and under which conditions (all must hold; none means always). */
export type LetIn = {
  readonly entity: TrustEntity;
  readonly allowed: {
    /** The place in the document's list of statements, from 0. */
    readonly statement: number;
    /** The principal as the document writes it. */
    readonly principal: PrincipalPattern;
    readonly actions: Globs;
    readonly conditions: readonly ConditionTest[];
  };
};

/**
 * The entities that a trust document's Allow statements let assume the role, in the order of the document. A statement
 * whose actions include no way of assuming lets nobody in, nor does one that a Deny without conditions takes back whole;
 * a Deny that is not read for certain takes nothing back.
 * Errors: the document's own, each with its place.
 */
export const trustEntities = (document: string): Result<readonly LetIn[], readonly DocumentError[]> => {
  const parsed = parseDocument(document, "trust");
  return parsed.ok ? ok(entitiesLetIn(withSureDenies(parsed.value).statements)) : parsed;
};

/** `trustEntities` of statements that are parsed already. */
export const entitiesLetIn = (statements: readonly Statement[]): readonly LetIn[] => {
  const denies = statements.filter((statement) => statement.effect === "Deny" && statement.conditions.length === 0);
  return statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap(letInBy)
    .filter(({ entity, allowed }) =>
      waysIn(allowed.actions).some((action) => !denies.some((deny) => takesBack(deny, action, entity))),
    );
};

const waysIn = (actions: Globs): readonly string[] => assumeActions.filter((action) => matchesAny(actions, action));

const letInBy = (statement: Statement): readonly LetIn[] => {
  const { principal, index, action, conditions } = statement;
  if (principal === undefined) return [];
  const allowed = { statement: index, actions: action, conditions };
  // `NotPrincipal` names those left out; whom it lets in has no bound.
  if (principal.complement) {
    return [{ entity: { kind: "everyone" }, allowed: { ...allowed, principal: { type: "*", value: "*" } } }];
  }
  return principal.patterns.map((pattern) => ({
    entity: entityOf(pattern.type, pattern.value),
    allowed: { ...allowed, principal: pattern },
  }));
};

const takesBack = (deny: Statement, action: string, entity: TrustEntity): boolean => {
  const { principal } = deny;
  if (principal === undefined || principal.complement || !matchesAny(deny.action, action)) return false;
  return principal.patterns.some((pattern) => deniesWhole(pattern, entity));
};

/** Narrow reading, unlike `entityOf`: a Deny with a wildcard in a name denies some of an account, not all of it. */
const deniesWhole = ({ type, value }: PrincipalPattern, entity: TrustEntity): boolean => {
  if (value === "*") return type === "*" || (type === "RAM" && ["account", "user", "role"].includes(entity.kind));
  return !/[*?]/.test(value) && entityCovers(entityOf(type, value), entity);
};
