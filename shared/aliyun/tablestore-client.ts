import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import TableStore, { type Callback, type Client, type Response } from "tablestore";

export type TablestoreOptions = {
  /** `https://{instance}.{region}.ots.aliyuncs.com`; `http` only towards this machine. */
  readonly endpoint: string;
  readonly instance: string;
  /** Read once: a client lives as long as one invocation. */
  readonly credentials: {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    readonly securityToken?: string | undefined;
  };
  /** For one request, 4 s where absent. The package itself would wait for ever. */
  readonly timeoutMs?: number | undefined;
};

/** How one request ended. */
export type TablestoreAnswer<Data> =
  | { readonly kind: "done"; readonly data: Data }
  /** Tablestore answered with an error of its own. */
  | { readonly kind: "refused"; readonly code: string; readonly requestId: string }
  /** The request never left this machine. */
  | { readonly kind: "not-sent"; readonly because: string }
  /** It left, and what it did is not known. */
  | { readonly kind: "unknown"; readonly because: string };

export type TablestoreCall = <Data>(
  send: (client: Client, callback: Callback<Data>) => void,
) => Promise<TablestoreAnswer<Data>>;

/**
 * The `tablestore` package with what it leaves out: errors decoded from the body, a time-out that holds, one attempt per
 * call. Throws where the endpoint is neither https nor this machine.
 */
export const openTablestore = (options: TablestoreOptions): TablestoreCall => {
  const { endpoint, instance, credentials } = options;
  const timeoutMs = options.timeoutMs ?? 4000;
  const secure = checkedScheme(endpoint);
  // The package prints what it signs, session token and all, when it is told to debug.
  if (process.env.DEBUG === "aliyun")
    throw new Error("`DEBUG=aliyun` makes the tablestore package print credentials: unset it");
  declareLeakedNames();
  // An agent of our own: the package would change the limits of the process's, and a frozen instance keeps no connection.
  const agent = secure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false });
  const client = new TableStore.Client({
    endpoint,
    instancename: instance,
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.accessKeySecret,
    ...(credentials.securityToken === undefined ? {} : { stsToken: credentials.securityToken }),
    // Its rules for repeating look for codes that it never decodes; ours are in the store.
    maxRetries: 0,
    httpOptions: { timeout: timeoutMs, agent },
  });

  return <Data>(send: (client: Client, callback: Callback<Data>) => void) =>
    new Promise<TablestoreAnswer<Data>>((settle, reject) => {
      // A connection that is cut within an answer is an event that the package does not listen to.
      const timer = setTimeout(
        () => settle({ kind: "unknown", because: `no whole answer in ${timeoutMs} ms` }),
        timeoutMs,
      );
      send(client, function (error, data) {
        clearTimeout(timer);
        try {
          settle(error === null && data !== null ? { kind: "done", data } : failure(this, error));
        } catch (bug) {
          reject(bug);
        }
      });
    });
};

const checkedScheme = (endpoint: string): boolean => {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol === "https:") return true;
  if (url?.protocol === "http:" && ["127.0.0.1", "localhost"].includes(url.hostname)) return false;
  throw new Error("the Tablestore endpoint must start with `https://`");
};

/** The package assigns to names that it never declares, which a bundle in strict mode refuses. */
const declareLeakedNames = (): void => {
  for (const name of ["pro", "sub", "key", "size", "cell_type"])
    if (!(name in globalThis))
      Object.defineProperty(globalThis, name, { value: undefined, writable: true, configurable: true });
};

/** Errors of connecting: nothing was sent. */
const beforeSending = /\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)\b/;

const failure = (response: Response, error: unknown): Exclude<TablestoreAnswer<never>, { kind: "done" }> => {
  const { statusCode, headers = {}, body } = response.httpResponse;
  if (statusCode === undefined) {
    const code = isObject(error) ? String(error.code) : "";
    // Only these two come from the network; anything else was thrown while the request was made, and is a bug.
    if (code !== "NetworkingError" && code !== "TimeoutError") throw error;
    const [cause] = beforeSending.exec(isObject(error) ? String(error.message) : "") ?? [];
    return cause === undefined
      ? { kind: "unknown", because: "the connection was cut" }
      : { kind: "not-sent", because: `no connection: \`${cause}\`` };
  }
  const requestId = headers["x-ots-requestid"] ?? headers["x-ots-request-id"] ?? "unknown";
  const code = statusCode < 300 || body === undefined ? undefined : errorCode(body);
  return code === undefined
    ? { kind: "unknown", because: `HTTP status \`${statusCode}\` without a readable answer, request ${requestId}` }
    : { kind: "refused", code, requestId };
};

const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null;

/** The code of `message Error { required string code = 1; optional string message = 2; }`. */
export const errorCode = (body: Uint8Array): string | undefined => {
  const length = body[1];
  if (body[0] !== 0x0a || length === undefined || length > 127 || body.length < 2 + length) return undefined;
  const code = Buffer.from(body.subarray(2, 2 + length)).toString("latin1");
  return /^OTS[A-Za-z]+$/.test(code) ? code : undefined;
};
