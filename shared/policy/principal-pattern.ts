import type { PrincipalPattern } from "./document.ts";
import { canonicalPattern, foldRoleName } from "./glob.ts";

const types = ["RAM", "Service", "Federated"];

const isRoot = (value: string): boolean => {
  if (!value.startsWith("acs:ram:") || !value.endsWith(":root")) return false;
  const parts = value.split(":");
  return parts.length === 5 && parts[3] !== "";
};

const anyAccount = "acs:ram::*:";

/** No principal has an empty account or name, and what lies inside the universe is quicker to search. */
const withoutEmpty = (text: string): string => {
  const named = text.startsWith(anyAccount) ? `acs:ram::?*:${text.slice(anyAccount.length)}` : text;
  return named.endsWith(":*") ? `${named.slice(0, -1)}?*` : named;
};

/**
 * A principal as one text, `RAM|acs:ram::1:user/a`. The root of an account stands for all its users and roles:
 * https://help.aliyun.com/zh/ram/edit-the-trust-policy-of-a-ram-role
 */
export const principalTexts = ({ type, value }: PrincipalPattern): readonly string[] => {
  if (type === "*") return value === "*" ? ["*"] : types.flatMap((known) => principalTexts({ type: known, value }));
  const text = isRoot(value) ? `${value.slice(0, -"root".length)}*` : foldRoleName(canonicalPattern(value));
  return [`${type}|${type === "RAM" ? withoutEmpty(text) : text}`];
};

/** What a principal that could ask looks like. */
export const principalUniverse = ["RAM|acs:ram::?*:?*", "Service|?*", "Federated|?*"];
