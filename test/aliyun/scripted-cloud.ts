import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CallSeen, TransportOptions } from "../../shared/aliyun/transport.ts";
import type { Clock } from "../../shared/ports/world.ts";
import { expectedAuthorization } from "./signing.ts";

export type Received = {
  readonly action: string;
  readonly version: string;
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signed: boolean;
};

export type Reply = (request: Received, response: ServerResponse) => void;

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Reply =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json;charset=utf-8", ...headers });
    response.end(JSON.stringify(body));
  };

export const raw =
  (status: number, body: string, contentType = "text/html"): Reply =>
  (_request, response) => {
    response.writeHead(status, { "content-type": contentType });
    response.end(body);
  };

export const refusal = (status: number, code: string, headers: Record<string, string> = {}): Reply =>
  json(status, { RequestId: "REFUSED-1", HostId: "h", Code: code, Message: "text of the cloud" }, headers);

/** Takes the request and never answers. */
export const silence: Reply = () => {};

/** Takes the request and cuts the connection. */
export const cut: Reply = (_request, response) => {
  response.socket?.destroy();
};

/** Begins a body and stops in its midst. */
export const stall: Reply = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
  response.write('{"RequestId":');
};

/** Begins a body and cuts the connection in its midst. */
export const cutBody: Reply = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
  response.write('{"RequestId":', () => response.socket?.destroy());
};

export const key = { id: "LTAItestkey", secret: "s3cr3t-0f-the-k3y", token: "t0k3n-0f-the-s3ssi0n" };

export type ScriptedCloud = {
  readonly received: Received[];
  readonly seen: CallSeen[];
  readonly slept: number[];
  /** Answers in order; the last one repeats. */
  readonly script: (...replies: readonly Reply[]) => void;
  readonly options: (changes?: Partial<TransportOptions>) => TransportOptions;
  readonly close: () => Promise<void>;
};

/** A server that answers as told, and remembers what it got and whether that was rightly signed. */
export const scriptedCloud = async (): Promise<ScriptedCloud> => {
  const received: Received[] = [];
  const seen: CallSeen[] = [];
  const slept: number[] = [];
  let replies: readonly Reply[] = [json(200, { RequestId: "OK-1" })];
  let secrets: Readonly<Record<string, string>> = { [key.id]: key.secret };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one = receive(request, Buffer.concat(chunks).toString("utf8"), secrets);
      received.push(one);
      const reply = replies.length > 1 ? replies[0] : replies.at(-1);
      if (replies.length > 1) replies = replies.slice(1);
      reply?.(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  const clock: Clock = {
    now: () => 1_795_000_000_000 + slept.reduce((sum, ms) => sum + ms, 0),
    sleep: async (ms) => {
      slept.push(ms);
    },
  };
  return {
    received,
    seen,
    slept,
    script: (...next) => {
      replies = next;
      received.length = 0;
      seen.length = 0;
      slept.length = 0;
    },
    options: (changes = {}) => {
      const merged: TransportOptions = {
        credentials: { accessKeyId: key.id, accessKeySecret: key.secret, securityToken: key.token },
        clock,
        region: "cn-hangzhou",
        endpoint,
        protocol: "http",
        timeoutMs: 5_000,
        random: () => 0.5,
        onCall: (call) => seen.push(call),
        ...changes,
      };
      secrets = {
        ...secrets,
        [merged.credentials.accessKeyId]: merged.credentials.accessKeySecret,
        ACTING: "acting-secret",
      };
      return merged;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const receive = (request: IncomingMessage, body: string, secrets: Readonly<Record<string, string>>): Received => {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const id = /Credential=([^,]+),/.exec(headers.authorization ?? "")?.[1] ?? "";
  const url = request.url ?? "";
  const expected = expectedAuthorization(
    { method: request.method ?? "", url, headers, body },
    { id, secret: secrets[id] ?? "unknown" },
  );
  return {
    action: headers["x-acs-action"] ?? "",
    version: headers["x-acs-version"] ?? "",
    url,
    form: Object.fromEntries(new URLSearchParams(body)),
    headers,
    body,
    signed: headers.authorization === expected,
  };
};
