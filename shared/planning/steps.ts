import type { AccountId } from "../domain/identity.ts";
import type { Call, Digest } from "../domain/plan.ts";
import type { Gone, Subject } from "../domain/subject.ts";
import { sessionPolicy } from "../operations/session-policy.ts";
import { stateDigest } from "../operations/state-digest.ts";

/** One call of several, and the state that it leads to. */
export type Step<State extends Subject = Subject> = { readonly call: Call; readonly to: State | Gone };

/** Steps in their order: at least one. */
export type Steps<State extends Subject = Subject> = readonly [Step<State>, ...Step<State>[]];

/** Whether there is a step at all. */
export const isSteps = <State extends Subject>(steps: readonly Step<State>[]): steps is Steps<State> =>
  steps.length > 0;

/** The calls of steps. */
export const callsOf = ([first, ...others]: Steps): readonly [Call, ...Call[]] => [
  first.call,
  ...others.map(({ call }) => call),
];

/** Where steps end. */
export const endOf = <State extends Subject>(steps: Steps<State>): State | Gone => (steps.at(-1) ?? steps[0]).to;

/** The digests of the states that all calls but the last lead to; `anew` where what they lead to has another id. */
export const betweenOf = (steps: readonly Step[], anew = false): readonly Digest[] =>
  steps.slice(0, -1).map(({ to }) => stateDigest(to, anew));

/** A remediation's calls and where they lead, as its fields. */
export const forward = (steps: Steps) => ({
  becomes: endOf(steps),
  calls: callsOf(steps),
  ...(steps.length === 1 ? {} : { between: betweenOf(steps) }),
});

/** A remediation's way back, as its fields. */
export const backward = (steps: readonly Step[], anew = false) => ({
  undo: steps.map(({ call }) => call),
  ...(steps.length <= 1 ? {} : { undoBetween: betweenOf(steps, anew) }),
});

/** Why no session can be opened for calls; undefined when one can. */
export const tooMany = (calls: readonly Call[], accountId: AccountId): string | undefined => {
  const policy = sessionPolicy(calls, accountId);
  return policy.ok ? undefined : policy.error;
};
