import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

export type DingtalkStandInOptions = {
  readonly accessToken: string;
  /** Security setting "sign". */
  readonly secret?: string | undefined;
  /** Security setting "keywords", one of them. */
  readonly keyword?: string | undefined;
  /** Epoch milliseconds. */
  readonly now?: () => number;
};

/** What the robot can be told to do wrong with its next message. */
export type DingtalkMisbehaviour = "throttled" | "no-errcode" | "http-500" | "silent" | "cut" | "html";

export type DingtalkStandIn = {
  readonly handle: (req: IncomingMessage, res: ServerResponse) => void;
  /** What reached the group, oldest first. */
  readonly messages: () => readonly { readonly receivedAt: number; readonly body: unknown }[];
  readonly misbehave: (next: DingtalkMisbehaviour) => void;
};

const longestBody = 20_000;
const perMinute = 20;
const penaltyMs = 10 * 60_000;
const windowMs = 60 * 60_000;
const types = ["text", "link", "markdown", "actionCard", "feedCard"];

type Answer = { readonly errcode: number; readonly errmsg: string };

/**
 * A DingTalk custom robot: `POST /robot/send`. Failures are HTTP 200 with an `errcode`, as DingTalk answers them.
 * The codes and limits are those of the vendor's documentation and of logs published by users (reference/alert-channels.md).
 */
export const createDingtalkStandIn = (options: DingtalkStandInOptions): DingtalkStandIn => {
  const now = options.now ?? Date.now;
  const shown: { receivedAt: number; body: unknown }[] = [];
  let calls: number[] = [];
  let blockedUntil = 0;
  let next: DingtalkMisbehaviour | undefined;

  const answerTo = (req: IncomingMessage, url: URL, bytes: Buffer): Answer => {
    if (req.method !== "POST") return { errcode: 43002, errmsg: "require POST method" };
    if (url.searchParams.get("access_token") !== options.accessToken)
      return { errcode: 300005, errmsg: "token is not exist" };
    if (!/^application\/json\b/i.test(req.headers["content-type"] ?? ""))
      return { errcode: 43004, errmsg: "invalid content-type" };
    if (bytes.length > longestBody) return { errcode: 460101, errmsg: `message too long, exceed ${longestBody} bytes` };
    const body = parsed(bytes);
    if (body === undefined) return { errcode: 40035, errmsg: "missing parameter json" };
    const refused = securityFailure(options, url, bytes, now());
    if (refused !== undefined) return { errcode: 310000, errmsg: `${refused}, more: [https://open.dingtalk.com]` };
    const instant = now();
    calls = calls.filter((at) => at > instant - 60_000);
    if (instant >= blockedUntil && calls.length >= perMinute) blockedUntil = instant + penaltyMs;
    if (instant < blockedUntil)
      return { errcode: 130101, errmsg: `send too fast, exceed ${perMinute} times per minute` };
    calls.push(instant);
    if (typeof body.msgtype !== "string" || !types.includes(body.msgtype))
      return { errcode: 400105, errmsg: "unsupported msgtype" };
    if (!hasContent(body, body.msgtype)) return { errcode: 40035, errmsg: `missing parameter ${body.msgtype}` };
    shown.push({ receivedAt: instant, body });
    return { errcode: 0, errmsg: "ok" };
  };

  const handle = (req: IncomingMessage, res: ServerResponse): void => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      const url = new URL(req.url ?? "/", "http://robot.invalid");
      if (url.pathname !== "/robot/send") {
        res.writeHead(404).end();
        return;
      }
      const wrong = next;
      next = undefined;
      // These three never reach the robot; after the others the group has the message, whatever the caller sees.
      if (wrong === "throttled" || wrong === "http-500" || wrong === "html") return gatewayAnswer(res, wrong);
      const answer = answerTo(req, url, Buffer.concat(chunks));
      if (wrong === "silent") return;
      if (wrong === "cut") {
        res.writeHead(200, { "content-type": "application/json", "content-length": "64" });
        res.write('{"errcode":0', () => res.destroy());
        return;
      }
      json(res, wrong === "no-errcode" ? { errmsg: answer.errmsg } : answer);
    });
  };

  return {
    handle,
    messages: () => shown,
    misbehave: (misbehaviour) => {
      next = misbehaviour;
    },
  };
};

const json = (res: ServerResponse, value: unknown): void => {
  res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
};

const gatewayAnswer = (res: ServerResponse, how: "throttled" | "http-500" | "html"): void => {
  if (how === "throttled") json(res, { status: 1111, wait: 5, source: "x5", punish: "deny", uuid: "0" });
  else if (how === "html")
    res.writeHead(200, { "content-type": "text/html" }).end("<html><body>please wait</body></html>");
  else res.writeHead(500, { "content-type": "text/plain" }).end("internal error");
};

const parsed = (bytes: Buffer): { readonly [name: string]: unknown } | undefined => {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

const hasContent = (body: { readonly [name: string]: unknown }, type: string): boolean => {
  const content = Object.hasOwn(body, type) ? body[type] : undefined;
  if (typeof content !== "object" || content === null) return false;
  if (type !== "markdown") return true;
  const { title, text } = content as { title?: unknown; text?: unknown };
  return typeof title === "string" && title !== "" && typeof text === "string" && text !== "";
};

/** The signature is worked out here from the vendor's description, not with the sender's code. */
const securityFailure = (
  { secret, keyword }: DingtalkStandInOptions,
  url: URL,
  bytes: Buffer,
  instant: number,
): string | undefined => {
  if (keyword !== undefined && !bytes.toString("utf8").includes(keyword)) return "keywords not in content";
  if (secret === undefined) return undefined;
  const timestamp = url.searchParams.get("timestamp") ?? "";
  if (!/^\d{13}$/.test(timestamp) || Math.abs(instant - Number(timestamp)) > windowMs) return "invalid timestamp";
  const hmac = createHmac("sha256", Buffer.from(secret, "utf8"));
  const due = hmac.update(Buffer.from(timestamp + String.fromCharCode(10) + secret, "utf8")).digest();
  const given = Buffer.from(url.searchParams.get("sign") ?? "", "base64");
  return given.length === due.length && timingSafeEqual(given, due) ? undefined : "sign not match";
};
