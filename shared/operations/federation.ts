import { failed, ok, type Result } from "../domain/result.ts";
import { gone } from "../domain/subject.ts";
import {
  applicationOf,
  installationOf,
  oidcProviderOf,
  samlProviderOf,
} from "../domain/subjects/federation-answers.ts";
import type { Claim } from "../domain/trail-event.ts";
import type { CataloguedId } from "./catalogue.ts";
import type { CallRecord, Entries, OperationEntry, Reading, Remedy } from "./entry.ts";
import { objectOf, textOf } from "./fields.ts";

const full = (why: string, ...calls: readonly CataloguedId[]): Remedy => ({ level: "full", why, calls });
const none = (why: string): Remedy => ({ level: "none", why, calls: [] });

type Named = Pick<OperationEntry, "effect" | "lost" | "remedy">;

const provider = (
  kind: "saml-provider" | "oidc-provider",
  entry: Named,
  claimed: (record: CallRecord) => Claim,
): OperationEntry => {
  const parameter = kind === "saml-provider" ? "SAMLProviderName" : "OIDCProviderName";
  return {
    subject: kind,
    ...entry,
    read: (record) => {
      const providerName = textOf(record.request, parameter);
      if (providerName === undefined) return failed(`names no provider: \`${parameter}\` is missing`);
      const subject = { kind, accountId: record.accountId, route: "Ims", providerName } as const;
      return ok({ kind: "subject", subject, claimed: claimed(record) });
    },
  };
};

const removal = (): Claim => gone;

/** The answer tells all but the metadata, which the request of a creation gives. */
const madeSaml = (record: CallRecord): Claim => {
  const answer = objectOf(record.response, "SAMLProvider");
  const metadata = textOf(record.request, "EncodedSAMLMetadataDocument");
  return answer === undefined || metadata === undefined ? undefined : samlProviderOf(answer, metadata);
};

/** An update that leaves the metadata out does not tell it. */
const updatedSaml = (record: CallRecord): Claim => {
  const answer = objectOf(record.response, "SAMLProvider");
  const metadata = textOf(record.request, "NewEncodedSAMLMetadataDocument");
  return answer === undefined || metadata === undefined ? undefined : samlProviderOf(answer, metadata);
};

const toldOidc = (record: CallRecord): Claim => {
  const answer = objectOf(record.response, "OIDCProvider");
  return answer === undefined ? undefined : oidcProviderOf(answer);
};

/** A call that adds an element to a list of a provider, or takes one away. */
const element = (adds: boolean, inverse: CataloguedId): OperationEntry =>
  provider(
    "oidc-provider",
    {
      effect: "changed",
      lost: [],
      remedy: full(
        adds
          ? "the element is taken away again, and no other"
          : "the element is given back, and no other; it lets somebody in again, so a person decides",
        inverse,
      ),
    },
    toldOidc,
  );

const appIdOf = (record: CallRecord): Result<string, string> => {
  const appId = textOf(record.request, "AppId");
  return appId === undefined ? failed("names no application: `AppId` is missing") : ok(appId);
};

const application = (
  entry: Named,
  appId: (record: CallRecord) => Result<string, string>,
  claimed: (record: CallRecord) => Claim,
): OperationEntry => ({
  subject: "application",
  ...entry,
  read: (record) => {
    const id = appId(record);
    if (!id.ok) return id;
    const subject = { kind: "application", accountId: record.accountId, route: "Ims", appId: id.value } as const;
    return ok({ kind: "subject", subject, claimed: claimed(record) });
  },
});

const madeAppId = (record: CallRecord): Result<string, string> => {
  const appId = textOf(objectOf(record.response, "Application"), "AppId");
  return appId === undefined ? failed("does not tell the id of the new application") : ok(appId);
};

/** A new application holds nothing yet. */
const madeApplication = (record: CallRecord): Claim => {
  const answer = objectOf(record.response, "Application");
  return answer === undefined ? undefined : applicationOf(answer, { secretIds: [], installed: false });
};

const secret = (entry: Named, made: boolean): OperationEntry => ({
  subject: "app-secret",
  ...entry,
  read: (record): Result<Reading, string> => {
    const appId = appIdOf(record);
    if (!appId.ok) return appId;
    const id = made
      ? textOf(objectOf(record.response, "AppSecret"), "AppSecretId")
      : textOf(record.request, "AppSecretId");
    // A starred id is a redacted one: it finds no secret, so that is looked up by the time at which it was made.
    const secretId = id === undefined || id.includes("*") ? undefined : id;
    if (secretId === undefined && !made) return failed("names no secret: `AppSecretId` is missing");
    return ok({
      kind: "subject",
      subject: {
        kind: "app-secret",
        accountId: record.accountId,
        route: "Ims",
        appId: appId.value,
        ...(secretId === undefined ? {} : { secretId }),
        at: record.occurredAt,
      },
      claimed: made ? (secretId === undefined ? undefined : { kind: "app-secret", secretId }) : gone,
    });
  },
});

const installation = (external: boolean, installs: boolean): OperationEntry => {
  const which = external ? "ExternalApplication" : "Application";
  return {
    subject: "app-installation",
    effect: installs ? "made" : "removed",
    lost: installs ? [] : ["the scopes that it was granted"],
    remedy: installs
      ? full(
          "an application that is installed already is refused, so success proves that it was new; it is uninstalled",
          `Ims.Deprovision${which}`,
        )
      : full(
          "it is installed again with the scopes that it had; that grants them, so a person decides",
          `Ims.Provision${which}`,
        ),
    read: (record) => {
      const appId = appIdOf(record);
      if (!appId.ok) return appId;
      const answer = objectOf(record.response, external ? "ExternalApplication" : "ApplicationProvisionInfo");
      return ok({
        kind: "subject",
        subject: { kind: "app-installation", accountId: record.accountId, route: "Ims", appId: appId.value, external },
        claimed: installs ? (answer === undefined ? undefined : installationOf(answer, appId.value, external)) : gone,
      });
    },
  };
};

/** The operations on identity providers and OAuth applications. */
export const federationOperations = {
  "Ims.CreateSAMLProvider": provider(
    "saml-provider",
    {
      effect: "made",
      lost: [],
      remedy: full("the provider did not exist before, and is deleted", "Ims.DeleteSAMLProvider"),
    },
    madeSaml,
  ),
  "Ims.UpdateSAMLProvider": provider(
    "saml-provider",
    {
      effect: "changed",
      lost: ["metadata document", "description", "signature algorithm"],
      remedy: full(
        "the former metadata is sent again; a new certificate looks the same as an attack, so a person decides",
        "Ims.UpdateSAMLProvider",
      ),
    },
    updatedSaml,
  ),
  "Ims.DeleteSAMLProvider": provider(
    "saml-provider",
    {
      effect: "removed",
      lost: ["metadata document", "description", "signature algorithm"],
      remedy: full(
        "it is made again under its name, which is all that roles know it by; it lets people in again, so a person decides",
        "Ims.CreateSAMLProvider",
      ),
    },
    removal,
  ),
  "Ims.CreateOIDCProvider": provider(
    "oidc-provider",
    {
      effect: "made",
      lost: [],
      remedy: full("the provider did not exist before, and is deleted", "Ims.DeleteOIDCProvider"),
    },
    toldOidc,
  ),
  "Ims.UpdateOIDCProvider": provider(
    "oidc-provider",
    {
      effect: "changed",
      lost: ["client ids", "description", "issuance limit"],
      remedy: full(
        "what was added is taken away at once; what was taken away lets somebody in again, so a person gives it back",
        "Ims.UpdateOIDCProvider",
        "Ims.RemoveClientIdFromOIDCProvider",
        "Ims.AddClientIdToOIDCProvider",
      ),
    },
    toldOidc,
  ),
  "Ims.DeleteOIDCProvider": provider(
    "oidc-provider",
    {
      effect: "removed",
      lost: ["issuer", "client ids", "fingerprints", "issuance limit", "description"],
      remedy: full(
        "it is made again under its name, which is all that roles know it by; it lets people in again, so a person decides",
        "Ims.CreateOIDCProvider",
      ),
    },
    removal,
  ),
  "Ims.AddClientIdToOIDCProvider": element(true, "Ims.RemoveClientIdFromOIDCProvider"),
  "Ims.RemoveClientIdFromOIDCProvider": element(false, "Ims.AddClientIdToOIDCProvider"),
  "Ims.AddFingerprintToOIDCProvider": element(true, "Ims.RemoveFingerprintFromOIDCProvider"),
  "Ims.RemoveFingerprintFromOIDCProvider": element(false, "Ims.AddFingerprintToOIDCProvider"),
  "Ims.CreateApplication": application(
    {
      effect: "made",
      lost: [],
      remedy: full(
        "the application did not exist before, and is deleted while it holds nothing; with secrets or installed it is for a person",
        "Ims.DeleteApplication",
      ),
    },
    madeAppId,
    madeApplication,
  ),
  "Ims.UpdateApplication": application(
    {
      effect: "changed",
      lost: ["display name", "redirect addresses", "scopes", "lifetimes of tokens", "switches"],
      remedy: full(
        "the former settings are sent again as a whole; what they would give back is for a person to decide",
        "Ims.UpdateApplication",
      ),
    },
    appIdOf,
    () => undefined,
  ),
  "Ims.DeleteApplication": application(
    {
      effect: "removed",
      lost: ["the application's id", "its secrets", "its installation"],
      remedy: none("a new application has another id and other secrets, with which no client would work"),
    },
    appIdOf,
    removal,
  ),
  "Ims.CreateAppSecret": secret(
    {
      effect: "made",
      lost: [],
      remedy: full("the secret did not exist before, and is deleted; nobody can make it again", "Ims.DeleteAppSecret"),
    },
    true,
  ),
  "Ims.DeleteAppSecret": secret(
    {
      effect: "removed",
      lost: ["the secret's value"],
      remedy: none("the value of a secret is told once and kept nowhere"),
    },
    false,
  ),
  "Ims.ProvisionApplication": installation(false, true),
  "Ims.DeprovisionApplication": installation(false, false),
  "Ims.ProvisionExternalApplication": installation(true, true),
  "Ims.DeprovisionExternalApplication": installation(true, false),
} as const satisfies Entries;
