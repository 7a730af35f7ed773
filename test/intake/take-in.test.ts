import { describe, expect, test } from "vitest";
import { takeIn } from "../../shared/intake/take-in.ts";
import {
  account,
  attachPolicy,
  attachToUser,
  byRole,
  byRoot,
  byUser,
  cloudEvent,
  createAccessKey,
  event,
  type Raw,
  slsRecord,
  trust,
  updateRole,
} from "./synthetic.ts";

const only = (payload: unknown) => {
  const { events, passedOver, refusals } = takeIn(payload);
  expect(passedOver).toEqual([]);
  expect(refusals).toEqual([]);
  expect(events).toHaveLength(1);
  return events[0];
};

const passedOver = (payload: unknown): string | undefined => {
  const intake = takeIn(payload);
  expect(intake.events).toEqual([]);
  expect(intake.refusals).toEqual([]);
  expect(intake.passedOver).toHaveLength(1);
  return intake.passedOver[0]?.reason;
};

const refused = (payload: unknown): string | undefined => {
  const intake = takeIn(payload);
  expect(intake.events).toEqual([]);
  expect(intake.passedOver).toEqual([]);
  expect(intake.refusals).toHaveLength(1);
  return intake.refusals[0]?.reason;
};

const pascal = (raw: Raw): Raw =>
  Object.fromEntries(Object.entries(raw).map(([key, value]) => [`${key[0]?.toUpperCase()}${key.slice(1)}`, value]));

/** An event as SLS shows it: one column for each value, named by its way. */
const columns = (raw: Raw): Raw => {
  const flat: { [name: string]: unknown } = { __time__: "1793520000", __topic__: "actiontrail_audit_event" };
  const put = (name: string, value: unknown): void => {
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      for (const [key, member] of Object.entries(value)) put(`${name}.${key}`, member);
    else flat[name] = typeof value === "string" ? value : JSON.stringify(value);
  };
  put("event", raw);
  return flat;
};

describe("the shapes in which events come", () => {
  const one = updateRole();
  const expected = only(one);
  const two = createAccessKey("Ims", {}, { eventId: "second", requestId: "second" });
  const text = JSON.stringify;

  test.each<[string, unknown]>([
    ["a bare event", one],
    ["a list of bare events", [one]],
    ["a CloudEvent", cloudEvent(one)],
    ["a list of CloudEvents", [cloudEvent(one)]],
    ["a CloudEvent whose data is a string of JSON", cloudEvent(text(one))],
    ["an answer of LookupEvents", { RequestId: "r", StartTime: "s", Events: [one], NextToken: "" }],
    ["a whole HTTP response of LookupEvents", { statusCode: 200, headers: { a: "b" }, body: { Events: [one] } }],
    ["an SLS record with a column for each member", columns(one)],
    ["a list of such records, as text", text([columns(one)])],
    ["the same with its body as text", { statusCode: 200, headers: {}, body: text({ Events: [one] }) }],
    ["an SLS record", slsRecord(one)],
    ["a list of SLS records", [slsRecord(one)]],
    ["an SLS answer", { logs: [slsRecord(one)] }],
    ["SLS log groups of pairs", { logGroups: [{ logs: [{ contents: [{ key: "event", value: text(one) }] }] }] }],
    ["an SLS record with the event as an object", { __time__: 1793520000, event: one }],
    ["PascalCase keys", pascal(one)],
    ["PascalCase keys in a CloudEvent", cloudEvent(pascal(one))],
    ["text within text", text(text(one))],
    ["JSON Lines of one", `${text(one)}\n`],
  ])("%s", (_, payload) => {
    expect(only(payload)).toEqual(expected);
    expect(only(text(payload))).toEqual(expected);
    expect(only(Buffer.from(text(payload)))).toEqual(expected);
    expect(only(new Uint8Array(Buffer.from(`\uFEFF${text(payload, null, 2)}`)))).toEqual(expected);
  });

  test("JSON Lines, with blank lines and a bad one, keeps what is good and names the bad line", () => {
    const intake = takeIn(`${text(one)}\r\n\r\nnot json\n${text([two])}\n`);
    expect(intake.events.map(({ eventId }) => eventId)).toEqual([one.eventId, "second"]);
    expect(intake.refusals).toEqual([{ where: "$ line 3", reason: expect.stringMatching(/^is not JSON/) }]);
  });

  test("a list with a broken element keeps what stands beside it", () => {
    const intake = takeIn(`[${text(one)}, {"eventName": "Upd, ${text(two)}]`);
    expect(intake.events).toHaveLength(1);
    expect(intake.refusals.map(({ where }) => where)).toEqual(["$[1]"]);
    const beside = takeIn(`[${text(one)}, {nothing: 1}, ${text(two)}]`);
    expect(beside.events).toHaveLength(2);
    expect(beside.refusals).toEqual([{ where: "$[1]", reason: "is not JSON" }]);
  });

  test("an answer that was cut off keeps its whole records", () => {
    const whole = text({ RequestId: "r", Events: [one, two] });
    const intake = takeIn(whole.slice(0, -40));
    expect(intake.events).toHaveLength(1);
    expect(intake.refusals).toEqual([{ where: "$.Events[1]", reason: "is cut off before its end" }]);
  });

  test("an empty list holds nothing, and that is no fault", () => {
    for (const payload of ["[]", '{"Events":[]}', { Events: [] }])
      expect(takeIn(payload)).toEqual({ events: [], passedOver: [], refusals: [] });
  });

  test("the place of a record is told", () => {
    const intake = takeIn([cloudEvent(event("Ecs", "RunInstances")), { Events: [{}] }, 7], "feed.json");
    expect(intake.passedOver.map(({ where }) => where)).toEqual(["feed.json[0].data"]);
    expect(intake.refusals.map(({ where }) => where)).toEqual(["feed.json[1].Events[0]", "feed.json[2]"]);
  });
});

describe("what an event becomes", () => {
  test("a trust change", () => {
    expect(only(updateRole())).toEqual({
      eventId: "0A1B2C3D-0000-4000-8000-000000000001",
      requestId: "0A1B2C3D-0000-4000-8000-000000000001",
      operation: "Ram.UpdateRole",
      occurredAt: Date.UTC(2026, 10, 1, 8),
      accountId: account,
      actor: {
        kind: "user",
        accountId: account,
        name: "mallory",
        principalId: "284512345678901234",
        accessKeyId: "LTAI5tMalloryKeyId000001",
        sourceIp: "203.0.113.7",
      },
      userAgent: "AlibabaCloud (linux; x64) Node.js/v20.20.2",
      subject: { kind: "role-trust", accountId: account, roleName: "Deploy", route: "Ram" },
      claimed: {
        kind: "role-trust",
        roleName: "Deploy",
        roleId: "301234567890123456",
        document: trust({ RAM: ["acs:ram::9999999999999999:root"] }),
        description: "deploys",
        maxSessionSeconds: 7200,
        updatedAt: "2026-11-01T08:00:00Z",
        serviceLinked: false,
        rest: { Arn: `acs:ram::${account}:role/deploy` },
      },
      leftOut: ["description", "session length"],
      effect: "changed",
    });
  });

  test.each<[string, Raw, object]>([
    ["ram-user", byUser, { kind: "user", name: "mallory" }],
    ["ram-user with a domain", { ...byUser, userName: "mallory@corp.example" }, { kind: "user", name: "mallory" }],
    ["root-account", byRoot, { kind: "root", accountId: account }],
    ["assumed-role", byRole, { kind: "role", name: "deployer", sessionName: "deploy-1" }],
    ["system", { type: "system", userName: "ecs.aliyuncs.com" }, { kind: "service", name: "ecs.aliyuncs.com" }],
    ["a type of tomorrow", { type: "saml-user", userName: "eve" }, { kind: "other", type: "saml-user", name: "eve" }],
  ])("the actor of a call by %s", (_, userIdentity, actor) => {
    expect(only(updateRole({ userIdentity }))?.actor).toMatchObject(actor);
  });

  test.each(["Ram", "ResourceManager"])("a new role by %s", (service) => {
    const document = trust({ Service: ["ecs.aliyuncs.com"] });
    const requestParameters = { RoleName: "Fresh", AssumeRolePolicyDocument: document, Description: "new" };
    expect(only(event(service, "CreateRole", { requestParameters }))).toMatchObject({
      operation: `${service}.CreateRole`,
      effect: "made",
      subject: { kind: "role-trust", roleName: "Fresh", route: service },
      claimed: { document, description: "new", maxSessionSeconds: 3600, roleId: "" },
    });
  });

  test("an update of which only the answer is known is looked at, with the role that the answer names", () => {
    for (const requestParameters of [undefined, {}])
      expect(only(updateRole({ requestParameters }))).toMatchObject({
        subject: { roleName: "Deploy" },
        claimed: { roleId: "301234567890123456", maxSessionSeconds: 7200 },
      });
  });

  test("a service-linked role is told by its name or its flag", () => {
    const claimed = (RoleName: string, flag: Raw) => {
      const document = trust({ Service: ["ecs.aliyuncs.com"] });
      const responseElements = { Role: { RoleName, AssumeRolePolicyDocument: document, ...flag } };
      return only(updateRole({ requestParameters: {}, responseElements }))?.claimed;
    };
    expect(claimed("aliyunserviceroleforecs", {})).toMatchObject({ serviceLinked: true });
    expect(claimed("x", { IsServiceLinkedRole: true })).toMatchObject({ serviceLinked: true });
    expect(claimed("x", {})).toMatchObject({ serviceLinked: false });
  });

  test("a request id of another form than the cloud's is none, whatever tells it", () => {
    const oddId = "\u001b[2J\u001b[31mALL CLEAR";
    const told = { eventId: "event-1", requestId: undefined, responseElements: { RequestId: oddId } };
    for (const more of [{ eventId: "event-1", requestId: oddId }, told, { requestId: "0A1B2C3D-****", eventId: "e" }])
      expect(only(updateRole(more))?.requestId).toBe("");
    const beside = takeIn(event("Ims", "GenerateCredentialReport", { eventId: "event-1", requestId: oddId }))
      .passedOver[0];
    expect(beside?.write?.requestId).toBe("");
  });

  test("the session of a role is found where the name is missing", () => {
    const { userName: _, ...nameless } = byRole;
    const request = { RoleName: "Deploy", NewAssumeRolePolicyDocument: "{}", stsTokenPrincipalName: "deployer/s-1" };
    const taken = only(updateRole({ userIdentity: nameless, requestParameters: request }));
    expect(taken?.actor).toMatchObject({ kind: "role", name: "deployer", sessionName: "s-1", namedBy: "request" });
    const named = only(updateRole({ userIdentity: byRole, requestParameters: request }));
    expect(named?.actor).not.toHaveProperty("namedBy");
  });

  test.each<[string, Raw]>([
    ["version as text", { eventVersion: "1" }],
    ["no version", { eventVersion: undefined }],
    ["no access flag", { eventRW: undefined }],
    ["no category", { eventCategory: undefined }],
    ["empty error", { errorCode: "", errorMessage: "" }],
    ["null error", { errorCode: null, errorMessage: null }],
    ["the message of a successful sign-in", { errorMessage: "Success" }],
    ["unknown extras", { extend: { a: 1 }, __expanded: true, body: "x", logs: [], data: {} }],
    ["flags as text", { isGlobal: "true", eventAttributes: { SensitiveAction: "true" } }],
    [
      "old session key",
      { userIdentity: { ...byUser, sessionContext: { sessionAttributes: { mfaAuthenticated: "true" } } } },
    ],
    ["names in another case", { serviceName: "RAM", eventName: "updaterole" }],
    ["account as a number", { recipientAccountId: Number(account) }],
    ["account from the identity", { recipientAccountId: undefined }],
  ])("loose types: %s", (_, more) => {
    const taken = only(updateRole(more));
    expect(taken).toMatchObject({ operation: "Ram.UpdateRole", accountId: account, effect: "changed" });
  });

  test("the account and the time come from the envelope when the event has neither", () => {
    const bare = updateRole({ recipientAccountId: undefined, userIdentity: { type: "system" }, eventTime: undefined });
    expect(only(cloudEvent(bare))).toMatchObject({
      accountId: account,
      occurredAt: Date.UTC(2020, 7, 17, 8, 4, 46, 149),
    });
    expect(refused(bare)).toMatch(/names no account/);
    expect(refused(updateRole({ eventTime: "yesterday" }))).toMatch(/no readable `eventTime`/);
    expect(only({ event: updateRole({ eventTime: 0 }), __time__: "1793520000" })?.occurredAt).toBe(1793520000000);
  });

  test("parameters are read from their text form when the object is missing or empty", () => {
    const requestParameterJson = JSON.stringify(updateRole().requestParameters);
    for (const requestParameters of [undefined, {}])
      expect(only(updateRole({ requestParameters, requestParameterJson, responseElements: undefined }))).toMatchObject({
        subject: { roleName: "Deploy" },
        claimed: { document: trust({ RAM: ["acs:ram::9999999999999999:root"] }), roleId: "" },
      });
  });
});

test("an update that leaves the trust alone tells what it sets beside it", () => {
  const requestParameters = { RoleName: "Deploy", NewDescription: "x", NewMaxSessionDuration: "7200" };
  expect(only(updateRole({ requestParameters, responseElements: undefined }))).toMatchObject({
    subject: { kind: "role-trust", roleName: "Deploy", leavesDocument: true },
    claimed: undefined,
    tells: { role: { description: "x", maxSessionSeconds: 7200 } },
    leftOut: [],
  });
});

describe("what is passed over", () => {
  test.each<[string, unknown, string]>([
    ["another product", event("Ecs", "DeleteDisk"), "`Ecs` is not an identity service"],
    ["a service whose operations have our names", event("Tag", "AttachPolicy"), "`Tag` is not an identity service"],
    ["a failed call", updateRole({ errorCode: "NoPermission" }), "the call failed with `NoPermission`"],
    ["a failed call without code", updateRole({ errorMessage: "You are not authorized" }), "the call failed"],
    ["a failed call with an odd code", updateRole({ errorCode: { a: 1 } }), "the call failed"],
    ["a read", event("Ram", "GetRole", { eventRW: "Read" }), "is a read"],
    [
      "a read without flag",
      event("Ram", "GetRole", { eventRW: undefined }),
      "`Ram.GetRole` is not in the catalogue of writes",
    ],
    [
      "a write that is new to us",
      event("Ims", "CreateQuantumKey"),
      "`Ims.CreateQuantumKey` is not in the catalogue of writes",
    ],
    [
      "a write that changes nothing",
      event("Ims", "GenerateCredentialReport"),
      "makes a report, which changes nothing that RAM keeps",
    ],
    ["a data event", updateRole({ eventCategory: "Data" }), "is a `Data` event, not a management event"],
    [
      "an Insight event",
      { eventType: "ActionTrailInsight", eventCategory: "Insight", eventId: "i", insightDetails: {} },
      "is an Insight event, not a management event",
    ],
    [
      "an Insight event with a service",
      updateRole({ eventType: "ActionTrailInsight" }),
      "is an Insight event, not a management event",
    ],
    [
      "a platform event",
      { EventID: "p", EventProduct: "Ecs", EventName: "Reboot", EventType: "ALIYUN_INITIATED_X" },
      "is a platform event, not a management event",
    ],
    [
      "another event of RAM",
      cloudEvent({ a: 1 }, { type: "ram:Config:NonCompliantNotification" }),
      "`ram:Config:NonCompliantNotification` is not an event of ActionTrail",
    ],
    [
      "an update that sets nothing",
      updateRole({ requestParameters: { RoleName: "Deploy" } }),
      "the call sets nothing of the role that is judged",
    ],
  ])("%s", (_, payload, reason) => {
    expect(passedOver(payload)).toBe(reason);
    expect(passedOver(JSON.stringify(payload))).toBe(reason);
  });

  test("a write that no entry judges says who made it, a read and a failure do not", () => {
    const write = (payload: unknown) => takeIn(payload).passedOver[0]?.write;
    const told = {
      accountId: account,
      actor: { kind: "role", name: "deployer" },
      occurredAt: Date.UTC(2026, 10, 1, 8),
    };
    expect(write(event("Sts", "AssumeRole", { userIdentity: byRole }))).toMatchObject(told);
    expect(write(event("Ram", "CreateThing", { userIdentity: byRole }))).toMatchObject(told);
    const beside = { userIdentity: byRole, requestParameters: { RoleName: "Deploy" } };
    expect(write(updateRole(beside))).toMatchObject(told);
    expect(write(event("Ram", "GetRole", { eventRW: "Read" }))).toBeUndefined();
    expect(write(event("Ram", "CreateUser", { errorCode: "NoPermission" }))).toBeUndefined();
    expect(write(event("Ecs", "RunInstances"))).toBeUndefined();
  });
});

describe("what is refused", () => {
  test.each<[string, unknown, RegExp]>([
    ["nothing", "", /^is empty$/],
    ["white space", " \n ", /^is empty$/],
    ["text", "hello", /^is not JSON/],
    ["null", null, /^is null/],
    ["a number", 7, /of type `number`/],
    ["an empty object", {}, /neither `serviceName` nor `eventName`/],
    ["no service", { eventName: "UpdateRole" }, /`serviceName` is missing/],
    ["no operation", { serviceName: "Ram" }, /`eventName` is missing/],
    ["compressed bytes", Buffer.from([0x1f, 0x8b, 8, 0]), /gzip/],
    ["data that is no JSON", cloudEvent("oops"), /^is text that is not JSON$/],
    ["no id", updateRole({ eventId: "", requestId: null, responseElements: {} }), /neither `eventId` nor `requestId`/],
    ["an id without end", updateRole({ eventId: "x".repeat(300) }), /more than 200 characters/],
    ["no role", updateRole({ requestParameters: {}, responseElements: {} }), /names no role/],
    [
      "a key of an assumed role",
      createAccessKey("Ram", {}, { userIdentity: byRole }),
      /assumed role, which cannot own/,
    ],
    ["a key of nobody", createAccessKey("Ram", {}, { userIdentity: undefined }), /its caller is no user/],
    ["no principal", attachPolicy({ PrincipalName: "" }), /names no principal/],
    ["an odd principal", attachPolicy({ PrincipalType: "Robot" }), /unknown form/],
    ["an odd policy type", attachPolicy({ PolicyType: "Inline" }), /neither `System` nor `Custom`/],
    ["no scope", attachPolicy({ ResourceGroupId: undefined }), /does not say where the grant holds/],
  ])("%s", (_, payload, reason) => {
    expect(refused(payload)).toMatch(reason);
  });

  test("an account id that JavaScript has rounded is not believed", () => {
    const rounded = JSON.stringify(updateRole({ userIdentity: { type: "system" } })).replace(
      `"${account}"`,
      "98765432109876543210",
    );
    expect(refused(rounded)).toMatch(/names no account/);
  });

  test("a record that throws when it is read costs itself alone", () => {
    const hostile = {
      get serviceName(): string {
        throw new Error("the-secret");
      },
    };
    const intake = takeIn([hostile, attachToUser()]);
    expect(intake.events).toHaveLength(1);
    expect(intake.refusals).toEqual([{ where: "$[0]", reason: "could not be read" }]);
  });
});

describe("an HTTP answer as text", () => {
  test("as `curl -i` prints it holds what its body holds", () => {
    const body = JSON.stringify({ Events: [updateRole()] });
    const head = "HTTP/1.1 100 Continue\r\n\r\nHTTP/2 200 \r\ncontent-type: application/json\r\nx: y\r\n\r\n";
    expect(only(Buffer.from(`${head}${body}\n`))).toEqual(only(updateRole()));
    expect(only(`${head}${body}\n`.replaceAll("\r", ""))).toEqual(only(updateRole()));
  });

  test.each([
    ["without a body", "HTTP/1.1 204 No Content\r\nx: y\r\n\r\n", "is the head of an HTTP answer, without a body"],
    ["cut within its head", "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n", "is the head of an HTTP answer"],
    ["of a proxy", "HTTP/1.1 502 Bad Gateway\r\nx: y\r\n\r\n<html>\n<body>\n</html>\n", "is not JSON"],
  ])("%s is refused as one", (_, dump, because) => {
    expect(refused(dump)).toContain(because);
  });
});
