import { need, ownOrPrincipal, userArn } from "../access/needs.ts";
import { type Account, type User, userPrincipalName } from "../account.ts";
import { ApiError, invalid, notExist } from "../api-error.ts";
import { stamp } from "../instants.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Need, Operation, Operations, Work } from "../operation.ts";
import { bounded, flag, integer, named, oneOf, optional, pageByToken, required } from "../params.ts";
import { type ServiceCredential, withList } from "../state/logins.ts";
import { ownerIn } from "./access-keys.ts";

const dayMs = 24 * 3600 * 1000;

const userIn = (asked: Asked): User => {
  const owner = ownerIn(asked);
  if (owner.kind === "user") return owner.user;
  throw new ApiError(400, "MissingParameter.UserPrincipalName", "The account itself has no service credentials.");
};

const shape = (account: Account, user: User, credential: ServiceCredential): JsonObject => ({
  ServiceCredentialId: credential.serviceCredentialId,
  ServiceCredentialName: credential.serviceCredentialName,
  ServiceName: credential.serviceName,
  UserPrincipalName: userPrincipalName(account, user.userName),
  Status: credential.status,
  CreateTime: credential.createTime,
  ...(credential.expirationTime === undefined ? {} : { ExpirationTime: credential.expirationTime }),
});

/** The pages of GetServiceCredential and ListServiceCredentials: on the user's ARN. */
const needs =
  (action: string) =>
  (asked: Asked): readonly Need[] => [need(`ram:${action}`, userArn(asked, ownOrPrincipal(asked)))];

const operation = (
  action: string,
  access: Operation["access"],
  run: (work: Work, user: User) => JsonObject,
): Operation => ({
  access,
  needs: needs(action),
  run: (work) => run(work, userIn(work)),
  touches: (asked) => ({ "ACS::RAM::User": [asked.params.UserPrincipalName ?? ownOrPrincipal(asked)] }),
});

const credentialOf = (user: User, { params }: Work): ServiceCredential => {
  const id = required(params, "ServiceCredentialId");
  const credential = user.serviceCredentials?.find((each) => each.serviceCredentialId === id);
  if (credential === undefined) throw notExist("User.ServiceCredential", id);
  return credential;
};

const put = ({ account }: Work, user: User, serviceCredentials: readonly ServiceCredential[]): JsonObject => {
  account.users.set(user.userName, withList(user, "serviceCredentials", serviceCredentials));
  return {};
};

const nameIn = (work: Work): string => named(work.params, "ServiceCredentialName", /^[A-Za-z0-9._-]+$/, 64);

const list = (work: Work): JsonObject => {
  const { account, params } = work;
  const all = flag(params, "AllUsers") === true;
  if (all && params.UserPrincipalName !== undefined) {
    throw invalid("AllUsers", "Format", "AllUsers and UserPrincipalName exclude each other.");
  }
  const service = optional(params, "ServiceName");
  const rows = (all ? [...account.users.values()] : [userIn(work)]).flatMap((user) =>
    (user.serviceCredentials ?? [])
      .filter((each) => service === undefined || each.serviceName === service)
      .map((each) => shape(account, user, each)),
  );
  const { items, ...page } = pageByToken(params, rows, { name: "MaxResults", usual: 10, most: 100 });
  return { ...page, ServiceCredentials: items, MaxResults: integer(params, "MaxResults", 1, 100) ?? 10 };
};

/** Long-lived keys of single services. The secret is answered once and not kept. */
export const serviceCredentialOperations: Operations = {
  CreateServiceCredential: operation("CreateServiceCredential", "Write", (work, user) => {
    const { account, params, ids, at, now } = work;
    const serviceCredentialName = nameIn(work);
    const serviceName = named(params, "ServiceName", /^[a-z0-9.-]+$/, 128);
    const days = integer(params, "CredentialAgeDays", 1, 36_500);
    const before = user.serviceCredentials ?? [];
    const credential: ServiceCredential = {
      serviceCredentialId: ids.serviceCredentialId(),
      serviceCredentialName,
      serviceName,
      status: "Active",
      createTime: now,
      ...(days === undefined ? {} : { expirationTime: stamp(at + days * dayMs) }),
    };
    put(work, user, [...before, credential]);
    return {
      ServiceCredential: { ...shape(account, user, credential), ServiceCredentialSecret: ids.accessKeySecret() },
    };
  }),
  UpdateServiceCredential: operation("UpdateServiceCredential", "Write", (work, user) => {
    const { params } = work;
    const credential = credentialOf(user, work);
    const changed: ServiceCredential = {
      ...credential,
      ...(params.Status === undefined ? {} : { status: oneOf(params, "Status", ["Active", "Inactive"] as const) }),
      serviceCredentialName: bounded(params, "ServiceCredentialName", 64) ?? credential.serviceCredentialName,
    };
    return put(
      work,
      user,
      (user.serviceCredentials ?? []).map((each) => (each === credential ? changed : each)),
    );
  }),
  DeleteServiceCredential: operation("DeleteServiceCredential", "Write", (work, user) => {
    const credential = credentialOf(user, work);
    return put(
      work,
      user,
      (user.serviceCredentials ?? []).filter((each) => each !== credential),
    );
  }),
  GetServiceCredential: operation("GetServiceCredential", "Read", (work, user) => ({
    ServiceCredential: shape(work.account, user, credentialOf(user, work)),
  })),
  ListServiceCredentials: {
    access: "Read",
    needs: (asked) =>
      /^true$/i.test(asked.params.AllUsers ?? "")
        ? [need("ram:ListServiceCredentials", userArn(asked, "*"))]
        : needs("ListServiceCredentials")(asked),
    run: list,
  },
};
