import { lookup } from "node:dns/promises";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, test } from "vitest";
import { publicLookup, retryAfterMs } from "../../shared/channels/post.ts";
import { isPublicAddress } from "../../shared/channels/public-address.ts";
import { type WebhookOptions, webhookChannel } from "../../shared/channels/webhook.ts";
import { manualClock } from "../ports/manual-clock.ts";
import { message } from "./messages.ts";
import { bodyOf, type LocalServer, serve } from "./server.ts";

const secretOf = (byte: number, length = 32): string => `whsec_${Buffer.alloc(length, byte).toString("base64")}`;

const servers: LocalServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

type Received = { readonly headers: Record<string, string>; readonly body: Buffer };

const opened = async (status: number, over: Partial<WebhookOptions> = {}, headers: Record<string, string> = {}) => {
  const received: Received[] = [];
  const server = await serve(async (req, res) => {
    const body = await bodyOf(req);
    received.push({ headers: req.headers as Record<string, string>, body });
    res.writeHead(status, headers).end();
  });
  servers.push(server);
  // The independent verifier compares with the real time.
  const clock = manualClock(Date.now());
  const channel = webhookChannel({
    url: `http://${server.host}/in/secret-path`,
    secrets: [secretOf(1)],
    allowPrivate: true,
    clock,
    ...over,
  });
  return { channel, received, clock };
};

describe("a Standard Webhooks receiver", () => {
  test("gets every incident of a digest that is too long", async () => {
    const { channel, received } = await opened(204);
    const incidents = Array.from({ length: 40 }, (_, index) => ({
      messageId: `message-${index}`,
      incidentId: `incident-${index}`,
      severity: "high",
      outcome: { kind: "reverted" },
      title: "角".repeat(400),
    }));
    await channel.send(message({ data: { incidents } }));
    const body = received[0]?.body ?? Buffer.alloc(0);
    expect(body.length).toBeLessThanOrEqual(20_000);
    expect(JSON.parse(body.toString("utf8")).data.details).toEqual({
      cut: true,
      incidents: incidents.map(({ title: _, ...rest }) => rest),
    });
  });

  test("verifies what was sent, byte for byte, with a library of its own", async () => {
    const { channel, received, clock } = await opened(204);
    const what = message({ data: { name: "角色 \u202e😀", raw: "[x](y)" } });
    expect(await channel.send(what)).toEqual({ kind: "sent" });
    const [request] = received;
    if (request === undefined) throw new Error("nothing was received");
    const verified = new Webhook(secretOf(1)).verify(request.body.toString("utf8"), request.headers);
    expect(verified).toEqual({
      type: "ram.incident",
      timestamp: new Date(clock.now()).toISOString(),
      data: {
        messageId: what.id,
        incidentId: what.incidentId,
        severity: "high",
        title: "trust policy of role deploy lets everyone in",
        details: what.data,
      },
    });
    expect(() => new Webhook(secretOf(2)).verify(request.body.toString("utf8"), request.headers)).toThrow();
    expect(() => new Webhook(secretOf(1)).verify(`${request.body.toString("utf8")} `, request.headers)).toThrow();
  });

  test("while secrets are changed, the holder of either verifies", async () => {
    const { channel, received } = await opened(200, { secrets: [secretOf(1), secretOf(2, 64)] });
    await channel.send(message());
    const [request] = received;
    for (const secret of [secretOf(1), secretOf(2, 64)])
      expect(() => new Webhook(secret).verify(String(request?.body), request?.headers ?? {})).not.toThrow();
  });

  test("the id is the message's at each attempt, the time is the attempt's", async () => {
    const { channel, received, clock } = await opened(503);
    await channel.send(message({ id: "a.b/c" }));
    clock.advance(2500);
    await channel.send(message({ id: "a.b/c" }));
    const [first, second] = received.map(({ headers }) => headers);
    expect(first?.["webhook-id"]).toBe(second?.["webhook-id"]);
    expect(first?.["webhook-id"]).toMatch(/^[\w-]+$/);
    expect(Number(second?.["webhook-timestamp"]) - Number(first?.["webhook-timestamp"])).toBeGreaterThanOrEqual(2);
  });

  test("a body of more than 20,000 bytes goes without its details", async () => {
    const { channel, received } = await opened(200);
    await channel.send(message({ data: { much: "说".repeat(7000) }, title: [{ untrusted: "x".repeat(9999) }] }));
    const body = received[0]?.body ?? Buffer.alloc(0);
    expect(body.length).toBeLessThanOrEqual(20_000);
    expect(JSON.parse(String(body)).data).toMatchObject({ details: { cut: true }, incidentId: message().incidentId });
  });

  test.each([
    [200, { kind: "sent" }],
    [202, { kind: "sent" }],
    [301, { kind: "rejected" }],
    [307, { kind: "rejected" }],
    [400, { kind: "rejected" }],
    [401, { kind: "rejected" }],
    [404, { kind: "rejected" }],
    [410, { kind: "rejected", because: expect.stringContaining("disabled") }],
    [408, { kind: "retry" }],
    [429, { kind: "retry", afterMs: 7000 }],
    [500, { kind: "retry" }],
    [502, { kind: "retry", afterMs: 7000 }],
    [504, { kind: "retry", afterMs: 7000 }],
  ])("status %i is %j", async (status, outcome) => {
    const { channel, received } = await opened(status, {}, { location: "/elsewhere", "retry-after": "7" });
    expect(await channel.send(message())).toMatchObject(outcome);
    expect(received).toHaveLength(1);
  });

  test("no answer in time is unknown", async () => {
    const server = await serve(() => {});
    servers.push(server);
    const { channel } = await opened(200, { url: `http://${server.host}/`, timeoutMs: 100 });
    expect(await channel.send(message())).toMatchObject({ kind: "unknown" });
  });
});

test("without a secret there is no channel", () => {
  expect(() => webhookChannel({ url: "https://hooks.example/", secrets: [], clock: manualClock() })).toThrow("secret");
});

describe("the address", () => {
  const channel = (url: string, over: Partial<WebhookOptions> = {}) =>
    webhookChannel({ url, secrets: [secretOf(1)], clock: manualClock(), ...over });

  test.each(["nonsense", "http://hooks.example/secret", "ftp://hooks.example/secret"])("%s is refused", (url) => {
    expect(() => channel(url)).toThrow();
    expect(() => channel(url)).not.toThrow("secret");
  });

  test.each([
    "https://127.0.0.1/",
    "https://127.1/",
    "https://0x7f000001/",
    "https://2130706433/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://100.100.100.200/latest/meta-data",
    "https://169.254.169.254/",
    "https://10.0.0.1:1/",
    "https://localhost:1/",
  ])("%s is not connected to", async (url) => {
    expect(await channel(url).send(message())).toEqual({
      kind: "rejected",
      because: "the webhook's address is not public",
    });
  });

  test("a name is judged by the addresses that it has when it is connected to", async () => {
    // `localhost` is the one name that resolves without a network.
    expect((await lookup("localhost")).address).toMatch(/^(127\.0\.0\.1|::1)$/);
    const server = await serve((_req, res) => res.end());
    servers.push(server);
    const port = server.host.split(":")[1];
    const open = channel(`http://localhost:${port}/`, { allowPrivate: true });
    expect((await open.send(message())).kind).not.toBe("rejected");
    expect(await channel(`https://localhost:${port}/`).send(message())).toMatchObject({ kind: "rejected" });
  });

  test.each([
    [["8.8.8.8"], "8.8.8.8"],
    [["8.8.8.8", "10.0.0.1"], "ERR_ADDRESS_NOT_PUBLIC"],
    [["10.0.0.1", "8.8.8.8"], "ERR_ADDRESS_NOT_PUBLIC"],
    [[], "ERR_ADDRESS_NOT_PUBLIC"],
  ])("a name with the addresses %j connects to %s", (addresses, connected) => {
    const look = publicLookup((_host, _options, callback) => {
      const found = addresses.map((address) => ({ address, family: 4 }));
      callback(null, found);
    });
    const seen: unknown[] = [];
    look("hooks.example", {}, (error, address) => seen.push(error === null ? address : error.code));
    look("hooks.example", { all: true }, (error, all) =>
      seen.push(error === null && Array.isArray(all) ? all[0]?.address : error?.code),
    );
    expect(seen).toEqual([connected, connected]);
  });

  test.each(["8.8.8.8", "47.88.0.1", "2400:3200::1", "2606:4700::1111"])("%s is public", (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  test.each([
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "198.19.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "2001:db8::1",
    "nonsense",
  ])("%s is not public", (address) => expect(isPublicAddress(address)).toBe(false));

  test.each(["", "whsec_", "plain", `whsec_${Buffer.alloc(23).toString("base64")}`, secretOf(1, 65), "whsec_!!!!"])(
    "the secret %j is refused without being repeated",
    (secret) => {
      expect(() => channel("https://hooks.example/", { secrets: [secret] })).toThrow(/^a webhook secret must be/);
    },
  );
});

test.each([
  ["7", 7000],
  ["0", 1000],
  ["999999999", 86_400_000],
  ["Sun, 22 Nov 2026 00:01:00 GMT", 60_000],
  ["soon", undefined],
  [undefined, undefined],
])("Retry-After %j is %j ms", (header, ms) => {
  expect(retryAfterMs(header, Date.UTC(2026, 10, 22))).toBe(ms);
});
