import { domainLabel } from "../account.ts";
import { ApiError, alreadyExists, invalid, notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operations, Work } from "../operation.ts";
import { oneOf, optional, type Params, required } from "../params.ts";
import type { Application, ExternalApplication, Provision } from "../state/applications.ts";
import { applicationOf, operation, scopesShape, semicolons } from "./applications.ts";

const named = (names: readonly string[]) => names.map((name) => ({ name }));

const dates = ({ createDate, updateDate }: Provision): JsonObject => ({
  CreateDate: createDate,
  UpdateDate: updateDate,
});

const principalOf = ({ account }: Asked, appId: string): string =>
  `${appId}@app.${domainLabel(account)}.onaliyunservice.com`;

const ownShape = (asked: Asked, { appId, appName, displayName }: Application, provision: Provision): JsonObject => ({
  AppId: appId,
  AppName: appName,
  DisplayName: displayName,
  AccountId: asked.account.accountId,
  TenantId: asked.account.accountId,
  AppPrincipalName: principalOf(asked, appId),
  DelegatedScope: scopesShape(named(provision.scopes)),
  ...dates(provision),
});

const externalShape = (asked: Asked, external: ExternalApplication): JsonObject => ({
  ForeignAppId: external.appId,
  DisplayName: external.displayName,
  TenantId: asked.account.accountId,
  AppPrincipalName: principalOf(asked, external.appId),
  DelegatedScope: scopesShape(named(external.scopes)),
  ...dates(external),
});

const scopesGiven = (params: Params): readonly string[] => [
  ...new Set(["openid", ...(semicolons(optional(params, "Scopes")) ?? [])]),
];

/** Of the account's own applications only a ServerApp is installed and uninstalled (page of DeprovisionApplication). */
const serverApp = (asked: Asked): Application => {
  const application = applicationOf(asked);
  if (application.appType !== "ServerApp") {
    throw new ApiError(400, "InvalidParameter.AppId.AppType", "Only applications of the type ServerApp are installed.");
  }
  return application;
};

const provision = (work: Work): JsonObject => {
  const { account, params, now } = work;
  const application = serverApp(work);
  if (application.provision !== undefined) throw alreadyExists("ApplicationProvisionInfo", application.appId);
  const offered = application.scopes.map((each) => each.name);
  const unknown = scopesGiven(params).find((each) => !offered.includes(each));
  if (unknown !== undefined) throw invalid("Scopes", "Format", `The application does not offer ${unknown}.`);
  const needed = application.scopes.filter((each) => each.required).map((each) => each.name);
  const scopes = [...new Set([...scopesGiven(params), ...needed])];
  const granted = { scopes, createDate: now, updateDate: now };
  account.applications.set(application.appId, { ...application, provision: granted });
  return { ApplicationProvisionInfo: ownShape(work, application, granted) };
};

const provisioned = (asked: Asked): readonly [Application, Provision] => {
  const application = serverApp(asked);
  if (application.provision === undefined) throw notExist("ApplicationProvisionInfo", application.appId);
  return [application, application.provision];
};

const externalOf = ({ account, params }: Asked): ExternalApplication => {
  const id = required(params, "AppId");
  const external = account.externalApplications.get(id);
  if (external === undefined) throw notExist("ExternalApplication", id);
  return external;
};

const removeExternal = (work: Work): JsonObject => {
  work.account.externalApplications.delete(externalOf(work).appId);
  return {};
};

/** The applications of other accounts are not modelled: every id of digits that is none of this account's is one. */
const provisionExternal = (work: Work): JsonObject => {
  const { account, params, now } = work;
  const appId = required(params, "AppId");
  if (account.externalApplications.has(appId)) throw alreadyExists("ExternalApplication", appId);
  if (!/^\d{1,32}$/.test(appId) || account.applications.has(appId)) throw notExist("Application", appId);
  const external = { appId, displayName: appId, scopes: scopesGiven(params), createDate: now, updateDate: now };
  account.externalApplications.set(appId, external);
  return { ExternalApplication: externalShape(work, external) };
};

const list = (work: Work): JsonObject => {
  const { account, params } = work;
  const wanted =
    params.SourceType === undefined ? undefined : oneOf(params, "SourceType", ["inner", "external"] as const);
  const own = [...account.applications.values()].flatMap((each) =>
    each.provision === undefined ? [] : [ownShape(work, each, each.provision)],
  );
  const external = [...account.externalApplications.values()].map((each) => ({
    AppId: each.appId,
    AppName: each.displayName,
    DisplayName: each.displayName,
    DelegatedScope: scopesShape(named(each.scopes)),
    ...dates(each),
  }));
  return {
    ApplicationProvisionInfos: {
      ApplicationProvisionInfo: [...(wanted === "external" ? [] : own), ...(wanted === "inner" ? [] : external)],
    },
  };
};

/** Installing an application grants it the scopes; uninstalling takes them back. */
export const provisioningOperations: Operations = {
  ProvisionApplication: operation("ProvisionApplication", "Write", provision),
  DeprovisionApplication: operation("DeprovisionApplication", "Write", (work) => {
    if (work.account.externalApplications.has(work.params.AppId ?? "")) return removeExternal(work);
    const [{ provision: _gone, ...application }] = provisioned(work);
    work.account.applications.set(application.appId, application);
    return {};
  }),
  GetApplicationProvisionInfo: operation("GetApplicationProvisionInfo", "Read", (work) => ({
    ApplicationProvisionInfo: ownShape(work, ...provisioned(work)),
  })),
  ListApplicationProvisionInfos: operation("ListApplicationProvisionInfos", "Read", list),
  ProvisionExternalApplication: operation("ProvisionExternalApplication", "Write", provisionExternal),
  DeprovisionExternalApplication: operation("DeprovisionExternalApplication", "Write", removeExternal),
  GetExternalApplication: operation("GetExternalApplication", "Read", (work) => ({
    ExternalApplication: externalShape(work, externalOf(work)),
  })),
  ListExternalApplications: operation("ListExternalApplications", "Read", (work) => ({
    ExternalApplications: {
      ExternalApplication: [...work.account.externalApplications.values()].map((each) => externalShape(work, each)),
    },
    IsTruncated: false,
  })),
};
