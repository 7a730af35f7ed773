import type { SubjectKind } from "../domain/subject.ts";
import type { Reader } from "../ports/cloud.ts";
import { readAccessKey, readAccountGrant, readRoleTrust } from "./ram.ts";
import { credentialsReaders } from "./read-credentials.ts";
import { directoryReaders } from "./read-directory.ts";
import { federationReaders } from "./read-federation.ts";
import { identitiesReaders } from "./read-identities.ts";
import { policiesReaders } from "./read-policies.ts";
import { settingsReaders } from "./read-settings.ts";
import type { SubjectReader } from "./read-subject.ts";
import { readScopedGrant } from "./resource-manager.ts";
import type { Transport } from "./transport.ts";

const readers: { readonly [Kind in SubjectKind]: SubjectReader<Kind> } = {
  "role-trust": readRoleTrust,
  "access-key": readAccessKey,
  grant: (send, ref) =>
    ref.scope === "account" && ref.route === "Ram" ? readAccountGrant(send, ref) : readScopedGrant(send, ref),
  ...identitiesReaders,
  ...credentialsReaders,
  ...policiesReaders,
  ...settingsReaders,
  ...federationReaders,
  ...directoryReaders,
};

/** Reads any subject as it stands now, with the credentials of the transport: those of the looking role. */
export const reader =
  (send: Transport): Reader =>
  (ref) =>
    (readers[ref.kind] as SubjectReader<SubjectKind>)(send, ref);
