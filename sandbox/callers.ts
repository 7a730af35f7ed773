import { type AccessKey, type Account, roleKey, type User } from "./account.ts";
import { ApiError } from "./api-error.ts";
import { checkSignature, checkSigned, type Received, readAuthorization } from "./http/signature.ts";
import type { Session, Sessions } from "./sessions.ts";

/** Who makes a call, as its credentials prove. */
export type Caller =
  | { readonly kind: "root"; readonly accountId: string; readonly accessKeyId: string }
  | {
      readonly kind: "user";
      readonly accountId: string;
      readonly userName: string;
      readonly userId: string;
      readonly accessKeyId: string;
    }
  | { readonly kind: "session"; readonly accountId: string; readonly session: Session }
  /** A user of another account, whose own account lets it do everything: it can knock at roles here and nothing else. */
  | { readonly kind: "foreign"; readonly accountId: string; readonly userName: string; readonly accessKeyId: string }
  | Federated;

/** Somebody without keys, whom an identity provider vouches for: only the calls that take its word are open to it. */
export type Federated = {
  readonly kind: "federated";
  readonly accountId: string;
  readonly identity: "saml-user" | "oidc-user";
  /** Of the provider. */
  readonly name: string;
};

/** Keys of users of other accounts, by id: no account of theirs is modelled. */
export type Foreigners = Map<
  string,
  { readonly accountId: string; readonly userName: string; readonly secret: string }
>;

/** A short text for the record: `alice`, `root`, `warden-acting:plan-7`. */
export const callerText = (caller: Caller): string => {
  if (caller.kind === "root") return "root";
  if (caller.kind === "federated") return `${caller.identity}:${caller.name}`;
  if (caller.kind === "foreign") return `${caller.accountId}/${caller.userName}`;
  return caller.kind === "user" ? caller.userName : `${caller.session.roleName}:${caller.session.sessionName}`;
};

type KeyHolder = { readonly key: AccessKey; readonly user: User | undefined };

const holderOf = (account: Account, accessKeyId: string): KeyHolder | undefined => {
  for (const user of account.users.values()) {
    const key = user.accessKeys.find((each) => each.accessKeyId === accessKeyId);
    if (key !== undefined) return { key, user };
  }
  const key = account.rootKeys.find((each) => each.accessKeyId === accessKeyId);
  return key === undefined ? undefined : { key, user: undefined };
};

const notFound = (): ApiError =>
  new ApiError(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found or invalid.");

const sessionCaller = (account: Account, sessions: Sessions, request: Received, id: string, at: number) => {
  const session = sessions.find(id);
  if (session === undefined) throw notFound();
  const token = request.headers["x-acs-security-token"];
  if (token === undefined || token === "") {
    throw new ApiError(400, "MissingSecurityToken", "SecurityToken is mandatory for this action.");
  }
  if (token !== session.securityToken) {
    throw new ApiError(
      400,
      "InvalidSecurityToken.MismatchWithAccessKey",
      "Specified SecurityToken mismatches with the AccessKey.",
    );
  }
  if (at >= session.expiresAt) {
    throw new ApiError(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.");
  }
  const role = account.roles.get(roleKey(session.roleName));
  // A role that was deleted, or deleted and made anew, does not give its old sessions any rights.
  if (role === undefined || role.roleId !== session.roleId) {
    throw new ApiError(400, "InvalidSecurityToken.Malformed", "The role of the SecurityToken does not exist.");
  }
  return session;
};

/** Proves who calls: key, token, date, body hash and signature (`ram-api.md` §2.1). Throws ApiError. */
export const authenticate = (
  account: Account,
  { sessions, foreigners }: { readonly sessions: Sessions; readonly foreigners: Foreigners },
  request: Received,
  at: number,
  windowMs: number,
): Caller => {
  const signed = readAuthorization(request);
  checkSigned(request, signed);
  const date = Date.parse(request.headers["x-acs-date"] ?? "");
  if (Number.isNaN(date))
    throw new ApiError(400, "InvalidTimeStamp.Format", "The specified date is not well formatted.");
  if (Math.abs(at - date) > windowMs) {
    throw new ApiError(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
  }
  if (signed.accessKeyId.startsWith("STS.")) {
    const session = sessionCaller(account, sessions, request, signed.accessKeyId, at);
    checkSignature(request, signed, session.accessKeySecret);
    return { kind: "session", accountId: account.accountId, session };
  }
  const foreigner = foreigners.get(signed.accessKeyId);
  if (foreigner !== undefined) {
    checkSignature(request, signed, foreigner.secret);
    const { accountId, userName } = foreigner;
    return { kind: "foreign", accountId, userName, accessKeyId: signed.accessKeyId };
  }
  const holder = holderOf(account, signed.accessKeyId);
  if (holder === undefined) throw notFound();
  checkSignature(request, signed, holder.key.secret);
  if (holder.key.status === "Inactive") {
    throw new ApiError(403, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.");
  }
  const { accountId } = account;
  const { accessKeyId } = holder.key;
  if (holder.user === undefined) return { kind: "root", accountId, accessKeyId };
  return { kind: "user", accountId, userName: holder.user.userName, userId: holder.user.userId, accessKeyId };
};
