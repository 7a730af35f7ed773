import type { Exemption } from "../domain/exemption.ts";
import { isInForce, untilText } from "../domain/exemption.ts";
import type { ExemptedBy, Finding, RuleId } from "../domain/finding.ts";
import type { AccountId, Actor } from "../domain/identity.ts";
import { subjectKey } from "../domain/kinds.ts";
import { hasWildcard, standsFor } from "../domain/name-pattern.ts";
import type { Reason } from "../domain/plan.ts";
import type { SubjectRef } from "../domain/subject.ts";

/** How an exemption names a subject: `role-trust/deploy`, `grant/user/alice/System/AdministratorAccess/account`. */
export const subjectScope = (ref: SubjectRef): string => subjectKey(ref).slice(ref.accountId.length + 1);

/**
 * How an exemption names an actor: `role/terraform`, `user/alice`, `root`, `service/NAME`; one of another account with that
 * account before it, `2345678901234567:role/ci`. Undefined for whoever cannot be vouched for: a name that the caller may have
 * chosen exempts nobody, and neither does a session or a user agent.
 */
export const actorScope = (actor: Actor | undefined, accountId: AccountId): string | undefined => {
  if (actor === undefined || actor.kind === "other") return undefined;
  if (actor.kind === "service") return `service/${actor.name}`;
  if (actor.kind === "role" && actor.namedBy === "request") return undefined;
  const of = actor.accountId === accountId ? "" : `${actor.accountId}:`;
  if (actor.kind === "root") return `${of}root`;
  return `${of}${actor.kind}/${actor.kind === "role" ? actor.name.toLowerCase() : actor.name}`;
};

/** Names of roles compare without case, so patterns of them are kept in lower case, as the scopes write them. */
export const rolesInLowerCase = (pattern: string): string =>
  /^(\d+:)?role\/|^role-trust\/|^tags\/role\/|^grant\/role\//.test(pattern) ? lowerCaseOfRole(pattern) : pattern;

/** Of a grant only the role's name: what follows is the policy's, where case counts. */
const lowerCaseOfRole = (pattern: string): string => {
  if (!pattern.startsWith("grant/role/")) return pattern.toLowerCase();
  const [grant, role, name = "", ...policy] = pattern.split("/");
  return [grant, role, name.toLowerCase(), ...policy].join("/");
};

type OfRule = {
  /** By subject, where it is named whole. */
  readonly bySubject: Map<string, Exemption[]>;
  /** Those with a pattern, by what stands before its first wildcard up to the kind of subject. */
  readonly byKind: Map<string, Exemption[]>;
  readonly ofAny: Exemption[];
};

/** Exemptions in the form in which they are looked up: many of them cost no more than the few that may apply. */
export type Exemptions = {
  readonly all: readonly Exemption[];
  readonly byRule: ReadonlyMap<RuleId, OfRule>;
};

const kindIn = (subject: string): string => subject.slice(0, subject.indexOf("/"));

const put = (map: Map<string, Exemption[]>, key: string, exemption: Exemption): void => {
  const list = map.get(key);
  if (list === undefined) map.set(key, [exemption]);
  else list.push(exemption);
};

export const exemptionsOf = (all: readonly Exemption[]): Exemptions => {
  const byRule = new Map<RuleId, OfRule>();
  for (const exemption of all)
    for (const rule of exemption.rules) {
      const known = byRule.get(rule);
      const ofRule: OfRule = known ?? { bySubject: new Map(), byKind: new Map(), ofAny: [] };
      if (known === undefined) byRule.set(rule, ofRule);
      const { subject } = exemption;
      if (subject === undefined) ofRule.ofAny.push(exemption);
      else if (hasWildcard(subject)) put(ofRule.byKind, kindIn(subject), exemption);
      else put(ofRule.bySubject, subject, exemption);
    }
  return { all, byRule };
};

/**
 * What a change is to exemptions. Where its maker is not known, an exemption that names an actor covers nothing. `change`
 * is the digest of what it makes of its subject; asked for only where one needs it.
 */
export type Scope = {
  readonly subject: string;
  readonly actor: string | undefined;
  readonly change: () => string;
};

/** Nobody exempts what they did themselves, however wide the exemption that they granted is. */
const covers = (exemption: Exemption, { subject, actor, change }: Scope): boolean =>
  (exemption.grantor === undefined || exemption.grantor !== actor) &&
  (exemption.subject === undefined || standsFor(exemption.subject, subject)) &&
  (exemption.actor === undefined || (actor !== undefined && standsFor(exemption.actor, actor))) &&
  (exemption.change === undefined || exemption.change === change());

/** The exemption in force that covers a rule's finding about a change; of several the one that lasts longest. */
export const exemptionFor = (
  { byRule }: Exemptions,
  rule: RuleId,
  scope: Scope,
  now: number,
): Exemption | undefined => {
  const ofRule = byRule.get(rule);
  if (ofRule === undefined) return undefined;
  const candidates = [
    ofRule.bySubject.get(scope.subject) ?? [],
    ofRule.byKind.get(kindIn(scope.subject)) ?? [],
    ofRule.ofAny,
  ];
  let longest: Exemption | undefined;
  for (const list of candidates)
    for (const one of list)
      if ((longest === undefined || one.until > longest.until) && isInForce(one, now) && covers(one, scope))
        longest = one;
  return longest;
};

const asCarried = ({ id, owner, reason, ticket, until }: Exemption): ExemptedBy => ({
  id,
  owner,
  reason,
  ...(ticket === undefined ? {} : { ticket }),
  until,
});

export const scopeOf = (
  { subject, actor }: { readonly subject: SubjectRef; readonly actor: Actor | undefined },
  change: () => string,
): Scope => ({
  subject: subjectScope(subject),
  actor: actorScope(actor, subject.accountId),
  change,
});

/** Findings on a change of that scope, each that an exemption in force covers with that exemption. */
export const exemptFindings = (
  findings: readonly Finding[],
  scope: Scope,
  exemptions: Exemptions,
  now: number,
): readonly Finding[] =>
  findings.map((finding) => {
    const exemption = exemptionFor(exemptions, finding.rule, scope, now);
    return exemption === undefined ? finding : { ...finding, exemption: asCarried(exemption) };
  });

/** Why a plan whose findings are exempt writes nothing. */
export const exemptReason = (findings: readonly Finding[]): Reason | undefined => {
  const exempt = findings.flatMap(({ exemption }) => (exemption === undefined ? [] : [exemption]));
  const [first] = exempt;
  if (first === undefined) return undefined;
  const others = new Set(exempt.map(({ id }) => id)).size - 1;
  const more = others === 0 ? "" : `, and ${others} more`;
  return {
    kind: "exempt",
    detail: `exemption \`${first.id}\` of \`${first.owner}\` until ${untilText(first.until)}${more}: \`${first.reason}\``,
  };
};
