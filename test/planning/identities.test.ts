import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import type { Policy, PolicyRef, Tags, TagsRef } from "../../shared/domain/subjects/permissions.ts";
import { stateDigest, statesOf } from "../../shared/operations/state-digest.ts";
import { remediationFor } from "../../shared/planning/remediation-for.ts";
import { acted, actsTowards, stepsOf } from "../../shared/planning/remedies/policy-steps.ts";
import { known, own } from "./changes.ts";

const tagMap = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e", "__proto__"), fc.string({ maxLength: 3 }), {
  noNullPrototype: true,
});
const tagsOf = (tags: { readonly [key: string]: string }): Tags => ({ kind: "tags", tags: { ...tags } });

describe("tags", () => {
  it("that a change did not touch stay as they are, and those that it touched are as before", () => {
    fc.assert(
      fc.property(
        tagMap,
        tagMap,
        fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "__proto__")),
        fc.constantFrom("Ram", "Ims"),
        (was, now, keys, route) => {
          const subject: TagsRef = {
            kind: "tags",
            accountId: own,
            route: route as "Ram" | "Ims",
            resourceType: route === "Ram" ? "role" : "user",
            resource: "x",
            namedBy: route === "Ram" ? "ResourceNames" : "ResourceId",
            keys,
          };
          const change = {
            kind: "tags",
            subject,
            before: known(tagsOf(was)),
            after: tagsOf(now),
            actor: undefined,
          } as Change;
          const chosen = remediationFor(change, "revert");
          const valueIn = (tags: { readonly [key: string]: string }, key: string): string | undefined =>
            Object.hasOwn(tags, key) ? tags[key] : undefined;
          const touched = keys.some((key) => valueIn(was, key) !== valueIn(now, key));
          expect(chosen.ok).toBe(touched);
          if (!chosen.ok) return;
          const { remediation, response } = chosen.value;
          expect(response).toBe("ask");
          const { becomes } = remediation;
          if (becomes.kind !== "tags") throw new Error("not tags");
          for (const key of ["a", "b", "c", "d", "e", "__proto__"]) {
            const source = (keys as readonly string[]).includes(key) ? was : now;
            expect([key, valueIn(becomes.tags, key)]).toEqual([key, valueIn(source, key)]);
          }
          // Each call is to be seen in the subject, or nobody could tell whether it held.
          const states = statesOf(remediation);
          expect(new Set(states).size).toBe(states.length);
          expect(states).toHaveLength(remediation.calls.length + 1);
        },
      ),
    );
  });
});

const document = fc
  .constantFrom("oss", "ecs", "vpc", "ram", "slb", "rds")
  .map((product) =>
    JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: `${product}:*`, Resource: "*" }] }),
  );
const policy: fc.Arbitrary<Policy> = fc
  .record({
    documents: fc.array(document, { minLength: 1, maxLength: 5 }),
    first: fc.integer({ min: 1, max: 9 }),
    present: fc.nat(),
    description: fc.constantFrom("", "d"),
  })
  .map(({ documents, first, present, description }) => {
    const versions = documents.map((text, index) => ({ versionId: `v${first + index}`, document: text }));
    return {
      kind: "policy",
      policyName: "mine",
      description,
      createdAt: "2026-01-02T03:04:05Z",
      defaultVersion: versions[present % versions.length]?.versionId ?? "v1",
      versions,
    };
  });

describe("the versions of a policy", () => {
  it("lead from any state to the documents of any other, with never more than five and never the default deleted", () => {
    fc.assert(
      fc.property(policy, policy, (from, to) => {
        const acts = actsTowards(from, to);
        let state = from;
        for (const act of acts) {
          if (act.do === "delete") expect(act.versionId).not.toBe(state.defaultVersion);
          state = acted(state, act, [...from.versions, ...to.versions]);
          expect(state.versions.length).toBeLessThanOrEqual(5);
        }
        const textOf = (one: Policy, id: string) => one.versions.find(({ versionId }) => versionId === id)?.document;
        const isDone =
          textOf(state, state.defaultVersion) === textOf(to, to.defaultVersion) && state.description === to.description;
        if (acts.length > 0) expect(isDone).toBe(true);
        const steps = stepsOf("Ram", from, acts, to.versions);
        const digests = [stateDigest(from), ...steps.map((step) => stateDigest(step.to))];
        for (let index = 1; index < digests.length; index += 1) expect(digests[index]).not.toBe(digests[index - 1]);
      }),
    );
  });

  it("are put back so that what was the default is it again, or a person is asked, whatever came between", () => {
    const did = fc.constantFrom<NonNullable<PolicyRef["did"]>>(
      "version-made",
      "default-set",
      "version-deleted",
      "described",
    );
    fc.assert(
      fc.property(
        policy,
        policy,
        did,
        fc.boolean(),
        fc.integer({ min: 1, max: 12 }),
        (was, now, what, rotating, id) => {
          const subject: PolicyRef = {
            kind: "policy",
            accountId: own,
            route: "Ram",
            policyName: "mine",
            did: what,
            versionId: `v${id}`,
            ...(rotating ? { rotating: true } : {}),
          };
          const change = { kind: "policy", subject, before: known(was), after: now, actor: undefined } as Change;
          const chosen = remediationFor(change, "revert");
          if (!chosen.ok) return;
          const { remediation, response } = chosen.value;
          const { becomes } = remediation;
          if (becomes.kind !== "policy") throw new Error("not a policy");
          const textOf = (one: Policy) =>
            one.versions.find(({ versionId }) => versionId === one.defaultVersion)?.document;
          // Only the default that the call set is changed, and only back to what it was.
          expect([textOf(was), textOf(now)]).toContain(textOf(becomes));
          if (textOf(becomes) !== textOf(now) && response === "revert") expect(textOf(was)).toBe(textOf(becomes));
          expect(becomes.versions.length).toBeLessThanOrEqual(5);
          const states = statesOf(remediation);
          for (let index = 1; index < states.length; index += 1) expect(states[index]).not.toBe(states[index - 1]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
