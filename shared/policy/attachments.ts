import { failed, ok, type Result } from "../domain/result.ts";
import type { Attached, Attachments, DocumentInput, Scope } from "./comparison.ts";
import type { DocumentKind, PolicyDocument } from "./document.ts";
import type { Effective } from "./evaluate.ts";
import { parseDocument } from "./parse.ts";

export type Read = Effective & { readonly flaws: readonly string[] };

const readOne = (
  input: DocumentInput,
  name: string,
  kind: DocumentKind | undefined,
): Result<PolicyDocument, string> => {
  if (typeof input !== "string") return ok(input);
  const parsed = parseDocument(input, kind);
  if (parsed.ok) return parsed;
  const [first] = parsed.error;
  return failed(`${name} cannot be read: ${first?.what} at \`${first?.path}\``);
};

const spread = (attached: Attached): { readonly document: DocumentInput; readonly scope: Scope } =>
  typeof attached === "object" && "document" in attached ? attached : { document: attached, scope: "account" };

const isList = (given: Attachments): given is readonly Attached[] => Array.isArray(given);

/** Reads all documents of one side. The first that cannot be read is the failure: half a set has no meaning. */
export const readAttachments = (
  given: Attachments,
  side: "before" | "after",
  kind: DocumentKind | undefined,
): Result<Read, string> => {
  const list = isList(given) ? given : given.documents;
  const documents: { readonly document: PolicyDocument; readonly scope: Scope }[] = [];
  const flaws: string[] = [];
  const note = (document: PolicyDocument, name: string): void => {
    for (const { path, what } of document.flaws) flaws.push(`${what} at \`${path}\` of ${name}`);
  };
  for (const [at, attached] of list.entries()) {
    const { document, scope } = spread(attached);
    const name = `document ${at} of ${side}`;
    const read = readOne(document, name, kind);
    if (!read.ok) return read;
    note(read.value, name);
    documents.push({ document: read.value, scope });
  }
  if (isList(given)) return ok({ documents, flaws });
  const session: PolicyDocument[] = [];
  for (const [at, document] of given.session.entries()) {
    const name = `session document ${at} of ${side}`;
    const read = readOne(document, name, kind);
    if (!read.ok) return read;
    note(read.value, name);
    session.push(read.value);
  }
  return ok({ documents, session, flaws });
};
