import {
  AttachPolicyToUserRequest,
  CreateAccessKeyRequest,
  GetRoleRequest,
  UpdateRoleRequest,
} from "@alicloud/ram20150501";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { callerOf, ramOf, refusal, trustOf } from "./client.ts";

const snapshot = {
  version: 1 as const,
  accountId: "1234567890123456",
  alias: "example",
  users: [{ userName: "alice" }],
  roles: [
    {
      roleName: "Deploy",
      description: "deploys",
      maxSessionDuration: 7200,
      assumeRolePolicyDocument: trustOf({ RAM: ["acs:ram::1234567890123456:root"] }),
    },
    { roleName: "watcher", assumeRolePolicyDocument: trustOf({ Service: ["fc.aliyuncs.com"] }) },
  ],
  policies: [],
  attachments: [
    {
      policyType: "System" as const,
      policyName: "AliyunRAMReadOnlyAccess",
      principalType: "role" as const,
      principalName: "watcher",
    },
  ],
};

describe("the sandbox through the unmodified SDK", () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ snapshot, seed: 1 });
  });
  afterEach(() => sandbox.stop());

  it("answers the typed Ram client", async () => {
    const ram = ramOf(sandbox);
    const role = (await ram.getRole(new GetRoleRequest({ roleName: "deploy" }))).body?.role;
    expect(role?.roleName).toBe("Deploy");
    expect(role?.maxSessionDuration).toBe(7200);
    const key = (await ram.createAccessKey(new CreateAccessKeyRequest({ userName: "alice" }))).body?.accessKey;
    expect(key?.accessKeyId).toMatch(/^LTAI5t/);
    expect(key?.accessKeySecret).toHaveLength(30);
    await ram.attachPolicyToUser(
      new AttachPolicyToUserRequest({ policyType: "System", policyName: "AliyunOSSReadOnlyAccess", userName: "alice" }),
    );
    const again = ram.attachPolicyToUser(
      new AttachPolicyToUserRequest({ policyType: "System", policyName: "AliyunOSSReadOnlyAccess", userName: "alice" }),
    );
    expect(await refusal(again)).toBe("EntityAlreadyExists.User.Policy");
  });

  it.each(["query", "body"] as const)("takes parameters from the %s", async (wire) => {
    const call = callerOf(sandbox, sandbox.administrator, wire);
    const document = trustOf(
      { RAM: ["acs:ram::1234567890123456:user/alice"] },
      { StringLike: { "acs:SourceIp": "*~!'()" } },
    );
    await call("Ram", "UpdateRole", {
      RoleName: "Deploy",
      NewAssumeRolePolicyDocument: document,
      NewDescription: "a b+c&d=é",
    });
    const { Role } = await call("Ram", "GetRole", { RoleName: "Deploy" });
    expect(Role.AssumeRolePolicyDocument).toBe(document);
    expect(Role.Description).toBe("a b+c&d=é");
  });

  it("lets an update without a duration and a description lose both", async () => {
    const updated = await ramOf(sandbox).updateRole(
      new UpdateRoleRequest({
        roleName: "Deploy",
        newAssumeRolePolicyDocument: trustOf({ Service: ["ecs.aliyuncs.com"] }),
      }),
    );
    expect(updated.body?.role?.maxSessionDuration).toBe(3600);
    expect(updated.body?.role?.description).toBe("");
  });

  it("delivers writes to a function, which reads with its own role and cannot write", async () => {
    const seen: { event: { data: { eventName: string } }; role: string; refused: string }[] = [];
    sandbox.registerFunction({
      name: "guard",
      role: "watcher",
      subscribesToTrail: true,
      handler: async (event, context) => {
        const call = callerOf(sandbox, context.credentials);
        const { Role } = await call("Ram", "GetRole", { RoleName: "Deploy" });
        seen.push({
          event: JSON.parse(event.toString()),
          role: Role.RoleName,
          refused: await refusal(call("Ram", "DeleteRole", { RoleName: "Deploy" })),
        });
      },
    });
    await callerOf(sandbox)("Ram", "UpdateRole", { RoleName: "Deploy", NewDescription: "x" });
    await sandbox.settle();
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      event: { source: "acs.ram", type: "ram:ActionTrail:ApiCall", data: { eventName: "UpdateRole" } },
      role: "Deploy",
      refused: "NoPermission",
    });
    expect(sandbox.calls.list().filter((call) => call.denied)).toHaveLength(1);
  });

  it("hands out sessions that can do no more than their session policy", async () => {
    const call = callerOf(sandbox);
    await call("Ram", "AttachPolicyToRole", {
      PolicyType: "System",
      PolicyName: "AdministratorAccess",
      RoleName: "Deploy",
    });
    const { Credentials } = await call("Sts", "AssumeRole", {
      RoleArn: "acs:ram::1234567890123456:role/deploy",
      RoleSessionName: "plan-1",
      DurationSeconds: 900,
      Policy: JSON.stringify({
        Version: "1",
        Statement: [{ Effect: "Allow", Action: "ram:GetRole", Resource: "acs:ram:*:1234567890123456:role/Deploy" }],
      }),
    });
    const acting = callerOf(sandbox, {
      accessKeyId: Credentials.AccessKeyId,
      accessKeySecret: Credentials.AccessKeySecret,
      securityToken: Credentials.SecurityToken,
    });
    expect((await acting("Ram", "GetRole", { RoleName: "Deploy" })).Role.RoleName).toBe("Deploy");
    expect(await refusal(acting("Ram", "GetRole", { RoleName: "watcher" }))).toBe("NoPermission");
    expect(await refusal(acting("Ram", "DeleteRole", { RoleName: "Deploy" }))).toBe("NoPermission");
  });
});
