import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import type { Response } from "../../shared/domain/finding.ts";
import type { Digest, Plan } from "../../shared/domain/plan.ts";
import type { Gone, RefOf, SubjectKind, SubjectOf } from "../../shared/domain/subject.ts";
import { sessionPolicy } from "../../shared/operations/session-policy.ts";
import { stateDigest, statesOf } from "../../shared/operations/state-digest.ts";
import { planChange } from "../../shared/planning/plan-change.ts";
import { finding, guardrails, known, own, unknown } from "./changes.ts";

/** What a change is and what is asked for, by the words that say it. */
export type Cases = { readonly [words: string]: readonly [Change, Response?] };

/** A change of one subject from one state to another; from undefined where what was before is not known. */
export const changed = <Kind extends SubjectKind>(
  subject: RefOf<Kind>,
  before: SubjectOf<NoInfer<Kind>> | Gone | undefined,
  after: SubjectOf<NoInfer<Kind>> | Gone,
  over: Partial<Pick<Change, "actor" | "claimed" | "leftOut" | "whole" | "sessionLength" | "unseen">> & {
    readonly provenance?: "history";
  } = {},
): Change => {
  const { provenance, ...rest } = over;
  const was =
    before === undefined ? unknown : { ...known(before), ...(provenance === undefined ? {} : { provenance }) };
  return { kind: subject.kind, subject, before: was, after, actor: undefined, ...rest } as unknown as Change;
};

/** A state between two calls as a person reads it. */
const legible = (digest: Digest): unknown => (digest.startsWith("{") ? JSON.parse(digest) : digest);

/** All of a plan but what it was made of, and what has been compared with that. */
const told = ({ response, because, remediation, besides }: Plan): unknown => {
  const { expects: _, was: __, subject, between, undoBetween, ...rest } = remediation ?? {};
  return JSON.parse(
    JSON.stringify({
      response,
      because,
      subject,
      ...rest,
      between: between?.map(legible),
      undoBetween: undoBetween?.map(legible),
      besides,
    }),
  );
};

/** Whatever is planned is sent only while the subject stands as it was judged, by calls that each can be seen. */
const isSound = (change: Change, { remediation }: Plan): void => {
  if (remediation === undefined) return;
  expect(remediation.was).toEqual(change.after);
  expect(remediation.expects).toBe(stateDigest(change.after));
  const states = statesOf(remediation);
  expect(states).toHaveLength(remediation.calls.length + 1);
  for (let index = 1; index < states.length; index += 1) expect(states[index]).not.toBe(states[index - 1]);
  expect(sessionPolicy(remediation.calls, own).ok).toBe(true);
  expect((remediation.undoBetween ?? []).length).toBe(Math.max(0, remediation.undo.length - 1));
};

const rails = guardrails();
const planned = (change: Change, asked: Response = "revert"): Plan => planChange(change, [finding(asked)], rails);

/**
 * Holds the plans of a family of subjects to those that somebody has read and found right: `plans/<family>.json`. With
 * `WARDEN_WRITE_PLANS=1` they are written instead; what `git diff` shows then has to be read like code.
 */
export const goldenPlans = (family: string, cases: Cases): void => {
  const place = new URL(`plans/${family}.json`, import.meta.url);
  if (process.env.WARDEN_WRITE_PLANS === "1") {
    const plans = Object.entries(cases).map(([words, [change, asked]]) => [words, told(planned(change, asked))]);
    writeFileSync(place, `${JSON.stringify(Object.fromEntries(plans), undefined, 2)}\n`);
  }
  const golden = JSON.parse(readFileSync(place, "utf8")) as { readonly [words: string]: unknown };
  for (const [words, [change, asked]] of Object.entries(cases))
    test(words, () => {
      const plan = planned(change, asked);
      isSound(change, plan);
      expect(told(plan)).toEqual(golden[words]);
    });
  test("no plan is kept of a case that is no more", () => {
    expect(Object.keys(golden)).toEqual(Object.keys(cases));
  });
};
