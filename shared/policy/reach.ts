import { resourceChoices, serviceKeys } from "./action-resources.ts";
import type { PolicyDocument, Statement } from "./document.ts";
import type { Probe } from "./probe.ts";
import type { Questions } from "./questions.ts";

/** Names that no document is about: who may act on all of them may act on any. They differ in how they begin. */
const anyNames = ["any-name", "some-name", "whatever"];

const narrowingKeys = new Set(Object.values(serviceKeys).map((key) => key.toLowerCase()));

/**
 * The document at its most generous: every condition of an Allow holds and no Deny under a condition fires. What binds a
 * grant to services stays, since it says what is granted and not when.
 */
export const atBest = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  statements: document.statements.flatMap((statement) => {
    if (statement.effect === "Deny") return statement.conditions.length === 0 ? [statement] : [];
    return [
      { ...statement, conditions: statement.conditions.filter((test) => narrowingKeys.has(test.key.toLowerCase())) },
    ];
  }),
});

type Wanted = { readonly services?: readonly string[]; readonly onlyOn?: readonly string[] };

/** The probes of one action, each for one resource that a request needs, with the shapes of resources in `documents`. */
export const wideProbes = (
  action: string,
  wanted: Wanted,
  documents: readonly PolicyDocument[],
): readonly (readonly (readonly Probe[])[])[] => {
  const choices = resourceChoices(action);
  const resources = wanted.onlyOn === undefined ? choices : [...choices.slice(0, -1), wanted.onlyOn];
  const key = serviceKeys[action.toLowerCase()];
  const base = {
    action: action.endsWith(":*") ? `${action.slice(0, -1)}?` : action,
    ...(key === undefined || wanted.services === undefined ? {} : { given: { key, patterns: wanted.services } }),
  };
  return resources.map((choice) =>
    choice
      .flatMap((pattern) => shapesOf(pattern, action, documents))
      .map((shape) => shape.map((resource) => ({ ...base, resources: [resource] }))),
  );
};

/** Each shape is a list of resources that must all be allowed for the grant to count as bound to none of them. */
const shapesOf = (
  pattern: string,
  action: string,
  documents: readonly PolicyDocument[],
): readonly (readonly string[])[] => {
  if (pattern === "?") return [];
  if (pattern.endsWith("/*")) return [anyNames.map((name) => `${pattern.slice(0, -1)}${name}`)];
  if (!pattern.endsWith(":*")) return [[pattern]];
  const [service = ""] = action.toLowerCase().split(":");
  const shapes = new Set([
    "{}",
    ...documents.flatMap((document) => document.statements.flatMap((s) => shapesIn(s, service))),
  ]);
  return [...shapes].map((shape) => anyNames.map((name) => `acs:${service}:*:*:${shape.replaceAll("{}", name)}`));
};

/** `functions/*` is a shape; `functions/pay-*` and `my-bucket/*` are not, since they name something. */
const shapesIn = ({ effect, resource }: Statement, service: string): readonly string[] => {
  if (effect === "Deny" || resource === undefined || resource.complement) return [];
  return resource.patterns.flatMap((pattern) => {
    const relative = pattern.split(":").slice(4).join(":");
    const pieces = relative.split("/");
    // In a bucket's name there is no word for its type in front.
    const firstName = service === "oss" ? 0 : 1;
    const names = pieces.filter((_, at) => at % 2 === firstName % 2);
    if (relative === "" || pieces.length === 1 || names.some((name) => !name.includes("*"))) return [];
    return [pieces.map((piece) => (piece.includes("*") ? "{}" : piece)).join("/")];
  });
};

/** Whether every action of a list is allowed whatever the resource is called. */
export const allWide = (
  actions: readonly string[],
  wanted: Wanted,
  documents: readonly PolicyDocument[],
  questions: Questions,
): boolean =>
  actions.every((action) =>
    wideProbes(action, wanted, documents).every((shapes) =>
      shapes.some((shape) => shape.every((probe) => questions.example(probe) !== undefined)),
    ),
  );
