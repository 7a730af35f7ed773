import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Actor } from "../../shared/domain/identity.ts";
import type { JsonObject } from "../../shared/domain/json.ts";
import { accessKeyOperations } from "../../shared/operations/access-keys.ts";
import { credentialsOperations } from "../../shared/operations/credentials.ts";
import type { CallRecord, OperationEntry } from "../../shared/operations/entry.ts";

const accountId = "1234567890123456";
const mallory: Actor = { kind: "user", accountId, name: "mallory" };
const root: Actor = { kind: "root", accountId };
const role: Actor = { kind: "role", accountId, name: "ops", sessionName: "s" };

const record = (request: JsonObject, response?: JsonObject, actor: Actor = mallory): CallRecord => ({
  accountId,
  actor,
  occurredAt: 1_800_000_000_000,
  request,
  response,
});

const entries: { readonly [id: string]: OperationEntry } = { ...accessKeyOperations, ...credentialsOperations };
type Id = keyof typeof credentialsOperations;

const read = (id: Id, request: JsonObject, response?: JsonObject, actor?: Actor) =>
  (credentialsOperations[id] as OperationEntry).read(record(request, response, actor));
const about = (id: Id, request: JsonObject, response?: JsonObject, actor?: Actor) => {
  const reading = read(id, request, response, actor);
  if (!reading.ok) throw new Error(reading.error);
  return reading.value;
};

const ram = { UserName: "alice" };
const ims = { UserPrincipalName: "alice@corp.onaliyun.com" };
const inIms = { accountId, route: "Ims", userName: "alice", principalName: "alice@corp.onaliyun.com" };
const inRam = { accountId, route: "Ram", userName: "alice" };

describe("the logon that a call is about", () => {
  const answer = {
    LoginProfile: { Status: "Inactive", MFABindRequired: true, PasswordResetRequired: "false", ...ims },
  };
  const login = { kind: "login", status: "Inactive", mfaBindRequired: true, passwordResetRequired: false };

  test.each<[Id, JsonObject, object]>([
    ["Ram.CreateLoginProfile", ram, inRam],
    ["Ims.CreateLoginProfile", ims, inIms],
    ["Ram.UpdateLoginProfile", ram, inRam],
    ["Ims.UpdateLoginProfile", ims, inIms],
    ["Ram.DeleteLoginProfile", ram, inRam],
    ["Ims.DeleteLoginProfile", ims, inIms],
  ])("of %s is the named user's", (id, request, subject) => {
    expect(about(id, request)).toMatchObject({ kind: "subject", subject: { kind: "login", ...subject } });
  });

  test("is the user's that the answer names, where the request does not", () => {
    expect(about("Ims.UpdateLoginProfile", {}, answer)).toMatchObject({ subject: inIms });
  });

  test("claims the whole answer of Ims, and of Ram that a new one is in use", () => {
    expect(about("Ims.UpdateLoginProfile", ims, answer)).toMatchObject({ claimed: login });
    expect(about("Ims.CreateLoginProfile", ims, answer)).toMatchObject({ claimed: login });
    const { Status, ...withoutStatus } = answer.LoginProfile;
    expect(about("Ram.CreateLoginProfile", ram, { LoginProfile: withoutStatus })).toMatchObject({
      claimed: { ...login, status: "Active" },
    });
  });

  test.each<[string, JsonObject | undefined]>([
    ["there is no answer", undefined],
    ["it tells no status", { LoginProfile: { MFABindRequired: true, PasswordResetRequired: false } }],
    ["a flag is odd", { LoginProfile: { ...answer.LoginProfile, MFABindRequired: "perhaps" } }],
    ["a flag is missing", { LoginProfile: { Status: "Active", MFABindRequired: true } }],
    ["the status is odd", { LoginProfile: { ...answer.LoginProfile, Status: "Asleep" } }],
  ])("claims nothing rather than a part where %s", (_, response) => {
    expect(about("Ims.UpdateLoginProfile", ims, response)).toMatchObject({ claimed: undefined });
  });

  test.each<[string, JsonObject, boolean]>([
    ["one is given", { Password: "a", MFABindRequired: true }, true],
    ["a starred one is given", { Password: "******", Status: "Active" }, true],
    ["nothing else is given, as the trail may leave it out", {}, true],
    ["a flag is given and no password", { MFABindRequired: false }, false],
    ["an empty one is given beside a flag", { Password: "", PasswordResetRequired: true }, false],
    ["none is given beside a status", { Password: null, Status: "Inactive" }, false],
  ])("has another password where %s: %#", (_, more, expected) => {
    const { unseen } = about("Ims.UpdateLoginProfile", { ...ims, ...more }) as { unseen?: readonly string[] };
    expect(unseen).toEqual(expected ? ["password"] : undefined);
  });

  test("of a password change is the caller's", () => {
    expect(about("Ram.ChangePassword", { OldPassword: "a", NewPassword: "b" })).toEqual({
      kind: "subject",
      subject: { kind: "login", accountId, route: "Ram", userName: "mallory" },
      claimed: undefined,
      unseen: ["password"],
    });
    expect(read("Ims.ChangePassword", {}, undefined, role)).toEqual({
      ok: false,
      error: "concerns its caller, who is no user",
    });
    expect(read("Ims.ChangePassword", {}, undefined, root).ok).toBe(false);
  });
});

describe("the second factor that a call is about", () => {
  test("of a binding is the user's, with the device of the request", () => {
    expect(about("Ram.BindMFADevice", { ...ram, SerialNumber: "acs:ram::1:mfa/a" })).toMatchObject({
      subject: { kind: "mfa", ...inRam },
      claimed: { kind: "mfa", serialNumber: "acs:ram::1:mfa/a" },
    });
    expect(about("Ims.BindMFADevice", ims)).toMatchObject({ subject: { kind: "mfa", ...inIms }, claimed: undefined });
  });

  test.each<[Id, JsonObject, object]>([
    ["Ram.UnbindMFADevice", ram, inRam],
    ["Ims.UnbindMFADevice", ims, inIms],
    ["Ims.DisableVirtualMFA", ims, inIms],
  ])("of %s is the logon that lost it, and the factor itself", (id, request, subject) => {
    expect(about(id, request)).toEqual({
      kind: "subjects",
      all: [
        { subject: { kind: "login", ...subject }, claimed: undefined, unseen: ["second-factor"] },
        { subject: { kind: "mfa", ...subject }, claimed: { kind: "gone" } },
      ],
    });
  });

  test("of a new device has the number of the answer, or of its name", () => {
    const serialNumber = `acs:ram::${accountId}:mfa/new`;
    const claimed = { kind: "mfa-device", serialNumber, boundTo: "" };
    expect(about("Ram.CreateVirtualMFADevice", { VirtualMFADeviceName: "new" })).toMatchObject({
      subject: { kind: "mfa-device", route: "Ram", serialNumber },
      claimed,
    });
    const told = { VirtualMFADevice: { SerialNumber: serialNumber, Base32StringSeed: "SEED" } };
    expect(JSON.stringify(about("Ims.CreateVirtualMFADevice", {}, told))).not.toContain("SEED");
    expect(read("Ims.CreateVirtualMFADevice", {}).ok).toBe(false);
    expect(about("Ims.DeleteVirtualMFADevice", { SerialNumber: serialNumber })).toMatchObject({
      claimed: { kind: "gone" },
    });
    expect(read("Ram.DeleteVirtualMFADevice", {}).ok).toBe(false);
  });

  test("of a passkey has its id", () => {
    const subject = { kind: "passkey", ...inIms, passkeyId: "P1" };
    expect(about("Ims.UpdatePasskey", { ...ims, PasskeyId: "P1", PasskeyName: "x" })).toMatchObject({
      subject,
      claimed: { kind: "passkey", passkeyId: "P1", name: "x" },
    });
    expect(about("Ims.DeletePasskey", { ...ims, PasskeyId: "P1" })).toMatchObject({
      subject,
      claimed: { kind: "gone" },
    });
    expect(read("Ims.UpdatePasskey", { ...ims, PasskeyId: "P1" }).ok).toBe(false);
    expect(read("Ims.DeletePasskey", ims).ok).toBe(false);
  });

  test("of a verification has its type, and what was taken away", () => {
    const subject = { kind: "verification", ...inIms };
    const phone = { ...ims, VerifyType: "sms", MobilePhone: "86-139" };
    const email = { ...ims, VerifyType: "EMAIL", Email: "a@b.example" };
    expect(about("Ims.SetVerificationInfo", phone)).toMatchObject({
      subject: { ...subject, type: "sms" },
      claimed: { kind: "verification", type: "sms", value: "86-139" },
    });
    expect(about("Ims.SetVerificationInfo", { ...phone, MobilePhone: "86-1******34" })).toMatchObject({
      claimed: undefined,
    });
    expect(about("Ims.UnbindVerification", email)).toMatchObject({
      subject: { ...subject, type: "email", former: "a@b.example" },
      claimed: { kind: "gone" },
    });
    expect(read("Ims.SetVerificationInfo", { ...phone, VerifyType: "pigeon" }).ok).toBe(false);
  });

  test("of a DingTalk account is the named user's, or the caller's", () => {
    expect(about("Ims.UnbindUserPersonalDingTalk", ims)).toMatchObject({
      subject: { kind: "personal-dingtalk", ...inIms },
    });
    expect(about("Ims.UnbindUserPersonalDingTalk", {})).toMatchObject({ subject: { userName: "mallory" } });
  });
});

describe("the credential that a call is about", () => {
  const answer = {
    ServiceCredential: {
      ServiceCredentialId: "SC1",
      ServiceCredentialName: "n",
      Status: "Active",
      ServiceCredentialSecret: "SECRET",
    },
  };

  test("of a service has the id of the answer, or the name of the request", () => {
    const made = about("Ims.CreateServiceCredential", { ...ims, ServiceCredentialName: "n" }, answer);
    expect(made).toMatchObject({
      subject: { kind: "service-credential", ...inIms, credentialId: "SC1", name: "n" },
      claimed: { kind: "service-credential", credentialId: "SC1", name: "n", status: "Active" },
    });
    expect(JSON.stringify(made)).not.toContain("SECRET");
    const { subject, claimed } = about("Ims.CreateServiceCredential", { ServiceCredentialName: "n" }) as never;
    expect([subject, claimed]).toEqual([
      { kind: "service-credential", accountId, route: "Ims", userName: "mallory", name: "n" },
      undefined,
    ]);
    expect(read("Ims.CreateServiceCredential", ims).ok).toBe(false);
  });

  test("claims a change only where the request tells both that can change", () => {
    const one = { ...ims, ServiceCredentialId: "SC1" };
    expect(about("Ims.UpdateServiceCredential", { ...one, Status: "Active" })).toMatchObject({ claimed: undefined });
    expect(
      about("Ims.UpdateServiceCredential", { ...one, Status: "Active", ServiceCredentialName: "n" }),
    ).toMatchObject({ claimed: { status: "Active", name: "n" } });
    expect(about("Ims.DeleteServiceCredential", one)).toMatchObject({ claimed: { kind: "gone" } });
    expect(read("Ims.DeleteServiceCredential", ims).ok).toBe(false);
  });

  test("of a public key never holds the key", () => {
    const request = { ...ram, PublicKeySpec: "-----BEGIN" };
    const made = about("Ram.UploadPublicKey", request, { PublicKey: { PublicKeyId: "LTPK1", Status: "Active" } });
    expect(made).toMatchObject({
      subject: { kind: "public-key", publicKeyId: "LTPK1" },
      claimed: { status: "Active" },
    });
    expect(JSON.stringify(made)).not.toContain("BEGIN");
    expect(about("Ram.UpdatePublicKey", { UserPublicKeyId: "LTPK1", Status: "Inactive" })).toMatchObject({
      subject: { userName: "mallory" },
      claimed: { status: "Inactive" },
    });
    expect(read("Ram.DeletePublicKey", ram).ok).toBe(false);
  });
});

describe("the key that a call is about", () => {
  test.each<[Id, JsonObject, string]>([
    ["Ram.DeleteAccessKey", ram, "alice"],
    ["Ims.DeleteAccessKey", ims, "alice"],
    ["Ims.DeleteAccessKey", {}, "mallory"],
  ])("of %s is in the recycle bin, and is the named user's or the caller's", (id, request, userName) => {
    expect(about(id, { ...request, UserAccessKeyId: "LTAI1" })).toMatchObject({
      subject: { kind: "recycled-key", accessKeyId: "LTAI1", userName },
      claimed: { kind: "recycled-key" },
    });
  });

  test("is beside the matter where the account owner deletes an own one, and refused of a role", () => {
    expect(about("Ram.DeleteAccessKey", { UserAccessKeyId: "LTAI1" }, undefined, root)).toMatchObject({
      kind: "beside",
    });
    expect(read("Ram.DeleteAccessKey", { UserAccessKeyId: "LTAI1" }, undefined, role).ok).toBe(false);
  });

  test("is known by its owner's id where it was brought back", () => {
    expect(about("Ims.RestoreAccessKeyFromRecycleBin", { UserId: "200", UserAccessKeyId: "LTAI1" })).toMatchObject({
      subject: { kind: "access-key", owner: { kind: "user-id", id: "200" }, accessKeyId: "LTAI1" },
      claimed: undefined,
    });
    expect(read("Ims.RestoreAccessKeyFromRecycleBin", { UserAccessKeyId: "LTAI1" }).ok).toBe(false);
  });

  test.each<Id>([
    "Ram.DeleteAccessKey",
    "Ims.RestoreAccessKeyFromRecycleBin",
    "Ims.DeleteAccessKeyInRecycleBin",
    "Ims.SetAccessKeyPolicy",
  ])("of %s must be told whole", (id) => {
    const users = { ...ims, ...ram, UserId: "200", AccessKeyPolicy: "{}" };
    expect(read(id, users)).toMatchObject({ ok: false, error: expect.stringMatching(/UserAccessKeyId/) });
    expect(read(id, { ...users, UserAccessKeyId: "LTAI****" }).ok).toBe(false);
    expect(read(id, { ...users, UserAccessKeyId: "LTAI1" }).ok).toBe(true);
  });

  test("has the network policy of the request, unless that is none", () => {
    const key = { ...ims, UserAccessKeyId: "LTAI1" };
    const claimed = (AccessKeyPolicy: JsonObject[string]) =>
      (about("Ims.SetAccessKeyPolicy", { ...key, AccessKeyPolicy }) as { claimed?: unknown }).claimed;
    expect(claimed('{"Version":1}')).toEqual({ kind: "key-policy", document: { Version: 1 } });
    expect(claimed({ Version: 1 })).toEqual({ kind: "key-policy", document: { Version: 1 } });
    expect(claimed("{")).toBeUndefined();
    expect(claimed("[]")).toBeUndefined();
    expect(claimed(`{"a":"${"x".repeat(20_000)}"}`)).toBeUndefined();
    expect(claimed(`{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`)).toBeUndefined();
    expect(about("Ims.SetAccessKeyPolicy", { UserAccessKeyId: "LTAI1" }, undefined, root)).toMatchObject({
      subject: { kind: "key-policy", accessKeyId: "LTAI1" },
    });
  });
});

describe("every entry", () => {
  const ids = Object.keys(entries);
  const names = [
    ...["UserName", "UserPrincipalName", "UserAccessKeyId", "UserId", "Status", "Password", "NewPassword"],
    ...["MFABindRequired", "SerialNumber", "VirtualMFADeviceName", "PasskeyId", "PasskeyName", "VerifyType"],
    ...["Email", "MobilePhone", "ServiceCredentialId", "ServiceCredentialName", "AccessKeyPolicy", "UserPublicKeyId"],
  ];
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(
      "alice",
      "alice@corp.onaliyun.com",
      "@",
      "*",
      "Active",
      "sms",
      "email",
      "{}",
      " ",
      "LTAI1",
    ),
  );
  const request = fc.dictionary(fc.constantFrom(...names), value) as fc.Arbitrary<JsonObject>;
  const response = fc.option(
    fc.dictionary(
      fc.constantFrom("LoginProfile", "AccessKey", "VirtualMFADevice", "ServiceCredential", "PublicKey"),
      value,
    ) as fc.Arbitrary<JsonObject>,
    { nil: undefined },
  );

  test("reads any record or says why not, and never throws", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ids),
        request,
        response,
        fc.constantFrom(mallory, root, role),
        (id, asked, answer, actor) => {
          const reading = (entries[id] as OperationEntry).read(record(asked, answer, actor));
          if (!reading.ok) {
            expect(reading.error).toMatch(/^[a-z]/);
            return;
          }
          if (reading.value.kind === "beside") return;
          const all = reading.value.kind === "subjects" ? reading.value.all : [reading.value];
          for (const { subject, claimed } of all) {
            expect(subject.accountId).toBe(accountId);
            if (claimed !== undefined && claimed.kind !== "gone") expect(claimed.kind).toBe(subject.kind);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("never takes a password over, whatever else the record holds", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ids), request, response, (id, asked, answer) => {
        const secrets = {
          Password: "CANARY",
          NewPassword: "CANARY",
          OldPassword: "CANARY",
          AuthenticationCode1: "CANARY",
        };
        const secretAnswer = Object.fromEntries(
          Object.entries(answer ?? {}).map(([name, held]) => [
            name,
            {
              ...(typeof held === "object" ? held : {}),
              AccessKeySecret: "CANARY",
              Base32StringSeed: "CANARY",
              ServiceCredentialSecret: "CANARY",
            },
          ]),
        ) as JsonObject;
        const reading = (entries[id] as OperationEntry).read(record({ ...asked, ...secrets }, secretAnswer));
        expect(JSON.stringify(reading)).not.toContain("CANARY");
      }),
    );
  });
});
