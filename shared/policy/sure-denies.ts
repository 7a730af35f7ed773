import { canonicalStatement } from "./canonical.ts";
import type { PolicyDocument, Statement } from "./document.ts";

/**
 * A document without the Denies that are not read for certain: one whose action holds a blank may deny nothing at all, and
 * must not be believed to hold anybody back. Denies that `already` hold as well, word for word, stay: what they mean did
 * not change.
 */
export const withSureDenies = (document: PolicyDocument, already: readonly Statement[] = []): PolicyDocument => {
  if (document.flaws.length === 0) return document;
  const known = new Set(already.map(canonicalStatement));
  const statements = document.statements.filter(
    (statement) =>
      statement.effect === "Allow" || !isFlawed(document, statement) || known.has(canonicalStatement(statement)),
  );
  return statements.length === document.statements.length ? document : { ...document, statements };
};

/** A single statement may stand without a list around it; its flaws then name no place in one. */
const isFlawed = ({ flaws }: PolicyDocument, { index }: Statement): boolean =>
  flaws.some(({ path }) => path.startsWith(`$.Statement[${index}]`) || path.startsWith("$.Statement."));
