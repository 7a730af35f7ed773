import { need } from "../access/needs.ts";
import type { Account } from "../account.ts";
import { alreadyExists, invalid, limitExceeded, notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operation, Operations, Work } from "../operation.ts";
import { bounded, flag, integer, named, oneOf, optional, type Params, required } from "../params.ts";
import { type Application, type ApplicationType, refreshTokenValidityOf, type Scope } from "../state/applications.ts";

const applicationTypes = ["WebApp", "NativeApp", "ServerApp"] as const satisfies readonly ApplicationType[];
const secretsPerApplication = 2;

/** Lists of these calls are one text, joined by semicolons. */
export const semicolons = (text: string | undefined): readonly string[] | undefined =>
  text?.split(";").flatMap((each) => (each.trim() === "" ? [] : [each.trim()]));

export const scopesShape = (scopes: readonly (Pick<Scope, "name"> & Partial<Scope>)[]): JsonObject => ({
  PredefinedScopes: {
    PredefinedScope: scopes.map(({ name, required: needed }) => ({
      Name: name,
      Description: "",
      ...(needed === undefined ? {} : { Required: needed }),
    })),
  },
});

const shape = (account: Account, application: Application): JsonObject => ({
  AppId: application.appId,
  AppName: application.appName,
  AppType: application.appType,
  DisplayName: application.displayName,
  AccountId: account.accountId,
  AccessTokenValidity: application.accessTokenValidity,
  RefreshTokenValidity: application.refreshTokenValidity,
  DelegatedScope: scopesShape(application.scopes),
  RedirectUris: { RedirectUri: application.redirectUris },
  SecretRequired: application.secretRequired,
  IsMultiTenant: application.isMultiTenant,
  ProtocolVersion: application.protocolVersion,
  CreateDate: application.createDate,
  UpdateDate: application.updateDate,
});

/** The application that a call names; throws `EntityNotExist.Application`. */
export const applicationOf = ({ account, params }: Asked): Application => {
  const id = required(params, "AppId");
  const application = account.applications.get(id);
  if (application === undefined) throw notExist("Application", id);
  return application;
};

/** The vendor's pages of these calls say All Resources. */
export const operation = (action: string, access: Operation["access"], run: (work: Work) => JsonObject): Operation => ({
  access,
  needs: () => [need(`ram:${action}`, "*")],
  run,
  touches: ({ params }) => ({ "ACS::RAM::Application": [params.AppId ?? params.AppName ?? ""] }),
});

/** Which scopes may be granted, and which of them nobody can leave out. `openid` always may. */
const scopesIn = (params: Params, prefix: "" | "New", before: readonly Scope[]): readonly Scope[] => {
  const given = semicolons(optional(params, `${prefix}PredefinedScopes`));
  const needed = semicolons(optional(params, `${prefix}RequiredScopes`));
  const names = given ?? before.map((each) => each.name);
  return [...new Set(["openid", ...names])].map((name) => ({
    name,
    required: needed?.includes(name) ?? before.some((each) => each.name === name && each.required),
  }));
};

const urisIn = (params: Params, parameter: string): readonly string[] | undefined => {
  const uris = semicolons(optional(params, parameter));
  for (const uri of uris ?? []) {
    if (!URL.canParse(uri)) throw invalid(parameter, "Format", `The parameter ${parameter} must hold addresses.`);
  }
  return uris;
};

const put = ({ account }: Work, application: Application): JsonObject => {
  account.applications.set(application.appId, application);
  return { Application: shape(account, application) };
};

const create = (work: Work): JsonObject => {
  const { account, params, ids, now } = work;
  const appName = named(params, "AppName", /^[A-Za-z0-9._-]+$/, 64);
  const appType = oneOf(params, "AppType", applicationTypes);
  required(params, "DisplayName");
  if ([...account.applications.values()].some((each) => each.appName === appName)) {
    throw alreadyExists("Application", appName);
  }
  const native = appType === "NativeApp";
  return put(work, {
    appId: ids.applicationId(),
    appName,
    appType,
    displayName: bounded(params, "DisplayName", 24) ?? appName,
    scopes: scopesIn(params, "", []),
    redirectUris: urisIn(params, "RedirectUris") ?? [],
    accessTokenValidity: integer(params, "AccessTokenValidity", 900, 10_800) ?? 3600,
    refreshTokenValidity: integer(params, "RefreshTokenValidity", 7200, 31_536_000) ?? refreshTokenValidityOf(appType),
    // Only native applications may do without a secret, and do unless told (the page of CreateApplication).
    secretRequired: native ? (flag(params, "SecretRequired") ?? false) : true,
    isMultiTenant: flag(params, "IsMultiTenant") ?? appType !== "WebApp",
    protocolVersion: optional(params, "ProtocolVersion") ?? "2.0",
    createDate: now,
    updateDate: now,
    secrets: [],
  });
};

/** What is left out stays; what is given replaces its list. */
const update = (work: Work): JsonObject => {
  const { params, now } = work;
  const before = applicationOf(work);
  const native = before.appType === "NativeApp";
  return put(work, {
    ...before,
    displayName: bounded(params, "NewDisplayName", 24) ?? before.displayName,
    scopes: scopesIn(params, "New", before.scopes),
    redirectUris: urisIn(params, "NewRedirectUris") ?? before.redirectUris,
    accessTokenValidity: integer(params, "NewAccessTokenValidity", 900, 10_800) ?? before.accessTokenValidity,
    refreshTokenValidity: integer(params, "NewRefreshTokenValidity", 7200, 31_536_000) ?? before.refreshTokenValidity,
    secretRequired: native ? (flag(params, "NewSecretRequired") ?? before.secretRequired) : true,
    isMultiTenant: flag(params, "NewIsMultiTenant") ?? before.isMultiTenant,
    updateDate: now,
  });
};

const createSecret = (work: Work): JsonObject => {
  const { account, ids, now } = work;
  const application = applicationOf(work);
  if (application.secrets.length >= secretsPerApplication) throw limitExceeded("AppSecret", secretsPerApplication);
  const secret = { appSecretId: ids.appSecretId(), createDate: now };
  account.applications.set(application.appId, { ...application, secrets: [...application.secrets, secret] });
  return {
    AppSecret: {
      AppId: application.appId,
      AppSecretId: secret.appSecretId,
      AppSecretValue: ids.accessKeySecret(),
      CreateDate: now,
    },
  };
};

const deleteSecret = (work: Work): JsonObject => {
  const application = applicationOf(work);
  const id = required(work.params, "AppSecretId");
  if (!application.secrets.some((each) => each.appSecretId === id)) throw notExist("AppSecret", id);
  const secrets = application.secrets.filter((each) => each.appSecretId !== id);
  work.account.applications.set(application.appId, { ...application, secrets });
  return {};
};

/** OAuth applications of the account and their secrets. Deleting one takes its secrets and its installation along. */
export const applicationOperations: Operations = {
  CreateApplication: operation("CreateApplication", "Write", create),
  UpdateApplication: operation("UpdateApplication", "Write", update),
  DeleteApplication: operation("DeleteApplication", "Write", (work) => {
    work.account.applications.delete(applicationOf(work).appId);
    return {};
  }),
  GetApplication: operation("GetApplication", "Read", (work) => ({
    Application: shape(work.account, applicationOf(work)),
  })),
  ListApplications: operation("ListApplications", "Read", ({ account }) => ({
    Applications: { Application: [...account.applications.values()].map((each) => shape(account, each)) },
  })),
  CreateAppSecret: operation("CreateAppSecret", "Write", createSecret),
  DeleteAppSecret: operation("DeleteAppSecret", "Write", deleteSecret),
  ListAppSecretIds: operation("ListAppSecretIds", "Read", (work) => {
    const { appId, secrets } = applicationOf(work);
    const AppSecret = secrets.map((each) => ({
      AppId: appId,
      AppSecretId: each.appSecretId,
      CreateDate: each.createDate,
    }));
    return { AppSecrets: { AppSecret } };
  }),
};
