import { createHash, createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { type Keys, policyOf, trustOf } from "./client.ts";

const account = "1234567890123456";
const sha256 = (data: string) => createHash("sha256").update(data).digest("hex");
let nonce = 0;

/** Invokes a function as the FC 3.0 client does: the `x-fc-` headers are not signed. */
const invoke = async (
  sandbox: Sandbox,
  keys: Keys,
  name: string,
  body: string,
  headers: Record<string, string> = {},
) => {
  nonce += 1;
  const path = `/2023-03-30/functions/${name}/invocations`;
  const signed: Record<string, string> = {
    host: sandbox.endpoint,
    "x-acs-action": "InvokeFunction",
    "x-acs-content-sha256": sha256(body),
    "x-acs-date": `${new Date().toISOString().slice(0, 19)}Z`,
    "x-acs-signature-nonce": `fc-${nonce}`,
    "x-acs-version": "2023-03-30",
    ...(keys.securityToken === undefined ? {} : { "x-acs-security-token": keys.securityToken }),
  };
  const names = Object.keys(signed).sort();
  const lines = names.map((each) => `${each}:${signed[each]}`);
  const canonical = ["POST", path, "qualifier=LATEST", ...lines, "", names.join(";"), sha256(body)].join("\n");
  const signature = createHmac("sha256", keys.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest("hex");
  const { host: _host, ...rest } = signed;
  return fetch(`${sandbox.url}${path}?qualifier=LATEST`, {
    method: "POST",
    headers: {
      ...rest,
      ...headers,
      authorization: `ACS3-HMAC-SHA256 Credential=${keys.accessKeyId},SignedHeaders=${names.join(";")},Signature=${signature}`,
    },
    body,
  });
};

const codeOf = async (response: Response) => ((await response.json()) as { Code?: string }).Code;

describe("invoking functions", () => {
  let sandbox: Sandbox;
  const ran: string[] = [];
  beforeEach(async () => {
    ran.length = 0;
    sandbox = await startSandbox({
      seed: 16,
      delivery: { retries: 1, retryDelayMs: 1 },
      mounts: [{ path: "/aside", handle: (request, response) => void response.end(`aside ${request.url}`) }],
      dingtalk: { accessToken: "group-token" },
      snapshot: {
        version: 1,
        accountId: account,
        users: [{ userName: "alice", accessKeys: [{ accessKeyId: "LTAIalice" }] }],
        roles: [{ roleName: "runner", assumeRolePolicyDocument: trustOf({ Service: "fc.aliyuncs.com" }) }],
        policies: [
          {
            policyName: "may-invoke-echo",
            policyType: "Custom",
            versions: [
              {
                versionId: "v1",
                policyDocument: policyOf({
                  Effect: "Allow",
                  Action: "fc:InvokeFunction",
                  Resource: `acs:fc:*:${account}:functions/echo`,
                }),
              },
            ],
          },
        ],
        attachments: [
          { policyType: "Custom", policyName: "may-invoke-echo", principalType: "user", principalName: "alice" },
        ],
      },
    });
    sandbox.registerFunction({
      name: "echo",
      role: "runner",
      handler: async (event) => {
        ran.push(event.toString());
        return { got: event.toString() };
      },
    });
    sandbox.registerFunction({
      name: "broken",
      role: "runner",
      handler: async () => {
        ran.push("broken");
        throw new TypeError("out of order");
      },
    });
  });
  afterEach(() => sandbox.stop());

  it("answers with the value, or with 200 and the error's type", async () => {
    const good = await invoke(sandbox, sandbox.administrator, "echo", "hello");
    expect([good.status, await good.json()]).toEqual([200, { got: "hello" }]);
    expect(good.headers.get("x-fc-request-id")).toBeTruthy();
    const bad = await invoke(sandbox, sandbox.administrator, "broken", "");
    expect(bad.status).toBe(200);
    expect(bad.headers.get("x-fc-error-type")).toBe("HandledInvocationError");
    expect(await bad.json()).toMatchObject({ errorType: "TypeError", errorMessage: "out of order" });
  });

  it("queues asynchronous calls, and tries them again", async () => {
    const queued = await invoke(sandbox, sandbox.administrator, "broken", "", { "x-fc-invocation-type": "Async" });
    expect([queued.status, await queued.text()]).toEqual([202, ""]);
    await sandbox.settle();
    expect(ran).toEqual(["broken", "broken"]);
    expect(sandbox.deadLetters).toMatchObject([{ functionName: "broken" }]);
    const large = await invoke(sandbox, sandbox.administrator, "echo", "x".repeat(131_073), {
      "x-fc-invocation-type": "Async",
    });
    expect(large.status).toBe(413);
  });

  it("asks for permission and for a proof", async () => {
    const alice = sandbox.keyOf("alice");
    expect((await invoke(sandbox, alice, "echo", "a")).status).toBe(200);
    const denied = await invoke(sandbox, alice, "broken", "a");
    expect([denied.status, await codeOf(denied)]).toEqual([403, "NoPermission"]);
    const forged = await invoke(sandbox, { ...alice, accessKeySecret: "other" }, "echo", "a");
    expect([forged.status, await codeOf(forged)]).toEqual([400, "SignatureDoesNotMatch"]);
    const missing = await invoke(sandbox, sandbox.administrator, "none", "a");
    expect([missing.status, await codeOf(missing)]).toEqual([404, "FunctionNotFound"]);
    expect(ran).toEqual(["a"]);
    expect(
      sandbox.calls
        .list()
        .filter((call) => call.denied)
        .map((call) => call.caller),
    ).toEqual(["alice"]);
  });

  it("serves what is mounted beside it, the chat robot included", async () => {
    expect(await (await fetch(`${sandbox.url}/aside/x?y=1`)).text()).toBe("aside /aside/x?y=1");
    const text = { msgtype: "text", text: { content: "hello" } };
    const sent = await fetch(sandbox.dingtalk?.url ?? "", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(text),
    });
    expect(await sent.json()).toMatchObject({ errcode: 0 });
    const inbox = await (await fetch(sandbox.dingtalk?.inboxUrl ?? "")).json();
    expect(inbox).toMatchObject([{ body: text }]);
  });
});
