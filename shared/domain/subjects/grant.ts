import type { Principal } from "../identity.ts";
import type { PolicyName, RefBase, Scope } from "./common.ts";
import { scopeText } from "./common.ts";
import type { KindInfo } from "./kind-info.ts";

export type GrantRef = RefBase<"grant"> & {
  readonly principal: Principal;
  readonly policy: PolicyName;
  readonly scope: Scope;
  /** The full principal name that ResourceManager wants (`alice@corp.onaliyun.com`), as the event gave it. */
  readonly principalName?: string;
};

export type Grant = {
  readonly kind: "grant";
  readonly principal: Principal;
  readonly policy: PolicyName;
  readonly scope: Scope;
  readonly attachedAt?: string;
};

export const grantKind: KindInfo<GrantRef, Grant> = {
  key: ({ principal, policy, scope }) => [
    principal.kind,
    principal.kind === "role" ? principal.name.toLowerCase() : principal.name,
    policy.type,
    policy.name,
    scopeText(scope),
  ],
  text: ({ principal, policy, scope }) =>
    `${policy.type.toLowerCase()} policy ${policy.name} on ${principal.kind} ${principal.name}${
      scope === "account" ? "" : ` in resource group ${scope.resourceGroupId}`
    }`,
  names: ({ principal, policy }) => [principal.name, policy.name],
  touches: ({ principal }) => principal,
  compared: ({ principal, policy, scope }) => ({
    principal: { ...principal },
    policy: { ...policy },
    scope: scope === "account" ? "account" : { ...scope },
  }),
  link: ({ principal, policy, scope }) => ({ kind: "grant", principal, policy, scope }),
  claim: () => undefined,
};
