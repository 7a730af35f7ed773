import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Actor } from "../../shared/domain/identity.ts";
import type { JsonObject } from "../../shared/domain/json.ts";
import { catalogue } from "../../shared/operations/catalogue.ts";
import { listIn, membersIn } from "../../shared/operations/request-lists.ts";
import { entryOf } from "../../shared/operations/understood.ts";

const accountId = "1234567890123456";
const actor: Actor = { kind: "user", accountId, name: "mallory" } as unknown as Actor;

const read = (operation: string, request: JsonObject, response?: JsonObject) => {
  const entry = entryOf(operation as Parameters<typeof entryOf>[0]);
  if (entry === undefined) throw new Error(`no entry for ${operation}`);
  return entry.read({ accountId, actor, occurredAt: 1_700_000_000_000, request, response });
};
const about = (operation: string, request: JsonObject, response?: JsonObject) => {
  const reading = read(operation, request, response);
  if (!reading.ok) throw new Error(reading.error);
  if (reading.value.kind !== "subject") throw new Error("several subjects, or none");
  return reading.value;
};
const all = (operation: string, request: JsonObject, response?: JsonObject) => {
  const reading = read(operation, request, response);
  if (!reading.ok || reading.value.kind !== "subjects") throw new Error("not several subjects");
  return reading.value.all;
};

const answered = {
  UserId: "200",
  DisplayName: "Eve",
  Comments: " spaced ",
  Email: "",
  MobilePhone: "86-13900001234",
  CreateDate: "2026-01-02T03:04:05Z",
};
const whole = {
  kind: "user",
  userId: "200",
  userName: "eve",
  displayName: "Eve",
  comments: " spaced ",
  email: "",
  mobilePhone: "86-13900001234",
  provisionType: "Manual",
  createdAt: "2026-01-02T03:04:05Z",
};

describe("a new user", () => {
  it("is claimed whole from either service's answer", () => {
    expect(about("Ram.CreateUser", { UserName: "eve" }, { User: { ...answered, UserName: "eve" } })).toMatchObject({
      subject: { kind: "user", route: "Ram", userName: "eve", userId: "200", withHoldings: true },
      claimed: whole,
    });
    const principal = { UserPrincipalName: "eve@corp.onaliyun.com" };
    expect(about("Ims.CreateUser", principal, { User: { ...answered, ...principal } })).toMatchObject({
      subject: { route: "Ims", userName: "eve", principalName: "eve@corp.onaliyun.com" },
      claimed: whole,
    });
  });

  it.each<[string, JsonObject | undefined]>([
    ["there is no answer", undefined],
    ["the answer is of another form", { User: "eve" }],
    ["its id is starred out", { User: { ...answered, UserName: "eve", UserId: "2000****" } }],
    ["its phone number is starred out", { User: { ...answered, UserName: "eve", MobilePhone: "1390000****" } }],
    ["the display name is missing", { User: { UserId: "200", UserName: "eve" } }],
  ])("is not claimed where %s", (_, response) => {
    expect(about("Ram.CreateUser", { UserName: "eve" }, response).claimed).toBeUndefined();
  });

  it("made with others is one subject each, by the answer or else by the request", () => {
    const names = ["eve@corp.onaliyun.com", "adam@corp.onaliyun.com"];
    const request = { "User.1.UserPrincipalName": names[0] ?? "", "User.2.UserPrincipalName": names[1] ?? "" };
    expect(all("Ims.BatchCreateUser", request).map(({ subject }) => subject)).toMatchObject([
      { userName: "eve" },
      { userName: "adam" },
    ]);
    const response = { Users: { User: names.map((UserPrincipalName) => ({ ...answered, UserPrincipalName })) } };
    expect(all("Ims.BatchCreateUser", {}, response).map(({ claimed }) => claimed)).toMatchObject([
      whole,
      { ...whole, userName: "adam" },
    ]);
    expect(read("Ims.BatchCreateUser", { Users: 5 })).toMatchObject({ ok: false });
  });
});

describe("a changed user", () => {
  it("bears its new name, and what it was called", () => {
    expect(about("Ram.UpdateUser", { UserName: "eve", NewUserName: "adam" }).subject).toMatchObject({
      userName: "adam",
      formerName: "eve",
      onlyRenamed: true,
    });
    const more = about("Ims.UpdateUser", {
      UserPrincipalName: "eve@corp.onaliyun.com",
      NewUserPrincipalName: "adam@corp.onaliyun.com",
      NewComments: "",
    });
    expect(more.subject).toMatchObject({ userName: "adam", formerName: "eve" });
    expect(more.subject).not.toHaveProperty("onlyRenamed");
  });

  it("is not claimed from Ram's answer, which does not say who keeps it", () => {
    const request = { UserName: "eve", NewComments: "x" };
    expect(about("Ram.UpdateUser", request, { User: { ...answered, UserName: "eve" } }).claimed).toBeUndefined();
    const principal = "eve@corp.onaliyun.com";
    const response = { User: { ...answered, UserPrincipalName: principal, ProvisionType: "CloudSSO" } };
    expect(about("Ims.UpdateUser", { UserId: "200" }, response)).toMatchObject({
      subject: { userName: "eve", userId: "200" },
      claimed: { ...whole, provisionType: "CloudSSO" },
    });
  });
});

describe("a deleted user", () => {
  it("is looked for in the recycle bin, by name or by id alone", () => {
    expect(about("Ram.DeleteUser", { UserName: "eve" })).toMatchObject({
      subject: { kind: "user", userName: "eve", inBin: true },
      claimed: { kind: "gone" },
    });
    expect(about("Ims.DeleteUser", { UserId: "200" })).toMatchObject({
      subject: { kind: "recycled-user", userId: "200", from: "account" },
      claimed: undefined,
    });
  });
});

describe("a policy", () => {
  it("that is new is claimed whole from its answer and its request's document", () => {
    const response = {
      Policy: { PolicyName: "p", CreateDate: "2026-01-02T03:04:05Z", DefaultVersion: "v1", Description: "d" },
    };
    for (const service of ["Ram", "ResourceManager"])
      expect(about(`${service}.CreatePolicy`, { PolicyName: "p", PolicyDocument: { a: 1 } }, response)).toMatchObject({
        subject: { kind: "policy", route: service, policyName: "p", did: "made", createdAt: "2026-01-02T03:04:05Z" },
        claimed: { description: "d", defaultVersion: "v1", versions: [{ versionId: "v1", document: '{"a":1}' }] },
      });
    expect(about("Ram.CreatePolicy", { PolicyName: "p", PolicyDocument: "{}" }).claimed).toBeUndefined();
  });

  it("tells what a call did to its versions, whatever types the record has", () => {
    const versions = { PolicyVersion: { VersionId: "v3", IsDefaultVersion: true } };
    expect(about("Ram.CreatePolicyVersion", { PolicyName: "p" }, versions).subject).toMatchObject({
      did: "version-made",
      versionId: "v3",
      asDefault: true,
    });
    const rotating = { RotateStrategy: "DeleteOldestNonDefaultVersionWhenLimitExceeded", SetAsDefault: "True" };
    expect(about("Ram.CreatePolicyVersion", { PolicyName: "p", ...rotating }).subject).toMatchObject({
      asDefault: true,
      rotating: true,
    });
    expect(about("Ram.CreatePolicyVersion", { PolicyName: "p", RotateStrategy: "None" }).subject).not.toHaveProperty(
      "rotating",
    );
    expect(about("Ram.SetDefaultPolicyVersion", { PolicyName: "p", VersionId: "v2" }).subject).toMatchObject({
      did: "default-set",
      versionId: "v2",
    });
  });
});

describe("tags", () => {
  const Tag = '[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]';
  it("of several resources are one subject each, with the keys that the call touched", () => {
    const request = { ResourceType: "role", ResourceNames: '["x","y"]', Tag };
    expect(all("Ram.TagResources", request)).toMatchObject([
      { subject: { resource: "x", namedBy: "ResourceNames", keys: ["a", "b"] }, claimed: undefined },
      { subject: { resource: "y" } },
    ]);
  });

  it("that are all taken away are claimed to be none", () => {
    const request = { ResourceType: "user", "ResourceId.1": "200", All: true };
    const [one] = all("Ims.UntagResources", request);
    expect(one).toMatchObject({ subject: { resource: "200" }, claimed: { kind: "tags", tags: {} } });
    expect(one?.subject).not.toHaveProperty("keys");
    expect(all("Ims.UntagResources", { ...request, "TagKey.1": "a" })[0]).toMatchObject({ subject: { keys: ["a"] } });
  });

  it.each<JsonObject>([
    { ResourceNames: '["x"]', Tag },
    { ResourceType: "role", Tag },
    { ResourceType: "role", ResourceNames: '["x"]' },
    { ResourceType: "role", ResourceNames: '["x"]', Tag: "none" },
  ])("of a record that does not tell them are refused: %j", (request) => {
    expect(read("Ram.TagResources", request)).toMatchObject({ ok: false });
  });
});

describe("lists", () => {
  it("are read alike from each of the forms that records echo", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 }), (texts) => {
        const numbered = Object.fromEntries(texts.map((text, index) => [`Name.${index + 1}`, text]));
        for (const request of [{ Name: texts }, { Name: JSON.stringify(texts) }, numbered])
          expect(listIn(request, "Name")).toEqual(texts);
        const objects = texts.map((Key) => ({ Key, Value: "" }));
        const keys = Object.fromEntries(texts.map((text, index) => [`Tag.${index + 1}.Key`, text]));
        for (const request of [{ Tag: objects }, { Tag: JSON.stringify(objects) }, keys])
          expect(membersIn(request, "Tag", "Key")).toEqual(texts);
      }),
    );
  });
});

const mine = catalogue.filter((id) =>
  /^(Ram|Ims|ResourceManager)\.((Add|Remove)User|BatchCreateUser|(Create|Update|Delete)(User|Group|Policy)|Restore(User)|(Un)?TagResources|SetDefaultPolicy|DetachPolicy|DeleteRole|(Create|Delete)ServiceLinkedRole|UpdatePolicyDescription)/.test(
    id,
  ),
);

describe("a record of odd types", () => {
  it("is refused or read, and never thrown over", () => {
    const json = fc.jsonValue({ maxDepth: 2 });
    const names = [
      "UserName",
      "UserPrincipalName",
      "UserId",
      "GroupName",
      "NewGroupName",
      "PolicyName",
      "PolicyType",
      "VersionId",
      "RoleName",
      "ResourceType",
      "ResourceNames",
      "Tag",
      "TagKeys",
      "User",
    ];
    const request = fc.dictionary(fc.constantFrom(...names), json, { maxKeys: 8 });
    const response = fc.dictionary(fc.constantFrom("User", "Users", "Group", "Policy", "PolicyVersion", "Role"), json);
    expect(mine.length).toBeGreaterThan(35);
    fc.assert(
      fc.property(fc.constantFrom(...mine), request, response, (id, asked, said) => {
        const reading = read(id, asked as JsonObject, said as JsonObject);
        if (!reading.ok) expect(reading.error).not.toBe("");
      }),
      { numRuns: 2_000 },
    );
  });
});
