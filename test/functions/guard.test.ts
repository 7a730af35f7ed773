import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { channelsOf } from "../../functions/channels.ts";
import { guardHandler } from "../../functions/guard/handler.ts";
import { problemText, readConfig } from "../../shared/config.ts";
import { rows } from "../../shared/ledger/ledger.ts";
import type { World } from "../../shared/ports/world.ts";
import { accountId, ciTrust, type GuardedAccount, guardedAccount, openTrust } from "../support/guarded-account.ts";

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };

describe("the deployed handler", () => {
  let account: GuardedAccount;
  beforeEach(async () => {
    account = await guardedAccount();
  });
  afterEach(() => account.stop());
  const attach = (UserName = "alice") => account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName });

  it("takes a Buffer and answers a short receipt in JSON", async () => {
    await attach();
    const [event] = account.events();
    const { answer } = await account.deliver(Buffer.from(JSON.stringify([event, event])));
    const [incident] = await account.incidents();
    expect(answer).toEqual({
      decided: 1,
      passedOver: 1,
      refused: 0,
      outcomes: { reverted: 1 },
      incidents: [incident?.id],
    });
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  });

  it("works with the credentials of each invocation, never with those of an earlier one", async () => {
    const used: string[] = [];
    const worlds: World[] = [];
    const handler = guardHandler({
      config: account.config,
      log: () => undefined,
      world: async (credentials) => {
        used.push(credentials.accessKeyId);
        const world = account.world();
        worlds.push(world);
        return world;
      },
    });
    for (const accessKeyId of ["STS.one", "STS.two"])
      await handler(Buffer.from("[]"), { requestId: "r", credentials: { accessKeyId, accessKeySecret: "s" } });
    expect(used).toEqual(["STS.one", "STS.two"]);
    expect(worlds[0]).not.toBe(worlds[1]);
    // And in the sandbox each delivery is made with another key of the looking role.
    await attach();
    await account.deliver(account.events()[0]);
    await attach("provisioner").catch(() => undefined);
    await account.as("mallory")("Ram", "AttachPolicyToGroup", { ...admin, GroupName: "staff" });
    await account.deliver(account.events("AttachPolicyToGroup")[0]);
    const keys = new Set(
      account.sandbox.trail
        .filter(({ eventName }) => eventName === "ListPoliciesForUser" || eventName === "ListPoliciesForGroup")
        .map(({ userIdentity }) => (userIdentity as { accessKeyId: string }).accessKeyId),
    );
    expect(keys.size).toBe(2);
  });

  it("asks to be called again only for what a retry can mend, and says no more than it must", async () => {
    await attach();
    await account.as("mallory")("Ram", "AttachPolicyToGroup", { ...admin, GroupName: "staff" });
    account.sandbox.faults.inject({ match: { operation: "ListPoliciesForUser" }, kind: "throttle", times: 4 });
    const { error, receipt } = await account.deliver([...account.events(), { nothing: "known" }]);
    expect(error).toMatchObject({ name: "Deferred" });
    expect(error?.message).toMatch(
      /^1 of the events must be delivered again: event `[-0-9A-F]+`: Ram.ListPoliciesForUser/,
    );
    // The other event beside it is done all the same.
    expect(receipt?.decisions).toMatchObject([{ outcome: "reverted" }]);
    const again = await account.deliver([...account.events("AttachPolicyToUser"), { nothing: "known" }]);
    expect(again.answer).toMatchObject({ decided: 1, refused: 1 });
  });

  it("takes any bytes, and records what it cannot understand, beside the good records", async () => {
    await attach();
    const [event] = account.events();
    const garbage = [
      Buffer.alloc(0),
      Buffer.from([0xff, 0xfe, 0x00, 0x80]),
      Buffer.from("not json at all"),
      Buffer.from('{"unfinished": '),
      Buffer.from("null"),
      Buffer.from("42"),
      Buffer.from("{}"),
      Buffer.from([0x1f, 0x8b, 0x08, 0x00]),
    ];
    for (const bytes of garbage) {
      const { answer, error } = await account.deliver(bytes);
      expect(error).toBeUndefined();
      expect(answer).toMatchObject({ decided: 0 });
    }
    const refused = await account.ledger.deadLetters();
    expect(refused.length).toBeGreaterThanOrEqual(3);
    for (const { letter } of refused)
      expect(letter).toMatchObject({ count: 1, records: [{ where: expect.any(String), reason: expect.any(String) }] });
    const { answer } = await account.deliver([{ eventName: "AttachPolicyToUser" }, event, "text", 7]);
    expect(answer).toMatchObject({ decided: 1, refused: 3, outcomes: { reverted: 1 } });
    expect(account.sandbox.dump().attachments?.some(({ principalName }) => principalName === "alice")).toBe(false);
  });

  it.each([
    ["a name longer than any store's key", { PolicyName: "x".repeat(3_000) }, {}],
    ["half a character in its name", { PolicyName: "half-\ud800" }, {}],
    ["half a character in its id", {}, { eventId: "half-\udc00" }],
    ["half a character in its request id", {}, { requestId: "half-\udc00" }],
  ])("is not stopped by an event with %s", async (_, parameters, top) => {
    await attach();
    await account.as("mallory")("Ram", "AttachPolicyToGroup", { ...admin, GroupName: "staff" });
    const [odd, good] = account.events();
    const poisoned = {
      ...odd,
      ...top,
      requestParameters: { ...(odd?.requestParameters as object), ...parameters },
      requestParameterJson: undefined,
    };
    for (let time = 0; time < 2; time += 1) {
      const { error, receipt } = await account.deliver([poisoned, good]);
      expect(error).toBeUndefined();
      const dealtWith = [...(receipt?.decisions ?? []), ...(receipt?.passedOver ?? []), ...(receipt?.refusals ?? [])];
      expect(dealtWith).toHaveLength(2);
    }
    expect(account.sandbox.dump().attachments?.filter(({ principalName }) => principalName === "staff")).toHaveLength(
      1,
    );
    expect(account.messages().length).toBeLessThanOrEqual(2);
  });

  it.each([
    ["no URL", "oapi.dingtalk.com/robot/send?access_token=TOKEN"],
    ["not DingTalk's", "https://elsewhere.example/robot/send?access_token=TOKEN"],
  ])("works without a channel whose address is %s, and the log says so", async (_, WEBHOOK) => {
    const text = `account: "${accountId}"\nchannels:\n  - { kind: dingtalk, url: { env: WEBHOOK } }\n  - kind: console\n`;
    const read = readConfig(text, "warden.yaml", { WEBHOOK }, "tolerated");
    if (!read.ok) throw new Error(read.error.map(problemText).join());
    const lines: string[] = [];
    account.wrap((world) => ({
      ...world,
      channels: channelsOf(read.value, { write: (line) => void lines.push(line), local: false, clock: account.clock }),
    }));
    await attach();
    const { error, receipt } = await account.deliver(account.events());
    expect(error).toBeUndefined();
    expect(receipt?.decisions).toMatchObject([{ outcome: "reverted" }]);
    expect(lines.join()).toContain("AdministratorAccess");
    const said = account.logLines.filter((line) => line.includes("not taken by its channel"));
    expect(said).toHaveLength(1);
    expect(account.logLines.join()).not.toContain("TOKEN");
  });

  it("tells of an event that ends in a fault of its own, once, and goes on", async () => {
    await attach();
    await account.as("mallory")("Ram", "AttachPolicyToGroup", { ...admin, GroupName: "staff" });
    account.wrap((world) => ({
      ...world,
      read: (subject) => {
        if (subject.kind === "grant" && subject.principal.kind === "user") throw new TypeError("a secret detail");
        return world.read(subject);
      },
    }));
    for (let time = 0; time < 2; time += 1) {
      const { error, receipt } = await account.deliver(account.events().slice(0, 2));
      expect(error).toBeUndefined();
      // What comes again is not tried again: it is on the list of dead letters.
      if (time === 0) expect(receipt?.refusals).toMatchObject([{ reason: "could not be handled: TypeError" }]);
      else expect(receipt?.passedOver).toMatchObject([{ reason: "dealt with before: not handled" }, {}]);
    }
    expect(await account.incidents()).toMatchObject([
      { findings: [{ rule: "RAM.EventNotHandled" }], outcome: { kind: "alerted" } },
      { outcome: { kind: "reverted" } },
    ]);
    expect(account.messages()).toHaveLength(2);
    expect(JSON.stringify([account.messages(), account.logLines])).not.toContain("a secret detail");
  });
});

describe("no secret leaves the handler", () => {
  let account: GuardedAccount;
  beforeAll(async () => {
    account = await guardedAccount({ sandbox: { secretsInEvents: true } });
  });
  afterAll(() => account.stop());

  /** Everything that stays or goes out: log lines, rows of the state, the robot's inbox, receipts and errors. */
  const leftBehind = async (told: readonly unknown[]): Promise<string> => {
    const kept: unknown[] = [];
    const { state } = account.world();
    for (const kind of [
      "event",
      "incident",
      "lease",
      "ours",
      "baseline",
      "last",
      "waiting",
      "outbox",
      "told",
      "limit",
      "dead",
      "journal",
      "journal-head",
    ])
      for await (const row of rows(state, `${kind}/${accountId}/`)) kept.push(row);
    return JSON.stringify([kept, account.logLines, account.robot.messages(), told]);
  };

  it("neither of the events' own, as the cloud may send them, nor of the sessions and the robot", async () => {
    const told: unknown[] = [];
    const mallory = account.as("mallory");
    await mallory("Ram", "CreateLoginProfile", { UserName: "alice", Password: "Planted-Passw0rd!" });
    await mallory("Ram", "CreateAccessKey", { UserName: "alice" });
    await mallory("Ims", "CreateAccessKey", {});
    await mallory("Ram", "UpdateRole", { RoleName: "plain", NewAssumeRolePolicyDocument: openTrust });
    const secrets = (account.sandbox.dump({ secrets: true }).users ?? []).flatMap(({ accessKeys }) =>
      (accessKeys ?? []).map(({ secret }) => secret ?? ""),
    );
    expect(JSON.stringify(account.sandbox.trail)).toContain("Planted-Passw0rd!");
    expect(secrets.filter((secret) => JSON.stringify(account.sandbox.trail).includes(secret)).length).toBeGreaterThan(
      0,
    );
    account.sandbox.faults.inject({ match: { operation: "UpdateAccessKey" }, kind: "html" });
    for (const event of account.events()) told.push(await account.deliver(event));
    const text = await leftBehind(told.map((one) => JSON.stringify(one) + String((one as { error?: Error }).error)));
    for (const secret of [...secrets, "Planted-Passw0rd!", "SECofTheRobot", "token-of-the-robot"])
      expect(text.includes(secret)).toBe(false);
    // What the sandbox issued for the invocations themselves.
    const issued = account.world();
    expect(issued.accountId).toBe(accountId);
    expect(text).not.toMatch(/SecurityToken|AccessKeySecret|accessKeySecret|securityToken/);
  });

  it("wherever in a payload somebody puts one", async () => {
    const planted = "Planted5ecretOfTheEventItself0";
    const names = ["Password", "AccessKeySecret", "SecurityToken", "NewPassword", "Base32StringSeed"];
    const event = {
      eventId: "e",
      eventVersion: 1,
      eventType: "ApiCall",
      eventRW: "Write",
      eventTime: "2026-11-22T00:00:00Z",
      serviceName: "Ram",
      requestId: "r",
      recipientAccountId: accountId,
      userIdentity: { type: "ram-user", accountId, principalId: "2", userName: "mallory", accessKeyId: "LTAImallory" },
    };
    const shapes = [
      {
        eventName: "CreateAccessKey",
        requestParameters: { UserName: "alice" },
        responseElements: { AccessKey: { AccessKeyId: "LTAInew" } },
      },
      {
        eventName: "CreateRole",
        requestParameters: { RoleName: "new", AssumeRolePolicyDocument: ciTrust },
        responseElements: { Role: { RoleName: "new", RoleId: "1" } },
      },
      {
        eventName: "UpdateRole",
        requestParameters: { RoleName: "plain", NewAssumeRolePolicyDocument: openTrust },
        responseElements: { Role: { RoleName: "plain" } },
      },
      { eventName: "AttachPolicyToUser", requestParameters: { ...admin, UserName: "alice" } },
      {
        eventName: "UpdateRole",
        requestParameters: { RoleName: "ci", NewAssumeRolePolicyDocument: openTrust },
        responseElements: { Role: { RoleName: "ci" } },
      },
      {
        eventName: "UpdateRole",
        requestParameters: { RoleName: "Deploy", NewAssumeRolePolicyDocument: openTrust },
        responseElements: { Role: { RoleName: "Deploy" } },
      },
      { eventName: "CreateUser", requestParameters: { UserName: "carol" } },
      { eventName: "Unheard", requestParameters: {} },
      {},
    ] as const;
    const places = [
      "requestParameters",
      "responseElements",
      "userIdentity",
      "top",
      "Role",
      "AccessKey",
      "additionalEventData",
    ];
    let count = 0;
    for (const shape of shapes)
      for (const place of places)
        for (const broken of [false, true]) {
          count += 1;
          const name = names[count % names.length] ?? "Password";
          const secret = { [name]: planted };
          const base = { ...event, ...shape, eventId: `e${count}`, requestId: `r${count}` } as {
            [name: string]: unknown;
          };
          const response = (base.responseElements ?? {}) as { [name: string]: object };
          const payload: unknown =
            place === "top"
              ? { ...base, ...secret }
              : place === "Role" || place === "AccessKey"
                ? { ...base, responseElements: { ...response, [place]: { ...response[place], ...secret } } }
                : { ...base, [place]: { ...(base[place] as object), ...secret } };
          const text = JSON.stringify(payload);
          const told = await account.deliver(broken ? text.slice(0, -3) : text);
          const left = await leftBehind([JSON.stringify(told), String(told.error), told.error?.stack]);
          expect(left.includes(planted), `${name} in ${place} of ${base.eventName}`).toBe(false);
        }
  });

  it("by way of a state that is kept to be gone back to, or of an event that waits", async () => {
    const planted = "Planted5ecretOfTheEventItself1";
    const withSecret = (event: { readonly [name: string]: unknown } | undefined) => {
      const { Role: role } = (event?.responseElements ?? {}) as { Role?: object };
      return { ...event, responseElements: { Role: { ...role, SecurityToken: planted, Password: planted } } };
    };
    const administrator = account.as("administrator");
    const told: unknown[] = [];
    // Accepted as it is; then bad for a moment only; then one whose past nobody knows.
    await administrator("Ram", "CreateRole", { RoleName: "kept", AssumeRolePolicyDocument: ciTrust });
    told.push(await account.deliver(withSecret(account.events("CreateRole").at(-1))));
    account.clock.advance(60_000);
    await administrator("Ram", "UpdateRole", { RoleName: "kept", NewAssumeRolePolicyDocument: openTrust });
    const bad = withSecret(account.events("UpdateRole").at(-1));
    await administrator("Ram", "UpdateRole", { RoleName: "kept", NewAssumeRolePolicyDocument: ciTrust });
    const transient = await account.deliver(bad);
    expect(transient.receipt?.decisions).toMatchObject([{ outcome: "transient" }]);
    await administrator("Ram", "UpdateRole", { RoleName: "break-glass", NewAssumeRolePolicyDocument: openTrust });
    const waits = await account.deliver(withSecret(account.events("UpdateRole").at(-1)));
    expect(waits.receipt?.decisions).toMatchObject([{ outcome: "alerted" }]);
    const left = await leftBehind([told, transient, waits]);
    expect(left).toContain('"waiting/');
    expect(left).toContain('"baseline/');
    expect(left.includes(planted)).toBe(false);
  });
});
