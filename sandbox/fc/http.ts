import { authorise, contextOf } from "../access/authorise.ts";
import { need } from "../access/needs.ts";
import { ApiError } from "../api-error.ts";
import { authenticate, type Caller, callerText } from "../callers.ts";
import { type Cloud, type Reply, type Surroundings, spendNonce } from "../gateway.ts";
import type { Received } from "../http/signature.ts";

const route = /^\/2023-03-30\/functions\/([^/]+)\/invocations$/;

/** The function that a request is to invoke; `undefined` when it is no invoke call. */
export const invokedFunction = (request: Pick<Received, "pathname">): string | undefined => {
  const name = route.exec(request.pathname)?.[1];
  // Names of functions need no escapes; one that has some names no function.
  return name;
};

export type Invoker = {
  readonly has: (name: string) => boolean;
  readonly invoke: (name: string, payload: Buffer) => Promise<unknown>;
  readonly queue: (name: string, payload: Buffer) => void;
};

const largestAsync = 128 * 1024;

const result = (value: unknown): string => {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
};

const prove = (cloud: Cloud, around: Surroundings, request: Received): Caller => {
  const at = around.now();
  const caller = authenticate(cloud.account, cloud, request, at, around.dateWindowMs);
  spendNonce(cloud, request.headers["x-acs-signature-nonce"] ?? "", at, around.dateWindowMs);
  return caller;
};

const permit = (cloud: Cloud, around: Surroundings, caller: Caller, name: string, sourceIp: string): void => {
  const arn = `acs:fc:${around.trail.region}:${cloud.account.accountId}:functions/${name}`;
  authorise(cloud.account, caller, [need("fc:InvokeFunction", arn)], contextOf(caller, around.now(), sourceIp));
};

/** FC 3.0's InvokeFunction: a thrown error answers 200 with `x-fc-error-type` (`ram-api.md` §7, `payloads.md` §c.6). */
export const answerInvoke = async (
  cloud: Cloud,
  around: Surroundings,
  invoker: Invoker,
  request: Received,
  name: string,
  sourceIp: string,
): Promise<Reply> => {
  const requestId = cloud.ids.uuid();
  const headers = { "x-fc-request-id": requestId };
  const noted = { at: around.now(), service: "FC", operation: "InvokeFunction", requestId, parameters: { name } };
  let caller = "unknown";
  try {
    if (request.method !== "POST") throw new ApiError(405, "MethodNotAllowed", "Only POST invokes a function.");
    const proven = prove(cloud, around, request);
    caller = callerText(proven);
    permit(cloud, around, proven, name, sourceIp);
    if (!invoker.has(name)) throw new ApiError(404, "FunctionNotFound", `function '${name}' does not exist`);
    if (request.headers["x-fc-invocation-type"]?.toLowerCase() === "async") {
      if (request.body.length > largestAsync) {
        throw new ApiError(413, "PayloadSizeExceeded", "The payload of an asynchronous invocation exceeds 128 KB.");
      }
      invoker.queue(name, request.body);
      cloud.calls.push({ ...noted, caller, status: 202 });
      return { kind: "answer", status: 202, body: "", headers };
    }
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    cloud.calls.push({
      ...noted,
      caller,
      status: thrown.status,
      code: thrown.code,
      denied: thrown.code === "NoPermission",
    });
    const body = JSON.stringify({
      RequestId: requestId,
      Code: thrown.code,
      Message: thrown.message,
      ...thrown.details,
    });
    return { kind: "answer", status: thrown.status, body, headers };
  }
  cloud.calls.push({ ...noted, caller, status: 200 });
  try {
    const value = await invoker.invoke(name, request.body);
    return { kind: "answer", status: 200, body: result(value), headers };
  } catch (error) {
    const [errorType, errorMessage] = error instanceof Error ? [error.name, error.message] : ["Error", String(error)];
    return {
      kind: "answer",
      status: 200,
      body: JSON.stringify({ errorMessage, errorType, stackTrace: [] }),
      headers: { ...headers, "x-fc-error-type": "HandledInvocationError" },
    };
  }
};
