import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import { accountWithCredentials, upn } from "../operations/account-with-credentials.ts";
import { crowdedAccount } from "../operations/identities-account.ts";
import { accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";
import { approve, remember } from "../support/remedies.ts";

let account: GuardedAccount;
beforeEach(async () => {
  const snapshot = accountWithCredentials();
  account = await guardedAccount({
    snapshot: { ...snapshot, groups: [...(snapshot.groups ?? []), { groupName: "on-call" }] },
  });
});
afterEach(() => account.stop());

const ims = (operation: string, parameters: Record<string, unknown>, as = "mallory") =>
  account.as(as)("Ims", operation, parameters);
const ref = (subject: object): SubjectRef => ({ accountId, route: "Ims", ...subject }) as SubjectRef;

const incidents = async () => {
  const seen = (await account.incidents()).length;
  await account.catchUp();
  return (await account.incidents()).slice(seen);
};
const ends = async () =>
  (await incidents()).map(({ outcome, findings }) => [outcome?.kind, ...findings.map(({ rule }) => rule)]);

describe("users and groups", () => {
  it("a user that no provisioner made is told (RAM-USER-001)", async () => {
    await ims("CreateUser", { UserPrincipalName: "carol@example.onaliyun.com", DisplayName: "carol" });
    expect(await ends()).toEqual([["alerted", "RAM.UserOutsideProvisioner"]]);
    await ims("CreateUser", { UserPrincipalName: "dave@example.onaliyun.com", DisplayName: "dave" }, "provisioner");
    expect(await ends()).toEqual([]);
    expect(account.actingWrites()).toEqual([]);
  });

  it("a name that anybody could have is told, whoever gives it (RAM-USER-002)", async () => {
    await ims("CreateUser", { UserPrincipalName: "test1@example.onaliyun.com", DisplayName: "x" }, "provisioner");
    expect(await ends()).toEqual([["alerted", "RAM.LogonNameUnclear"]]);
    await ims("CreateUser", { UserPrincipalName: "break-g1ass@example.onaliyun.com", DisplayName: "x" }, "provisioner");
    expect(await ends()).toEqual([["alerted", "RAM.LogonNameUnclear"]]);
  });

  it("a protected user that is deleted is put to a person, and comes back on their word (RAM-USER-007)", async () => {
    await remember(account, ref({ kind: "user", userName: "break-glass" }));
    await ims("DeleteUser", { UserPrincipalName: "break-glass@example.onaliyun.com" });
    const [incident, ...others] = await incidents();
    if (incident === undefined) throw new Error("no incident");
    expect([incident.outcome?.kind, incident.findings.map(({ rule }) => rule), others]).toEqual([
      "asked",
      ["RAM.ProtectedUserDeleted"],
      [],
    ]);
    expect(account.actingWrites()).toEqual([]);
    expect(await approve(account, incident)).toBe("held");
    expect(account.standing().users?.map(({ userName }) => userName)).toContain("break-glass");
  });

  it("a protected group that is deleted is put to a person (RAM-GRP-005)", async () => {
    await remember(account, ref({ kind: "group", groupName: "on-call" }));
    await ims("DeleteGroup", { GroupName: "on-call" });
    expect(await ends()).toEqual([["asked", "RAM.ProtectedGroupDeleted"]]);
    expect(account.actingWrites()).toEqual([]);
  });

  it("an identity that is renamed past a list is told (RAM-GRP-006)", async () => {
    await ims("UpdateUser", { ...upn("provisioner"), NewUserPrincipalName: "old@example.onaliyun.com" });
    expect(await ends()).toEqual([["alerted", "RAM.ListedIdentityRenamed"]]);
    expect(account.actingWrites()).toEqual([]);
  });

  it("what a user from the recycle bin can be used by is stopped (RAM-USER-008)", async () => {
    await account.stop();
    account = await guardedAccount({ snapshot: crowdedAccount() });
    await ims("RestoreUserFromRecycleBin", { UserId: "204" });
    expect(await ends()).toEqual([["contained", "RAM.UserRestored"]]);
    expect(account.actingWrites().map(({ operation }) => operation)).toEqual(["UpdateAccessKey"]);
  });
});
