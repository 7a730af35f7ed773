import openapi, { $OpenApiUtil } from "@alicloud/openapi-core";
import { RuntimeOptions } from "@darabonba/typescript";
import type { CloudError } from "../domain/cloud-error.ts";
import { isJsonObject, type JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type { Clock } from "../ports/world.ts";
import { type CloudService, type EndpointOverride, endpointOf, isLoopback } from "./endpoints.ts";
import { type Effect, failureInBody, failureOf, safeRequestId, unexpectedAnswer } from "./failure.ts";

export type Credentials = {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
};

/** One request that went out, and how it ended: enough to count calls by, nothing that is secret. */
export type CallSeen = {
  readonly operation: string;
  readonly effect: Effect;
  readonly attempt: number;
  readonly outcome: "ok" | CloudError["kind"];
};

export type TransportOptions = {
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** Decides the hosts of Sts and ActionTrail. */
  readonly region: string;
  readonly endpoint?: EndpointOverride;
  /** `http` only towards this machine, for a sandbox. */
  readonly protocol?: "https" | "http";
  /** Milliseconds for one attempt, connecting included; 10,000 unless given. */
  readonly timeoutMs?: number;
  /** How often a read is tried in all; 4 unless given. A write is always sent exactly once. */
  readonly attempts?: number;
  /** A number from 0 up to 1, for the jitter between attempts. */
  readonly random?: () => number;
  readonly onCall?: (seen: CallSeen) => void;
  /** What carries a request instead of the SDK's own runtime: a simulation, which has no sockets. */
  readonly sender?: Sender;
  /**
   * Sees what the cloud itself says of a call that it refused: text from outside, which may quote the request. For a
   * person who made the call, and for nothing that is kept.
   */
  readonly onRefusal?: (message: string) => void;
};

/** One request as it is to go out, before it is signed. */
export type Outgoing = {
  readonly service: CloudService;
  readonly operation: string;
  readonly version: string;
  readonly host: string;
  readonly parameters: Parameters;
  readonly credentials: Credentials;
  readonly timeoutMs: number;
};

/** Carries a request and answers as the SDK's runtime does: with status and body, or by rejecting with its errors. */
export type Sender = (request: Outgoing) => Promise<{ readonly statusCode: number; readonly body: unknown }>;

/** Parameters in the API's own names. `undefined` is not sent; an empty string is, and clears a field. */
export type Parameters = { readonly [name: string]: string | number | boolean | undefined };

export type ApiCall = {
  readonly service: CloudService;
  readonly operation: string;
  readonly parameters: Parameters;
  readonly effect: Effect;
};

/** The whole answer, unknown fields included. */
export type Answer = { readonly requestId: string; readonly body: JsonObject };

/** Sends a call. Never rejects: every failure is a CloudError, free of addresses, documents and secrets. */
export type Transport = (call: ApiCall) => Promise<Result<Answer, CloudError>>;

const { OpenApiRequest, Params, Config } = $OpenApiUtil;

type ClientClass = typeof openapi.default;
type Client = InstanceType<ClientClass>;

// The package is CommonJS with a `default` of its own: Node hands over the whole module, some loaders only that.
const OpenApi: ClientClass = "default" in openapi ? openapi.default : (openapi as ClientClass);

/** The longest wait between two attempts, milliseconds; asked to wait longer, a read gives up and says so. */
const longestWaitMs = 10_000;

const usualTimeoutMs = 10_000;

const passing: readonly CloudError["kind"][] = ["throttled", "unreachable", "unreadable"];

/** What the cloud asked for, and on top full jitter over 250 ms, 500 ms, 1 s and so on, so that callers spread out. */
const waitBefore = (attempt: number, error: CloudError, random: () => number): number =>
  (error.retryAfterMs ?? 0) + Math.round(random() * Math.min(longestWaitMs, 250 * 2 ** (attempt - 1)));

/**
 * The one way out to the cloud's RPC services: the SDK's own runtime with plain maps, because its typed classes drop
 * fields that they do not know. All parameters travel in the form body, so that neither documents nor secrets become
 * part of a URL. Throws for options that no call could be made with.
 */
export const transport = (options: TransportOptions): Transport => {
  const clients = new Map<CloudService, Client>();
  const protocol = options.protocol ?? "https";
  const random = options.random ?? Math.random;

  const clientOf = (service: CloudService): Client => {
    const known = clients.get(service);
    if (known !== undefined) return known;
    const { host } = endpointOf(service, options.region, options.endpoint);
    if (protocol === "http" && !isLoopback(host)) {
      throw new TypeError("credentials are sent without TLS to this machine only");
    }
    const client = new OpenApi(clientConfig(options, host, protocol));
    clients.set(service, client);
    return client;
  };
  if (options.sender === undefined)
    for (const service of ["Ram", "Ims", "ResourceManager", "Sts", "ActionTrail"] as const) clientOf(service);

  const bySdk = (call: ApiCall, version: string): Promise<unknown> =>
    clientOf(call.service).callApi(
      paramsOf(call.operation, version, protocol),
      new OpenApiRequest({ body: { ...call.parameters } }),
      new RuntimeOptions({}),
    );

  const once = async (call: ApiCall): Promise<Result<Answer, CloudError>> => {
    const operation = `${call.service}.${call.operation}`;
    const { version, host } = endpointOf(call.service, options.region, options.endpoint);
    const { service, parameters } = call;
    const { credentials, timeoutMs = usualTimeoutMs, sender } = options;
    try {
      const answer =
        sender === undefined
          ? await bySdk(call, version)
          : await sender({ service, operation: call.operation, version, host, parameters, credentials, timeoutMs });
      return readAnswer(answer, operation, call.effect);
    } catch (thrown) {
      const said = refusalOf(thrown);
      if (said !== undefined) options.onRefusal?.(said);
      return failed(failureOf(thrown, operation, call.effect));
    }
  };

  return async (call) => {
    const attempts = call.effect === "write" ? 1 : (options.attempts ?? 4);
    for (let attempt = 1; ; attempt += 1) {
      const result = await once(call);
      const outcome = result.ok ? "ok" : result.error.kind;
      options.onCall?.({ operation: `${call.service}.${call.operation}`, effect: call.effect, attempt, outcome });
      if (result.ok || attempt >= attempts || !passing.includes(result.error.kind)) return result;
      if ((result.error.retryAfterMs ?? 0) > longestWaitMs) return result;
      await options.clock.sleep(waitBefore(attempt, result.error, random));
    }
  };
};

/** The cloud's own sentence in what the SDK threw; of anything else, such as a time-out with its URL, nothing. */
const refusalOf = (thrown: unknown): string | undefined => {
  const { statusCode, data } = thrown as {
    readonly statusCode?: unknown;
    readonly data?: { readonly Message?: unknown };
  };
  const message = typeof statusCode === "number" ? data?.Message : undefined;
  return typeof message === "string" && message !== "" ? message : undefined;
};

const clientConfig = (options: TransportOptions, host: string, protocol: string) => {
  const { accessKeyId, accessKeySecret, securityToken } = options.credentials;
  const timeout = options.timeoutMs ?? usualTimeoutMs;
  return new Config({
    accessKeyId,
    accessKeySecret,
    ...(securityToken === undefined ? {} : { securityToken }),
    endpoint: host,
    protocol,
    regionId: options.region,
    // The connect time-out is the socket's idle time-out too: a shorter one would cut slow answers.
    readTimeout: timeout,
    connectTimeout: timeout,
    userAgent: "ram-warden",
  });
};

const paramsOf = (action: string, version: string, protocol: string) =>
  new Params({
    action,
    version,
    protocol: protocol.toUpperCase(),
    pathname: "/",
    method: "POST",
    authType: "AK",
    style: "RPC",
    reqBodyType: "formData",
    bodyType: "json",
  });

const readAnswer = (answer: unknown, operation: string, effect: Effect): Result<Answer, CloudError> => {
  const { statusCode, body } = answer as { readonly statusCode?: unknown; readonly body?: unknown };
  if (!isJsonObject(body)) return failed(unexpectedAnswer(operation, effect));
  const requestId = safeRequestId(body.RequestId);
  const inBody = failureInBody(body, operation, effect);
  if (inBody !== undefined) return failed(inBody);
  // Without a request id it is not the cloud that answers, however friendly the answer looks.
  if (requestId === undefined || typeof statusCode !== "number" || statusCode < 200 || statusCode > 299) {
    return failed(unexpectedAnswer(operation, effect, requestId));
  }
  return ok({ requestId, body });
};
