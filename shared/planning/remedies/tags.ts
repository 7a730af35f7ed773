import type { Change } from "../../domain/change.ts";
import type { Reason } from "../../domain/plan.ts";
import type { Result } from "../../domain/result.ts";
import type { Tags, TagsRef } from "../../domain/subjects/permissions.ts";
import { removeTags, setTags } from "../../operations/policy-calls.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Chosen, Remedier } from "../chosen.ts";
import { noRemedy, nothingToWrite, toPerson } from "../chosen.ts";
import { backward, forward, isSteps, type Step } from "../steps.ts";

type TagMap = Tags["tags"];

const has = (tags: TagMap, key: string): boolean => Object.hasOwn(tags, key);

/** The keys that a change touched and that are not as they were. */
const differing = (subject: TagsRef, a: TagMap, b: TagMap): readonly string[] => {
  const all = subject.keys ?? [...Object.keys(a), ...Object.keys(b)];
  return [...new Set(all)].filter((key) => has(a, key) !== has(b, key) || a[key] !== b[key]).sort();
};

/** Sets what is to have another value, then takes away what is to have none; every other tag stays. */
const stepsFrom = (subject: TagsRef, from: TagMap, to: TagMap, keys: readonly string[]): readonly Step<Tags>[] => {
  const set = keys.filter((key) => has(to, key)).map((key): [string, string] => [key, to[key] ?? ""]);
  const removed = keys.filter((key) => !has(to, key));
  const middle: Tags = { kind: "tags", tags: { ...from, ...Object.fromEntries(set) } };
  const end: Tags = {
    kind: "tags",
    tags: Object.fromEntries(Object.entries(middle.tags).filter(([key]) => !removed.includes(key))),
  };
  return [
    ...(set.length === 0 ? [] : [{ call: setTags(subject, set), to: middle }]),
    ...(removed.length === 0 ? [] : [{ call: removeTags(subject, removed), to: end }]),
  ];
};

/** Has a person put back the tags that a change touched. */
export const tagsRemedy: Remedier<"tags"> = (change) =>
  change.after.kind === "gone" ? nothingToWrite("what was tagged is gone") : forTags(change, change.after);

const forTags = ({ before, subject }: Change<"tags">, now: Tags): Result<Chosen, Reason> => {
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  const was = before.state.kind === "gone" ? {} : before.state.tags;
  const keys = differing(subject, now.tags, was);
  const steps = stepsFrom(subject, now.tags, was, keys);
  if (!isSteps(steps)) return nothingToWrite("the tags are already what they were");
  const ahead = forward(steps);
  const back = ahead.becomes.kind === "tags" ? stepsFrom(subject, ahead.becomes.tags, now.tags, keys) : [];
  return toPerson(
    { subject, expects: stateDigest(now), was: now, ...ahead, ...backward(back) },
    "grants-privilege",
    "tags steer access by condition, so that putting one back, or taking one away, can give power",
  );
};
