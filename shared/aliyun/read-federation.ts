import type { CloudError } from "../domain/cloud-error.ts";
import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import { type Gone, gone } from "../domain/subject.ts";
import type {
  AppInstallation,
  AppInstallationRef,
  Application,
  ApplicationRef,
  AppSecret,
  AppSecretRef,
} from "../domain/subjects/federation.ts";
import {
  applicationOf,
  installationOf,
  oidcProviderOf,
  samlProviderOf,
} from "../domain/subjects/federation-answers.ts";
import { listAt, objectAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import { goneWhenMissing } from "./ram.ts";
import type { SubjectReader } from "./read-subject.ts";
import type { Answer, Parameters, Transport } from "./transport.ts";

type Kind = "saml-provider" | "oidc-provider" | "application" | "app-secret" | "app-installation";

/** Reads of one provider each. */
export const providerReads = ["GetSAMLProvider", "GetOIDCProvider"] as const;

/** Reads of applications, for which Ims checks no resource. */
export const applicationReads = [
  "GetApplication",
  "ListAppSecretIds",
  "GetApplicationProvisionInfo",
  "GetExternalApplication",
] as const;

/** Every operation of Ims that is called here; the looking role may do these and no others. */
export const federationReads = [...providerReads, ...applicationReads] as const;

type FederationRead = (typeof federationReads)[number];

const read = (send: Transport, operation: FederationRead, parameters: Parameters) =>
  send({ service: "Ims", operation, parameters, effect: "read" });

const strange = (operation: FederationRead, answer: Answer): Result<never, CloudError> =>
  failed(unexpectedAnswer(`Ims.${operation}`, "read", answer.requestId));

/** One call whose answer tells the whole subject under one member. */
const readOne = async <State>(
  send: Transport,
  operation: FederationRead,
  parameters: Parameters,
  member: string,
  stateOf: (answer: JsonObject) => State | undefined,
): Promise<Result<State | Gone, CloudError>> => {
  const answer = await read(send, operation, parameters);
  if (!answer.ok) return goneWhenMissing(answer.error);
  const told = objectAt(answer.value.body, member);
  const state = told === undefined ? undefined : stateOf(told);
  return state === undefined ? strange(operation, answer.value) : ok(state);
};

type SecretRow = { readonly id: string; readonly madeAt: string };

const readSecrets = async (
  send: Transport,
  appId: string,
): Promise<Result<readonly SecretRow[] | Gone, CloudError>> => {
  const answer = await read(send, "ListAppSecretIds", { AppId: appId });
  if (!answer.ok) return goneWhenMissing(answer.error);
  const rows = listAt(answer.value.body, "AppSecrets", "AppSecret")?.map((row) => ({
    id: textAt(row, "AppSecretId"),
    madeAt: textAt(row, "CreateDate") ?? "",
  }));
  if (rows === undefined || rows.some(({ id }) => id === undefined)) return strange("ListAppSecretIds", answer.value);
  return ok(rows as readonly SecretRow[]);
};

const readInstallationOf = (send: Transport, appId: string, external: boolean) => {
  const [operation, member] = external
    ? (["GetExternalApplication", "ExternalApplication"] as const)
    : (["GetApplicationProvisionInfo", "ApplicationProvisionInfo"] as const);
  return readOne(send, operation, { AppId: appId }, member, (told) => installationOf(told, appId, external));
};

/** Of the account's own applications only those of this type are installed (page of DeprovisionApplication). */
const installedType = "ServerApp";

const readApplication = async (
  send: Transport,
  { appId }: ApplicationRef,
): Promise<Result<Application | Gone, CloudError>> => {
  const bare = await readOne(send, "GetApplication", { AppId: appId }, "Application", (told) =>
    applicationOf(told, { secretIds: [], installed: false }),
  );
  if (!bare.ok || bare.value.kind === "gone") return bare;
  const secrets = await readSecrets(send, appId);
  if (!secrets.ok) return secrets;
  if ("kind" in secrets.value) return ok(gone);
  const installation =
    bare.value.appType === installedType ? await readInstallationOf(send, appId, false) : ok<Gone>(gone);
  if (!installation.ok) return installation;
  return ok({
    ...bare.value,
    secretIds: secrets.value.map(({ id }) => id),
    installed: installation.value.kind !== "gone",
  });
};

/** How far the event's time and the secret's own creation date may be apart, milliseconds; both are cut to the second. */
const sameMomentMs = 2_000;

/** Two secrets made in one moment are told apart by nothing: `conflict` with code `SeveralSecretsMatch`. */
const readAppSecret = async (
  send: Transport,
  { appId, secretId, at }: AppSecretRef,
): Promise<Result<AppSecret | Gone, CloudError>> => {
  const secrets = await readSecrets(send, appId);
  if (!secrets.ok) return secrets;
  if ("kind" in secrets.value) return ok(gone);
  const found = secrets.value.filter(({ id, madeAt }) =>
    secretId === undefined ? Math.abs(Date.parse(madeAt) - at) <= sameMomentMs : id === secretId,
  );
  if (found.length > 1)
    return failed({ kind: "conflict", code: "SeveralSecretsMatch", operation: "Ims.ListAppSecretIds" });
  const [secret] = found;
  return ok(secret === undefined ? gone : { kind: "app-secret", secretId: secret.id });
};

/** Ims uninstalls either sort by the call for its own: so one that is not found is looked for among the other sort. */
const readInstallation = async (
  send: Transport,
  { appId, external }: AppInstallationRef,
): Promise<Result<AppInstallation | Gone, CloudError>> => {
  const first = await readInstallationOf(send, appId, external);
  return first.ok && first.value.kind === "gone" ? readInstallationOf(send, appId, !external) : first;
};

export const federationReaders: { readonly [kind in Kind]: SubjectReader<kind> } = {
  "saml-provider": (send, { providerName }) =>
    readOne(send, "GetSAMLProvider", { SAMLProviderName: providerName }, "SAMLProvider", (told) =>
      samlProviderOf(told),
    ),
  "oidc-provider": (send, { providerName }) =>
    readOne(send, "GetOIDCProvider", { OIDCProviderName: providerName }, "OIDCProvider", oidcProviderOf),
  application: readApplication,
  "app-secret": readAppSecret,
  "app-installation": readInstallation,
};
