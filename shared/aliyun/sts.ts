import type { CloudError } from "../domain/cloud-error.ts";
import type { Actor } from "../domain/identity.ts";
import type { Call } from "../domain/plan.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type { Act } from "../ports/cloud.ts";
import { objectAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import { type Answer, type Credentials, type Transport, type TransportOptions, transport } from "./transport.ts";

/** Every operation of Sts that is called here; the looking role may do these and no others. */
export const stsCalls = ["AssumeRole"] as const;

const operation = `Sts.${stsCalls[0]}`;

/** The shortest session that STS gives, seconds. */
const sessionSeconds = 900;

export type ActingOptions = {
  /** How to reach the cloud, with the credentials of the looking role. */
  readonly transport: TransportOptions;
  readonly actingRoleArn: string;
  /** The text of a policy that allows exactly these calls, or why there is none. */
  readonly sessionPolicy: (calls: readonly Call[]) => Result<string, string>;
};

const refused = (code: string): Result<never, CloudError> => failed({ kind: "invalid", code, operation });

/**
 * Opens acting sessions: the acting role, narrowed by a session policy to the plan's own calls and named after the plan,
 * so that ActionTrail ties each write to its plan. Assuming a role changes nothing, so it is tried again like a read;
 * what the session sends is sent once. Rejections come as values: `invalid` with code `SessionPolicyRefused` or
 * `SessionNameRefused` before the cloud is asked, else what the cloud said.
 */
export const actingSessions = (options: ActingOptions): Act => {
  const look = transport(options.transport);
  return async (planId, calls) => {
    const policy = options.sessionPolicy(calls);
    if (!policy.ok) return refused("SessionPolicyRefused");
    const sessionName = `warden-${planId}`;
    // 64 characters of this alphabet is what STS takes; a name that is cut would no longer lead to its plan.
    if (!/^[A-Za-z0-9.@_-]{2,64}$/.test(sessionName)) return refused("SessionNameRefused");
    const assumed = await look({
      service: "Sts",
      operation: stsCalls[0],
      parameters: {
        RoleArn: options.actingRoleArn,
        RoleSessionName: sessionName,
        DurationSeconds: sessionSeconds,
        Policy: policy.value,
      },
      effect: "read",
    });
    if (!assumed.ok) return failed({ ...assumed.error, role: roleNameOf(options.actingRoleArn) });
    const credentials = credentialsOf(assumed.value);
    if (credentials === undefined) return failed(unexpectedAnswer(operation, "read"));
    const act = transport({ ...options.transport, credentials });
    return ok({
      writer: { role: roleNameOf(options.actingRoleArn), session: sessionName },
      send: async (call) => {
        const sent = await act({ ...call, effect: "write" });
        return sent.ok ? ok({ requestId: sent.value.requestId }) : sent;
      },
    });
  };
};

/** Who a transport's credentials belong to, by `Sts.GetCallerIdentity`, which needs no permission. */
export const callerIdentity = async (send: Transport): Promise<Result<Actor, CloudError>> => {
  const operation = "GetCallerIdentity";
  const answer = await send({ service: "Sts", operation, parameters: {}, effect: "read" });
  if (!answer.ok) return answer;
  const actor = actorOfArn(textAt(answer.value.body, "Arn") ?? "");
  return actor === undefined ? failed(unexpectedAnswer(`Sts.${operation}`, "read", answer.value.requestId)) : ok(actor);
};

/** `acs:ram::1:user/alice`, `acs:ram::1:assumed-role/ops/session`, `acs:ram::1:root`. */
const actorOfArn = (arn: string): Actor | undefined => {
  const [, accountId, path] = /^acs:ram::(\d+):(.+)$/.exec(arn) ?? [];
  if (accountId === undefined || path === undefined) return undefined;
  const [kind, name, sessionName] = path.split("/");
  if (kind === "root") return { kind: "root", accountId };
  if (name === undefined) return undefined;
  if (kind === "user") return { kind: "user", accountId, name };
  return kind === "assumed-role" && sessionName !== undefined
    ? { kind: "role", accountId, name, sessionName }
    : undefined;
};

const roleNameOf = (arn: string): string => arn.slice(arn.indexOf(":role/") + ":role/".length);

/**
 * A session that writes with the caller's own credentials: for a person who asks for an undo, or who has the rights but
 * may not assume the acting role. ActionTrail then names the person.
 */
export const actingAsCaller =
  (options: TransportOptions): Act =>
  async () => {
    const act = transport(options);
    return ok({
      writer: { accessKeyId: options.credentials.accessKeyId },
      send: async (call) => {
        const sent = await act({ ...call, effect: "write" });
        return sent.ok ? ok({ requestId: sent.value.requestId }) : sent;
      },
    });
  };

const credentialsOf = ({ body }: Answer): Credentials | undefined => {
  const given = objectAt(body, "Credentials") ?? {};
  const accessKeyId = textAt(given, "AccessKeyId");
  const accessKeySecret = textAt(given, "AccessKeySecret");
  const securityToken = textAt(given, "SecurityToken");
  // A key of a role without its token would be refused on each write: better no session at all.
  return accessKeyId && accessKeySecret && securityToken ? { accessKeyId, accessKeySecret, securityToken } : undefined;
};
