import type { CloudError } from "../domain/cloud-error.ts";
import { isJsonObject, type JsonObject } from "../domain/json.ts";
import { logonNameOf } from "../domain/logon-name.ts";
import { failed, ok } from "../domain/result.ts";
import { gone } from "../domain/subject.ts";
import type { ServiceCredential, ServiceCredentialRef } from "../domain/subjects/credentials.ts";
import { validDaysOf } from "../policy/valid-days.ts";
import { objectAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import { goneWhenMissing } from "./missing.ts";
import type { SubjectReader } from "./read-subject.ts";
import type { Transport } from "./transport.ts";

/**
 * A service credential, by its id or, where the event had none, by its name. Two of one name are told apart by nothing:
 * `conflict` with code `SeveralCredentialsMatch`.
 */
export const readServiceCredential: SubjectReader<"service-credential"> = (send, ref) =>
  ref.credentialId === undefined ? byName(send, ref) : byId(send, ref, ref.credentialId);

const byId = async (send: Transport, ref: ServiceCredentialRef, credentialId: string) => {
  const result = await send({
    service: "Ims",
    operation: "GetServiceCredential",
    parameters: { UserPrincipalName: logonNameOf(ref), ServiceCredentialId: credentialId },
    effect: "read",
  });
  if (!result.ok) return goneWhenMissing(result.error);
  const credential = credentialOf(objectAt(result.value.body, "ServiceCredential"));
  return credential?.credentialId === credentialId
    ? ok(credential)
    : failed(unexpectedAnswer("Ims.GetServiceCredential", "read", result.value.requestId));
};

const pageSize = 100;
/** More pages than a user can have credentials. */
const mostPages = 20;

const byName = async (send: Transport, ref: ServiceCredentialRef) => {
  const found: ServiceCredential[] = [];
  let token: string | undefined;
  for (let page = 1; page <= mostPages; page += 1) {
    const result = await send({
      service: "Ims",
      operation: "ListServiceCredentials",
      parameters: { UserPrincipalName: logonNameOf(ref), MaxResults: pageSize, NextToken: token },
      effect: "read",
    });
    if (!result.ok) return goneWhenMissing(result.error);
    const { body, requestId } = result.value;
    const listed = credentialsIn(body);
    if (listed === undefined) return failed(unexpectedAnswer("Ims.ListServiceCredentials", "read", requestId));
    found.push(...listed.filter(({ name }) => name === ref.name));
    const next = textAt(body, "NextToken");
    if (next === undefined || next === "" || next === token) return only(found);
    token = next;
  }
  return failed(unexpectedAnswer("Ims.ListServiceCredentials", "read"));
};

const only = (found: readonly ServiceCredential[]) => {
  const [credential, another] = found;
  if (another === undefined) return ok(credential ?? gone);
  return failed<CloudError>({
    kind: "conflict",
    code: "SeveralCredentialsMatch",
    operation: "Ims.ListServiceCredentials",
  });
};

const credentialsIn = (body: JsonObject): readonly ServiceCredential[] | undefined => {
  const { ServiceCredentials: list } = body;
  if (!Array.isArray(list)) return undefined;
  const credentials = list.map((each: unknown) => (isJsonObject(each) ? credentialOf(each) : undefined));
  return credentials.every((each) => each !== undefined) ? credentials : undefined;
};

const credentialOf = (credential: JsonObject | undefined): ServiceCredential | undefined => {
  const { Status: status } = credential ?? {};
  const credentialId = credential === undefined ? undefined : textAt(credential, "ServiceCredentialId");
  if (credential === undefined || credentialId === undefined) return undefined;
  if (status !== "Active" && status !== "Inactive") return undefined;
  const validDays = validDaysOf(textAt(credential, "CreateTime"), textAt(credential, "ExpirationTime"));
  return {
    kind: "service-credential",
    credentialId,
    name: textAt(credential, "ServiceCredentialName") ?? "",
    status,
    ...(validDays === undefined ? {} : { validDays }),
  };
};
