import { resourceChoices, serviceKeys } from "./action-resources.ts";
import type { PolicyDocument, Statement } from "./document.ts";
import { settingOf } from "./examples.ts";
import type { Probe } from "./probe.ts";
import type { Questions } from "./questions.ts";
import { mayInclude } from "./relevance.ts";

/** Names that no document is about: who may act on all of them may act on any. They differ in how they begin. */
const anyNames = ["example", "some-name", "whatever"];

const narrowingKeys = new Set([...serviceKeys.values()].map((key) => key.toLowerCase()));

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
  const key = serviceKeys.get(action.toLowerCase());
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

/** Documents that people write hold few shapes; the limit is for those that nobody should have to wait for. */
const mostShapes = 8;

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
  const shapes = new Set([`acs:${service}:*:*:{}`]);
  for (const statement of documents.flatMap((document) => document.statements)) {
    if (statement.effect === "Deny" || !mayInclude(statement.action, action)) continue;
    for (const shape of shapesIn(statement, service)) shapes.add(shape);
    if (shapes.size >= mostShapes) break;
  }
  return [...shapes].map((shape) => anyNames.map((name) => shape.replaceAll("{}", name)));
};

/** `functions/*` is a shape; `functions/pay-*` only looks like one, and `my-bucket/*` is none, since it names something. */
const shapesIn = ({ resource }: Statement, service: string): readonly string[] => {
  if (resource === undefined || resource.complement) return [];
  return resource.patterns.flatMap((pattern) => {
    const setting = settingOf(pattern);
    const pieces = pattern.split(":").slice(4).join(":").split("/");
    // A bucket's name has no word for its type in front.
    const firstName = service === "oss" ? 0 : 1;
    const names = pieces.filter((_, at) => at % 2 === firstName);
    if (setting === undefined || pieces.length === 1 || names.some((name) => !name.includes("*"))) return [];
    const relative = pieces.map((piece) => (piece.includes("*") ? "{}" : piece)).join("/");
    return [`acs:${service}:${setting.region}:${setting.account}:${relative}`];
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
