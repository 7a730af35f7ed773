import type { Before } from "./domain/change.ts";
import { formerRef } from "./domain/kinds.ts";
import type { Gone, Subject } from "./domain/subject.ts";
import { gone } from "./domain/subject.ts";
import type { Policy, PolicyRef } from "./domain/subjects/permissions.ts";
import { nextVersionId } from "./domain/subjects/permissions.ts";
import type { Occasion } from "./domain/trail-event.ts";

/**
 * What an event made of its subject, where it does not tell the subject whole but what it did and what was before are
 * known: a new key is in use, a setting has the values that the request gave, a policy has the version that was made, a
 * thing bears its new name. Undefined where that is not enough. It is nothing to accept: only what came and went before
 * anybody could look is judged by it.
 */
export const presumedOf = (event: Occasion, before: Before, live: Subject | Gone = gone): Subject | undefined => {
  const { subject, tells } = event;
  if (subject.kind === "access-key")
    return {
      kind: "access-key",
      owner: subject.owner,
      // The live key's where the event does not name it.
      accessKeyId: subject.accessKeyId ?? (live.kind === "access-key" ? live.accessKeyId : "(id not in the event)"),
      status: "Active",
    };
  if (!before.known) return undefined;
  const was = before.state;
  if (tells?.fields !== undefined && "fields" in was && was.kind === subject.kind)
    return { ...was, fields: { ...was.fields, ...tells.fields } };
  if (tells?.role !== undefined && was.kind === "role-trust") return { ...was, ...tells.role };
  if (subject.kind === "policy" && was.kind === "policy") return presumedPolicy(subject, was, tells?.document);
  if (formerRef(subject) === undefined) return undefined;
  if (subject.kind === "user" && was.kind === "user") return { ...was, userName: subject.userName };
  return subject.kind === "group" && was.kind === "group" ? { ...was, groupName: subject.groupName } : undefined;
};

const presumedPolicy = (
  { did, versionId, asDefault }: PolicyRef,
  was: Policy,
  document?: string,
): Policy | undefined => {
  switch (did) {
    case "version-made": {
      if (document === undefined) return undefined;
      const id = versionId ?? nextVersionId(was.versions);
      const others = was.versions.filter((version) => version.versionId !== id);
      return {
        ...was,
        versions: [...others, { versionId: id, document }],
        ...(asDefault === true ? { defaultVersion: id } : {}),
      };
    }
    case "default-set":
      return was.versions.some((version) => version.versionId === versionId) && versionId !== undefined
        ? { ...was, defaultVersion: versionId }
        : undefined;
    default:
      return undefined;
  }
};
