import { trusts } from "../access/trust.ts";
import { type Account, documentText, roleKey } from "../account.ts";
import { isObject, parseJson } from "../json.ts";
import type { Ids } from "../random.ts";
import type { Sessions } from "../sessions.ts";

type Logger = Readonly<Record<"debug" | "info" | "warn" | "error" | "log", (...parts: readonly unknown[]) => void>>;

/** What Function Compute hands to a handler (`payloads.md` §c.1). */
export type FcContext = {
  readonly requestId: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    readonly securityToken: string;
  };
  readonly function: {
    readonly name: string;
    readonly handler: string;
    readonly memory: number;
    readonly timeout: number;
  };
  readonly region: string;
  readonly accountId: string;
  readonly logger: Logger;
};

export type SandboxFunction = {
  readonly name: string;
  /** RAM role that the function runs as; it must trust `fc.aliyuncs.com`. */
  readonly role: string;
  readonly handler: (event: Buffer, context: FcContext) => Promise<unknown>;
  /** Whether successful writes to Ram, Ims and ResourceManager are delivered to it. */
  readonly subscribesToTrail?: boolean;
};

/** Seconds that injected credentials hold: 36 hours (`payloads.md` §c.1). */
export const injectedFor = 36 * 3600;

/** The role as it stands, when it lets Function Compute in; otherwise a reason. */
const roleFor = (account: Account, roleName: string) => {
  const role = account.roles.get(roleKey(roleName));
  if (role === undefined) throw new Error(`the role \`${roleName}\` of the function does not exist`);
  const trust = parseJson(documentText(role.trust));
  if (!isObject(trust) || !trusts(trust, { kind: "Service", host: "fc.aliyuncs.com" }, "sts:AssumeRole", {})) {
    throw new Error(`the role \`${roleName}\` does not trust \`fc.aliyuncs.com\``);
  }
  return role;
};

/** Makes the context of one invocation, with credentials of its own. Throws when the role cannot be assumed. */
export const contextFor = (
  fn: SandboxFunction,
  world: {
    readonly account: Account;
    readonly sessions: Sessions;
    readonly ids: Ids;
    readonly at: number;
    readonly region: string;
    readonly log: ((level: string, text: string) => void) | undefined;
  },
): FcContext => {
  const role = roleFor(world.account, fn.role);
  const { accessKeyId, accessKeySecret, securityToken } = world.sessions.issue(
    {
      roleName: role.roleName,
      roleId: role.roleId,
      sessionName: `fc-${fn.name}`.slice(0, 64),
      handedTo: world.account.accountId,
    },
    world.at,
    injectedFor,
  );
  const write =
    (level: string) =>
    (...parts: readonly unknown[]): void =>
      world.log?.(level, parts.map(String).join(" "));
  return {
    requestId: world.ids.uuid(),
    credentials: { accessKeyId, accessKeySecret, securityToken },
    function: { name: fn.name, handler: "index.handler", memory: 512, timeout: 60 },
    region: world.region,
    accountId: world.account.accountId,
    logger: {
      debug: write("debug"),
      info: write("info"),
      warn: write("warn"),
      error: write("error"),
      log: write("info"),
    },
  };
};
