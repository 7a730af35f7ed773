import { afterEach, describe, expect, it } from "vitest";
import { auditAccount } from "../../shared/audit.ts";
import { failed } from "../../shared/domain/result.ts";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import { accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

let account: GuardedAccount;
afterEach(() => account.stop());

const byTag = "classes:\n  service: [svc-*]\n  serviceTags: [{ key: usage, value: service }]\n";
const upn = (name: string) => `${name}@${accountId}.onaliyun.com`;

/** Whose tags were asked for. */
let asked: string[] = [];
const start = async (settings: string, answer?: "forbidden" | "unreachable"): Promise<void> => {
  asked = [];
  account = await guardedAccount({ settings });
  account.wrap((world) => ({
    ...world,
    read: async (ref: SubjectRef) => {
      if (ref.kind !== "tags") return world.read(ref);
      asked.push(ref.resource);
      return answer === undefined ? world.read(ref) : failed({ kind: answer, operation: "Ims.ListTagResources" });
    },
  }));
};
const tag = (name: string, value: string) =>
  account.as("administrator")("Ims", "TagResources", {
    ResourceType: "user",
    "ResourcePrincipalName.1": upn(name),
    "Tag.1.Key": "usage",
    "Tag.1.Value": value,
  });
const openLogon = async (name: string) => {
  account.skipAll();
  await account.as("mallory")("Ims", "CreateLoginProfile", {
    UserPrincipalName: upn(name),
    Password: "Aa1!aaaaaaaaaa",
    Status: "Active",
  });
  await account.catchUp();
  return (await account.incidents()).at(-1);
};
const found = (incident: Awaited<ReturnType<typeof openLogon>>) =>
  incident?.findings.find(({ rule }) => rule === "RAM.ServiceUserLogon")?.verdict.kind;

describe("a user whose tag says that it is a program's", () => {
  it("has a console logon contained", async () => {
    await start(byTag);
    await tag("alice", "service");
    const incident = await openLogon("alice");
    expect([found(incident), incident?.outcome?.kind]).toEqual(["violation", "contained"]);
    expect(asked).toContain(upn("alice"));
  });

  it("is found by the audit of the account as it stands, though the tag came after the logon", async () => {
    await start(byTag);
    await openLogon("alice");
    await tag("alice", "service");
    const audit = await auditAccount(account.world(), account.config);
    if (!audit.ok) throw new Error("not audited");
    const held = audit.value.findings.filter(({ finding }) => finding.rule === "RAM.ServiceUserLogonHeld");
    expect(held.map(({ subject }) => "userName" in subject && subject.userName)).toEqual(["alice"]);
  });
});

describe("a user whose tags say nothing of a program", () => {
  it("has its logon judged as a person's", async () => {
    await start(byTag);
    await tag("alice", "human");
    expect(found(await openLogon("alice"))).toBeUndefined();
  });
});

describe("tags that cannot be read", () => {
  it("leave the class undetermined: it is told, and nothing is written for it", async () => {
    await start(
      `${byTag}rules: { RAM.LogonWithoutMfa: { response: "off" }, RAM.LogonTakenOver: { response: "off" } }\n`,
      "forbidden",
    );
    await tag("alice", "service");
    const incident = await openLogon("alice");
    expect([found(incident), incident?.outcome?.kind, incident?.because?.kind]).toEqual([
      "undetermined",
      "alerted",
      "undetermined",
    ]);
    expect(account.actingWrites()).toEqual([]);
    const audit = await auditAccount(account.world(), account.config);
    expect(audit.ok && audit.value.undecided.map(({ rule }) => rule)).toContain("RAM.ServiceUserLogonHeld");
    expect(audit.ok && audit.value.unread.join("\n")).toContain("Ims.ListTagResources");
  });

  it("are asked for again where that can help", async () => {
    await start(byTag, "unreachable");
    account.skipAll();
    await account.as("mallory")("Ims", "CreateLoginProfile", {
      UserPrincipalName: upn("alice"),
      Password: "Aa1!aaaaaaaaaa",
    });
    await expect(account.catchUp()).rejects.toThrow();
    account.wrap(undefined);
    await account.catchUp();
  });
});

describe("tags are not read", () => {
  it.each([
    ["where the settings name none", "classes: { service: [svc-*] }\n", "alice"],
    ["where the name tells it", `${byTag.replace("svc-*", "ali*")}`, "alice"],
    [
      "where no rule in force asks whose the user is",
      `${byTag}rules: { RAM.ServiceUserLogon: { response: "off" }, RAM.LogonNameUnclear: { response: "off" } }\n`,
      "alice",
    ],
  ])("%s", async (_, settings, name) => {
    await start(settings);
    await openLogon(name);
    expect(asked).toEqual([]);
  });

  it("by an audit whose checks that ask for it are off", async () => {
    const off = ["ServiceUserLogonHeld", "UserInNoGroup", "LogonNameKeptUnclear"];
    await start(`${byTag}rules:\n${off.map((id) => `  RAM.${id}: { response: "off" }\n`).join("")}`);
    expect((await auditAccount(account.world(), account.config)).ok).toBe(true);
    expect(asked).toEqual([]);
  });
});
