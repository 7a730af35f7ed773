import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Reply } from "../gateway.ts";
import type { Received } from "./signature.ts";

const largestBody = 32 * 1024 * 1024;

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    size += part.length;
    if (size > largestBody) throw new Error("the body is too large");
    parts.push(part);
  }
  return Buffer.concat(parts);
};

/** Decodes a query string pair by pair; unlike form bodies, a plus stays a plus when it was signed as one. */
const pairsOf = (query: string): readonly (readonly [string, string])[] => [...new URLSearchParams(query)];

export const receive = async (request: IncomingMessage): Promise<Received> => {
  const [pathname = "/", query = ""] = (request.url ?? "/").split("?", 2);
  // A header may have any name, `constructor` too.
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  return { method: request.method ?? "GET", pathname, query: pairsOf(query), headers, body: await bodyOf(request) };
};

/** Sends a reply, or keeps the client waiting for at most `holdMs`, or hangs up. */
export const send = (response: ServerResponse, reply: Reply, holdMs: number): void => {
  if (reply.kind === "cut") {
    response.socket?.destroy();
    return;
  }
  if (reply.kind === "hold") {
    const timer = setTimeout(() => response.socket?.destroy(), holdMs);
    response.once("close", () => clearTimeout(timer));
    return;
  }
  response.writeHead(reply.status, { "content-type": "application/json;charset=utf-8", ...reply.headers });
  response.end(reply.body);
};

export type Listening = { readonly port: number; readonly stop: () => Promise<void> };

/** Listens on 127.0.0.1 and nowhere else. */
export const listen = (
  port: number,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Listening> => {
  const server: Server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // A bug of the sandbox must be seen, not look like an answer of the cloud.
      if (response.headersSent) return response.destroy();
      response.writeHead(599, { "content-type": "text/plain" });
      response.end(`sandbox bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
  });
  // Clients keep idle connections; the longest keep-alive that the cloud is known to bear is not documented.
  server.keepAliveTimeout = 30_000;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        stop: () =>
          new Promise((stopped) => {
            server.close(() => stopped());
            server.closeAllConnections();
          }),
      });
    });
  });
};
