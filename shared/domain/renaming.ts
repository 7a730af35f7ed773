import { formerRef } from "./kinds.ts";
import type { SubjectRef } from "./subject.ts";

/** That a user or a group bears another name since. */
export type Renaming = { readonly kind: "user" | "group"; readonly from: string; readonly to: string };

/** The renaming that an event tells of; undefined for any other event. */
export const renamingOf = ({ subject }: { readonly subject: SubjectRef }): Renaming | undefined => {
  const former = formerRef(subject);
  if (former === undefined) return undefined;
  if (subject.kind === "user" && former.kind === "user")
    return { kind: "user", from: former.userName, to: subject.userName };
  return subject.kind === "group" && former.kind === "group"
    ? { kind: "group", from: former.groupName, to: subject.groupName }
    : undefined;
};

type Named = {
  readonly userName?: string;
  readonly groupName?: string;
  readonly owner?: { readonly kind: string; readonly name?: string };
  readonly principal?: { readonly kind: string; readonly name: string };
  readonly principalName?: string;
};

/** The users and groups that a subject is named by, the renaming of one itself left out. */
export const holdersIn = (ref: SubjectRef): readonly Pick<Renaming, "kind" | "from">[] => {
  if ("formerName" in ref && ref.formerName !== undefined) return [];
  const { userName, groupName, owner, principal } = ref as Named;
  const found: Pick<Renaming, "kind" | "from">[] = [];
  if (userName !== undefined) found.push({ kind: "user", from: userName });
  if (owner?.kind === "user" && owner.name !== undefined) found.push({ kind: "user", from: owner.name });
  if (groupName !== undefined) found.push({ kind: "group", from: groupName });
  if (principal?.kind === "user" || principal?.kind === "group")
    found.push({ kind: principal.kind, from: principal.name });
  return found;
};

/** The same subject under the name that its user or group bears since. */
export const underName = (ref: SubjectRef, { kind, from, to }: Renaming): SubjectRef => {
  const { userName, groupName, owner, principal, principalName } = ref as Named;
  return {
    ...ref,
    ...(kind === "user" && userName === from ? { userName: to } : {}),
    ...(kind === "group" && groupName === from ? { groupName: to } : {}),
    ...(kind === "user" && owner?.kind === "user" && owner.name === from ? { owner: { ...owner, name: to } } : {}),
    ...(principal?.kind === kind && principal.name === from ? { principal: { ...principal, name: to } } : {}),
    ...(principalName?.startsWith(`${from}@`) === true
      ? { principalName: `${to}${principalName.slice(from.length)}` }
      : {}),
  } as SubjectRef;
};
