import { compareDocuments } from "./compare.ts";
import type { Attached, Comparison, Witness } from "./comparison.ts";
import { onlyThis, type Probe, probeKey } from "./probe.ts";

/** The answer to whether some request of a kind is allowed. What could not be decided counts as a yes that is not sure. */
export type Answer = { readonly yes: boolean; readonly sure: boolean; readonly request?: Witness };

export type Questions = {
  /** Whether the documents after the change allow some request of the probe's kind. */
  readonly holds: (probe: Probe) => Answer;
  /** Whether they allow one that the documents before did not. */
  readonly gains: (probe: Probe) => Answer;
};

/** Questions about one change, each asked of the comparer once. */
export const questionsAbout = (before: readonly Attached[], after: readonly Attached[]): Questions => ({
  holds: remembered((probe) => answerOf(compareDocuments([], [...after, onlyThis(probe)], { kind: "permission" }))),
  gains: remembered((probe) => answerOf(compareDocuments(before, [...after, onlyThis(probe)], { kind: "permission" }))),
});

const remembered = (ask: (probe: Probe) => Answer): ((probe: Probe) => Answer) => {
  const answers = new Map<string, Answer>();
  return (probe) => {
    const key = probeKey(probe);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(probe);
    answers.set(key, answer);
    return answer;
  };
};

/** The likelier readings decide: a probe narrows by negations, which the others would read past. */
const answerOf = (comparison: Comparison): Answer => {
  const sure = comparison.exact && comparison.recommended !== "undecided";
  if (comparison.recommended === "no-new-access") return { yes: false, sure };
  return { yes: true, sure, ...(comparison.witness === undefined ? {} : { request: comparison.witness }) };
};
