import type { PrincipalPattern } from "./document.ts";
import { canonicalPattern, foldRoleName } from "./glob.ts";

const types = ["RAM", "Service", "Federated"];

/**
 * A principal as one text, `RAM|acs:ram::1:user/a`. The root of an account stands for all its users and roles:
 * https://help.aliyun.com/zh/ram/edit-the-trust-policy-of-a-ram-role
 */
export const principalTexts = ({ type, value }: PrincipalPattern): readonly string[] => {
  if (type === "*") return value === "*" ? ["*"] : types.flatMap((known) => principalTexts({ type: known, value }));
  const root = /^acs:ram:([^:]*):([^:]+):root$/.exec(value);
  const text = root === null ? foldRoleName(canonicalPattern(value)) : `acs:ram:${root[1]}:${root[2]}:*`;
  // No principal has an empty account or name, and what lies inside the universe is quicker to search.
  return [`${type}|${type === "RAM" ? text.replace(/^acs:ram::\*:/, "acs:ram::?*:").replace(/:\*$/, ":?*") : text}`];
};

/** What a principal that could ask looks like. */
export const principalUniverse = ["RAM|acs:ram::?*:?*", "Service|?*", "Federated|?*"];
