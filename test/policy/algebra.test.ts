import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalDocument, documentForm } from "../../shared/policy/canonical.ts";
import { compareDocuments } from "../../shared/policy/compare.ts";
import type { Comparison } from "../../shared/policy/comparison.ts";
import type { PolicyDocument } from "../../shared/policy/document.ts";
import { type Effective, isAllowed } from "../../shared/policy/evaluate.ts";
import { parseDocument } from "../../shared/policy/parse.ts";
import { chains } from "../oracle/generate.ts";
import type { RawStatement } from "../oracle/model.ts";

const numRuns = Number(process.env.WARDEN_ALGEBRA_RUNS ?? "300");

const text = (statements: readonly RawStatement[]): string => JSON.stringify({ Version: "1", Statement: statements });

const read = (statements: readonly RawStatement[], kind: "permission" | "trust"): PolicyDocument => {
  const parsed = parseDocument(text(statements), kind);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
};

describe.each(["permission", "trust"] as const)("laws of comparing %s documents", (kind) => {
  const compare = (before: readonly RawStatement[], after: readonly RawStatement[]): Comparison =>
    compareDocuments([text(before)], [text(after)], { kind });
  const nothingNew = (before: readonly RawStatement[], after: readonly RawStatement[]): boolean =>
    compare(before, after).result === "no-new-access";
  const chain = chains(kind);

  it("a set allows nothing that it does not allow", () => {
    fc.assert(
      fc.property(chain, ([one = []]) => {
        expect(compare(one, one).result).toBe("no-new-access");
        expect(
          compare(
            one,
            [...one].reverse().flatMap((statement) => [statement, statement]),
          ).result,
        ).toBe("no-new-access");
      }),
      { numRuns },
    );
  });

  it("nothing new twice is nothing new", () => {
    let met = 0;
    fc.assert(
      fc.property(chain, ([one = [], two = [], three = []]) => {
        if (!nothingNew(one, two) || !nothingNew(two, three)) return;
        met += 1;
        expect(compare(one, three).result).toBe("no-new-access");
      }),
      { numRuns },
    );
    expect(met).toBeGreaterThan(numRuns / 20);
  });

  it("without Denies, a union has what its parts have, and nothing that neither has", () => {
    fc.assert(
      fc.property(chain, ([one = [], two = [], three = []]) => {
        const allows = (set: readonly RawStatement[]) => set.filter(({ Effect }) => Effect === "Allow");
        const [a, b, c] = [allows(one), allows(two), allows(three)];
        expect(nothingNew([...a, ...b], a)).toBe(true);
        expect(nothingNew(c, [...a, ...b])).toBe(nothingNew(c, a) && nothingNew(c, b));
        const apart = compareDocuments([text(a), text(b)], [text([...a, ...b])], { kind });
        expect(apart.result).toBe("no-new-access");
      }),
      { numRuns },
    );
  });

  it("another Deny never gives access, and taking it away never takes any", () => {
    fc.assert(
      fc.property(chain, ([one = [], two = []]) => {
        const denies = two.map((statement) => ({ ...statement, Effect: "Deny" as const }));
        expect(nothingNew(one, [...one, ...denies])).toBe(true);
        if (nothingNew(one, two)) expect(nothingNew(one, [...two, ...denies])).toBe(true);
      }),
      { numRuns },
    );
  });

  it("another Allow in the old set never makes anything new", () => {
    fc.assert(
      fc.property(chain, ([one = [], two = [], three = []]) => {
        const allows = three.filter(({ Effect }) => Effect === "Allow");
        if (nothingNew(one, two)) expect(nothingNew([...one, ...allows], two)).toBe(true);
      }),
      { numRuns },
    );
  });

  it("the canonical form keeps the meaning, and equal forms are equal sets", () => {
    fc.assert(
      fc.property(chain, ([one = [], two = []]) => {
        const forms = [one, two].map((set) => canonicalDocument(read(set, kind)));
        if (forms[0] === forms[1]) {
          expect(nothingNew(one, two)).toBe(true);
          expect(nothingNew(two, one)).toBe(true);
        }
        const shuffled = one
          .map((statement) => Object.fromEntries(Object.entries(statement).reverse()) as RawStatement)
          .reverse();
        expect(canonicalDocument(read(shuffled, kind))).toBe(forms[0]);
        expect(documentForm(JSON.stringify({ Statement: shuffled, Version: "1" }, null, 2))).toBe(
          documentForm(text(one)),
        );
      }),
      { numRuns },
    );
  });

  it("every witness is one, and names the statements that decide", () => {
    fc.assert(
      fc.property(chain, ([one = [], two = []]) => {
        const answer = compareDocuments([text(one)], [text(two)], { kind, allWitnesses: true });
        if (answer.result !== "new-access") return;
        const effective = (set: readonly RawStatement[]): Effective => ({
          documents: [{ document: read(set, kind), scope: "account" }],
        });
        const [before, after] = [effective(one), effective(two)];
        expect(answer.grants?.[0]?.witness).toEqual(answer.witness);
        const opaque = answer.inexactBecause?.some((reason) => reason.includes("not understood")) ?? false;
        for (const { witness, allowedBy, noLongerDeniedBy } of answer.grants ?? []) {
          expect(two[allowedBy.statement]?.Effect).toBe("Allow");
          if (noLongerDeniedBy !== undefined) expect(one[noLongerDeniedBy.statement]?.Effect).toBe("Deny");
          if (opaque) continue;
          const proven = [true, false].some((negationHolds) =>
            (["segments", "flat"] as const).some(
              (wildcards) =>
                isAllowed(after, witness, { wildcards, negationHolds }) &&
                !isAllowed(before, witness, { wildcards, negationHolds }),
            ),
          );
          expect(proven).toBe(true);
        }
      }),
      { numRuns },
    );
  });
});
