import { matchesAny } from "./action-globs.ts";
import type { Globs, PolicyDocument, Statement } from "./document.ts";
import type { Probe } from "./probe.ts";

/**
 * The statements that can have a say in requests of the probe's kind. Leaving out the others changes no answer and spares
 * the comparison; what cannot be told at a glance stays in.
 */
export const relevantTo = (probe: Probe, document: PolicyDocument): PolicyDocument => ({
  ...document,
  statements: document.statements.filter((statement) => maySay(statement, probe)),
});

const maySay = ({ action, resource }: Statement, probe: Probe): boolean =>
  mayInclude(action, probe.action) &&
  (resource === undefined ||
    resource.complement ||
    resource.patterns.some((pattern) => probe.resources.some((wanted) => mayMeet(pattern, wanted))));

/** Whether a set of action patterns can hold an action; `service:?` stands for an action of any name. */
export const mayInclude = (globs: Globs, action: string): boolean => {
  if (!action.includes("?")) return matchesAny(globs, action);
  const lower = action.toLowerCase();
  return globs.complement || globs.patterns.some((pattern) => beginAlike(pattern.toLowerCase(), lower));
};

const literalStart = (pattern: string): string => pattern.replace(/[*?].*$/s, "");

const beginAlike = (one: string, other: string): boolean => {
  const a = literalStart(one);
  const b = literalStart(other);
  return a.startsWith(b) || b.startsWith(a);
};

/** False only where two patterns surely have no text in common. Role names have no case, so none has here. */
const mayMeet = (one: string, other: string): boolean => {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  if (!beginAlike(a, b)) return false;
  // Up to the first wildcard that could reach over a colon, names can only meet part by part.
  const [left, right] = [a.split(":"), b.split(":")];
  if (left.length < 5 || right.length < 5) return true;
  return (
    [0, 1, 2, 3].every((part) => partsMeet(left[part] as string, right[part] as string)) &&
    beginAlike(left.slice(4).join(":"), right.slice(4).join(":"))
  );
};

const isOpen = (text: string): boolean => text.includes("*") || text.includes("?");

const partsMeet = (a: string, b: string): boolean => (isOpen(a) || isOpen(b) ? beginAlike(a, b) : a === b);
