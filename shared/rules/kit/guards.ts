import { compareDocuments } from "../../policy/compare.ts";
import type { Comparison } from "../../policy/comparison.ts";
import { parseDocument } from "../../policy/parse.ts";

const allowAll = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

/** Whether any of the texts forbids something; one that cannot be read may. */
export const mayDeny = (texts: readonly string[]): boolean =>
  texts.some((text) => {
    const parsed = parseDocument(text, "permission");
    return !parsed.ok || parsed.value.statements.some(({ effect }) => effect === "Deny");
  });

/**
 * What the texts forbade before and do not afterwards, whatever else their holder is allowed: in a resource group, what is
 * allowed there.
 */
export const guardLost = (before: readonly string[], after: readonly string[]): Comparison =>
  compareDocuments([allowAll, ...before], [allowAll, ...after], { kind: "permission" });
