import type { Bilingual } from "../domain/finding.ts";
import type { Gone, Subject } from "../domain/subject.ts";
import { entityFacts, entityKey, entityText, type LetIn, trustEntities } from "../policy/trust-entities.ts";

/** A piece of a document as a person reads it, and the values in it that came from outside. */
export type Worded = { readonly text: Bilingual; readonly values: readonly string[] };

/** What a change took out of a document and put into it. */
export type DocumentChange = { readonly removed: readonly Worded[]; readonly added: readonly Worded[] };

/**
 * Whom a role's trust policy lets in, and under conditions on what, before and after. Undefined for any other kind of
 * subject, and where a document cannot be read.
 */
export const documentChange = (before: Subject | Gone, after: Subject | Gone): DocumentChange | undefined => {
  const was = entriesOf(before);
  const is = entriesOf(after);
  if (was === undefined || is === undefined || (before.kind === "gone" && after.kind === "gone")) return undefined;
  const without = (entries: Entries, others: Entries): readonly Worded[] =>
    [...entries].filter(([key]) => !others.has(key)).map(([, worded]) => worded);
  return { removed: without(was, is), added: without(is, was) };
};

type Entries = ReadonlyMap<string, Worded>;

const entriesOf = (state: Subject | Gone): Entries | undefined => {
  if (state.kind === "gone") return new Map();
  if (state.kind !== "role-trust") return undefined;
  const read = trustEntities(state.document);
  return read.ok ? new Map(read.value.map((entry) => [keyOf(entry), wordsOf(entry)])) : undefined;
};

const keyOf = ({ entity, allowed }: LetIn): string =>
  JSON.stringify([entityKey(entity), allowed.conditions.map((test) => JSON.stringify(test)).sort()]);

const wordsOf = ({ entity, allowed }: LetIn): Worded => {
  const keys = [...new Set(allowed.conditions.map(({ key }) => key))].sort();
  const { en, "zh-CN": zh } = entityText(entity);
  const names = keys.map((key) => `\`${key}\``);
  const text =
    keys.length === 0
      ? { en, "zh-CN": zh }
      : { en: `${en}, if ${names.join(" and ")} is as asked`, "zh-CN": `${zh}（须满足 ${names.join("、")} 条件）` };
  return { text, values: [...Object.values(entityFacts(entity)), ...keys] };
};

/** The document of a subject that has one. */
export const documentOf = (state: Subject | Gone | undefined): string | undefined => {
  if (state?.kind === "role-trust") return state.document;
  if (state?.kind === "policy")
    return state.versions.find(({ versionId }) => versionId === state.defaultVersion)?.document;
  return undefined;
};
