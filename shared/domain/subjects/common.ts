import type { AccountId } from "../identity.ts";

export type PolicyName = { readonly type: "System" | "Custom"; readonly name: string };

/** A grant holds for the whole account or for one resource group. */
export type Scope = "account" | { readonly resourceGroupId: string };

/** Which API made a change: it is put back by the same one (`ram-api.md` §9.31). */
export type Route = "Ram" | "Ims" | "ResourceManager";

/** What every reference has: the account, and the API by which the change came. */
export type RefBase<Kind extends string> = {
  readonly kind: Kind;
  readonly accountId: AccountId;
  readonly route: Route;
};

export const scopeText = (scope: Scope): string => (scope === "account" ? "account" : scope.resourceGroupId);
