/** Every way a call of the cloud can end badly: a closed set, with the request id where there is one. */
export type CloudError = {
  readonly kind: /** 404 `EntityNotExist.*`: the thing named is not there. */
    | "not-found"
    /** Any code that contains `Throttling`, or a concurrent call: surely not carried out, and let in soon after. */
    | "throttled"
    /** 409: exists already, delete conflict, limit exceeded. `code` says which. */
    | "conflict"
    /** 403: our own role may not do this. */
    | "forbidden"
    /** 400: the request itself is wrong, `MalformedPolicyDocument`, `InvalidParameter.*`. */
    | "invalid"
    /** The request never took effect: refused or cut before it was sent, or a read that failed. Safe to repeat. */
    | "unreachable"
    /** The answer was not JSON of the expected shape. For a write, treat it as `outcome-unknown`. */
    | "unreadable"
    /** A write whose effect is not known: time-out, cut or 5xx after the request left. Read back before anything else. */
    | "outcome-unknown";
  /** The cloud's own code, `EntityNotExist.Role`; never a URL, never a secret. */
  readonly code?: string;
  readonly requestId?: string;
  /** The operation, `Ram.GetRole`. */
  readonly operation: string;
  readonly retryAfterMs?: number;
  /** The name of the role that was to be assumed, where no session of it was opened. */
  readonly role?: string;
};

export const cloudErrorText = (error: CloudError): string =>
  `${error.operation} ended \`${error.kind}\`${error.code === undefined ? "" : ` with code \`${error.code}\``}${
    error.requestId === undefined ? "" : `, request ${error.requestId}`
  }`;

/** Whether trying the same again later can help. */
export const isPassing = (error: CloudError): boolean =>
  error.kind === "throttled" ||
  error.kind === "unreachable" ||
  error.kind === "unreadable" ||
  error.kind === "outcome-unknown";
