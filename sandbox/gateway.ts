import { authorise, contextOf } from "./access/authorise.ts";
import { type Account, forkAccount } from "./account.ts";
import { ApiError } from "./api-error.ts";
import { authenticate, type Caller, callerText, type Foreigners } from "./callers.ts";
import type { FaultedCall, FaultKind } from "./faults.ts";
import type { Received } from "./http/signature.ts";
import { stamp } from "./instants.ts";
import { isObject, type JsonObject } from "./json.ts";
import type { Operation, Service, Touched } from "./operation.ts";
import { apiOf, operationOf } from "./operations.ts";
import type { CallRecord } from "./options.ts";
import type { Params } from "./params.ts";
import type { Ids } from "./random.ts";
import type { Sessions } from "./sessions.ts";
import { masked, type TrailSettings, trailEvent } from "./trail/event.ts";

/** Everything that changes while a sandbox runs. */
export type Cloud = {
  account: Account;
  /** The account before the last write, for stale reads. */
  previous: Account;
  /** Epoch milliseconds of the last write. */
  wroteAt: number;
  trail: JsonObject[];
  calls: CallRecord[];
  readonly sessions: Sessions;
  readonly ids: Ids;
  readonly usedNonces: Map<string, number>;
  readonly foreigners: Foreigners;
};

export type Surroundings = {
  readonly now: () => number;
  readonly staleReadMs: number;
  readonly lookupDelayMs: number;
  readonly dateWindowMs: number;
  readonly trail: TrailSettings;
  readonly nextFault: (call: FaultedCall) => FaultKind | undefined;
  /** Hears of each successful write. */
  readonly publish: (event: JsonObject) => void;
};

/** What goes back over the wire: an answer, silence for as long as the client bears it, or a cut connection. */
export type Reply =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly body: string;
      readonly headers?: Record<string, string>;
    }
  | { readonly kind: "hold" }
  | { readonly kind: "cut" };

const errorBody = (error: ApiError, requestId: string, host: string): string =>
  JSON.stringify({
    RequestId: requestId,
    HostId: host,
    Code: error.code,
    Message: error.message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${error.code}`,
    ...error.details,
  });

const asApiError = (error: unknown): ApiError => {
  if (error instanceof ApiError) return error;
  throw error;
};

/** A nonce serves once within the date window; then it may be forgotten. */
export const spendNonce = (cloud: Cloud, nonce: string, at: number, windowMs: number): void => {
  for (const [used, when] of cloud.usedNonces) {
    if (at - when <= windowMs * 2) break;
    cloud.usedNonces.delete(used);
  }
  if (cloud.usedNonces.has(nonce)) {
    throw new ApiError(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
  }
  cloud.usedNonces.set(nonce, at);
};

/** The common parameters of hand-made calls are no parameters of the operation. */
const common = new Set(["Action", "Version", "Format"]);

const paramsOf = (request: Received): Params => {
  const pairs = [...request.query];
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("application/x-www-form-urlencoded")) pairs.push(...new URLSearchParams(request.body.toString()));
  return Object.fromEntries(pairs.filter(([name]) => !common.has(name)));
};

type Named = {
  readonly service: Service;
  readonly version: string;
  readonly name: string;
  readonly operation: Operation;
};

const nameOf = (request: Received): Named => {
  const query = new Map(request.query);
  const version = request.headers["x-acs-version"] ?? query.get("Version") ?? "";
  const name = request.headers["x-acs-action"] ?? query.get("Action") ?? "";
  const api = apiOf(version);
  if (api === undefined) {
    throw new ApiError(400, "InvalidVersion", `Specified parameter Version is not valid: ${version}.`);
  }
  const operation = operationOf(api, name);
  if (operation === undefined) {
    throw new ApiError(400, "InvalidAction.NotFound", `The sandbox does not model ${api.service}:${name}.`);
  }
  return { service: api.service, version, name, operation };
};

/** Notes the last use of a key of this account; sessions have keys that nobody asks after. */
const noteKeyUse = (account: Account, caller: Caller, service: Service, at: number): void => {
  if (caller.kind === "user" || caller.kind === "root")
    account.keyUse.set(caller.accessKeyId, { date: stamp(at), service });
};

type AskedCall = {
  readonly caller: Caller;
  readonly params: Params;
  readonly at: number;
  readonly sourceIp: string;
};

type Outcome = { readonly answer: JsonObject } | { readonly error: ApiError };

/** Runs an operation on a copy when it writes, and on the state that a reader would see when it reads. */
const perform = (cloud: Cloud, around: Surroundings, named: Named, asked: AskedCall, stale: boolean): Outcome => {
  const { operation } = named;
  const writes = operation.access === "Write";
  const old = !writes && (stale || asked.at - cloud.wroteAt < around.staleReadMs);
  const account = writes ? forkAccount(cloud.account) : old ? cloud.previous : cloud.account;
  try {
    authorise(
      cloud.account,
      asked.caller,
      operation.needs({ ...asked, account: cloud.account }),
      contextOf(asked.caller, asked.at, asked.sourceIp),
    );
    const { sessions, ids } = cloud;
    const { trail } = cloud;
    const visibleUntil = asked.at - around.lookupDelayMs;
    const answer = operation.run({ ...asked, account, now: stamp(asked.at), sessions, ids, trail, visibleUntil });
    if (writes) {
      cloud.previous = cloud.account;
      cloud.account = account;
      cloud.wroteAt = asked.at;
    }
    return { answer };
  } catch (error) {
    return { error: asApiError(error) };
  }
};

const record = (
  cloud: Cloud,
  around: Surroundings,
  named: Named,
  request: Received,
  asked: AskedCall & { readonly touched: Touched; readonly requestId: string },
  outcome: Outcome,
): void => {
  // ActionTrail does not list its own look-ups here: a reader that pages would never reach the end.
  if (named.service === "Actiontrail") return;
  const event = trailEvent(
    {
      ...asked,
      service: named.service,
      version: named.version,
      operation: named.name,
      access: named.operation.access,
      answer: "answer" in outcome ? outcome.answer : undefined,
      error: "error" in outcome ? { code: outcome.error.code, message: outcome.error.message } : undefined,
      userAgent: request.headers["user-agent"] ?? "",
      accountId: cloud.account.accountId,
    },
    cloud.ids.uuid(),
    around.trail,
  );
  cloud.trail.push(event);
  if ("answer" in outcome && named.operation.access === "Write") around.publish(event);
};

const replyTo = (fault: FaultKind | undefined, outcome: Outcome, requestId: string, host: string): Reply => {
  switch (fault) {
    case "timeout-after":
      return { kind: "hold" };
    case "cut-after":
      return { kind: "cut" };
    case "empty":
      return { kind: "answer", status: 200, body: "" };
    case "server-error-after":
      return serverError(requestId, host);
    default:
      if ("error" in outcome) {
        return { kind: "answer", status: outcome.error.status, body: errorBody(outcome.error, requestId, host) };
      }
      return { kind: "answer", status: 200, body: JSON.stringify({ ...outcome.answer, RequestId: requestId }) };
  }
};

const serverError = (requestId: string, host: string): Reply => {
  const error = new ApiError(500, "InternalError", "The request processing has failed due to some unknown error.");
  return { kind: "answer", status: 500, body: errorBody(error, requestId, host) };
};

/** Refusals that pass when the call is made again (`ram-api.md` §3.1). */
const passing: Readonly<Partial<Record<FaultKind, ApiError>>> = {
  throttle: new ApiError(400, "Throttling.User", "Request was denied due to user flow control."),
  unavailable: new ApiError(503, "ServiceUnavailable", "The request has failed due to a temporary failure."),
  "concurrent-call": new ApiError(409, "ConcurrentCallNotSupported", "Concurrent calls are not supported."),
};

/** The faults that strike before the call has any effect. */
const strikeBefore = (fault: FaultKind | undefined, requestId: string, host: string): Reply | undefined => {
  const again = fault === undefined ? undefined : passing[fault];
  if (again !== undefined) return { kind: "answer", status: again.status, body: errorBody(again, requestId, host) };
  switch (fault) {
    case "server-error":
      return serverError(requestId, host);
    case "html":
      return {
        kind: "answer",
        status: 502,
        body: "<html><body><h1>502 Bad Gateway</h1></body></html>",
        headers: { "content-type": "text/html" },
      };
    case "timeout-before":
      return { kind: "hold" };
    case "cut-before":
      return { kind: "cut" };
    default:
      return undefined;
  }
};

/** One RPC call from its bytes to its answer: name, proof, fault, permission, effect, record. */
export const answerCall = (cloud: Cloud, around: Surroundings, request: Received, sourceIp: string): Reply => {
  const at = around.now();
  const requestId = cloud.ids.uuid();
  const host = request.headers.host ?? "";
  const noted = { service: "unknown", operation: request.headers["x-acs-action"] ?? "unknown", caller: "unknown" };
  let params: Params = {};
  const note = (status: number, extra: Partial<CallRecord>): void => {
    const parameters = masked(params);
    cloud.calls.push({ at, ...noted, status, requestId, parameters: isObject(parameters) ? parameters : {}, ...extra });
  };
  try {
    const named = nameOf(request);
    noted.service = named.service;
    noted.operation = named.name;
    const caller =
      named.operation.anonymous?.(cloud.account, paramsOf(request)) ??
      authenticate(cloud.account, cloud, request, at, around.dateWindowMs);
    noted.caller = callerText(caller);
    // What nobody signed can be sent again at will.
    if (caller.kind !== "federated") {
      spendNonce(cloud, request.headers["x-acs-signature-nonce"] ?? "", at, around.dateWindowMs);
    }
    params = paramsOf(request);
    noteKeyUse(cloud.account, caller, named.service, at);
    const fault = around.nextFault({ ...noted, access: named.operation.access });
    const struck = strikeBefore(fault, requestId, host);
    if (struck !== undefined) {
      note(struck.kind === "answer" ? struck.status : 0, { fault: fault ?? "" });
      return struck;
    }
    const asked = { caller, params, at, sourceIp };
    // Before the call runs: afterwards a deleted user can no longer be found by its id.
    const touched = named.operation.touches?.({ ...asked, account: cloud.account }) ?? {};
    const outcome = perform(cloud, around, named, asked, fault === "stale-read");
    record(cloud, around, named, request, { ...asked, touched, requestId }, outcome);
    const reply = replyTo(fault, outcome, requestId, host);
    const error = "error" in outcome ? outcome.error : undefined;
    note(reply.kind === "answer" ? reply.status : 0, {
      ...(error === undefined ? {} : { code: error.code, denied: error.code === "NoPermission" }),
      ...(fault === undefined ? {} : { fault }),
    });
    return reply;
  } catch (thrown) {
    const error = asApiError(thrown);
    note(error.status, { code: error.code });
    return { kind: "answer", status: error.status, body: errorBody(error, requestId, host) };
  }
};
