import { afterEach, describe, expect, it } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index.ts";
import { callerOf, refusal, trustOf } from "./client.ts";

const account = "1234567890123456";
const alice = "alice@example.onaliyun.com";

const snapshot = {
  version: 1 as const,
  accountId: account,
  alias: "example",
  users: [{ userName: "alice" }],
  roles: [
    { roleName: "Deploy", assumeRolePolicyDocument: trustOf({ RAM: `acs:ram::${account}:root` }) },
    { roleName: "watcher", assumeRolePolicyDocument: trustOf({ Service: "fc.aliyuncs.com" }) },
    { roleName: "stranger", assumeRolePolicyDocument: trustOf({ Service: "ecs.aliyuncs.com" }) },
  ],
  attachments: [
    {
      policyType: "System" as const,
      policyName: "AdministratorAccess",
      principalType: "role" as const,
      principalName: "Deploy",
    },
  ],
};

// biome-ignore lint/suspicious/noExplicitAny: events are read by name in tests.
type Loose = any;

describe("what ActionTrail records", () => {
  let sandbox: Sandbox;
  const start = async (options: SandboxOptions = {}) => {
    sandbox = await startSandbox({ snapshot, seed: 6, ...options });
    return callerOf(sandbox);
  };
  afterEach(() => sandbox.stop());
  const last = (): Loose => sandbox.trail.at(-1);

  it("tells a user's write in the cloud's shape", async () => {
    const call = await start();
    const { RequestId } = await call("Ram", "AttachPolicyToUser", {
      UserName: "alice",
      PolicyType: "System",
      PolicyName: "ReadOnlyAccess",
    });
    expect(last()).toMatchObject({
      eventVersion: 1,
      eventCategory: "Management",
      eventType: "ApiCall",
      eventName: "AttachPolicyToUser",
      eventRW: "Write",
      eventSource: "ram.aliyuncs.com",
      serviceName: "Ram",
      apiVersion: "2015-05-01",
      requestId: RequestId,
      recipientAccountId: account,
      isGlobal: true,
      resourceType: "ACS::RAM::Policy;ACS::RAM::User",
      resourceName: "ReadOnlyAccess;alice",
      responseElements: { RequestId },
      userIdentity: {
        type: "ram-user",
        accountId: account,
        userName: "administrator",
        accessKeyId: sandbox.administrator.accessKeyId,
      },
    });
    expect(last().eventTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(last().requestParameters).toMatchObject({ UserName: "alice", AcsProduct: "Ram", RequestId });
    expect(JSON.parse(last().requestParameterJson)).toEqual(last().requestParameters);
    expect(last()).not.toHaveProperty("errorCode");
  });

  it("tells a role's session, and who the role was handed to", async () => {
    const call = await start();
    await callerOf(sandbox, sandbox.sessionOf("Deploy", "night-run"))("Ims", "CreateAccessKey", {
      UserPrincipalName: alice,
    });
    const roleId = sandbox.dump().roles?.find((role) => role.roleName === "Deploy")?.roleId;
    expect(last().userIdentity).toMatchObject({
      type: "assumed-role",
      principalId: `${roleId}:night-run`,
      userName: "Deploy:night-run",
      sessionContext: { attributes: { mfaAuthenticated: "false" } },
    });
    expect(last().requestParameters).toMatchObject({
      stsTokenPrincipalName: "Deploy/night-run",
      UserPrincipalName: alice,
    });
    expect(last().eventSource).toBe("ims.aliyuncs.com");
    await call("Sts", "AssumeRole", { RoleArn: `acs:ram::${account}:role/Deploy`, RoleSessionName: "s1" }).catch(
      () => {},
    );
    expect(last()).toMatchObject({ serviceName: "Sts", eventName: "AssumeRole" });
  });

  it("records what failed and what was denied, with the code and without an answer", async () => {
    const call = await start();
    await refusal(call("Ram", "DeleteRole", { RoleName: "none" }));
    expect(last()).toMatchObject({ eventName: "DeleteRole", errorCode: "EntityNotExist.Role" });
    expect(last()).not.toHaveProperty("responseElements");
    await refusal(callerOf(sandbox, sandbox.sessionOf("watcher"))("Ram", "DeleteRole", { RoleName: "Deploy" }));
    expect(last()).toMatchObject({ errorCode: "NoPermission", userIdentity: { userName: "watcher:sandbox" } });
    await call("Ram", "GetRole", { RoleName: "Deploy" });
    expect(last()).toMatchObject({ eventName: "GetRole", eventRW: "Read" });
  });

  it("stars secrets unless told to leave them, and leaves answers out when told to", async () => {
    const create = async (options: SandboxOptions) => {
      const call = await start(options);
      const { AccessKey } = await call("Ram", "CreateAccessKey", { UserName: "alice" });
      await call("Ram", "CreateLoginProfile", { UserName: "alice", Password: "correct-horse-battery" });
      return { text: JSON.stringify(sandbox.trail), secret: AccessKey.AccessKeySecret as string };
    };
    const masked = await create({});
    expect(masked.text).not.toContain(masked.secret);
    expect(masked.text).not.toContain("horse");
    await sandbox.stop();
    const open = await create({ secretsInEvents: true });
    expect(open.text).toContain(open.secret);
    expect(open.text).toContain("horse");
    await sandbox.stop();
    await create({ dropResponseElements: true });
    expect(sandbox.trail.every((event) => !("responseElements" in event))).toBe(true);
  });
});

describe("how events are delivered", () => {
  let sandbox: Sandbox;
  afterEach(() => sandbox.stop());

  const subscribe = (handler: (event: Loose) => Promise<unknown> = async () => {}) => {
    const seen: Loose[] = [];
    sandbox.registerFunction({
      name: "guard",
      role: "watcher",
      subscribesToTrail: true,
      handler: async (event) => {
        const parsed = JSON.parse(event.toString());
        seen.push(parsed);
        return handler(parsed);
      },
    });
    return seen;
  };

  const rename = async (count: number) => {
    const call = callerOf(sandbox);
    for (let index = 0; index < count; index += 1) {
      await call("Ram", "UpdateUser", { UserName: "alice", NewComments: String(index) });
    }
  };

  const order = (seen: Loose[]) => seen.map((event) => Number(event.data.requestParameters.NewComments));
  const row = (count: number) => Array.from({ length: count }, (_, index) => index);

  it("sends successful writes only, by service, in order", async () => {
    sandbox = await startSandbox({ snapshot, seed: 7 });
    const seen = subscribe();
    const call = callerOf(sandbox);
    await rename(8);
    expect(await refusal(call("Ram", "DeleteRole", { RoleName: "none" }))).toBe("EntityNotExist.Role");
    await call("Ram", "ListRoles");
    await sandbox.settle();
    expect(order(seen)).toEqual(row(8));
    await call("Ims", "CreateAccessKey", { UserPrincipalName: alice });
    await call("ResourceManager", "CreateResourceGroup", { Name: "team", DisplayName: "Team" });
    await sandbox.settle();
    expect(seen.slice(8).map((event) => [event.source, event.type])).toEqual([
      ["acs.ims", "ims:ActionTrail:ApiCall"],
      ["acs.resourcemanager", "resourcemanager:ActionTrail:ApiCall"],
    ]);
    expect(seen[8]).toMatchObject({ specversion: "1.0", aliyuneventbusname: "default", aliyunaccountid: account });
    expect(seen[8].id).toBe(seen[8].data.eventId);
    expect(sandbox.trail).toContainEqual(seen[8].data);
  });

  it("sends events twice and out of order when told to, never losing one", async () => {
    sandbox = await startSandbox({
      snapshot,
      seed: 8,
      delivery: { minDelayMs: 0, maxDelayMs: 400, duplicateRate: 0.5, reorder: true },
    });
    const seen = subscribe();
    await rename(20);
    await sandbox.settle();
    expect(seen.length).toBeGreaterThan(20);
    expect([...new Set(order(seen))].sort((a, b) => a - b)).toEqual(row(20));
    expect(order(seen)).not.toEqual([...order(seen)].sort((a, b) => a - b));
  });

  it("tries again when the handler throws, then gives the event up", async () => {
    sandbox = await startSandbox({ snapshot, seed: 9, delivery: { retries: 2, retryDelayMs: 1 } });
    let tries = 0;
    const seen = subscribe(async () => {
      tries += 1;
      if (tries < 3) throw new Error("not yet");
    });
    await rename(1);
    await sandbox.settle();
    expect(seen).toHaveLength(3);
    expect(sandbox.deadLetters).toHaveLength(0);
    tries = Number.NEGATIVE_INFINITY;
    await rename(1);
    await sandbox.settle();
    expect(seen).toHaveLength(6);
    expect(sandbox.deadLetters).toMatchObject([{ functionName: "guard", error: "not yet" }]);
  });

  it("waits for what deliveries set off themselves", async () => {
    sandbox = await startSandbox({ snapshot, seed: 10 });
    const call = callerOf(sandbox);
    const seen = subscribe(async (event) => {
      const depth = Number(event.data.requestParameters.NewComments);
      if (depth < 3) await call("Ram", "UpdateUser", { UserName: "alice", NewComments: String(depth + 1) });
    });
    await rename(1);
    await sandbox.settle();
    expect(order(seen)).toEqual([0, 1, 2, 3]);
  });

  it("runs a function only under a role that lets Function Compute in", async () => {
    sandbox = await startSandbox({ snapshot, seed: 11 });
    sandbox.registerFunction({ name: "odd", role: "stranger", handler: async () => "ran" });
    await expect(sandbox.invoke("odd", "{}")).rejects.toThrow("does not trust `fc.aliyuncs.com`");
    sandbox.registerFunction({
      name: "echo",
      role: "watcher",
      handler: async (event, context) => ({ said: event.toString(), as: context.function.name, in: context.accountId }),
    });
    expect(await sandbox.invoke("echo", "hello")).toEqual({ said: "hello", as: "echo", in: account });
    const keys: string[] = [];
    sandbox.registerFunction({
      name: "keys",
      role: "watcher",
      handler: async (_event, context) => keys.push(context.credentials.securityToken),
    });
    await sandbox.invoke("keys", "");
    await sandbox.invoke("keys", "");
    expect(new Set(keys).size).toBe(2);
  });
});
