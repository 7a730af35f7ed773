import { createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { createDingtalkStandIn } from "../../sandbox/dingtalk.ts";
import { type LocalServer, serve } from "../channels/server.ts";

const servers: LocalServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const start = Date.UTC(2026, 10, 22);
const markdown = { msgtype: "markdown", markdown: { title: "alarm", text: "alarm" } };

const robot = async (options: { secret?: string; keyword?: string } = {}) => {
  let now = start;
  const standIn = createDingtalkStandIn({ accessToken: "token", now: () => now, ...options });
  const server = await serve(standIn.handle);
  servers.push(server);
  const send = async (
    body: unknown,
    {
      query = "access_token=token",
      method = "POST",
      type = "application/json",
    }: { query?: string; method?: string; type?: string } = {},
  ): Promise<number> => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await fetch(`http://${server.host}/robot/send?${query}`, {
      method,
      headers: { "content-type": type },
      ...(method === "POST" ? { body: text } : {}),
    });
    // Failures, too, are answered with status 200.
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { errcode: number }).errcode;
  };
  return {
    standIn,
    send,
    advance: (ms: number) => {
      now += ms;
    },
  };
};

test.each([
  ["a message", markdown, {}, 0],
  ["plain text", { msgtype: "text", text: { content: "x" } }, {}, 0],
  ["another token", markdown, { query: "access_token=other" }, 300005],
  ["a GET", markdown, { method: "GET" }, 43002],
  ["another content type", markdown, { type: "text/plain" }, 43004],
  ["no JSON", "nonsense", {}, 40035],
  ["no text", { msgtype: "markdown", markdown: { title: "x" } }, {}, 40035],
  ["an unknown type", { msgtype: "poem", poem: {} }, {}, 400105],
  ["20,001 bytes", "x".repeat(20_001), {}, 460101],
] as const)("%s is answered with its code", async (_what, body, how, code) => {
  const { send, standIn } = await robot();
  expect(await send(body, how)).toBe(code);
  expect(standIn.messages()).toHaveLength(code === 0 ? 1 : 0);
});

const signedQuery = (secret: string, timestamp: number): string => {
  const sign = createHmac("sha256", secret).update(`${timestamp}\n${secret}`).digest("base64");
  return `access_token=token&timestamp=${timestamp}&sign=${encodeURIComponent(sign)}`;
};

test.each([
  ["now", "SECx", 0, 0],
  ["an hour ago", "SECx", -3_600_000, 0],
  ["longer ago", "SECx", -3_600_001, 310000],
  ["later than an hour", "SECx", 3_600_001, 310000],
  ["with another secret", "SECy", 0, 310000],
])("a signature made %s", async (_what, secret, offset, code) => {
  const { send } = await robot({ secret: "SECx" });
  expect(await send(markdown, { query: signedQuery(secret, start + offset) })).toBe(code);
});

test("a message without the keyword is refused", async () => {
  const { send } = await robot({ keyword: "守卫" });
  expect(await send(markdown)).toBe(310000);
  expect(await send({ msgtype: "text", text: { content: "守卫" } })).toBe(0);
});

test("the twenty-first message within a minute silences the robot for ten minutes", async () => {
  const { send, advance, standIn } = await robot();
  for (let sent = 0; sent < 20; sent += 1) expect(await send(markdown)).toBe(0);
  expect(await send(markdown)).toBe(130101);
  advance(10 * 60_000 - 1);
  expect(await send(markdown)).toBe(130101);
  advance(1);
  expect(await send(markdown)).toBe(0);
  expect(standIn.messages()).toHaveLength(21);
});
