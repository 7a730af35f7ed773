import { createHash, createHmac } from "node:crypto";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { callerOf, refusal, trustOf } from "./client.ts";

const sha256 = (data: string) => createHash("sha256").update(data).digest("hex");

let nonce = 0;

/** A request signed by hand, so that every part of it can be bent. */
const signed = (
  sandbox: Sandbox,
  keys: { accessKeyId: string; accessKeySecret: string; securityToken?: string },
  { date = new Date(), action = "GetCallerIdentity", version = "2015-04-01", query = "", body = "" } = {},
) => {
  nonce += 1;
  const headers: Record<string, string> = {
    host: sandbox.endpoint,
    "x-acs-action": action,
    "x-acs-content-sha256": sha256(body),
    "x-acs-date": `${date.toISOString().slice(0, 19)}Z`,
    "x-acs-signature-nonce": `nonce-${nonce}`,
    "x-acs-version": version,
    ...(keys.securityToken === undefined ? {} : { "x-acs-security-token": keys.securityToken }),
    ...(body === "" ? {} : { "content-type": "application/x-www-form-urlencoded" }),
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    "POST",
    "/",
    query,
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    names.join(";"),
    sha256(body),
  ].join("\n");
  const signature = createHmac("sha256", keys.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest("hex");
  const authorization = `ACS3-HMAC-SHA256 Credential=${keys.accessKeyId},SignedHeaders=${names.join(";")},Signature=${signature}`;
  return { url: `${sandbox.url}/${query === "" ? "" : `?${query}`}`, headers: { ...headers, authorization }, body };
};

const send = async ({ url, headers, body }: { url: string; headers: Record<string, string>; body: string }) => {
  const { host: _host, ...rest } = headers;
  const response = await fetch(url, { method: "POST", headers: rest, ...(body === "" ? {} : { body }) });
  return {
    status: response.status,
    body: (await response.json()) as { Code?: string; RequestId?: string; HostId?: string },
  };
};

describe("proof of who calls", () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({
      seed: 4,
      snapshot: {
        version: 1,
        accountId: "1234567890123456",
        roles: [{ roleName: "watcher", assumeRolePolicyDocument: trustOf({ Service: "fc.aliyuncs.com" }) }],
      },
    });
  });
  afterEach(() => sandbox.stop());

  it("accepts a request signed by hand", async () => {
    expect((await send(signed(sandbox, sandbox.administrator))).status).toBe(200);
  });

  it("refuses a request that is bent in any place", async () => {
    const make = () =>
      signed(sandbox, sandbox.administrator, {
        action: "DeleteRole",
        version: "2015-05-01",
        query: "RoleName=other",
        body: "Extra=1",
      });
    type Request = ReturnType<typeof make>;
    const withHeaders = (request: Request, headers: Record<string, string>): Request => ({
      ...request,
      headers: { ...request.headers, ...headers },
    });
    const otherEnd = (text: string): string => `${text.slice(0, -1)}${text.endsWith("0") ? "1" : "0"}`;
    const bend: readonly (readonly [string, (request: Request) => Request])[] = [
      ["query", (request) => ({ ...request, url: request.url.replace("other", "watcher") })],
      ["query added to", (request) => ({ ...request, url: `${request.url}&RoleName2=watcher` })],
      ["action", (request) => withHeaders(request, { "x-acs-action": "GetRole" })],
      ["body", (request) => ({ ...request, body: "Extra=2" })],
      ["nonce", (request) => withHeaders(request, { "x-acs-signature-nonce": "other" })],
      ["unsigned header", (request) => withHeaders(request, { "x-acs-security-token": "t" })],
      ["signature", (request) => withHeaders(request, { authorization: otherEnd(request.headers.authorization) })],
      ["no signature", (request) => withHeaders(request, { authorization: "" })],
    ];
    for (const [what, change] of bend) {
      const answer = await send(change(make()));
      expect(["SignatureDoesNotMatch", "IncompleteSignature"], what).toContain(answer.body.Code);
      expect(answer.status, what).toBe(400);
    }
    expect((await callerOf(sandbox)("Ram", "GetRole", { RoleName: "watcher" })).Role.RoleName).toBe("watcher");
  });

  it("refuses a replayed nonce and a date out of the window", async () => {
    const request = signed(sandbox, sandbox.administrator);
    expect((await send(request)).status).toBe(200);
    expect((await send(request)).body.Code).toBe("SignatureNonceUsed");
    const late = signed(sandbox, sandbox.administrator, { date: new Date(Date.now() - 16 * 60_000) });
    expect((await send(late)).body.Code).toBe("InvalidTimeStamp.Expired");
  });

  it("answers errors with all five fields", async () => {
    const { body } = await send(signed(sandbox, { accessKeyId: "LTAIunknown", accessKeySecret: "x" }));
    expect(Object.keys(body).sort()).toEqual(["Code", "HostId", "Message", "Recommend", "RequestId"]);
    expect(body.Code).toBe("InvalidAccessKeyId.NotFound");
  });

  it("wants the session's own token, while it lasts and while its role lives", async () => {
    let now = Date.now();
    const timed = await startSandbox({
      seed: 4,
      clock: { now: () => now },
      dateWindowMs: Number.POSITIVE_INFINITY,
      snapshot: sandbox.dump({ secrets: true }),
    });
    try {
      const session = timed.sessionOf("watcher");
      const who = (keys: Parameters<typeof callerOf>[1]) => callerOf(timed, keys)("Sts", "GetCallerIdentity");
      expect((await who(session)).IdentityType).toBe("AssumedRoleUser");
      expect(await refusal(who({ ...session, securityToken: "CAISother" }))).toBe(
        "InvalidSecurityToken.MismatchWithAccessKey",
      );
      const { securityToken: _gone, ...bare } = session;
      expect(await refusal(who(bare))).toBe("MissingSecurityToken");
      now += 3600_000;
      expect(await refusal(who(session))).toBe("InvalidSecurityToken.Expired");
      const young = timed.sessionOf("watcher");
      await callerOf(timed)("Ram", "DeleteRole", { RoleName: "watcher" });
      expect(await refusal(who(young))).toBe("InvalidSecurityToken.Malformed");
    } finally {
      await timed.stop();
    }
  });

  it("computes what the SDK signs, whatever the parameters", async () => {
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
    const params = fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9.]{0,8}$/), text, { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(params, fc.constantFrom("query" as const, "body" as const), async (extra, wire) => {
        const { Action: _a, Version: _v, Format: _f, ...rest } = extra;
        const answer = await callerOf(sandbox, sandbox.administrator, wire)("Sts", "GetCallerIdentity", rest);
        expect(answer.IdentityType).toBe("RAMUser");
        expect(sandbox.calls.list().at(-1)?.parameters).toEqual(rest);
      }),
      { numRuns: 60 },
    );
  });

  it("listens on 127.0.0.1 and nowhere else", async () => {
    const port = Number(sandbox.endpoint.split(":")[1]);
    const reach = (host: string) =>
      new Promise<boolean>((resolve) => {
        const socket = connect({ port, host, timeout: 2000 });
        const done = (reached: boolean) => () => {
          socket.destroy();
          resolve(reached);
        };
        socket.once("connect", done(true)).once("error", done(false)).once("timeout", done(false));
      });
    const others = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter((each) => !each.internal);
    expect(await reach("127.0.0.1")).toBe(true);
    for (const { address } of [{ address: "::1" }, { address: "127.0.0.2" }, ...others]) {
      expect(await reach(address), address).toBe(false);
    }
  });
});
