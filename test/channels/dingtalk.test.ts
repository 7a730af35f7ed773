import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { createDingtalkStandIn, type DingtalkStandIn } from "../../sandbox/dingtalk.ts";
import { type DingtalkOptions, dingtalkChannel } from "../../shared/channels/dingtalk.ts";
import { dingtalkVerdict } from "../../shared/channels/dingtalk-answer.ts";
import { dingtalkBody, minimalBody } from "../../shared/channels/dingtalk-text.ts";
import { manualClock } from "../ports/manual-clock.ts";
import { anyMessage, message, unsafeCharacters } from "./messages.ts";
import { bodyOf, type LocalServer, serve } from "./server.ts";

const accessToken = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const secret = "SECfedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

const servers: LocalServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const opened = async (over: Partial<DingtalkOptions> = {}, robotSecret: string | undefined = secret) => {
  const clock = manualClock();
  const robot: DingtalkStandIn = createDingtalkStandIn({
    accessToken,
    secret: robotSecret,
    keyword: "守卫",
    now: clock.now,
  });
  const server = await serve(robot.handle);
  servers.push(server);
  const options: DingtalkOptions = {
    url: `http://${server.host}/robot/send?access_token=${accessToken}`,
    allowHost: server.host,
    secret,
    keyword: "守卫",
    language: "zh-CN",
    clock,
    ...over,
  };
  return { clock, robot, channel: dingtalkChannel(options), options };
};

/** A robot that gives one answer per request, the last one again and again. */
const answering = async (
  ...answers: readonly { status?: number; text: string; headers?: Record<string, string> }[]
) => {
  const received: { url: string; body: Buffer }[] = [];
  const server = await serve(async (req, res) => {
    const answer = answers[Math.min(received.length, answers.length - 1)];
    received.push({ url: req.url ?? "", body: await bodyOf(req) });
    res.writeHead(answer?.status ?? 200, answer?.headers).end(answer?.text);
  });
  servers.push(server);
  const channel = dingtalkChannel({
    url: `http://${server.host}/robot/send?access_token=${accessToken}`,
    allowHost: server.host,
    secret,
    language: "en",
    clock: manualClock(),
  });
  return { channel, received };
};

const textOfBody = (body: unknown): string => (body as { markdown: { text: string } }).markdown.text;

describe("a robot with signature and keyword", () => {
  test("shows the message", async () => {
    const { robot, channel } = await opened();
    expect(await channel.send(message())).toEqual({ kind: "sent" });
    expect(robot.messages().map(({ body }) => body)).toEqual([
      {
        msgtype: "markdown",
        markdown: {
          title: "守卫 🟠 高危: trust policy of role 「deploy」 lets everyone in",
          text: [
            "#### 守卫 🟠 高危: trust policy of role 「deploy」 lets everyone in",
            "",
            "- **Who**: user 「alice」",
            "- **What was done**: put back",
            "",
            "事件 0198e0c2-6f00-7000-8000-0000000000aa  ",
            "消息 0198e0c2-6f00-7000-8000-000000000001",
          ].join("\n"),
        },
        at: { isAtAll: false },
      },
    ]);
  });

  test("is signed anew for each attempt", async () => {
    const { robot, channel, clock } = await opened();
    await channel.send(message());
    clock.advance(3 * 3_600_000);
    expect(await channel.send(message())).toEqual({ kind: "sent" });
    expect(robot.messages()).toHaveLength(2);
  });

  test("mentions everybody for critical severity only, and only when set", async () => {
    const { robot, channel } = await opened({ atAll: true });
    await channel.send(message({ severity: "critical" }));
    await channel.send(message());
    expect(robot.messages().map(({ body }) => (body as { at: unknown }).at)).toEqual([
      { isAtAll: true },
      { isAtAll: false },
    ]);
  });

  test.each([
    ["secret", { secret: "SECwrong" }, "signature"],
    ["secret missing", { secret: undefined }, "signature"],
    ["keyword", { keyword: "other" }, "keyword"],
  ])("a wrong %s is rejected with its cause", async (_what, over, cause) => {
    const { robot, channel } = await opened(over);
    const outcome = await channel.send(message());
    expect(outcome).toMatchObject({ kind: "rejected", because: expect.stringContaining(cause) });
    expect(robot.messages()).toEqual([]);
  });

  test("a clock that is an hour off is rejected as a signature", async () => {
    const { options } = await opened();
    const late = manualClock(options.clock.now() - 3_600_001);
    const outcome = await dingtalkChannel({ ...options, clock: late }).send(message());
    expect(outcome).toMatchObject({ kind: "rejected", because: expect.stringContaining("signature") });
  });

  test("an unknown token is rejected", async () => {
    const { options } = await opened();
    const channel = dingtalkChannel({ ...options, url: options.url.replace(accessToken, "other") });
    expect(await channel.send(message())).toMatchObject({
      kind: "rejected",
      because: expect.stringContaining("300005"),
    });
  });

  test("the limit of the channel is under the robot's; above the robot's it says when to come back", async () => {
    const { channel, clock, robot } = await opened();
    for (let sent = 0; sent < 20; sent += 1) expect(await channel.send(message())).toEqual({ kind: "sent" });
    expect(await channel.send(message())).toMatchObject({ kind: "retry", afterMs: 60_000 });
    clock.advance(60_000);
    expect(await channel.send(message())).toMatchObject({ kind: "retry" });
    clock.advance(10 * 60_000);
    expect(await channel.send(message())).toEqual({ kind: "sent" });
    expect(robot.messages()).toHaveLength(21);
    expect(channel.limit).toEqual({ messages: 15, perMs: 60_000 });
  });

  test.each([
    ["throttled", { kind: "retry", afterMs: 5000 }, 0],
    ["no-errcode", { kind: "unknown" }, 1],
    ["http-500", { kind: "unknown" }, 0],
    ["silent", { kind: "unknown", because: "no answer in 150 ms" }, 1],
    ["cut", { kind: "unknown" }, 1],
    ["html", { kind: "unknown" }, 0],
  ] as const)("a robot that is %s gives %j", async (how, outcome, shown) => {
    const { robot, channel } = await opened({ timeoutMs: 150 });
    robot.misbehave(how);
    expect(await channel.send(message())).toMatchObject(outcome);
    expect(robot.messages()).toHaveLength(shown);
  });

  test("nobody there is a retry: nothing was sent", async () => {
    const { channel } = await opened();
    await servers.splice(0)[0]?.close();
    expect(await channel.send(message())).toMatchObject({ kind: "retry" });
  });
});

describe("every answer has its outcome", () => {
  const verdict = (errcode: unknown, errmsg = "") =>
    dingtalkVerdict(
      { kind: "answered", status: 200, retryAfter: undefined, text: JSON.stringify({ errcode, errmsg }) },
      0,
    );

  test.each([
    [0, "", "sent"],
    ["0", "", "sent"],
    [-1, "", "retry"],
    [130101, "send too fast, exceed 20 times per minute", "retry"],
    [410100, "", "retry"],
    [302033, "", "retry"],
    [310000, "keywords not in content", "rejected"],
    [310000, "sign not match", "rejected"],
    [310000, "ip 1.2.3.4 not in whitelist", "rejected"],
    [300001, "", "rejected"],
    [300005, "", "rejected"],
    [400101, "", "rejected"],
    [400013, "", "rejected"],
    [400102, "", "rejected"],
    [400106, "", "rejected"],
    [460101, "message too long, exceed 20000 bytes", "send-shorter"],
    [40035, "", "rejected"],
    [43002, "", "rejected"],
    [43004, "", "rejected"],
    [400105, "", "rejected"],
    [430101, "", "send-minimal"],
    [430104, "", "send-minimal"],
    [90030, "webhook over limit", "rejected"],
    [777777, "触发限流", "retry"],
    [777777, "something else", "rejected"],
    ["", "ok", "unknown"],
    [null, "ok", "unknown"],
    [undefined, "ok", "unknown"],
    [false, "ok", "unknown"],
    [0.5, "ok", "unknown"],
  ])("errcode %j %j is %s", (code, text, kind) => {
    expect(verdict(code, text).kind).toBe(kind);
  });

  test("only errcode 0 is ever success", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 100, max: 599 }), (answer, status) => {
        const posted = { kind: "answered", status, retryAfter: undefined, text: JSON.stringify(answer) } as const;
        expect(dingtalkVerdict(posted, 0).kind).not.toBe("sent");
      }),
    );
  });

  test("what the answer says is not repeated", () => {
    expect(JSON.stringify(verdict(310000, `sign not match for ${accessToken}`))).not.toContain(accessToken);
  });

  test("a redirect is not followed", async () => {
    const { channel, received } = await answering({
      status: 302,
      text: "",
      headers: { location: "/robot/send?again" },
    });
    expect(await channel.send(message())).toMatchObject({ kind: "rejected" });
    expect(received).toHaveLength(1);
  });

  test("an answer without end is read only so far", async () => {
    const server = await serve((_req, res) => {
      const more = (): void => {
        if (!res.destroyed && res.write("x".repeat(10_000))) setImmediate(more);
        else res.once("drain", more);
      };
      more();
    });
    servers.push(server);
    const { channel } = await opened({
      url: `http://${server.host}/robot/send?access_token=x`,
      allowHost: server.host,
    });
    expect(await channel.send(message())).toEqual({ kind: "unknown", because: "the answer was not JSON" });
  });

  test("a message that is found too long is sent once more, shorter", async () => {
    const tooLong = { text: '{"errcode":460101,"errmsg":"message too long"}' };
    const long = message({ fields: [{ label: "Many", value: ["说".repeat(9000)] }] });
    const once = await answering(tooLong, { text: '{"errcode":0}' });
    expect(await once.channel.send(long)).toEqual({ kind: "sent" });
    expect(once.received.map(({ body }) => body.length <= 10_000)).toEqual([false, true]);
    const always = await answering(tooLong);
    expect(await always.channel.send(long)).toMatchObject({ kind: "rejected" });
    expect(always.received).toHaveLength(2);
  });

  test("a message that is found unsuitable is sent once more without anything from outside", async () => {
    const { channel, received } = await answering({ text: '{"errcode":430104}' }, { text: '{"errcode":0}' });
    expect(await channel.send(message())).toEqual({ kind: "sent" });
    const [, minimal] = received.map(({ body }) => body.toString("utf8"));
    expect(minimal).toContain(message().incidentId);
    expect(minimal).not.toMatch(/alice|deploy/);
  });

  test("a digest that is found unsuitable is not: it is refused for its content, to be sent in halves", async () => {
    const { channel, received } = await answering({ text: '{"errcode":430102}' }, { text: '{"errcode":0}' });
    expect(await channel.send(message({ together: ["a", "b"] }))).toEqual({
      kind: "rejected",
      because: "errcode `430102`: the content was found unsuitable",
      content: true,
    });
    expect(received).toHaveLength(1);
  });
});

describe("the text", () => {
  test("has the lines that we made and no others, and no name breaks out of its brackets", () => {
    fc.assert(
      fc.property(anyMessage, (what) => {
        const body = dingtalkBody(what, { language: "en" });
        const text = textOfBody(JSON.parse(body.toString("utf8")));
        if (text.includes("(cut:")) return;
        expect(text.split("\n")).toHaveLength(2 + Math.max(1, what.fields.length) + 3);
        const outside = text.replace(/「[^「」]*」/gu, "");
        expect(outside.replace(/\n/g, "")).not.toMatch(unsafeCharacters);
        expect(outside).not.toMatch(/\]\(|!\[|<@|<!|dtmd|:\/\/|[「」]/);
        expect(text).not.toMatch(/\]\(|!\[|<@|<!|dtmd:\/\//);
      }),
    );
  });

  test("is at most 20,000 bytes as sent, cut between characters, with the incident and a closed last name", () => {
    const long = fc.array(fc.string({ unit: "binary", maxLength: 300 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(
        long,
        fc.constantFrom("说", '"', "😀", "\\"),
        fc.integer({ min: 1, max: 5000 }),
        (names, filler, times) => {
          const what = message({
            title: [filler.repeat(times)],
            fields: names.map((untrusted) => ({ label: "Name", value: [{ untrusted }, filler.repeat(times)] })),
          });
          const body = dingtalkBody(what, { language: "zh-CN", keyword: "守卫" });
          expect(body.length).toBeLessThanOrEqual(20_000);
          const { markdown } = JSON.parse(body.toString("utf8"));
          expect(markdown.text).toContain(what.incidentId);
          expect(markdown.text).toContain(what.id);
          expect(markdown.text).not.toMatch(/[\ud800-\udfff]/u);
          expect(markdown.text.split("「").length).toBe(markdown.text.split("」").length);
          expect([...markdown.title].length).toBeLessThanOrEqual(101);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("closes the bracket of a name wherever the cut falls", () => {
    const what = message({ fields: [{ label: "x", value: Array(300).fill({ untrusted: "y".repeat(99) }) }] });
    for (let longest = 9000; longest < 9110; longest += 1) {
      const body = dingtalkBody(what, { language: "en", longest });
      expect(body.length).toBeLessThanOrEqual(longest);
      const text = textOfBody(JSON.parse(body.toString("utf8")));
      expect(text.split("「").length).toBe(text.split("」").length);
    }
  });

  test("uses what it may: a cut body is nearly as long as allowed", () => {
    const body = dingtalkBody(message({ fields: [{ label: "x", value: ["说".repeat(20_000)] }] }), { language: "en" });
    expect(body.length).toBeGreaterThan(19_990);
    expect(body.toString("utf8")).toContain("(cut:");
  });

  test("a minimal body has the keyword and the ids", () => {
    const text = minimalBody(message(), { language: "zh-CN", keyword: "守卫" }).toString("utf8");
    expect(text).toContain("守卫");
    expect(text).toContain(message().incidentId);
  });
});

describe("the address", () => {
  const clock = manualClock();
  const made = (url: string, allowHost?: string) => () => dingtalkChannel({ url, allowHost, language: "en", clock });

  test.each([
    ["not a url"],
    [`http://oapi.dingtalk.com/robot/send?access_token=${accessToken}`],
    [`https://evil.example/robot/send?access_token=${accessToken}`],
    [`https://oapi.dingtalk.com.evil.example/robot/send?access_token=${accessToken}`],
    [`https://oapi.dingtalk.com@evil.example/robot/send?access_token=${accessToken}`],
    [`http://127.0.0.1:1/robot/send?access_token=${accessToken}`],
    ["https://oapi.dingtalk.com/robot/send"],
  ])("%s is refused, without being repeated", (url) => {
    expect(made(url)).toThrow();
    expect(made(url)).not.toThrow(accessToken);
  });

  test("plain HTTP is for this machine only, even where the host is allowed", () => {
    expect(made("http://robot.example/robot/send?access_token=x", "robot.example")).toThrow("https");
    expect(made("https://robot.example/robot/send?access_token=x", "robot.example")).not.toThrow();
    expect(made("https://oapi.dingtalk.com/robot/send?access_token=x")).not.toThrow();
  });

  test("neither token nor secret is in any outcome", async () => {
    const { channel, robot } = await opened({ timeoutMs: 150 });
    const outcomes: unknown[] = [];
    for (const how of ["throttled", "no-errcode", "http-500", "silent", "cut", "html"] as const) {
      robot.misbehave(how);
      outcomes.push(await channel.send(message()));
    }
    await servers.splice(0)[0]?.close();
    outcomes.push(await channel.send(message()));
    const said = JSON.stringify(outcomes);
    for (const hidden of [accessToken, secret, "127.0.0.1", "http:"]) expect(said).not.toContain(hidden);
  });
});
