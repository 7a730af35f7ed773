import type { Call } from "../../domain/plan.ts";
import type { Policy, PolicyVersion } from "../../domain/subjects/permissions.ts";
import { nextVersionId, versionsInOrder } from "../../domain/subjects/permissions.ts";
import {
  createVersion,
  deleteVersion,
  describePolicy,
  type PolicyService,
  setDefaultVersion,
} from "../../operations/policy-calls.ts";
import { documentForm } from "../../policy/canonical.ts";
import type { Step } from "../steps.ts";

/** What may be done to a policy; a version is named by its id. */
export type Act =
  | { readonly do: "set-default"; readonly versionId: string }
  | { readonly do: "delete"; readonly versionId: string }
  | { readonly do: "add"; readonly document: string; readonly asDefault: boolean }
  | { readonly do: "describe"; readonly description: string };

/** RAM keeps five versions of a policy. */
const mostVersions = 5;

export const isFull = ({ versions }: Policy): boolean => versions.length >= mostVersions;

/** Whether a step leads to more versions than RAM keeps, and would be refused. */
export const isOverfull = ({ to }: Step<Policy>): boolean => to.kind !== "gone" && to.versions.length > mostVersions;

export const versionOf = ({ versions }: Policy, versionId: string | undefined): PolicyVersion | undefined =>
  versions.find((version) => version.versionId === versionId);

export const sameDocument = (a: PolicyVersion, b: PolicyVersion): boolean =>
  documentForm(a.document) === documentForm(b.document);

/** The version of a policy that holds a document; under the same id where there are several. */
export const holderOf = (policy: Policy, wanted: PolicyVersion): PolicyVersion | undefined => {
  const holders = policy.versions.filter((version) => sameDocument(version, wanted));
  return holders.find(({ versionId }) => versionId === wanted.versionId) ?? holders[0];
};

/**
 * The policy after an act. `everSeen` are the versions that are known to have been there: RAM never gives an id twice,
 * so the one that it gives next comes after all of them.
 */
export const acted = (policy: Policy, act: Act, everSeen: readonly PolicyVersion[]): Policy => {
  switch (act.do) {
    case "set-default":
      return { ...policy, defaultVersion: act.versionId };
    case "delete":
      return { ...policy, versions: policy.versions.filter(({ versionId }) => versionId !== act.versionId) };
    case "add": {
      const versionId = nextVersionId([...everSeen, ...policy.versions]);
      const versions = [...policy.versions, { versionId, document: act.document }];
      return { ...policy, versions, defaultVersion: act.asDefault ? versionId : policy.defaultVersion };
    }
    case "describe":
      return { ...policy, description: act.description };
  }
};

const callOf = (service: PolicyService, name: string, act: Act): Call => {
  switch (act.do) {
    case "set-default":
      return setDefaultVersion(service, name, act.versionId);
    case "delete":
      return deleteVersion(service, name, act.versionId);
    case "add":
      return createVersion(service, name, act.document, act.asDefault);
    case "describe":
      return describePolicy(name, act.description);
  }
};

/** Acts as calls, each with the policy that it leads to. */
export const stepsOf = (
  service: PolicyService,
  policy: Policy,
  acts: readonly Act[],
  everSeen: readonly PolicyVersion[],
): readonly Step<Policy>[] => {
  let state = policy;
  const seen = [...everSeen, ...policy.versions];
  return acts.map((act) => {
    state = acted(state, act, seen);
    seen.push(...state.versions);
    return { call: callOf(service, policy.policyName, act), to: state };
  });
};

/**
 * Acts that lead from a policy to how another was, as near as can be: the default is set, or added where it is missing;
 * then what else is missing is added, in its old order; then what is too much is deleted, or earlier where an addition
 * needs the place. Empty where no place can be made.
 */
export const actsTowards = (from: Policy, to: Policy): readonly Act[] => {
  const present = versionOf(to, to.defaultVersion);
  if (present === undefined) return [];
  const pairs = paired(from, to);
  const holder = pairs.get(present);
  const missing = versionsInOrder(to.versions)
    .filter((version) => version !== present && !pairs.has(version))
    .map(({ document }): Act => ({ do: "add", document, asDefault: false }));
  const first: readonly Act[] =
    holder === undefined
      ? [{ do: "add", document: present.document, asDefault: true }]
      : holder.versionId === from.defaultVersion
        ? []
        : [{ do: "set-default", versionId: holder.versionId }];
  const kept = new Set(pairs.values());
  const extra = from.versions
    .filter((version) => !kept.has(version))
    .map(({ versionId }): Act => ({ do: "delete", versionId }));
  const ordered = withRoom(from, [...first, ...missing], extra);
  if (ordered === undefined) return [];
  return from.description === to.description ? ordered : [...ordered, { do: "describe", description: to.description }];
};

/** Which version of one policy stands for which of another: one for one, that of the same id where there is one. */
export const paired = (from: Policy, to: Policy): ReadonlyMap<PolicyVersion, PolicyVersion> => {
  const pairs = new Map<PolicyVersion, PolicyVersion>();
  const free = new Set(versionsInOrder(from.versions));
  const pair = (wanted: PolicyVersion, found: PolicyVersion | undefined): void => {
    if (found === undefined || pairs.has(wanted)) return;
    pairs.set(wanted, found);
    free.delete(found);
  };
  const wanted = versionsInOrder(to.versions);
  for (const one of wanted)
    pair(
      one,
      [...free].find((version) => version.versionId === one.versionId && sameDocument(version, one)),
    );
  for (const one of wanted)
    pair(
      one,
      [...free].find((version) => sameDocument(version, one)),
    );
  return pairs;
};

/** The acts with the deletions where they can be: the default cannot be deleted, and a sixth version cannot be added. */
const withRoom = (from: Policy, acts: readonly Act[], deletions: readonly Act[]): readonly Act[] | undefined => {
  const waiting = [...deletions];
  const done: Act[] = [];
  let state = from;
  for (const act of acts) {
    if (act.do === "add" && isFull(state)) {
      const at = waiting.findIndex((one) => one.do === "delete" && one.versionId !== state.defaultVersion);
      const [room] = at === -1 ? [] : waiting.splice(at, 1);
      if (room === undefined) return undefined;
      done.push(room);
      state = acted(state, room, from.versions);
    }
    done.push(act);
    state = acted(state, act, from.versions);
  }
  return [...done, ...waiting];
};
