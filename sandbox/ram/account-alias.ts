import { need } from "../access/needs.ts";
import { notExist } from "../api-error.ts";
import type { Operations } from "../operation.ts";
import { named } from "../params.ts";

/** The alias is part of every principal name, so setting it renames them all (`ram-api.md` gotcha 6). */
export const accountAliasOperations: Operations = {
  SetAccountAlias: {
    access: "Write",
    needs: () => [need("ram:SetAccountAlias", "*")],
    run: ({ account, params }) => {
      account.alias = named(params, "AccountAlias", /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, 32);
      return {};
    },
  },
  GetAccountAlias: {
    access: "Read",
    needs: () => [need("ram:GetAccountAlias", "*")],
    run: ({ account }) => {
      if (account.alias === "") throw notExist("AccountAlias", account.accountId);
      return { AccountAlias: account.alias };
    },
  },
  ClearAccountAlias: {
    access: "Write",
    needs: () => [need("ram:ClearAccountAlias", "*")],
    run: ({ account }) => {
      account.alias = "";
      return {};
    },
  },
};
