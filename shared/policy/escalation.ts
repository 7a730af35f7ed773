import type { Bilingual, Severity } from "../domain/finding.ts";
import { severityRank } from "../domain/finding.ts";
import type { AccountFacts } from "./account-facts.ts";
import { resourceChoices, serviceKeys } from "./action-resources.ts";
import type { Attached, Witness } from "./comparison.ts";
import { identityPrimitives } from "./escalation-identity.ts";
import { passRolePrimitives } from "./escalation-pass-role.ts";
import { type EscalationCategory, type EscalationPrimitive, unnamedTarget } from "./escalation-primitive.ts";
import { auditPrimitives, dataPrimitives, organisationPrimitives } from "./escalation-reach.ts";
import { type Target, targetResource, targetsOf } from "./escalation-targets.ts";
import type { Probe } from "./probe.ts";
import { type Questions, questionsAbout } from "./questions.ts";

/** One way to turn what the holder newly has, with what it had, into more. */
export type EscalationRoute = {
  /** The id of the primitive, `ram-update-role-trust`. */
  readonly id: string;
  readonly category: EscalationCategory;
  readonly severity: Severity;
  /** The actions that the way needs: those that the change brought, and those that the holder had. */
  readonly gained: readonly string[];
  readonly had: readonly string[];
  /** One request for each gained action that is allowed now and was not. */
  readonly requests: readonly Witness[];
  /** Strong identities within reach; empty where the account's facts name none. */
  readonly targets: readonly Target[];
  /** The way in words: "can add a trusted entity to role `ops`, which holds `AdministratorAccess`: …". */
  readonly path: Bilingual;
  /** The values behind the sentence; names come from outside and need neutralising before showing. */
  readonly facts: { readonly [name: string]: string };
  /** False where a part of the documents has no certain meaning or a question could not be decided. */
  readonly exact: boolean;
};

/** Every known way, in the order of the tables. */
export const primitives: readonly EscalationPrimitive[] = [
  ...identityPrimitives,
  ...passRolePrimitives,
  ...organisationPrimitives,
  ...dataPrimitives,
  ...auditPrimitives,
];

export type Escalation = {
  /** The worst first. */
  readonly routes: readonly EscalationRoute[];
  /** Why there may be others: a document that cannot be read. */
  readonly undecided?: string;
};

/**
 * The escalation routes that a change opens to the holder of the documents: everything attached to it before and after.
 * A route counts when all its actions are allowed afterwards and at least one of them, on some resource, newly so.
 */
export const escalationRoutes = (
  before: readonly Attached[],
  after: readonly Attached[],
  facts: AccountFacts = {},
): Escalation => {
  const questions = questionsAbout(before, after);
  if (!questions.ok) return { routes: [], undecided: questions.error };
  const routes = primitives.flatMap((primitive) => routeOf(primitive, questions.value, facts) ?? []);
  return { routes: routes.sort((a, b) => severityRank(b.severity) - severityRank(a.severity)) };
};

type Step = { readonly action: string; readonly probes: readonly Probe[] };

const routeOf = (
  primitive: EscalationPrimitive,
  questions: Questions,
  facts: AccountFacts,
): EscalationRoute | undefined => {
  for (const actions of primitive.requires) {
    const steps = actions.map((action) => ({ action, probes: probesOf(primitive, action, facts) }));
    const route = usable(primitive, steps, questions, facts);
    if (route !== undefined) return route;
  }
  return undefined;
};

/** What must be allowed for one action of a primitive: one probe for each resource that a request needs. */
export const probesOf = (primitive: EscalationPrimitive, action: string, facts: AccountFacts): readonly Probe[] => {
  const choices = resourceChoices(action);
  const wanted = primitive.onlyOn === undefined ? choices : [...choices.slice(0, -1), primitive.onlyOn];
  const key = serviceKeys.get(action.toLowerCase());
  const { holder } = facts;
  return wanted.map((resources) => ({
    // `service:*` asks for an action of any name, which a grant of some names only does not allow.
    action: action.endsWith(":*") ? `${action.slice(0, -1)}?` : action,
    resources,
    ...(primitive.target === "user" && holder?.kind === "user" ? { except: [`acs:ram:*:*:user/${holder.name}`] } : {}),
    ...(key === undefined || primitive.services === undefined ? {} : { given: { key, patterns: primitive.services } }),
  }));
};

const usable = (
  primitive: EscalationPrimitive,
  steps: readonly Step[],
  questions: Questions,
  facts: AccountFacts,
): EscalationRoute | undefined => {
  const held = steps.map((step) => step.probes.map(questions.holds));
  if (!held.flat().every((answer) => answer.yes)) return undefined;
  const gains = steps.map(({ action, probes }) => ({
    action,
    answers: probes.map(questions.gains).filter((answer) => answer.yes),
  }));
  const gained = gains.filter(({ answers }) => answers.length > 0);
  if (gained.length === 0) return undefined;
  const answers = gained.flatMap((gain) => gain.answers);
  const targets = reachable(primitive, steps, questions, facts);
  const names = { gained: gained.map(({ action }) => action), had: actionsWithout(gains) };
  return {
    id: primitive.id,
    category: primitive.category,
    severity: primitive.severity,
    ...names,
    requests: answers.flatMap((answer) => answer.request ?? []),
    targets,
    path: pathText(primitive, targets),
    facts: factsOf(primitive, names, targets),
    exact: [...held.flat(), ...answers].every((answer) => answer.sure),
  };
};

const actionsWithout = (gains: readonly { action: string; answers: readonly unknown[] }[]): readonly string[] =>
  gains.filter(({ answers }) => answers.length === 0).map(({ action }) => action);

/** The strong identities that the documents let the holder act on. */
const reachable = (
  primitive: EscalationPrimitive,
  steps: readonly Step[],
  questions: Questions,
  facts: AccountFacts,
): readonly Target[] => {
  if (primitive.target === undefined) return [];
  return targetsOf(primitive.target, primitive.services ?? [], facts).filter((target) =>
    steps
      .flatMap((step) => step.probes)
      .filter((probe) => probe.resources.some((pattern) => pattern.includes(`:${target.kind}/`)))
      .every((probe) => questions.holds({ ...probe, resources: [targetResource(target, facts.accountId)] }).yes),
  );
};

const kindWords: { readonly [kind in Target["kind"]]: Bilingual } = {
  user: { en: "user", "zh-CN": "用户" },
  group: { en: "user group", "zh-CN": "用户组" },
  role: { en: "role", "zh-CN": "角色" },
};

const namedTarget = ({ kind, name, holds }: Target): Bilingual => ({
  en: `${kindWords[kind].en} \`${name}\`, which holds \`${holds}\``,
  "zh-CN": `拥有 \`${holds}\` 的${kindWords[kind]["zh-CN"]} \`${name}\``,
});

const targetText = (primitive: EscalationPrimitive, targets: readonly Target[]): Bilingual => {
  const [first, ...others] = targets;
  if (primitive.target === undefined) return { en: "", "zh-CN": "" };
  if (first === undefined) return unnamedTarget[primitive.target];
  const named = namedTarget(first);
  if (others.length === 0) return named;
  return { en: `${named.en} (and ${others.length} more)`, "zh-CN": `${named["zh-CN"]}（另有 ${others.length} 个）` };
};

const pathText = (primitive: EscalationPrimitive, targets: readonly Target[]): Bilingual => {
  const target = targetText(primitive, targets);
  // A function as replacement: a name from outside may hold `$&`, which a text would have replaced once more.
  const way = (language: keyof Bilingual) => primitive.way[language].replace("{target}", () => target[language]);
  return {
    en: `can ${way("en")}: ${primitive.yields.en}`,
    "zh-CN": `可以${way("zh-CN")}；结果：${primitive.yields["zh-CN"]}`,
  };
};

const factsOf = (
  primitive: EscalationPrimitive,
  names: { readonly gained: readonly string[]; readonly had: readonly string[] },
  targets: readonly Target[],
): { readonly [name: string]: string } => ({
  route: primitive.id,
  gained: names.gained.join(", "),
  ...(names.had.length === 0 ? {} : { had: names.had.join(", ") }),
  ...(targets.length === 0 ? {} : { targets: targets.map(({ kind, name }) => `${kind}/${name}`).join(", ") }),
});
