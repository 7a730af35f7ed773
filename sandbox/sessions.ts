import { stamp } from "./instants.ts";
import type { Ids } from "./random.ts";

/** What STS handed out: temporary credentials of one role. */
export type Session = {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string;
  readonly roleName: string;
  readonly roleId: string;
  readonly sessionName: string;
  readonly policy?: string;
  /** The account of whoever assumed the role; another one's for a foreign caller. */
  readonly handedTo: string;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
};

export type Sessions = {
  readonly issue: (
    of: Pick<Session, "roleName" | "roleId" | "sessionName" | "policy" | "handedTo">,
    at: number,
    seconds: number,
  ) => Session;
  readonly find: (accessKeyId: string) => Session | undefined;
};

export const sessionsFrom = (ids: Ids): Sessions => {
  const issued = new Map<string, Session>();
  return {
    issue: (of, at, seconds) => {
      const session: Session = {
        ...of,
        accessKeyId: ids.sessionKeyId(),
        accessKeySecret: ids.accessKeySecret(),
        securityToken: ids.securityToken(),
        issuedAt: at,
        expiresAt: at + seconds * 1000,
      };
      issued.set(session.accessKeyId, session);
      return session;
    },
    find: (accessKeyId) => issued.get(accessKeyId),
  };
};

/** The `Credentials` part of STS answers. */
export const credentialsOf = (session: Session) => ({
  AccessKeyId: session.accessKeyId,
  AccessKeySecret: session.accessKeySecret,
  SecurityToken: session.securityToken,
  Expiration: stamp(session.expiresAt),
});
