import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compareDocuments } from "../../shared/policy/compare.ts";
import type { Witness } from "../../shared/policy/comparison.ts";
import { isAllowed } from "../../shared/policy/evaluate.ts";
import { parseDocument } from "../../shared/policy/parse.ts";

type Case = {
  readonly name: string;
  readonly kind: "identity" | "trust";
  readonly note: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly expect: "new-access" | "no-new-access";
  readonly witness?: Omit<Witness, "context"> & { readonly context?: Witness["context"] };
  readonly flat_expect?: string;
  readonly neg_missing_false_expect?: string;
  readonly conservative_ok?: boolean;
};

const { cases } = JSON.parse(readFileSync(new URL("../fixtures/policy/cases.json", import.meta.url), "utf8")) as {
  readonly cases: readonly Case[];
};

const texts = (given: unknown): readonly string[] =>
  (Array.isArray(given) ? given : [given]).map((document) => JSON.stringify(document));

const effective = (given: unknown) => ({
  documents: texts(given).map((text) => {
    const parsed = parseDocument(text);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    return { document: parsed.value, scope: "account" as const };
  }),
});

describe("what a change newly allows, by the published vectors", () => {
  it.each(cases)("$name: $note", (vector) => {
    const kind = vector.kind === "identity" ? "permission" : "trust";
    const found = compareDocuments(texts(vector.before), texts(vector.after), { kind });
    const accepted = [vector.expect, ...(vector.conservative_ok && !found.exact ? ["new-access"] : [])];
    expect(accepted).toContain(found.recommended);
    const other = [vector.flat_expect, vector.neg_missing_false_expect].filter((text) => text !== undefined);
    expect([...accepted, ...other]).toContain(found.result);
    expect(found.ambiguous).toEqual([
      ...(vector.flat_expect === undefined ? [] : ["A3"]),
      ...(vector.neg_missing_false_expect === undefined ? [] : ["A4"]),
    ]);
    expect(found.witness !== undefined).toBe(found.result === "new-access");
  });

  it.each(cases.filter(({ witness }) => witness !== undefined))("$name: the published witness is one", (vector) => {
    const witness = { context: {}, ...vector.witness } as Witness;
    const reading = { wildcards: "segments", negationHolds: true } as const;
    expect(isAllowed(effective(vector.after), witness, reading)).toBe(true);
    expect(isAllowed(effective(vector.before), witness, reading)).toBe(false);
  });
});
