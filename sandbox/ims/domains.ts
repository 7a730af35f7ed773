import { need } from "../access/needs.ts";
import { defaultDomain } from "../account.ts";
import { alreadyExists, invalid } from "../api-error.ts";
import type { Operations } from "../operation.ts";
import { named } from "../params.ts";

const suffix = ".onaliyun.com";

/** Domains that logon names may end in. */
export const domainOperations: Operations = {
  GetDefaultDomain: {
    access: "Read",
    needs: () => [need("ram:GetDefaultDomain", "*")],
    run: ({ account }) => ({ DefaultDomainName: defaultDomain(account) }),
  },
  /**
   * The default domain is the account's alias and a fixed end, so this is SetAccountAlias by another name: every logon
   * name changes (`ram-api.md` gotcha 6). The account's id takes the alias away.
   */
  SetDefaultDomain: {
    access: "Write",
    needs: () => [need("ram:SetDefaultDomain", "*")],
    run: ({ account, params }) => {
      const name = named(params, "DefaultDomainName", /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, 64);
      if (!name.endsWith(suffix) || name.length === suffix.length) {
        throw invalid("DefaultDomainName", "Format", `The default domain must be <AccountAlias>${suffix}.`);
      }
      const label = name.slice(0, -suffix.length);
      account.alias = label === account.accountId ? "" : label;
      return { DefaultDomainName: defaultDomain(account) };
    },
  },
  /** Named by audit lists only; the console proves the domain's ownership, the sandbox believes it. */
  AddDomain: {
    access: "Write",
    needs: () => [need("ram:AddDomain", "*")],
    run: ({ account, params }) => {
      const name = named(params, "DomainName", /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/, 128).toLowerCase();
      if (account.domains.includes(name) || name === defaultDomain(account)) throw alreadyExists("Domain", name);
      account.domains = [...account.domains, name];
      return {};
    },
  },
};
