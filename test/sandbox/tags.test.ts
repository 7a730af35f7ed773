import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { allowAll, callerOf, refusal, trustOf } from "./client.ts";

const account = "1234567890123456";
const alice = "alice@example.onaliyun.com";
const trust = trustOf({ RAM: `acs:ram::${account}:root` });

describe("tags", () => {
  let sandbox: Sandbox;
  let call: ReturnType<typeof callerOf>;
  beforeEach(async () => {
    sandbox = await startSandbox({ seed: 31, snapshot: { version: 1, accountId: account, alias: "example" } });
    call = callerOf(sandbox);
  });
  afterEach(() => sandbox.stop());

  it("of roles and policies travel as JSON texts, and are added, overwritten and taken away", async () => {
    await call("Ram", "CreateRole", { RoleName: "Deploy", AssumeRolePolicyDocument: trust });
    await call("Ram", "CreatePolicy", { PolicyName: "mine", PolicyDocument: allowAll });
    const role = { ResourceType: "role", ResourceNames: JSON.stringify(["deploy"]) };
    const tag = (...tags: readonly (readonly [string, string])[]) =>
      JSON.stringify(tags.map(([Key, Value]) => ({ Key, Value })));
    const before = sandbox.dump().roles;
    await call("Ram", "TagResources", { ...role, Tag: tag(["owner", "ops"], ["stage", ""]) });
    await call("Ram", "TagResources", { ...role, Tag: tag(["owner", "dev"]) });
    const rows = async () => (await call("Ram", "ListTagResources", role)).TagResources;
    expect(await rows()).toEqual([
      { ResourceName: "Deploy", ResourceType: "role", TagKey: "owner", TagValue: "dev" },
      { ResourceName: "Deploy", ResourceType: "role", TagKey: "stage", TagValue: "" },
    ]);
    expect((await call("Ram", "ListRoles")).Roles.Role[0].Tags.Tag).toHaveLength(2);
    expect(await refusal(call("Ram", "UntagResources", role))).toBe("MissingParameter.TagKeys");
    // All counts only where no keys are named.
    await call("Ram", "UntagResources", { ...role, TagKeys: JSON.stringify(["owner"]), All: true });
    expect(await rows()).toHaveLength(1);
    await call("Ram", "UntagResources", { ...role, All: true });
    expect(sandbox.dump().roles).toEqual(before);

    const policy = { ResourceType: "policy", ResourceNames: JSON.stringify(["mine"]) };
    await call("Ram", "TagResources", { ...policy, Tag: tag(["owner", "ops"]) });
    expect(sandbox.dump().policies?.find((each) => each.policyName === "mine")?.tags).toEqual([
      { key: "owner", value: "ops" },
    ]);
    expect(sandbox.trail.at(-1)).toMatchObject({
      eventName: "TagResources",
      eventRW: "Write",
      resourceType: "ACS::RAM::Policy",
      resourceName: "mine",
      requestParameters: { ResourceNames: '["mine"]' },
    });
  });

  it("of users travel flattened, by id or by name", async () => {
    const { User } = await call("Ims", "CreateUser", {
      UserPrincipalName: alice,
      DisplayName: "Alice",
      "Tag.1.Key": "team",
      "Tag.1.Value": "red",
    });
    const users = { ResourceType: "user", "ResourceId.1": User.UserId };
    await call("Ims", "TagResources", { ...users, "Tag.1.Key": "stage", "Tag.1.Value": "prod" });
    expect(sandbox.trail.at(-1)).toMatchObject({ resourceType: "ACS::RAM::User", resourceName: alice });
    const named = { ResourceType: "user", "ResourcePrincipalName.1": alice };
    const rows = async (more = {}) =>
      (await call("Ims", "ListTagResources", { ...named, ...more })).TagResources.TagResource;
    expect(await rows()).toEqual([
      { ResourceId: User.UserId, ResourceType: "user", TagKey: "team", TagValue: "red" },
      { ResourceId: User.UserId, ResourceType: "user", TagKey: "stage", TagValue: "prod" },
    ]);
    expect(await rows({ "Tag.1.Key": "team", "Tag.1.Value": "blue" })).toEqual([]);
    const first = await call("Ims", "ListTagResources", { ...named, PageSize: 1 });
    expect(first).toMatchObject({ IsTruncated: true, TagResources: { TagResource: [{ TagKey: "team" }] } });
    expect(await rows({ PageSize: 1, NextToken: first.NextToken })).toMatchObject([{ TagKey: "stage" }]);
    await call("Ims", "UpdateUser", { UserPrincipalName: alice, NewUserPrincipalName: "al@example.onaliyun.com" });
    await call("Ims", "UntagResources", { ...users, "TagKey.1": "team" });
    expect(sandbox.dump().users?.find((user) => user.userName === "al")?.tags).toEqual([
      { key: "stage", value: "prod" },
    ]);
    expect(await refusal(call("Ims", "ListTagResources", { ResourceType: "user" }))).toBe(
      "MissingParameter.ResourceId",
    );
    expect(await refusal(call("Ims", "TagResources", { ...users, ...named, "Tag.1.Key": "a" }))).toBe(
      "InvalidParameter.ResourceId",
    );
  });

  it("are refused whole when one of them is wrong", async () => {
    await call("Ram", "CreateRole", { RoleName: "one", AssumeRolePolicyDocument: trust });
    const before = sandbox.dump().roles;
    const tag = (names: readonly string[], tags: readonly unknown[]) =>
      call("Ram", "TagResources", {
        ResourceType: "role",
        ResourceNames: JSON.stringify(names),
        Tag: JSON.stringify(tags),
      });
    const many = Array.from({ length: 21 }, (_, index) => ({ Key: `k${index}`, Value: "v" }));
    expect(await refusal(tag(["one", "none"], [{ Key: "a", Value: "b" }]))).toBe("EntityNotExist.Role");
    expect(await refusal(tag(["one"], [{ Key: "acs:a", Value: "b" }]))).toBe("InvalidParameter.TagKey.InvalidChars");
    expect(await refusal(tag(["one"], [{ Key: "", Value: "b" }]))).toBe("InvalidParameter.TagKey.Length");
    expect(await refusal(tag(["one"], many))).toBe("LimitExceeded.Tag");
    expect(sandbox.dump().roles).toEqual(before);
    await tag(["one"], many.slice(0, 20));
    expect(await refusal(tag(["one"], [{ Key: "more", Value: "" }]))).toBe("LimitExceeded.Tag");
    await tag(["one"], [{ Key: "k3", Value: "other" }]);
    const whole = sandbox.dump({ secrets: true });
    sandbox.load(whole);
    expect(sandbox.dump({ secrets: true })).toEqual(whole);
  });
});
