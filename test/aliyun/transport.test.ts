import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Effect } from "../../shared/aliyun/failure.ts";
import { type ApiCall, transport } from "../../shared/aliyun/transport.ts";
import type { CloudError } from "../../shared/domain/cloud-error.ts";
import {
  cut,
  cutBody,
  json,
  key,
  type Reply,
  raw,
  refusal,
  type ScriptedCloud,
  scriptedCloud,
  silence,
  stall,
} from "./scripted-cloud.ts";

let cloud: ScriptedCloud;
beforeAll(async () => {
  cloud = await scriptedCloud();
});
afterAll(() => cloud.close());

const call = (effect: Effect, parameters: ApiCall["parameters"] = { RoleName: "deploy" }): ApiCall => ({
  service: "Ram",
  operation: effect === "read" ? "GetRole" : "UpdateRole",
  parameters,
  effect,
});

/** A time-out short enough to wait for, used only where the server never answers. */
const shortly = 150;

describe("what is sent", () => {
  it("puts every parameter into a signed form body and nothing into the URL", async () => {
    cloud.script(json(200, { RequestId: "OK-2", Role: { Unknown: { kept: [1] } } }));
    const document = '{"Statement":[{"Effect":"Allow","Condition":{"a":"b&c=d+e é 政策 !\'()*"}}]}';
    const answer = await transport(cloud.options())(
      call("write", {
        RoleName: "deploy",
        NewAssumeRolePolicyDocument: document,
        NewDescription: "",
        Flag: false,
        Count: 0,
        Absent: undefined,
      }),
    );
    expect(answer).toEqual({
      ok: true,
      value: { requestId: "OK-2", body: { RequestId: "OK-2", Role: { Unknown: { kept: [1] } } } },
    });
    const [request] = cloud.received;
    expect(request).toMatchObject({ action: "UpdateRole", version: "2015-05-01", url: "/", signed: true });
    expect(request?.form).toEqual({
      RoleName: "deploy",
      NewAssumeRolePolicyDocument: document,
      NewDescription: "",
      Flag: "false",
      Count: "0",
    });
    expect(request?.headers["x-acs-security-token"]).toBe(key.token);
    expect(request?.headers["user-agent"]).toContain("ram-warden");
  });

  it("signs any parameters so that an independent signer agrees", async () => {
    cloud.script(json(200, { RequestId: "OK-3" }));
    const send = transport(cloud.options());
    const name = fc.stringMatching(/^[A-Z][A-Za-z0-9.]{0,12}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(name, fc.string({ unit: "binary", maxLength: 40 }), { minKeys: 1, maxKeys: 6 }),
        async (parameters) => {
          const answer = await send({ ...call("write"), parameters });
          expect(answer.ok).toBe(true);
          expect(cloud.received.at(-1)?.signed).toBe(true);
          expect(cloud.received.at(-1)?.url).toBe("/");
        },
      ),
      { numRuns: 150 },
    );
  });

  it("does not take a wrong secret for a right one, so that the check above can fail", async () => {
    cloud.script(json(200, { RequestId: "OK-4" }));
    const options = cloud.options();
    await transport({ ...options, credentials: { accessKeyId: key.id, accessKeySecret: "another" } })(call("read"));
    expect(cloud.received.at(-1)?.signed).toBe(false);
  });

  it("refuses to send credentials in the clear to another machine", () => {
    for (const endpoint of ["ram.aliyuncs.com", "127.0.0.1.evil.example:80", "localhost@evil.example", "10.0.0.1:80"]) {
      expect(() => transport(cloud.options({ endpoint }))).toThrow("without TLS");
    }
  });

  it("refuses a region that is none", () => {
    expect(() => transport(cloud.options({ region: "evil.example/" }))).toThrow("region");
  });
});

type Case = {
  readonly name: string;
  readonly reply: Reply;
  readonly read: CloudError["kind"];
  readonly write: CloudError["kind"];
  readonly code?: string;
  readonly requestId?: string;
  readonly retryAfterMs?: number;
  readonly timeoutMs?: number;
};

const same = (kind: CloudError["kind"]) => ({ read: kind, write: kind });
const from = { requestId: "REFUSED-1" };

const cases: readonly Case[] = [
  {
    name: "a missing role",
    reply: refusal(404, "EntityNotExist.Role"),
    ...same("not-found"),
    code: "EntityNotExist.Role",
    ...from,
  },
  {
    name: "a missing resource group",
    reply: refusal(404, "EntityNotExists.ResourceGroup"),
    ...same("not-found"),
    code: "EntityNotExists.ResourceGroup",
    ...from,
  },
  {
    name: "an action that is none",
    reply: refusal(404, "InvalidAction.NotFound"),
    ...same("invalid"),
    code: "InvalidAction.NotFound",
    ...from,
  },
  {
    name: "a key that is none",
    reply: refusal(404, "InvalidAccessKeyId.NotFound"),
    ...same("forbidden"),
    code: "InvalidAccessKeyId.NotFound",
    ...from,
  },
  {
    name: "a wrong signature",
    reply: refusal(400, "SignatureDoesNotMatch"),
    ...same("forbidden"),
    code: "SignatureDoesNotMatch",
    ...from,
  },
  { name: "a denial", reply: refusal(403, "NoPermission"), ...same("forbidden"), code: "NoPermission", ...from },
  {
    name: "a conflict",
    reply: refusal(409, "DeleteConflict.Role.Policy"),
    ...same("conflict"),
    code: "DeleteConflict.Role.Policy",
    ...from,
  },
  {
    name: "a concurrent call",
    reply: refusal(409, "ConcurrentCallNotSupported"),
    ...same("throttled"),
    code: "ConcurrentCallNotSupported",
    ...from,
  },
  {
    name: "a bad document",
    reply: refusal(400, "MalformedPolicyDocument"),
    ...same("invalid"),
    code: "MalformedPolicyDocument",
    ...from,
  },
  {
    name: "a bad parameter",
    reply: refusal(400, "InvalidParameter.RoleName.Length"),
    ...same("invalid"),
    code: "InvalidParameter.RoleName.Length",
    ...from,
  },
  { name: "a 4xx code of another day", reply: refusal(418, "Teapot"), ...same("invalid"), code: "Teapot", ...from },
  {
    name: "throttling with a hint",
    reply: refusal(400, "Throttling.User", { "x-acs-retry-after": "700" }),
    ...same("throttled"),
    code: "Throttling.User",
    retryAfterMs: 700,
    ...from,
  },
  {
    name: "throttling without a hint",
    reply: refusal(400, "Rejected.Throttling"),
    ...same("throttled"),
    code: "Rejected.Throttling",
    ...from,
  },
  {
    name: "throttling dressed as 503",
    reply: refusal(503, "Throttling.Api"),
    ...same("throttled"),
    code: "Throttling.Api",
    ...from,
  },
  { name: "429 of a proxy", reply: json(429, { error: "slow down" }), ...same("throttled") },
  {
    name: "ServiceUnavailable",
    reply: refusal(503, "ServiceUnavailable"),
    read: "unreachable",
    write: "outcome-unknown",
    code: "ServiceUnavailable",
    ...from,
  },
  {
    name: "InternalError",
    reply: refusal(500, "InternalError"),
    read: "unreachable",
    write: "outcome-unknown",
    code: "InternalError",
    ...from,
  },
  {
    name: "a nonce that was used",
    reply: refusal(400, "SignatureNonceUsed"),
    read: "unreadable",
    write: "outcome-unknown",
    code: "SignatureNonceUsed",
    ...from,
  },
  {
    name: "a 404 that is not the cloud's",
    reply: json(404, { message: "no route" }),
    read: "unreadable",
    write: "outcome-unknown",
  },
  { name: "a 502 page", reply: raw(502, "<html>bad gateway</html>"), read: "unreadable", write: "outcome-unknown" },
  { name: "a 200 page", reply: raw(200, "<html>welcome</html>"), read: "unreadable", write: "outcome-unknown" },
  { name: "an empty 200", reply: raw(200, "", "application/json"), read: "unreadable", write: "outcome-unknown" },
  { name: "an empty 500", reply: raw(500, "", "application/json"), read: "unreadable", write: "outcome-unknown" },
  {
    name: "a 500 with null",
    reply: raw(500, "null", "application/json"),
    read: "unreadable",
    write: "outcome-unknown",
  },
  {
    name: "JSON that is a list",
    reply: raw(200, "[1]", "application/json"),
    read: "unreadable",
    write: "outcome-unknown",
    code: "UnexpectedAnswer",
  },
  {
    name: "a friendly 200 of somebody else",
    reply: json(200, { status: "ok" }),
    read: "unreadable",
    write: "outcome-unknown",
    code: "UnexpectedAnswer",
  },
  {
    name: "a redirect with JSON",
    reply: json(302, { RequestId: "REFUSED-1" }),
    read: "unreadable",
    write: "outcome-unknown",
    code: "UnexpectedAnswer",
    ...from,
  },
  {
    name: "a refusal dressed as success",
    reply: refusal(200, "EntityNotExist.User"),
    ...same("not-found"),
    code: "EntityNotExist.User",
    ...from,
  },
  {
    name: "throttling dressed as success",
    reply: refusal(200, "Throttling"),
    ...same("throttled"),
    code: "Throttling",
    ...from,
  },
  {
    name: "an unknown code dressed as success",
    reply: refusal(200, "Odd"),
    read: "unreadable",
    write: "outcome-unknown",
    code: "Odd",
    ...from,
  },
  { name: "a connection that is cut", reply: cut, read: "unreachable", write: "outcome-unknown", code: "ECONNRESET" },
  { name: "a body that is cut", reply: cutBody, read: "unreachable", write: "outcome-unknown", code: "ECONNRESET" },
  {
    name: "no answer in time",
    reply: silence,
    read: "unreachable",
    write: "outcome-unknown",
    code: "RequestTimeout",
    timeoutMs: shortly,
  },
  { name: "a body that stalls", reply: stall, read: "unreachable", write: "outcome-unknown", timeoutMs: shortly },
];

describe.each(cases)("$name", ({ reply, timeoutMs, code, requestId, retryAfterMs, ...kinds }) => {
  it.each(["read", "write"] as const)("is decoded for a %s", async (effect) => {
    cloud.script(reply);
    const send = transport(cloud.options({ attempts: 1, ...(timeoutMs === undefined ? {} : { timeoutMs }) }));
    const answer = await send(call(effect));
    if (answer.ok) throw new Error("the call was taken for a success");
    const { code: got, ...rest } = answer.error;
    expect(rest).toEqual({
      kind: kinds[effect],
      operation: effect === "read" ? "Ram.GetRole" : "Ram.UpdateRole",
      ...(requestId === undefined ? {} : { requestId }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
    // A stalled body ends in one of two ways, by a race within the runtime.
    if (reply === stall) expect(["ECONNRESET", "RequestTimeout", undefined]).toContain(got);
    else expect(got).toBe(code);
    expect(cloud.received).toHaveLength(1);
  });
});

describe("before the first byte", () => {
  const closedPort = async (): Promise<string> => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return `127.0.0.1:${port}`;
  };

  it("knows that a refused connection had no effect, for a write too", async () => {
    const send = transport(cloud.options({ endpoint: await closedPort(), attempts: 1 }));
    for (const effect of ["read", "write"] as const) {
      expect(await send(call(effect))).toMatchObject({
        ok: false,
        error: { kind: "unreachable", code: "ECONNREFUSED" },
      });
    }
  });

  it.each([
    ["no key at all", { accessKeyId: "", accessKeySecret: "" }, "forbidden"],
    ["a key that no header can hold", { accessKeyId: "a\nb", accessKeySecret: "c", securityToken: "d\ne" }, "invalid"],
  ])("refuses %s", async (_name, credentials, kind) => {
    cloud.script(json(200, { RequestId: "OK-5" }));
    const answer = await transport(cloud.options({ credentials }))(call("write"));
    expect(answer).toMatchObject({ ok: false, error: { kind } });
    expect(cloud.received).toHaveLength(0);
  });
});

describe("trying again", () => {
  it("repeats a read until it answers, waiting longer each time", async () => {
    cloud.script(refusal(503, "ServiceUnavailable"), raw(502, "<html>"), cut, json(200, { RequestId: "OK-6" }));
    const answer = await transport(cloud.options())(call("read"));
    expect(answer).toMatchObject({ ok: true, value: { requestId: "OK-6" } });
    expect(cloud.slept).toEqual([125, 250, 500]);
    expect(cloud.seen.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, "unreachable"],
      [2, "unreadable"],
      [3, "unreachable"],
      [4, "ok"],
    ]);
    expect(new Set(cloud.received.map(({ headers }) => headers["x-acs-signature-nonce"])).size).toBe(4);
  });

  it("waits at least as long as the cloud asks", async () => {
    cloud.script(refusal(400, "Throttling", { "x-acs-retry-after": "2000" }), json(200, { RequestId: "OK-7" }));
    expect(await transport(cloud.options())(call("read"))).toMatchObject({ ok: true });
    expect(cloud.slept).toEqual([2125]);
  });

  it("hands a longer wait to the caller", async () => {
    cloud.script(refusal(400, "Throttling", { "x-acs-retry-after": "60000" }));
    expect(await transport(cloud.options())(call("read"))).toMatchObject({
      ok: false,
      error: { retryAfterMs: 60_000 },
    });
    expect(cloud.received).toHaveLength(1);
  });

  it("gives up after the attempts it was given", async () => {
    cloud.script(refusal(500, "InternalError"));
    expect(await transport(cloud.options({ attempts: 3 }))(call("read"))).toMatchObject({ ok: false });
    expect(cloud.received).toHaveLength(3);
  });

  it("does not repeat a read that was answered with a refusal", async () => {
    cloud.script(refusal(403, "NoPermission"));
    await transport(cloud.options())(call("read"));
    expect(cloud.received).toHaveLength(1);
  });

  it.each(cases.filter(({ timeoutMs }) => timeoutMs === undefined))(
    "sends a write once, whatever the end: $name",
    async ({ reply }) => {
      cloud.script(reply);
      await transport(cloud.options())(call("write"));
      expect(cloud.received).toHaveLength(1);
      expect(cloud.slept).toEqual([]);
    },
  );
});

describe("secrets", () => {
  const secret = "Pa55-w0rd-and-D0cument";

  it.each(cases)("are in no error: $name", async ({ reply, timeoutMs }) => {
    for (const effect of ["read", "write"] as const) {
      cloud.script(reply);
      const send = transport(cloud.options({ attempts: 1, ...(timeoutMs === undefined ? {} : { timeoutMs }) }));
      const text = JSON.stringify(await send(call(effect, { Password: secret, AssumeRolePolicyDocument: secret })));
      for (const forbidden of [secret, key.secret, key.token, "127.0.0.1", "http", "text of the cloud"]) {
        expect(text).not.toContain(forbidden);
      }
    }
  });

  it("are in no error even when the other side echoes them where a code belongs", async () => {
    const send = transport(cloud.options({ attempts: 1 }));
    const echo = fc.constantFrom(
      `http://127.0.0.1/?Password=${secret}`,
      `{"Password":"${secret}"}`,
      `EntityNotExist ${secret}`,
      `${secret}=`,
      `"${secret}"`,
    );
    await fc.assert(
      fc.asyncProperty(
        echo,
        fc.constantFrom(200, 400, 403, 404, 409, 500, 503),
        fc.boolean(),
        async (text, status, isWrite) => {
          cloud.script(json(status, { Code: text, RequestId: text, Message: text, Recommend: text, HostId: text }));
          const answer = await send(call(isWrite ? "write" : "read", { Password: secret }));
          expect(answer.ok).toBe(false);
          expect(JSON.stringify(answer)).not.toContain(secret);
        },
      ),
      { numRuns: 60 },
    );
  });
});
