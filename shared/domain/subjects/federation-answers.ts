import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { AppInstallation, Application, OidcProvider, SamlProvider } from "./federation.ts";

const text = (from: JsonObject, name: string): string | undefined => {
  const value = from[name];
  return typeof value === "string" ? value : undefined;
};

const number = (from: JsonObject, name: string): number | undefined => {
  const value = from[name];
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : undefined;
};

const flag = (from: JsonObject, name: string): boolean | undefined => {
  const value = from[name];
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : undefined;
};

/** `a,b` or a list; an empty text is an empty list. */
const names = (value: Json | undefined): readonly string[] | undefined => {
  if (typeof value === "string") return value.split(",").flatMap((each) => (each.trim() === "" ? [] : [each.trim()]));
  return Array.isArray(value) && value.every((each) => typeof each === "string")
    ? (value as readonly string[])
    : undefined;
};

const objectIn = (from: JsonObject | undefined, name: string): JsonObject | undefined => {
  const value = from?.[name];
  return isJsonObject(value) ? value : undefined;
};

/** Whether nothing is missing: then the state is whole. */
const isWhole = <Parts extends object>(
  parts: Parts,
): parts is { [Name in keyof Parts]: Exclude<Parts[Name], undefined> } =>
  Object.values(parts).every((part) => part !== undefined);

/** A provider as `SAMLProvider` of an answer tells it; only `GetSAMLProvider` tells the metadata, which else is given. */
export const samlProviderOf = (answer: JsonObject, given?: string): SamlProvider | undefined => {
  const parts = {
    providerName: text(answer, "SAMLProviderName"),
    metadata: (text(answer, "EncodedSAMLMetadataDocument") ?? given)?.replace(/\s/g, ""),
    createdAt: text(answer, "CreateDate"),
  };
  if (!isWhole(parts) || parts.metadata === "") return undefined;
  const description = text(answer, "Description") ?? "";
  return { kind: "saml-provider", ...parts, description, authnSignAlgo: text(answer, "AuthnSignAlgo") ?? "" };
};

/** A provider as `OIDCProvider` of an answer tells it. Client ids and fingerprints are one text each, joined by commas. */
export const oidcProviderOf = (answer: JsonObject): OidcProvider | undefined => {
  const parts = {
    providerName: text(answer, "OIDCProviderName"),
    issuerUrl: text(answer, "IssuerUrl"),
    clientIds: names(answer.ClientIds ?? ""),
    fingerprints: names(answer.Fingerprints ?? ""),
    issuanceLimitTime: number(answer, "IssuanceLimitTime"),
    createdAt: text(answer, "CreateDate"),
  };
  return isWhole(parts)
    ? { kind: "oidc-provider", ...parts, description: text(answer, "Description") ?? "" }
    : undefined;
};

/** `DelegatedScope.PredefinedScopes.PredefinedScope[]`: the names of scopes, and which of them are required. */
const scopesOf = (
  answer: JsonObject,
): { readonly scopes: readonly string[]; readonly requiredScopes: readonly string[] } | undefined => {
  const list = objectIn(objectIn(answer, "DelegatedScope"), "PredefinedScopes")?.PredefinedScope;
  if (!Array.isArray(list) || !list.every((each) => isJsonObject(each) && typeof each.Name === "string"))
    return undefined;
  const all = list as readonly { readonly Name: string; readonly Required?: Json }[];
  const required = all.filter(({ Required }) => Required === true || Required === "true");
  return { scopes: all.map(({ Name }) => Name), requiredScopes: required.map(({ Name }) => Name) };
};

/** An application as `Application` of an answer tells it, with what another call tells of what it holds. */
export const applicationOf = (
  answer: JsonObject,
  holds: Pick<Application, "secretIds" | "installed">,
): Application | undefined => {
  const parts = {
    appId: text(answer, "AppId"),
    appName: text(answer, "AppName"),
    appType: text(answer, "AppType"),
    displayName: text(answer, "DisplayName"),
    redirectUris: names(objectIn(answer, "RedirectUris")?.RedirectUri),
    accessTokenValidity: number(answer, "AccessTokenValidity"),
    refreshTokenValidity: number(answer, "RefreshTokenValidity"),
    secretRequired: flag(answer, "SecretRequired"),
    isMultiTenant: flag(answer, "IsMultiTenant"),
  };
  const scopes = scopesOf(answer);
  return isWhole(parts) && scopes !== undefined ? { kind: "application", ...parts, ...scopes, ...holds } : undefined;
};

/** An installation as `ApplicationProvisionInfo` or `ExternalApplication` of an answer tells it. */
export const installationOf = (answer: JsonObject, appId: string, external: boolean): AppInstallation | undefined => {
  const scopes = scopesOf(answer)?.scopes;
  return scopes === undefined ? undefined : { kind: "app-installation", appId, external, scopes };
};
