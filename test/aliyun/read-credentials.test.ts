import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reader } from "../../shared/aliyun/reader.ts";
import { transport } from "../../shared/aliyun/transport.ts";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import type { Reader } from "../../shared/ports/cloud.ts";
import { json, type Reply, refusal, type ScriptedCloud, scriptedCloud } from "./scripted-cloud.ts";

let cloud: ScriptedCloud;
let read: Reader;
beforeAll(async () => {
  cloud = await scriptedCloud();
  read = reader(transport(cloud.options({ attempts: 1 })));
});
afterAll(() => cloud.close());

const accountId = "100000000000000001";
const alice = { accountId, route: "Ims", userName: "alice", principalName: "alice@corp.onaliyun.com" } as const;
const sent = (): Readonly<Record<string, string>>[] => cloud.received.map(({ action, form }) => ({ action, ...form }));
const answer = (body: object): Reply => json(200, { RequestId: "R", ...body });

const user = answer({ User: { UserId: "200", UserPrincipalName: "alice@corp.onaliyun.com" } });
const profile = { Status: "Inactive", MFABindRequired: true, PasswordResetRequired: false };
const gone = { ok: true, value: { kind: "gone" } };
const strange = { ok: false, error: { kind: "unreadable", code: "UnexpectedAnswer" } };

type Case = readonly [name: string, replies: readonly Reply[], expected: object];

const reads = (ref: SubjectRef, cases: readonly Case[]): void => {
  it.each(cases)("%s", async (_, replies, expected) => {
    cloud.script(...replies);
    expect(await read(ref)).toMatchObject(expected);
  });
};

describe("a logon", () => {
  const ref: SubjectRef = { kind: "login", ...alice };

  it("is read with the id of its user", async () => {
    cloud.script(answer({ LoginProfile: profile }), user);
    expect(await read(ref)).toEqual({
      ok: true,
      value: { kind: "login", userId: "200", status: "Inactive", mfaBindRequired: true, passwordResetRequired: false },
    });
    expect(sent()).toEqual([
      { action: "GetLoginProfile", UserPrincipalName: "alice@corp.onaliyun.com" },
      { action: "GetUser", UserPrincipalName: "alice@corp.onaliyun.com" },
    ]);
  });

  it("is looked for under the account id where no event gave the whole name", async () => {
    cloud.script(answer({ LoginProfile: profile }), user);
    await read({ kind: "login", accountId, route: "Ram", userName: "alice" });
    expect(sent()[0]).toMatchObject({ UserPrincipalName: `alice@${accountId}.onaliyun.com` });
  });

  reads(ref, [
    ["is gone when it is", [refusal(404, "EntityNotExist.User.LoginProfile")], gone],
    ["is gone when its user is", [answer({ LoginProfile: profile }), refusal(404, "EntityNotExist.User")], gone],
    ["is not guessed at without a profile", [answer({})], strange],
    ["is not guessed at with a strange status", [answer({ LoginProfile: { ...profile, Status: "On" } })], strange],
    [
      "is not guessed at with a flag as text",
      [answer({ LoginProfile: { ...profile, MFABindRequired: "true" } })],
      strange,
    ],
    ["is not guessed at with a strange user", [answer({ LoginProfile: profile }), answer({ User: {} })], strange],
    [
      "is not gone where it may not be read",
      [refusal(403, "NoPermission")],
      { ok: false, error: { kind: "forbidden" } },
    ],
  ]);
});

describe("a bound device", () => {
  reads({ kind: "mfa", ...alice }, [
    [
      "is read",
      [answer({ MFADevice: { SerialNumber: "s", Type: "VMFA" } })],
      { value: { kind: "mfa", serialNumber: "s" } },
    ],
    ["is gone when none is bound", [refusal(404, "EntityNotExist.User.MFADevice")], gone],
    ["is not guessed at without a number", [answer({ MFADevice: {} })], strange],
    ["is not guessed at without a device", [answer({})], strange],
  ]);
});

describe("a virtual device", () => {
  const list = (devices: readonly object[], more: object = {}) =>
    answer({ VirtualMFADevices: { VirtualMFADevice: devices }, ...more });
  const ref: SubjectRef = { kind: "mfa-device", accountId, route: "Ram", serialNumber: "s" };

  reads(ref, [
    ["is read, bound to nobody", [list([{ SerialNumber: "s" }])], { value: { kind: "mfa-device", boundTo: "" } }],
    ["is read, bound to an empty user", [list([{ SerialNumber: "s", User: {} }])], { value: { boundTo: "" } }],
    [
      "is read, bound to a user",
      [list([{ SerialNumber: "s", User: { UserPrincipalName: "bob@corp.onaliyun.com" } }])],
      { value: { boundTo: "bob" } },
    ],
    ["is gone when no page has it", [list([{ SerialNumber: "t" }])], gone],
    ["is not guessed at where its user is strange", [list([{ SerialNumber: "s", User: { UserId: "2" } }])], strange],
    ["is not guessed at without a list", [answer({ VirtualMFADevices: {} })], strange],
  ]);

  it("is looked for on every page", async () => {
    cloud.script(
      list([{ SerialNumber: "t" }], { IsTruncated: true, Marker: "m" }),
      list([{ SerialNumber: "s" }], { IsTruncated: false }),
    );
    expect(await read(ref)).toMatchObject({ value: { serialNumber: "s" } });
    expect(sent()).toMatchObject([{ action: "ListVirtualMFADevices" }, { Marker: "m" }]);
  });

  it("is gone where a page repeats its marker", async () => {
    cloud.script(list([], { IsTruncated: true, Marker: "m" }), list([], { IsTruncated: true, Marker: "m" }));
    expect(await read(ref)).toMatchObject(gone);
  });
});

describe("a passkey", () => {
  reads({ kind: "passkey", ...alice, passkeyId: "P1" }, [
    [
      "is read",
      [answer({ Passkeys: [{ PasskeyId: "P1", PasskeyName: "n" }] })],
      { value: { passkeyId: "P1", name: "n" } },
    ],
    ["is gone when the list has it not", [answer({ Passkeys: [] })], gone],
    ["is gone when its user is", [refusal(404, "EntityNotExist.User")], gone],
    ["is not guessed at without a list", [answer({})], strange],
    ["is not guessed at in a strange list", [answer({ Passkeys: ["P1"] })], strange],
  ]);
});

describe("a verification", () => {
  reads({ kind: "verification", ...alice, type: "sms" }, [
    [
      "by phone is read",
      [answer({ SecurityPhoneDevice: { AreaCode: "86", PhoneNumber: "139", Status: "active" } })],
      { value: { kind: "verification", type: "sms", value: "86-139" } },
    ],
    ["by phone is gone when there is none", [answer({})], gone],
    [
      "by phone is gone when its number is empty",
      [answer({ SecurityPhoneDevice: { AreaCode: "", PhoneNumber: "" } })],
      gone,
    ],
    ["by phone is not guessed at", [answer({ SecurityPhoneDevice: { AreaCode: "86" } })], strange],
  ]);
  reads({ kind: "verification", ...alice, type: "email" }, [
    [
      "by mail is read",
      [answer({ SecurityEmailDevice: { Email: "a@b" } })],
      { value: { type: "email", value: "a@b" } },
    ],
    ["by mail is not guessed at", [answer({ SecurityEmailDevice: { Email: 5 } })], strange],
  ]);
});

describe("a key's network policy", () => {
  const none = { Version: 1, Status: "Inactive", Statements: [] };
  reads({ kind: "key-policy", ...alice, accessKeyId: "LTAI1" }, [
    ["is read from text", [answer({ AccessKeyPolicy: '{ "Version": 1 }' })], { value: { document: { Version: 1 } } }],
    ["is read from an object", [answer({ AccessKeyPolicy: { Version: 1 } })], { value: { document: { Version: 1 } } }],
    [
      "that was never set is the clearing one",
      [refusal(404, "EntityNotExist.AccessKeyPolicy")],
      { value: { document: none } },
    ],
    ["that is empty is the clearing one", [answer({ AccessKeyPolicy: "{}" })], { value: { document: none } }],
    ["is gone when its key is", [refusal(404, "EntityNotExist.User.AccessKey")], gone],
    ["is not guessed at", [answer({ AccessKeyPolicy: "[]" })], strange],
    ["is not guessed at from text that is no JSON", [answer({ AccessKeyPolicy: "{" })], strange],
    ["is not guessed at without one", [answer({})], strange],
  ]);
  reads({ kind: "key-policy", accountId, route: "Ims", accessKeyId: "LTAI1" }, [
    ["of the account owner's key may not be read", [], { ok: false, error: { code: "RootUnreadable" } }],
  ]);
});

describe("a key in the recycle bin", () => {
  reads({ kind: "recycled-key", accountId, route: "Ims", accessKeyId: "LTAI1" }, [
    [
      "is read with its owner's id",
      [answer({ AccessKey: { UserId: "200" } })],
      { value: { accessKeyId: "LTAI1", userId: "200" } },
    ],
    ["is gone when the bin has it not", [refusal(404, "EntityNotExist.User.AccessKey")], gone],
    ["is not guessed at without an owner", [answer({ AccessKey: {} })], strange],
  ]);
});

describe("a service credential", () => {
  const one = { ServiceCredentialId: "SC1", ServiceCredentialName: "n", Status: "Active" };
  const state = { kind: "service-credential", credentialId: "SC1", name: "n", status: "Active" };
  reads({ kind: "service-credential", ...alice, credentialId: "SC1" }, [
    ["is read by its id", [answer({ ServiceCredential: one })], { ok: true, value: state }],
    ["is gone when it is", [refusal(404, "EntityNotExist.User.ServiceCredential")], gone],
    ["is not another one", [answer({ ServiceCredential: { ...one, ServiceCredentialId: "SC2" } })], strange],
    ["is not guessed at with a strange status", [answer({ ServiceCredential: { ...one, Status: "On" } })], strange],
  ]);
  const list = (credentials: readonly unknown[], NextToken = "") =>
    answer({ ServiceCredentials: credentials, NextToken });
  reads({ kind: "service-credential", ...alice, name: "n" }, [
    ["is read by its name", [list([{ ...one, ServiceCredentialName: "m" }, one])], { ok: true, value: state }],
    ["is read by its name on any page", [list([], "t"), list([one])], { ok: true, value: state }],
    ["is gone when none has the name", [list([])], gone],
    ["is none of two of its name", [list([one, one])], { ok: false, error: { code: "SeveralCredentialsMatch" } }],
    ["is not guessed at in a strange list", [list([5])], strange],
    ["is not guessed at without a list", [answer({})], strange],
  ]);
});

describe("a key whose owner the event tells by an id", () => {
  const ref: SubjectRef = {
    kind: "access-key",
    accountId,
    owner: { kind: "user-id", id: "200" },
    accessKeyId: "LTAI1",
    createdAt: 0,
  };

  it("is looked for among the keys of the user that has it", async () => {
    const keys = answer({ AccessKeys: { AccessKey: [{ AccessKeyId: "LTAI1", Status: "Active" }] } });
    cloud.script(user, keys);
    expect(await read(ref)).toEqual({
      ok: true,
      value: { kind: "access-key", owner: { kind: "user", name: "alice" }, accessKeyId: "LTAI1", status: "Active" },
    });
    expect(sent()).toEqual([
      { action: "GetUser", UserId: "200" },
      { action: "ListAccessKeys", UserName: "alice" },
    ]);
  });

  reads(ref, [
    ["is gone when the user is", [refusal(404, "EntityNotExist.User")], gone],
    ["is not guessed at where the user is strange", [answer({ User: { UserId: "200" } })], strange],
  ]);
});

describe("what no API tells", () => {
  reads({ kind: "public-key", ...alice, publicKeyId: "LTPK1" }, [
    ["is a public key", [], { ok: false, error: { kind: "forbidden", code: "NoApiTells" } }],
  ]);
  reads({ kind: "personal-dingtalk", ...alice }, [
    ["is a bound DingTalk account", [], { ok: false, error: { kind: "forbidden", code: "NoApiTells" } }],
  ]);
});
