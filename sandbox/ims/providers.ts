import { need } from "../access/needs.ts";
import type { Account, OidcProvider, SamlProvider } from "../account.ts";
import { isReservedForSso } from "../account.ts";
import { ApiError, alreadyExists, invalid, limitExceeded, notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operation, Operations, Work } from "../operation.ts";
import { bounded, integer, named, optional, pageByMarker, required } from "../params.ts";

const providersPerAccount = 100;
const clientIdsAtMost = 50;
const fingerprintsAtMost = 5;
const providerName = /^[A-Za-z0-9._-]+$/;

type Kind = "saml" | "oidc";

const words = {
  saml: { parameter: "SAMLProviderName", entity: "SAMLProvider", type: "ACS::RAM::SAMLProvider" },
  oidc: { parameter: "OIDCProviderName", entity: "OIDCProvider", type: "ACS::RAM::OIDCProvider" },
} as const;

const arn = (account: Account, kind: Kind, name: string): string =>
  `acs:ram::${account.accountId}:${kind}-provider/${name}`;

const samlShape = (account: Account, provider: SamlProvider, whole: boolean): JsonObject => ({
  SAMLProviderName: provider.name,
  Arn: arn(account, "saml", provider.name),
  Description: provider.description,
  AuthnSignAlgo: provider.authnSignAlgo,
  CreateDate: provider.createDate,
  UpdateDate: provider.updateDate,
  ...(whole ? { EncodedSAMLMetadataDocument: provider.encodedMetadata } : {}),
});

const oidcShape = (account: Account, provider: OidcProvider): JsonObject => ({
  OIDCProviderName: provider.name,
  Arn: arn(account, "oidc", provider.name),
  Description: provider.description,
  IssuerUrl: provider.issuerUrl,
  ClientIds: provider.clientIds.join(","),
  Fingerprints: provider.fingerprints.join(","),
  IssuanceLimitTime: provider.issuanceLimitTime,
  CreateDate: provider.createDate,
  UpdateDate: provider.updateDate,
});

const operation = (
  kind: Kind,
  action: string,
  access: Operation["access"],
  run: (work: Work) => JsonObject,
): Operation => ({
  access,
  needs: ({ account, params }: Asked) => {
    const name = action.startsWith("Create") ? "*" : (params[words[kind].parameter] ?? "*");
    return [need(`ram:${action}`, `acs:ram:*:${account.accountId}:${kind}-provider/${name}`)];
  },
  run,
  touches: ({ params }: Asked) => ({ [words[kind].type]: [params[words[kind].parameter] ?? ""] }),
});

const newName = (params: Asked["params"], kind: Kind, taken: ReadonlyMap<string, unknown>): string => {
  const name = named(params, words[kind].parameter, providerName, 128);
  if (taken.has(name)) throw alreadyExists(words[kind].entity, name);
  if (taken.size >= providersPerAccount) throw limitExceeded(words[kind].entity, providersPerAccount);
  return name;
};

/** CloudSSO keeps its own providers (`ram-api.md` §4). */
const refuseOwned = (name: string): void => {
  if (isReservedForSso(name)) throw new ApiError(403, "NoPermission.CloudSSO", `${name} is managed by CloudSSO.`);
};

const samlOf = ({ account, params }: Asked): SamlProvider => {
  const name = required(params, "SAMLProviderName");
  const provider = account.samlProviders.get(name);
  if (provider === undefined) throw notExist("SAMLProvider", name);
  return provider;
};

const oidcOf = ({ account, params }: Asked): OidcProvider => {
  const name = required(params, "OIDCProviderName");
  const provider = account.oidcProviders.get(name);
  if (provider === undefined) throw notExist("OIDCProvider", name);
  return provider;
};

const putSaml = ({ account }: Work, provider: SamlProvider): JsonObject => {
  account.samlProviders.set(provider.name, provider);
  return { SAMLProvider: samlShape(account, provider, false) };
};

const putOidc = ({ account }: Work, provider: OidcProvider): JsonObject => {
  if (provider.clientIds.length > clientIdsAtMost) throw limitExceeded("OIDCProvider.ClientId", clientIdsAtMost);
  if (provider.fingerprints.length > fingerprintsAtMost) {
    throw limitExceeded("OIDCProvider.Fingerprint", fingerprintsAtMost);
  }
  account.oidcProviders.set(provider.name, provider);
  return { OIDCProvider: oidcShape(account, provider) };
};

const list = (text: string | undefined): readonly string[] =>
  text === undefined || text === "" ? [] : text.split(",").map((each) => each.trim());

const saml: Operations = {
  CreateSAMLProvider: operation("saml", "CreateSAMLProvider", "Write", (work) => {
    const { account, params, now } = work;
    return putSaml(work, {
      name: newName(params, "saml", account.samlProviders),
      description: bounded(params, "Description", 256) ?? "",
      encodedMetadata: required(params, "EncodedSAMLMetadataDocument"),
      authnSignAlgo: optional(params, "AuthnSignAlgo") ?? "rsa-sha1",
      createDate: now,
      updateDate: now,
    });
  }),
  GetSAMLProvider: operation("saml", "GetSAMLProvider", "Read", (asked) => ({
    SAMLProvider: samlShape(asked.account, samlOf(asked), true),
  })),
  UpdateSAMLProvider: operation("saml", "UpdateSAMLProvider", "Write", (work) => {
    const provider = samlOf(work);
    refuseOwned(provider.name);
    return putSaml(work, {
      ...provider,
      description: bounded(work.params, "NewDescription", 256) ?? provider.description,
      encodedMetadata: optional(work.params, "NewEncodedSAMLMetadataDocument") ?? provider.encodedMetadata,
      authnSignAlgo: optional(work.params, "AuthnSignAlgo") ?? provider.authnSignAlgo,
      updateDate: work.now,
    });
  }),
  DeleteSAMLProvider: operation("saml", "DeleteSAMLProvider", "Write", (work) => {
    const { name } = samlOf(work);
    refuseOwned(name);
    work.account.samlProviders.delete(name);
    return {};
  }),
  ListSAMLProviders: operation("saml", "ListSAMLProviders", "Read", ({ account, params }) => {
    const { items, ...page } = pageByMarker(params, [...account.samlProviders.values()], 100);
    return { ...page, SAMLProviders: { SAMLProvider: items.map((each) => samlShape(account, each, false)) } };
  }),
};

/** Adds one value to a list of a provider, or takes one away. */
const changing = (
  action: string,
  parameter: "ClientId" | "Fingerprint",
  change: (values: readonly string[], value: string) => readonly string[],
): Operation =>
  operation("oidc", action, "Write", (work) => {
    const provider = oidcOf(work);
    const field = parameter === "ClientId" ? "clientIds" : "fingerprints";
    const values = change(provider[field], required(work.params, parameter));
    return putOidc(work, { ...provider, [field]: values, updateDate: work.now });
  });

const adding = (values: readonly string[], value: string) => (values.includes(value) ? values : [...values, value]);
const removing = (values: readonly string[], value: string) => values.filter((each) => each !== value);

const oidc: Operations = {
  CreateOIDCProvider: operation("oidc", "CreateOIDCProvider", "Write", (work) => {
    const { account, params, now } = work;
    const issuerUrl = required(params, "IssuerUrl");
    if (!issuerUrl.startsWith("https://")) throw invalid("IssuerUrl", "Format", "The issuer must be an https URL.");
    return putOidc(work, {
      name: newName(params, "oidc", account.oidcProviders),
      description: bounded(params, "Description", 256) ?? "",
      issuerUrl,
      clientIds: list(optional(params, "ClientIds")),
      fingerprints: list(optional(params, "Fingerprints")),
      issuanceLimitTime: integer(params, "IssuanceLimitTime", 1, 168) ?? 12,
      createDate: now,
      updateDate: now,
    });
  }),
  GetOIDCProvider: operation("oidc", "GetOIDCProvider", "Read", (asked) => ({
    OIDCProvider: oidcShape(asked.account, oidcOf(asked)),
  })),
  /** `ClientIds` replaces the whole list (`ram-api.md` §5). */
  UpdateOIDCProvider: operation("oidc", "UpdateOIDCProvider", "Write", (work) => {
    const provider = oidcOf(work);
    const clientIds = optional(work.params, "ClientIds");
    return putOidc(work, {
      ...provider,
      description: bounded(work.params, "NewDescription", 256) ?? provider.description,
      clientIds: clientIds === undefined ? provider.clientIds : list(clientIds),
      issuanceLimitTime: integer(work.params, "IssuanceLimitTime", 1, 168) ?? provider.issuanceLimitTime,
      updateDate: work.now,
    });
  }),
  DeleteOIDCProvider: operation("oidc", "DeleteOIDCProvider", "Write", (work) => {
    work.account.oidcProviders.delete(oidcOf(work).name);
    return {};
  }),
  ListOIDCProviders: operation("oidc", "ListOIDCProviders", "Read", ({ account, params }) => {
    const { items, ...page } = pageByMarker(params, [...account.oidcProviders.values()], 100);
    return { ...page, OIDCProviders: { OIDCProvider: items.map((each) => oidcShape(account, each)) } };
  }),
  AddClientIdToOIDCProvider: changing("AddClientIdToOIDCProvider", "ClientId", adding),
  RemoveClientIdFromOIDCProvider: changing("RemoveClientIdFromOIDCProvider", "ClientId", removing),
  AddFingerprintToOIDCProvider: changing("AddFingerprintToOIDCProvider", "Fingerprint", adding),
  RemoveFingerprintFromOIDCProvider: changing("RemoveFingerprintFromOIDCProvider", "Fingerprint", removing),
};

export const providerOperations: Operations = { ...saml, ...oidc };
