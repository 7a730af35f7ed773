import { canonicalText } from "./json.ts";
import type { Digest } from "./plan.ts";
import type { Gone, Subject } from "./subject.ts";

/**
 * The text by which two readings of one subject are compared. What RAM changes by itself (update time) or spells in
 * several ways is left out; what a write would overwrite is all in.
 * `documentForm` gives the canonical text of a trust document, so that white space and key order do not matter.
 */
export const digest = (state: Subject | Gone, documentForm: (document: string) => string): Digest => {
  switch (state.kind) {
    case "gone":
      return "gone";
    case "role-trust":
      return canonicalText({
        kind: state.kind,
        roleId: state.roleId,
        document: documentForm(state.document),
        description: state.description,
        maxSessionSeconds: state.maxSessionSeconds,
      });
    case "access-key":
      return canonicalText({ kind: state.kind, accessKeyId: state.accessKeyId, status: state.status });
    case "grant":
      return canonicalText({
        kind: state.kind,
        principal: { ...state.principal },
        policy: { ...state.policy },
        scope: state.scope === "account" ? "account" : { ...state.scope },
      });
  }
};
