import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trail } from "../../shared/aliyun/actiontrail.ts";
import { actingAsCaller, actingSessions } from "../../shared/aliyun/sts.ts";
import { transport } from "../../shared/aliyun/transport.ts";
import type { Call } from "../../shared/domain/plan.ts";
import { failed, ok } from "../../shared/domain/result.ts";
import type { TrailQuery } from "../../shared/ports/cloud.ts";
import { cut, json, key, type Reply, raw, refusal, type ScriptedCloud, scriptedCloud } from "./scripted-cloud.ts";

let cloud: ScriptedCloud;
beforeAll(async () => {
  cloud = await scriptedCloud();
});
afterAll(() => cloud.close());

describe("the audit trail", () => {
  const range = { from: Date.parse("2026-03-01T10:00:00.700Z"), to: Date.parse("2026-03-01T11:00:00.200Z") };
  const look = (query: Partial<TrailQuery> = {}, token?: string) => {
    const options = cloud.options();
    return trail(transport(options), options.clock)({ ...range, ...query }, token);
  };
  const attributes = () => {
    const form = cloud.received[0]?.form ?? {};
    return [1, 2, 3].flatMap((n) => {
      const name = form[`LookupAttribute.${n}.Key`];
      return name === undefined ? [] : [`${name}=${form[`LookupAttribute.${n}.Value`]}`];
    });
  };

  it("is asked in whole seconds that hold the range, forward, 50 to the page", async () => {
    cloud.script(json(200, { RequestId: "R", Events: [{ eventId: "1" }], NextToken: "t" }));
    expect(await look()).toEqual(ok({ events: [{ eventId: "1" }], nextToken: "t" }));
    expect(cloud.received[0]).toMatchObject({ action: "LookupEvents", version: "2020-07-06", signed: true });
    expect(cloud.received[0]?.form).toEqual({
      StartTime: "2026-03-01T10:00:00Z",
      EndTime: "2026-03-01T11:00:01Z",
      Direction: "FORWARD",
      MaxResults: "50",
    });
  });

  it.each([
    [{}, []],
    [{ service: "Ram" }, ["ServiceName=Ram"]],
    [{ writesOnly: true }, ["EventRW=Write"]],
    [{ service: "Ram", writesOnly: true }, ["ServiceName=Ram", "EventRW=Write"]],
    [{ service: "Ram", eventName: "UpdateRole" }, ["EventName=UpdateRole", "ServiceName=Ram"]],
    [{ service: "Ram", resourceName: "deploy" }, ["ResourceName=deploy", "ServiceName=Ram"]],
    [
      { service: "Ram", resourceName: "deploy", eventName: "UpdateRole", writesOnly: true },
      ["ResourceName=deploy", "EventName=UpdateRole"],
    ],
    [{ eventName: "UpdateRole", writesOnly: true }, ["EventName=UpdateRole"]],
    [{ writesOnly: false }, []],
  ] as const)("is asked only by pairs of attributes that it takes: %j", async (query, expected) => {
    cloud.script(json(200, { RequestId: "R", Events: [] }));
    await look(query);
    expect(attributes()).toEqual(expected);
  });

  it("filters by itself what could not be sent, and keeps what does not say", async () => {
    const events = [
      { eventId: "1", serviceName: "Ram", eventRW: "Write" },
      { eventId: "2", serviceName: "Ims", eventRW: "Write" },
      { eventId: "3", serviceName: "Ram", eventRW: "Read" },
      { eventId: "4" },
      "odd",
    ];
    cloud.script(json(200, { RequestId: "R", Events: events }));
    const query = { service: "Ram", resourceName: "deploy", eventName: "UpdateRole", writesOnly: true } as const;
    expect(await look(query)).toEqual(ok({ events: [events[0], events[3], "odd"] }));
  });

  it.each([
    ["", "t"],
    [undefined, "t"],
    ["t", "t"],
  ])("ends when the next token is %j after %j", async (NextToken, token) => {
    cloud.script(json(200, { RequestId: "R", Events: [], NextToken }));
    expect(await look({}, token)).toEqual(ok({ events: [] }));
    expect(cloud.received[0]?.form.NextToken).toBe("t");
  });

  it("is not asked more than twice a second", async () => {
    cloud.script(json(200, { RequestId: "R", Events: [] }));
    const options = cloud.options();
    const ask = trail(transport(options), options.clock);
    for (let n = 0; n < 3; n += 1) await ask(range);
    expect(cloud.slept).toEqual([500, 500]);
  });

  it("is unreadable without a list", async () => {
    cloud.script(json(200, { RequestId: "R" }));
    expect(await look()).toMatchObject({ ok: false, error: { kind: "unreadable", requestId: "R" } });
  });
});

describe("an acting session", () => {
  const calls: readonly Call[] = [
    { service: "Ram", operation: "UpdateRole", parameters: { RoleName: "deploy", NewMaxSessionDuration: 3600 } },
  ];
  const [call] = calls as readonly [Call];
  const actingRoleArn = "acs:ram::100000000000000001:role/ram-warden-acting";
  const open = (
    sessionPolicy = () => ok("{policy}") as ReturnType<Parameters<typeof actingSessions>[0]["sessionPolicy"]>,
  ) => actingSessions({ transport: cloud.options(), actingRoleArn, sessionPolicy });
  const assumed: Reply = json(200, {
    RequestId: "STS-1",
    Credentials: { AccessKeyId: "ACTING", AccessKeySecret: "acting-secret", SecurityToken: "acting-token" },
  });

  it("is the acting role, for the shortest time, named after the plan, with the plan's policy", async () => {
    cloud.script(assumed);
    const session = await open()("0196f0c2-7d3e-7000-8000-000000000001", calls);
    expect(session.ok).toBe(true);
    expect(cloud.received[0]).toMatchObject({ action: "AssumeRole", version: "2015-04-01", signed: true });
    expect(cloud.received[0]?.form).toEqual({
      RoleArn: actingRoleArn,
      RoleSessionName: "warden-0196f0c2-7d3e-7000-8000-000000000001",
      DurationSeconds: "900",
      Policy: "{policy}",
    });
  });

  it("writes with its own credentials and gives back the cloud's id of the write", async () => {
    cloud.script(assumed, json(200, { RequestId: "WRITE-1" }));
    const session = await open()("p1", calls);
    if (!session.ok) throw new Error("no session");
    expect(session.value.writer).toEqual({ role: "ram-warden-acting", session: "warden-p1" });
    expect(await session.value.send(call)).toEqual(ok({ requestId: "WRITE-1" }));
    const write = cloud.received[1];
    expect(write).toMatchObject({ action: "UpdateRole", version: "2015-05-01", signed: true });
    expect(write?.form).toEqual({ RoleName: "deploy", NewMaxSessionDuration: "3600" });
    expect(write?.headers).toMatchObject({ "x-acs-accesskey-id": "ACTING", "x-acs-security-token": "acting-token" });
  });

  it.each([
    ["cut", cut],
    ["a page", raw(502, "<html>")],
    ["a server error", refusal(500, "InternalError")],
  ])("sends a write once, and says that its outcome is unknown after: %s", async (_name, reply) => {
    cloud.script(assumed, reply);
    const session = await open()("p1", calls);
    if (!session.ok) throw new Error("no session");
    expect(await session.value.send(call)).toMatchObject({ ok: false, error: { kind: "outcome-unknown" } });
    expect(cloud.received).toHaveLength(2);
  });

  it("is asked for again when STS could not be reached, for that changes nothing", async () => {
    cloud.script(cut, assumed);
    expect((await open()("p1", calls)).ok).toBe(true);
  });

  it("is not opened without a policy, or under a name that would not lead to the plan", async () => {
    cloud.script(assumed);
    expect(await open(() => failed("2,100 characters"))("p1", calls)).toMatchObject({
      ok: false,
      error: { kind: "invalid", code: "SessionPolicyRefused" },
    });
    for (const planId of ["a b", "x".repeat(60)]) {
      expect(await open()(planId, calls)).toMatchObject({ ok: false, error: { code: "SessionNameRefused" } });
    }
    expect(cloud.received).toHaveLength(0);
  });

  it("is a value when it is refused", async () => {
    cloud.script(refusal(403, "NoPermission"));
    expect(await open()("p1", calls)).toMatchObject({
      ok: false,
      error: { kind: "forbidden", operation: "Sts.AssumeRole" },
    });
  });

  it("is none without a token, and tells no secret", async () => {
    cloud.script(
      json(200, { RequestId: "R", Credentials: { AccessKeyId: "ACTING", AccessKeySecret: "acting-secret" } }),
    );
    const session = await open()("p1", calls);
    expect(session).toMatchObject({ ok: false, error: { kind: "unreadable" } });
    expect(JSON.stringify(session)).not.toContain("acting-secret");
    expect(JSON.stringify(session)).not.toContain(key.secret);
  });
});

describe("a session of the caller's own", () => {
  it("asks STS for nothing, and writes once with the caller's credentials", async () => {
    cloud.script(json(200, { RequestId: "WRITE-2" }), cut);
    const call: Call = { service: "Ram", operation: "AttachPolicyToUser", parameters: { UserName: "alice" } };
    const session = await actingAsCaller(cloud.options())("p1", [call]);
    if (!session.ok) throw new Error("no session");
    expect(session.value.writer).toEqual({ accessKeyId: key.id });
    expect(await session.value.send(call)).toEqual(ok({ requestId: "WRITE-2" }));
    expect(await session.value.send(call)).toMatchObject({ ok: false, error: { kind: "outcome-unknown" } });
    expect(cloud.received.map(({ action }) => action)).toEqual(["AttachPolicyToUser", "AttachPolicyToUser"]);
    expect(cloud.received[0]?.headers["x-acs-security-token"]).toBe(key.token);
  });
});
