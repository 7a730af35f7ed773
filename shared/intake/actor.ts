import type { AccountId, Actor } from "../domain/identity.ts";
import { shortName } from "../operations/principals.ts";
import { isRaw, type Raw, scalar } from "./scalars.ts";

/** `RoleName:Session`; some fields write `RoleName/Session`. */
const splitSession = (text: string): { readonly name: string; readonly sessionName: string } => {
  const at = text.search(/[:/]/);
  return at === -1
    ? { name: text, sessionName: "" }
    : { name: text.slice(0, at), sessionName: text.slice(at + 1).trim() };
};

/**
 * Who made the call, from `userIdentity` (`payloads.md` a.2). A type of identity that is not known is kept as `other`:
 * the change matters whoever made it.
 */
export const actorOf = (identity: unknown, accountId: AccountId, request: Raw, sourceIp: string | undefined): Actor => {
  const from = sourceIp === undefined ? {} : { sourceIp };
  if (!isRaw(identity)) return { kind: "other", type: "unknown", name: "", ...from };
  const type = scalar(identity.type ?? identity.Type) ?? "unknown";
  const userName = scalar(identity.userName ?? identity.UserName);
  const principalId = scalar(identity.principalId ?? identity.PrincipalId);
  const accessKeyId = scalar(identity.accessKeyId ?? identity.AccessKeyId);
  const owner = scalar(identity.accountId ?? identity.AccountId) ?? accountId;
  const key = accessKeyId === undefined ? {} : { accessKeyId };
  const id = principalId === undefined ? {} : { principalId };
  switch (type.toLowerCase()) {
    case "root-account":
      return { kind: "root", accountId: owner, ...key, ...from };
    case "ram-user": {
      const name = userName === undefined ? undefined : shortName(userName);
      if (name === undefined) break;
      return { kind: "user", accountId: owner, name, ...id, ...key, ...from };
    }
    case "assumed-role": {
      const named = userName ?? scalar(request.stsTokenPrincipalName) ?? scalar(identity.roleName);
      if (named === undefined) break;
      const { name, sessionName } = splitSession(named);
      if (name === "") break;
      return { kind: "role", accountId: owner, name, sessionName, ...id, ...key, ...from };
    }
    case "system":
      return { kind: "service", name: userName ?? "unknown", ...from };
  }
  return { kind: "other", type, name: userName ?? principalId ?? "", ...from };
};
