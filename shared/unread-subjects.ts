import type { CloudError } from "./domain/cloud-error.ts";
import { cloudErrorText, isPassing } from "./domain/cloud-error.ts";
import type { InventoriedKind } from "./domain/inventoried.ts";
import { subjectText } from "./domain/kinds.ts";
import type { StandingKind } from "./domain/standing.ts";
import type { SubjectKind, SubjectRef } from "./domain/subject.ts";

/**
 * Whether it is worth to wait for what ended so, before anything else is looked at. An answer of another shape than is
 * known may be so for ever, and must not keep the rest from being looked at.
 */
export const isWaitedFor = (error: CloudError): boolean => isPassing(error) && error.kind !== "unreadable";

/** What a list is that has more pages than it can have. */
export const endless = (kind: InventoriedKind | StandingKind): CloudError => ({
  kind: "unreadable",
  code: "ListNeverEnds",
  operation: `list ${kind}`,
});

/** Gathers what could not be read while an account was looked through. */
export type UnreadSubjects = {
  readonly list: (kind: InventoriedKind, error: CloudError) => void;
  readonly one: (ref: SubjectRef, error: CloudError) => void;
  /** One line for each kind, however many of it could not be read. */
  readonly problems: () => readonly string[];
};

export const unreadSubjects = (): UnreadSubjects => {
  const kinds = new Map<SubjectKind, { readonly line: string; readonly count: number }>();
  const add = (kind: SubjectKind, line: string): void => {
    const first = kinds.get(kind);
    kinds.set(kind, first === undefined ? { line, count: 1 } : { ...first, count: first.count + 1 });
  };
  return {
    list: (kind, error) => add(kind, `what there is of \`${kind}\` could not be listed: ${cloudErrorText(error)}`),
    one: (ref, error) => add(ref.kind, `\`${subjectText(ref)}\` could not be read: ${cloudErrorText(error)}`),
    problems: () =>
      [...kinds.values()].map(({ line, count }) => (count === 1 ? line : `${line}; nor could ${count - 1} more`)),
  };
};
