import { failed, ok, type Result } from "../domain/result.ts";
import { gone } from "../domain/subject.ts";
import type { ServiceCredential, ServiceCredentialRef } from "../domain/subjects/credentials.ts";
import { validDaysOf } from "../policy/valid-days.ts";
import type { CallRecord, Entries, OperationEntry, Reading } from "./entry.ts";
import { objectOf, textOf } from "./fields.ts";
import { userNamedOrCalling } from "./named-user.ts";

/** An id or a name as it may be looked up by; a starred one finds nothing. */
const plain = (text: string | undefined): string | undefined =>
  text === undefined || text.includes("*") ? undefined : text;

const statusOf = (text: string | undefined): ServiceCredential["status"] | undefined =>
  text === "Active" || text === "Inactive" ? text : undefined;

const refOf = (
  record: CallRecord,
  ids: Pick<ServiceCredentialRef, "credentialId" | "name">,
): Result<ServiceCredentialRef, string> => {
  const user = userNamedOrCalling(record, "UserPrincipalName");
  if (!user.ok) return user;
  return ok({ kind: "service-credential", accountId: record.accountId, route: "Ims", ...user.value, ...ids });
};

const readMade = (record: CallRecord): Result<Reading, string> => {
  const answer = objectOf(record.response, "ServiceCredential");
  const credentialId = plain(textOf(answer, "ServiceCredentialId"));
  const name = plain(textOf(answer, "ServiceCredentialName") ?? textOf(record.request, "ServiceCredentialName"));
  if (credentialId === undefined && name === undefined)
    return failed("names no credential: neither the answer nor `ServiceCredentialName` tells it");
  const subject = refOf(record, {
    ...(credentialId === undefined ? {} : { credentialId }),
    ...(name === undefined ? {} : { name }),
  });
  if (!subject.ok) return subject;
  const validDays = validDaysOf(textOf(answer, "CreateTime"), textOf(answer, "ExpirationTime"));
  const told = claimOf(credentialId, name, statusOf(textOf(answer, "Status")));
  const claimed = told === undefined || validDays === undefined ? told : { ...told, validDays };
  return ok({ kind: "subject", subject: subject.value, claimed });
};

const claimOf = (
  credentialId: string | undefined,
  name: string | undefined,
  status: ServiceCredential["status"] | undefined,
): ServiceCredential | undefined =>
  credentialId === undefined || name === undefined || status === undefined
    ? undefined
    : { kind: "service-credential", credentialId, name, status };

const named = (
  record: CallRecord,
  claimed: (credentialId: string) => ServiceCredential | typeof gone | undefined,
): Result<Reading, string> => {
  const credentialId = plain(textOf(record.request, "ServiceCredentialId"));
  if (credentialId === undefined) return failed("names no credential: `ServiceCredentialId` is missing");
  const subject = refOf(record, { credentialId });
  return subject.ok ? ok({ kind: "subject", subject: subject.value, claimed: claimed(credentialId) }) : subject;
};

const made: OperationEntry = {
  subject: "service-credential",
  effect: "made",
  lost: [],
  remedy: {
    level: "full",
    why: "the credential is set Inactive: that stops its use, and can be taken back; it is never deleted",
    calls: ["Ims.UpdateServiceCredential"],
  },
  read: readMade,
};

const changed: OperationEntry = {
  subject: "service-credential",
  effect: "changed",
  lost: ["status", "name"],
  remedy: {
    level: "full",
    why: "the former status and name are set again; putting one in use again is for a person to decide",
    calls: ["Ims.UpdateServiceCredential"],
  },
  read: (record) =>
    named(record, (credentialId) => {
      const { request } = record;
      // A call that leaves one of the two out leaves it as it was, which the record does not tell.
      return claimOf(
        credentialId,
        plain(textOf(request, "ServiceCredentialName")),
        statusOf(textOf(request, "Status")),
      );
    }),
};

const removed: OperationEntry = {
  subject: "service-credential",
  effect: "removed",
  lost: ["secret"],
  remedy: { level: "none", why: "no call brings a deleted credential back", calls: [] },
  read: (record) => named(record, () => gone),
};

/** The operations on the long-lived keys of single services. */
export const serviceCredentialOperations = {
  "Ims.CreateServiceCredential": made,
  "Ims.UpdateServiceCredential": changed,
  "Ims.DeleteServiceCredential": removed,
} as const satisfies Entries;
