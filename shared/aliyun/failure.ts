import type { CloudError } from "../domain/cloud-error.ts";

/**
 * What a call does if it takes effect. A failed read has no effect and may be repeated; a write whose answer is lost may
 * have happened, and only a reading of the live state can tell.
 */
export type Effect = "read" | "write";

type Thrown = { readonly [key: string]: unknown };

/** Codes of an error that is raised before a byte of the request is sent: not even a write can have happened. */
const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** The system calls that come before the first byte; other codes, `ETIMEDOUT` say, tell by these which side they are on. */
const beforeSending = new Set<unknown>(["connect", "getaddrinfo"]);

/**
 * Codes of the gateway, whatever their status, for a key, token or role that it does not take. `SignatureNonceUsed` is
 * not among them: each attempt has a nonce of its own, so it says that something on the way sent a request twice.
 */
const badCredentials =
  /^(?:InvalidAccessKeyId|InvalidSecurityToken|MissingSecurityToken|SignatureDoesNotMatch|IncompleteSignature|InvalidTimeStamp|InvalidCredentials|NoPermission|Forbidden|Inactive|NotAuthorized)(?:\.|$)/;

const conflicts = /^(?:EntityAlreadyExists?|DeleteConflict|LimitExceeded|Conflict)(?:\.|$)/;

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** A code as it may be passed on: short, of the cloud's own alphabet, so that no address or document can hide in it. */
const safeCode = (value: unknown): string | undefined => {
  const code = text(value);
  return code !== undefined && code !== "undefined" && /^[A-Za-z][A-Za-z0-9._-]{0,99}$/.test(code) ? code : undefined;
};

/** A request id as it may be passed on. */
export const safeRequestId = (value: unknown): string | undefined => {
  const id = text(value);
  return id !== undefined && id !== "undefined" && /^[A-Za-z0-9-]{1,64}$/.test(id) ? id : undefined;
};

/** The kind of failure that a code tells by itself, whatever the status it came with. */
const kindOfCode = (code: string): CloudError["kind"] | undefined => {
  // What the cloud turns away because of another call under way has surely not happened, and is let in soon after.
  if (code.includes("Throttling") || code === "ConcurrentCallNotSupported") return "throttled";
  if (/^EntityNotExists?(?:\.|$)/.test(code)) return "not-found";
  if (conflicts.test(code)) return "conflict";
  if (badCredentials.test(code)) return "forbidden";
  if (/^(?:InvalidParameter|MissingParameter|MalformedPolicyDocument|InvalidAction|InvalidVersion)/.test(code))
    return "invalid";
  return undefined;
};

const kindOfStatus = (status: number, code: string | undefined): CloudError["kind"] | undefined => {
  if (status === 429) return "throttled";
  // Without a code of the cloud the answer is some proxy's, and says nothing of what the cloud did.
  if (code === undefined || code === "SignatureNonceUsed" || status === 408) return undefined;
  if (status === 401 || status === 403) return "forbidden";
  if (status === 409) return "conflict";
  return status >= 400 && status < 500 ? "invalid" : undefined;
};

const assemble = (
  kind: CloudError["kind"],
  operation: string,
  parts: {
    readonly code?: string | undefined;
    readonly requestId?: string | undefined;
    readonly retryAfterMs?: number | undefined;
  },
): CloudError => ({
  kind,
  operation,
  ...(parts.code === undefined ? {} : { code: parts.code }),
  ...(parts.requestId === undefined ? {} : { requestId: parts.requestId }),
  ...(parts.retryAfterMs === undefined ? {} : { retryAfterMs: parts.retryAfterMs }),
});

const lost = (effect: Effect, otherwise: "unreachable" | "unreadable"): CloudError["kind"] =>
  effect === "write" ? "outcome-unknown" : otherwise;

/**
 * Whatever the SDK's runtime threw, as a CloudError. Nothing but the code, the request id and the retry hint is taken
 * over: messages hold whole URLs (`RequestTimeoutError`) or pieces of documents (`SyntaxError`).
 */
export const failureOf = (thrown: unknown, operation: string, effect: Effect): CloudError => {
  const error: Thrown = typeof thrown === "object" && thrown !== null ? (thrown as Thrown) : {};
  const code = safeCode(error.code);
  if (code !== undefined && (neverSent.has(code) || beforeSending.has(error.syscall))) {
    return assemble("unreachable", operation, { code });
  }
  // Node refuses a header or an option that it cannot send: the credentials are not ones.
  if (code?.startsWith("ERR_INVALID_")) return assemble("invalid", operation, { code });
  if (typeof error.statusCode === "number" || code === "InvalidCredentials") {
    const status = typeof error.statusCode === "number" ? error.statusCode : 403;
    const parts = { code, requestId: safeRequestId(error.requestId), retryAfterMs: retryHint(error.retryAfter) };
    const known = (code === undefined ? undefined : kindOfCode(code)) ?? kindOfStatus(status, code);
    const kind = known ?? lost(effect, status >= 500 || status === 408 ? "unreachable" : "unreadable");
    return assemble(kind, operation, parts);
  }
  // An HTML or empty body ends in a bare SyntaxError, `null` in a TypeError, both without a status.
  if (error.name === "SyntaxError" || error.name === "TypeError")
    return assemble(lost(effect, "unreadable"), operation, {});
  return assemble(lost(effect, "unreachable"), operation, { code: code ?? timedOut(error) });
};

/** `RequestTimeoutError` has no code of its own; the name alone is safe to repeat. */
const timedOut = (error: Thrown): string | undefined =>
  typeof error.name === "string" && error.name.startsWith("RequestTimeout") ? "RequestTimeout" : undefined;

/** The SDK reads `x-acs-retry-after` as milliseconds. */
const retryHint = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;

/** Codes that some APIs put beside their data when all went well. */
const success = /^(?:ok|success|200)$/i;

/** An error that came dressed as success: a 2xx answer that has a `Code`. `undefined` when the answer is a success. */
export const failureInBody = (
  body: { readonly [key: string]: unknown },
  operation: string,
  effect: Effect,
): CloudError | undefined => {
  const raw = typeof body.Code === "number" ? String(body.Code) : text(body.Code);
  if (raw === undefined || success.test(raw)) return undefined;
  const code = safeCode(raw);
  const kind = (code === undefined ? undefined : kindOfCode(code)) ?? lost(effect, "unreadable");
  return assemble(kind, operation, { code, requestId: safeRequestId(body.RequestId) });
};

/** An answer that is JSON but not what the operation promises. */
export const unexpectedAnswer = (operation: string, effect: Effect, requestId?: string): CloudError =>
  assemble(lost(effect, "unreadable"), operation, { code: "UnexpectedAnswer", requestId });
