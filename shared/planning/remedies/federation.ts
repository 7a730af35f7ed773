import type { Response } from "../../domain/finding.ts";
import type { Reason, Remediation } from "../../domain/plan.ts";
import type { Result } from "../../domain/result.ts";
import { ok } from "../../domain/result.ts";
import { gone } from "../../domain/subject.ts";
import type {
  AppInstallation,
  AppInstallationRef,
  Application,
  ApplicationRef,
  SamlProvider,
} from "../../domain/subjects/federation.ts";
import {
  createSamlProvider,
  deleteApplication,
  deleteAppSecret,
  deleteSamlProvider,
  installApplication,
  uninstallApplication,
  updateApplication,
  updateSamlProvider,
} from "../../operations/federation-calls.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Chosen, Remedier } from "../chosen.ts";
import { noRemedy, nothingToWrite, putBack, toPerson } from "../chosen.ts";
import { isCloudSsoName } from "../guardrails.ts";
import { oidcProviderRemedy } from "./oidc-provider.ts";
import { providerDeleted, providerMadeAgain } from "./providers.ts";

type Kind = "saml-provider" | "oidc-provider" | "application" | "app-secret" | "app-installation";

const samlProviderRemedy: Remedier<"saml-provider"> = ({ before, after, subject }, asked) => {
  const { providerName } = subject;
  if (isCloudSsoName(providerName))
    return noRemedy("cloudsso-owned", `SAML provider ${providerName} belongs to CloudSSO; change it there`);
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  const { state: was } = before;
  if (after.kind === "gone")
    return was.kind === "gone" ? nothingToWrite("the subject is gone") : providerMadeAgain(subject, was, callsOf(was));
  if (was.kind === "gone") return providerDeleted(subject, after, callsOf(after), asked);
  const target = { ...was, createdAt: after.createdAt };
  if (stateDigest(target) === stateDigest(after)) return nothingToWrite("the provider is already what it was");
  return toPerson(
    {
      subject,
      expects: stateDigest(after),
      was: after,
      becomes: target,
      calls: [updateSamlProvider(target)],
      undo: [updateSamlProvider(after)],
    },
    "disrupts-logon",
    "a renewed certificate of the identity provider looks the same, and the former one would then lock everybody out",
  );
};

const callsOf = (provider: SamlProvider) => ({
  make: createSamlProvider(provider),
  remove: deleteSamlProvider(provider.providerName),
});

const applicationRemedy: Remedier<"application"> = ({ before, after, subject }, asked) => {
  if (after.kind === "gone")
    return noRemedy("not-reversible", "a new application has another id and other secrets, with which no client works");
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  if (before.state.kind === "gone") return applicationDeleted(subject, after, asked);
  return applicationChangedBack(subject, before.state, after, asked);
};

/** Deleted by itself only while nothing would be lost with it: the reading right before the write shows that. */
const applicationDeleted = (subject: ApplicationRef, now: Application, asked: Response) => {
  const remediation: Remediation = {
    subject,
    expects: stateDigest(now),
    was: now,
    becomes: gone,
    calls: [deleteApplication(now.appId)],
    // An application that is made again has another id.
    undo: [],
  };
  return now.secretIds.length === 0 && !now.installed
    ? putBack(remediation, asked)
    : toPerson(
        remediation,
        "destructive",
        "the application has secrets or is installed, and they would be lost with it",
      );
};

const both = (now: readonly string[], was: readonly string[]): readonly string[] =>
  now.filter((each) => was.includes(each));

/** What the application was given is taken away at once; what it lost, or would be loosened, is for a person. */
const applicationChangedBack = (
  subject: ApplicationRef,
  was: Application,
  now: Application,
  asked: Response,
): Result<Chosen, Reason> => {
  const { secretIds, installed } = now;
  const target: Application = { ...was, secretIds, installed };
  const closed: Application = {
    ...target,
    redirectUris: both(now.redirectUris, was.redirectUris),
    scopes: both(now.scopes, was.scopes),
    requiredScopes: both(was.requiredScopes, both(now.scopes, was.scopes)),
    accessTokenValidity: Math.min(now.accessTokenValidity, was.accessTokenValidity),
    refreshTokenValidity: Math.min(now.refreshTokenValidity, was.refreshTokenValidity),
    isMultiTenant: now.isMultiTenant && was.isMultiTenant,
    secretRequired: now.secretRequired || was.secretRequired,
  };
  const [live, whole, safe] = [now, target, closed].map((state) => stateDigest(state));
  if (whole === live) return nothingToWrite("the application is already what it was");
  const to = (becomes: Application): Remediation => ({
    subject,
    expects: stateDigest(now),
    was: now,
    becomes,
    calls: [updateApplication(becomes)],
    undo: [updateApplication(now)],
  });
  if (safe === whole) return putBack(to(target), asked);
  const detail = "the application would get back redirect addresses, scopes or lifetimes that were taken from it";
  return asked === "ask" || safe === live
    ? toPerson(to(target), "grants-privilege", detail)
    : ok({
        remediation: to(closed),
        response: "contain",
        because: { kind: "grants-privilege", detail: `${detail}; a person gives them back` },
      });
};

const appSecretRemedy: Remedier<"app-secret"> = ({ before, after, subject }, asked) => {
  if (after.kind === "gone")
    return noRemedy("not-reversible", "the value of a secret is told once and kept nowhere, so it cannot be restored");
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  if (before.state.kind !== "gone") return nothingToWrite("the secret was there before as well");
  return putBack(
    {
      subject: { ...subject, secretId: after.secretId },
      expects: stateDigest(after),
      was: after,
      becomes: gone,
      calls: [deleteAppSecret(subject.appId, after.secretId)],
      // Nobody can make the same secret again, and no other one may be made by us.
      undo: [],
    },
    asked,
  );
};

const appInstallationRemedy: Remedier<"app-installation"> = ({ before, after, subject }, asked) => {
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  const { state: was } = before;
  if (after.kind === "gone") {
    if (was.kind === "gone") return nothingToWrite("the subject is gone");
    const detail = "the application would get back the scopes that it had";
    return toPerson(installing(subject, was, true), "grants-privilege", detail);
  }
  if (was.kind !== "gone") return nothingToWrite("the application was installed before as well");
  return putBack(installing(subject, after, false), asked);
};

/** Installs an application that is not installed, or the other way about. */
const installing = (subject: AppInstallationRef, installation: AppInstallation, installs: boolean): Remediation => {
  const [install, uninstall] = [installApplication(installation), uninstallApplication(installation)];
  const [was, becomes] = installs ? [gone, installation] : [installation, gone];
  return {
    subject,
    expects: stateDigest(was),
    was,
    becomes,
    calls: [installs ? install : uninstall],
    undo: [installs ? uninstall : install],
  };
};

export const federationRemedies: { readonly [kind in Kind]: Remedier<kind> } = {
  "saml-provider": samlProviderRemedy,
  "oidc-provider": oidcProviderRemedy,
  application: applicationRemedy,
  "app-secret": appSecretRemedy,
  "app-installation": appInstallationRemedy,
};
