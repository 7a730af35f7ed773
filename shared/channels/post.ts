import { type LookupAddress, type LookupAllOptions, lookup } from "node:dns";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "./public-address.ts";

export type PostRequest = {
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body: Buffer;
  readonly timeoutMs: number;
  /** Refuse to connect to addresses that are not public, whatever name led to them. */
  readonly publicOnly: boolean;
};

/** How a post ended. No text in it can carry the URL. */
export type Posted =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly text: string;
    }
  /** The request never left this machine. */
  | { readonly kind: "not-sent"; readonly because: string }
  /** It left, or may have, and no whole answer came. */
  | { readonly kind: "unknown"; readonly because: string }
  | { readonly kind: "refused-address" };

export type Post = (request: PostRequest) => Promise<Posted>;

const longestAnswer = 64 * 1024;

const refusedAddress = "ERR_ADDRESS_NOT_PUBLIC";

type Resolve = (
  host: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A look-up for connecting that fails unless all addresses of the name are public. It runs at the moment of connecting:
 * a check before it could be answered differently by then.
 */
export const publicLookup =
  (resolve: Resolve): LookupFunction =>
  (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null) callback(error, "", 0);
      else if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
        callback(Object.assign(new Error("address is not public"), { code: refusedAddress }), "", 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

/** Posts once over a connection of its own, follows nothing, reads at most 64 KB of the answer. Never rejects. */
export const post: Post = ({ url, headers, body, timeoutMs, publicOnly }) =>
  new Promise((settle) => {
    const literal = url.hostname.replace(/^\[|\]$/g, "");
    if (publicOnly && isIP(literal) !== 0 && !isPublicAddress(literal)) {
      settle({ kind: "refused-address" });
      return;
    }
    const secure = url.protocol === "https:";
    let connected = false;
    let finished = false;
    const finish = (posted: Posted): void => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      settle(posted);
      outgoing.destroy();
    };
    const failed = (code: string): Posted => {
      if (code === refusedAddress) return { kind: "refused-address" };
      return connected
        ? { kind: "unknown", because: `cut with \`${code}\`` }
        : { kind: "not-sent", because: `no connection: \`${code}\`` };
    };
    const outgoing = (secure ? requestHttps : requestHttp)(
      url,
      {
        method: "POST",
        agent: false,
        headers: { ...headers, "content-length": String(body.length) },
        ...(publicOnly ? { lookup: publicLookup(lookup) } : {}),
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let length = 0;
        const answered = (): void =>
          finish({
            kind: "answered",
            status: answer.statusCode ?? 0,
            retryAfter: answer.headers["retry-after"],
            text: Buffer.concat(chunks).subarray(0, longestAnswer).toString("utf8"),
          });
        answer.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length >= longestAnswer) answered();
        });
        answer.on("end", answered);
        answer.on("error", (error) => finish(failed(codeOf(error))));
        answer.on("aborted", () => finish(failed("ECONNRESET")));
      },
    );
    const timer = setTimeout(
      () => finish(connected ? { kind: "unknown", because: `no answer in ${timeoutMs} ms` } : failed("ETIMEDOUT")),
      timeoutMs,
    );
    outgoing.on("socket", (socket) => {
      socket.once(secure ? "secureConnect" : "connect", () => {
        connected = true;
      });
    });
    outgoing.on("error", (error) => finish(failed(codeOf(error))));
    outgoing.end(body);
  });

/** Only the code: the message of a network error can name the address. */
const codeOf = (error: Error): string =>
  "code" in error && typeof error.code === "string" ? error.code : "unknown error";

/** The milliseconds that a Retry-After header asks for (seconds or a date), between one second and one day. */
export const retryAfterMs = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 1000), 86_400_000) : undefined;
};
