import type { Bilingual, Severity } from "../domain/finding.ts";

/** Whose power a primitive lends; the account's own facts name it where they can. */
export type EscalationTarget = "user" | "group" | "role" | "assumable-role" | "service-role";

export type EscalationCategory = "identity" | "pass-role" | "organisation" | "data" | "audit-tampering";

/** One known way to turn permissions into more: any one of `requires`, whole, is enough. */
export type EscalationPrimitive = {
  readonly id: string;
  readonly category: EscalationCategory;
  readonly severity: Severity;
  /** Alternatives; each is a list of actions that are all needed. */
  readonly requires: readonly (readonly [string, ...string[]])[];
  /** What the holder can do, as the words after "can"; `{target}` stands for whose power is lent. */
  readonly way: Bilingual;
  /** What the holder has then. */
  readonly yields: Bilingual;
  readonly target?: EscalationTarget;
  /**
   * The services that `ram:PassRole` or `ram:CreateServiceLinkedRole` must be allowed for, as patterns: several where the
   * reference is not sure, `?.aliyuncs.com` for a grant that is not bound to particular services.
   */
  readonly services?: readonly string[];
  /** Replaces the usual resource of an action (the last, where it needs several), as patterns. */
  readonly onlyOn?: readonly string[];
};

const both = (en: string, zh: string): Bilingual => ({ en, "zh-CN": zh });

type More = Pick<EscalationPrimitive, "target" | "services" | "onlyOn">;

/** Builds the primitives of one category: a table reads better with one call a row. */
export const primitivesOf =
  (category: EscalationCategory) =>
  (
    id: string,
    severity: Severity,
    requires: EscalationPrimitive["requires"],
    way: readonly [en: string, zh: string],
    yields: readonly [en: string, zh: string],
    more: More = {},
  ): EscalationPrimitive => ({ id, category, severity, requires, way: both(...way), yields: both(...yields), ...more });

/** Stands for a target that is not known by name. */
export const unnamedTarget: { readonly [target in EscalationTarget]: Bilingual } = {
  user: both("another user", "其他用户"),
  group: both("a stronger user group", "权限更高的用户组"),
  role: both("a role", "角色"),
  "assumable-role": both("roles whose trust policy lets the account in", "信任策略允许本账号的角色"),
  "service-role": both("a stronger role", "权限更高的角色"),
};
