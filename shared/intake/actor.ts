import type { AccountId, Actor } from "../domain/identity.ts";
import { shortName } from "../operations/principals.ts";
import { type Draft, isRaw, type Raw, scalar } from "./scalars.ts";

/** `RoleName:Session`; some fields write `RoleName/Session`. */
const splitSession = (text: string): { readonly name: string; readonly sessionName: string } => {
  const colon = text.indexOf(":");
  const slash = text.indexOf("/");
  // Neither sign can be in a role's name, so the first of them ends it.
  const at = colon === -1 || (slash !== -1 && slash < colon) ? slash : colon;
  return at === -1
    ? { name: text, sessionName: "" }
    : { name: text.slice(0, at), sessionName: text.slice(at + 1).trim() };
};

/**
 * Who made the call, from `userIdentity` (`payloads.md` a.2). A type of identity that is not known is kept as `other`:
 * the change matters whoever made it.
 */
export const actorOf = (identity: unknown, accountId: AccountId, request: Raw, sourceIp: string | undefined): Actor => {
  const actor = whoIs(identity, accountId, request);
  if (sourceIp !== undefined) actor.sourceIp = sourceIp;
  return actor;
};

const whoIs = (identity: unknown, accountId: AccountId, request: Raw): Draft<Actor> => {
  if (!isRaw(identity)) return { kind: "other", type: "unknown", name: "" };
  const type = scalar(identity.type) ?? "unknown";
  const userName = scalar(identity.userName);
  const principalId = scalar(identity.principalId);
  const accessKeyId = scalar(identity.accessKeyId);
  const actor = known(type.toLowerCase(), userName, scalar(identity.accountId) ?? accountId, identity, request);
  if (actor === undefined) return { kind: "other", type, name: userName ?? principalId ?? "" };
  // Filled in afterwards because spreading optional parts into every actor costs more than all else here.
  if (principalId !== undefined && (actor.kind === "user" || actor.kind === "role")) actor.principalId = principalId;
  if (accessKeyId !== undefined && actor.kind !== "service" && actor.kind !== "other") actor.accessKeyId = accessKeyId;
  return actor;
};

const known = (
  type: string,
  userName: string | undefined,
  accountId: AccountId,
  identity: Raw,
  request: Raw,
): Draft<Actor> | undefined => {
  switch (type) {
    case "root-account":
      return { kind: "root", accountId };
    case "ram-user": {
      const name = userName === undefined ? undefined : shortName(userName);
      return name === undefined ? undefined : { kind: "user", accountId, name };
    }
    case "assumed-role": {
      const byRequest = userName === undefined ? scalar(request.stsTokenPrincipalName) : undefined;
      const named = userName ?? byRequest ?? scalar(identity.roleName);
      const session = named === undefined ? undefined : splitSession(named);
      if (session === undefined || session.name === "") return undefined;
      return { kind: "role", accountId, ...session, ...(byRequest === undefined ? {} : { namedBy: "request" }) };
    }
    case "system":
      return { kind: "service", name: userName ?? "unknown" };
    default:
      return undefined;
  }
};
