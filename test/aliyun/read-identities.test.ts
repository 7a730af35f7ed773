import { describe, expect, it } from "vitest";
import { identitiesReaders } from "../../shared/aliyun/read-identities.ts";
import { policiesReaders } from "../../shared/aliyun/read-policies.ts";
import type { ApiCall, Transport } from "../../shared/aliyun/transport.ts";
import type { JsonObject } from "../../shared/domain/json.ts";
import type { UserRef } from "../../shared/domain/subjects/identities.ts";

const accountId = "1234567890123456";

/** A cloud that gives the same answer to an operation each time; an operation without one finds nothing. */
const cloud = (answers: { readonly [operation: string]: JsonObject | ((call: ApiCall) => JsonObject) }) => {
  const asked: string[] = [];
  const send: Transport = async (call) => {
    const { service, operation } = call;
    asked.push(operation);
    const answer = answers[`${service}.${operation}`];
    return answer === undefined
      ? { ok: false, error: { kind: "not-found", operation } }
      : { ok: true, value: { requestId: "R", body: typeof answer === "function" ? answer(call) : answer } };
  };
  return { send, asked };
};

const named = { User: { UserId: "200", UserName: "alice" } };
const whole = { User: { UserId: "200", UserPrincipalName: "alice@corp.onaliyun.com", DisplayName: "Alice" } };
const ref: UserRef = { kind: "user", accountId, route: "Ram", userName: "alice" };

describe("a user", () => {
  it("is read by name, then by the id that the name leads to", async () => {
    const { send, asked } = cloud({ "Ram.GetUser": named, "Ims.GetUser": whole });
    expect(await identitiesReaders.user(send, ref)).toMatchObject({
      ok: true,
      value: { userId: "200", userName: "alice", displayName: "Alice", comments: "", provisionType: "" },
    });
    expect(asked).toEqual(["GetUser", "GetUser"]);
  });

  it("that is not there is gone, and so is one that goes while it is read", async () => {
    expect(await identitiesReaders.user(cloud({}).send, ref)).toEqual({ ok: true, value: { kind: "gone" } });
    const going = cloud({ "Ram.GetUser": named }).send;
    expect(await identitiesReaders.user(going, ref)).toEqual({ ok: true, value: { kind: "gone" } });
  });

  it.each<[string, Parameters<typeof cloud>[0]]>([
    ["nothing", { "Ram.GetUser": {} }],
    ["no id", { "Ram.GetUser": { User: { UserName: "alice" } } }],
    ["another id", { "Ram.GetUser": named, "Ims.GetUser": { User: { ...whole.User, UserId: "201" } } }],
    ["no name", { "Ram.GetUser": named, "Ims.GetUser": { User: { UserId: "200" } } }],
  ])("whose answer has %s is not taken for gone", async (_, answers) => {
    expect(await identitiesReaders.user(cloud(answers).send, ref)).toMatchObject({
      ok: false,
      error: { kind: "unreadable" },
    });
  });

  it("with odd keys, logon or groups is not taken for one without", async () => {
    const base = {
      "Ram.GetUser": named,
      "Ims.GetUser": whole,
      "Ram.ListAccessKeys": { AccessKeys: { AccessKey: [] } },
      "Ram.ListGroupsForUser": { Groups: { Group: [] } },
      "Ram.ListPoliciesForUser": { Policies: { Policy: [] } },
      "ResourceManager.ListPolicyAttachments": { TotalCount: 0, PolicyAttachments: { PolicyAttachment: [] } },
    };
    const asked = { ...ref, withHoldings: true } as const;
    expect(await identitiesReaders.user(cloud(base).send, asked)).toMatchObject({
      ok: true,
      value: { holdings: { accessKeys: [], login: null, mfaSerial: null, groups: [], grants: [] } },
    });
    const odd: readonly Parameters<typeof cloud>[0][] = [
      { "Ram.ListAccessKeys": { AccessKeys: {} } },
      { "Ram.ListAccessKeys": { AccessKeys: { AccessKey: [{ AccessKeyId: "LTAI", Status: "Odd" }] } } },
      { "Ims.GetLoginProfile": { LoginProfile: {} } },
      { "Ram.GetUserMFAInfo": { MFADevice: {} } },
      { "Ram.ListGroupsForUser": { Groups: { Group: [{}] } } },
      { "Ram.ListPoliciesForUser": { Policies: { Policy: [{ PolicyName: "p" }] } } },
      { "ResourceManager.ListPolicyAttachments": { PolicyAttachments: { PolicyAttachment: [] } } },
    ];
    for (const answers of odd)
      expect(await identitiesReaders.user(cloud({ ...base, ...answers }).send, asked)).toMatchObject({
        ok: false,
        error: { kind: "unreadable" },
      });
  });

  it("in the recycle bin is the one of its name that was deleted last, over all pages", async () => {
    const row = (UserId: string, RecycleDate: string, name = "alice") => ({
      UserId,
      RecycleDate,
      UserPrincipalName: `${name}@corp.onaliyun.com`,
    });
    const { send } = cloud({
      "Ims.ListUsersInRecycleBin": ({ parameters }) =>
        parameters.Marker === undefined
          ? {
              IsTruncated: true,
              Marker: "m",
              Users: { User: [row("1", "2026-01-01T00:00:00Z"), row("9", "2026-09-01T00:00:00Z", "bob")] },
            }
          : { IsTruncated: false, Users: { User: [row("2", "2026-02-01T00:00:00Z")] } },
    });
    expect(await identitiesReaders.user(send, { ...ref, inBin: true })).toMatchObject({
      ok: true,
      value: { userId: "2", recycled: true },
    });
  });
});

describe("a policy", () => {
  const policy = { Policy: { PolicyName: "mine", CreateDate: "2026-01-02T03:04:05Z" } };
  const versions = { PolicyVersions: { PolicyVersion: [{ VersionId: "v1", IsDefaultVersion: true }] } };
  const of = { kind: "policy", accountId, route: "Ram", policyName: "mine" } as const;

  it("has the documents that the list leaves out read one by one", async () => {
    const { send, asked } = cloud({
      "Ram.GetPolicy": policy,
      "Ram.ListPolicyVersions": versions,
      "Ram.GetPolicyVersion": { PolicyVersion: { VersionId: "v1", PolicyDocument: "{}" } },
    });
    expect(await policiesReaders.policy(send, of)).toMatchObject({
      ok: true,
      value: { defaultVersion: "v1", versions: [{ versionId: "v1", document: "{}" }] },
    });
    expect(asked).toEqual(["GetPolicy", "ListPolicyVersions", "GetPolicyVersion"]);
  });

  it("made at another time than the one that is meant is another", async () => {
    const { send } = cloud({ "Ram.GetPolicy": policy, "Ram.ListPolicyVersions": versions });
    expect(await policiesReaders.policy(send, { ...of, createdAt: "2026-01-01T00:00:00Z" })).toEqual({
      ok: true,
      value: { kind: "gone" },
    });
  });

  it("without a default version is not taken for one", async () => {
    const odd = { PolicyVersions: { PolicyVersion: [{ VersionId: "v1", PolicyDocument: "{}" }] } };
    const { send } = cloud({ "Ram.GetPolicy": policy, "Ram.ListPolicyVersions": odd });
    expect(await policiesReaders.policy(send, of)).toMatchObject({ ok: false, error: { kind: "unreadable" } });
  });
});

describe("tags", () => {
  it("are read in the shape of either service, whatever their keys", async () => {
    const row = { TagKey: "__proto__", TagValue: "1" };
    const of = { kind: "tags", accountId, resource: "x" } as const;
    const ram = cloud({ "Ram.ListTagResources": { TagResources: [row] } });
    const ims = cloud({ "Ims.ListTagResources": { TagResources: { TagResource: [row] } } });
    const wanted = JSON.parse('{"__proto__":"1"}');
    for (const [send, route, namedBy] of [
      [ram.send, "Ram", "ResourceNames"],
      [ims.send, "Ims", "ResourceId"],
    ] as const) {
      const read = await policiesReaders.tags(send, { ...of, route, resourceType: "role", namedBy });
      expect(read).toMatchObject({ ok: true, value: { kind: "tags" } });
      if (read.ok && read.value.kind === "tags")
        expect(Object.entries(read.value.tags)).toEqual(Object.entries(wanted));
    }
  });
});
