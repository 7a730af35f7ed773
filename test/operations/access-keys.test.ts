import * as models from "@alicloud/ram20150501";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import { type KeptAsCode, keptAsCode } from "../support/kept-as-code.ts";
import { isAsked, isContained, isReverted, isTold } from "../support/outcomes.ts";
import { accountWithCredentials, limited, noLimit, upn, withUser } from "./account-with-credentials.ts";

let account: KeptAsCode;
beforeEach(async () => {
  account = await keptAsCode({ snapshot: accountWithCredentials() });
});
afterEach(() => account.stop());

const { CreateAccessKeyRequest, UpdateAccessKeyRequest, DeleteAccessKeyRequest } = models;
const mallory = () => account.ramAs("mallory");
const ims = (operation: string, parameters: Record<string, unknown>, as = "mallory") =>
  account.as(as)("Ims", operation, parameters);
const key = { UserAccessKeyId: "LTAIalice" };
const keyOfAlice = { ...upn("alice"), ...key };
const gone = { UserId: "200", UserAccessKeyId: "LTAIgone" };

/** The pipeline that provisions keys does a thing, so that its state is known. */
const known = async (operation: string, parameters: Record<string, unknown>) => {
  await ims(operation, parameters, "provisioner");
  await account.catchUp();
  account.clock.advance(60_000);
};

const newestInactive =
  (userName: string) =>
  (changed: Snapshot): Snapshot =>
    withUser(changed, userName, ({ accessKeys = [] }) => ({
      accessKeys: accessKeys.map((each, at) => (at === accessKeys.length - 1 ? { ...each, status: "Inactive" } : each)),
    }));

describe("CreateAccessKey", () => {
  it("through Ram is contained, never deleted", async () => {
    await isContained(account, () => mallory().createAccessKey(new CreateAccessKeyRequest({ userName: "bob" })), {
      sent: ["UpdateAccessKey"],
      standing: newestInactive("bob"),
    });
  });

  it("without a user concerns its caller, whichever service it came by", async () => {
    const [incident] = await isContained(account, () => ims("CreateAccessKey", {}), {
      sent: ["UpdateAccessKey"],
      standing: newestInactive("mallory"),
    });
    expect(incident?.callsMade[0]?.call.parameters).toMatchObject({ UserName: "mallory", Status: "Inactive" });
  });
});

describe("UpdateAccessKey", () => {
  it("through Ram, which puts a key in use again, is put back", async () => {
    await known("UpdateAccessKey", { ...keyOfAlice, Status: "Inactive" });
    const request = new UpdateAccessKeyRequest({ userName: "alice", userAccessKeyId: "LTAIalice", status: "Active" });
    await isReverted(account, () => mallory().updateAccessKey(request), { sent: ["UpdateAccessKey"] });
  });

  it("through Ims, which stops a key that was in use, is put to a person", async () => {
    await known("UpdateAccessKey", { ...keyOfAlice, Status: "Active" });
    await isAsked(account, () => ims("UpdateAccessKey", { ...keyOfAlice, Status: "Inactive" }), "grants-privilege", {
      sent: ["UpdateAccessKey"],
    });
  });

  it("of a key that may have been in use before is put to a person, who stops it", async () => {
    await isAsked(account, () => ims("UpdateAccessKey", { ...keyOfAlice, Status: "Active" }), "prior-state-unknown", {
      sent: ["UpdateAccessKey"],
      standing: newestInactive("alice")(account.standing()),
    });
  });

  it("that stops a key of which nobody knows what it was is told", () =>
    isTold(account, () => ims("UpdateAccessKey", { ...keyOfAlice, Status: "Inactive" }), "prior-state-unknown"));
});

describe("DeleteAccessKey", () => {
  it("through Ram is put to a person, who brings the key back", async () => {
    const request = new DeleteAccessKeyRequest({ userName: "alice", userAccessKeyId: "LTAIalice" });
    const { remediation } = await isAsked(account, () => mallory().deleteAccessKey(request), "grants-privilege", {
      sent: ["RestoreAccessKeyFromRecycleBin"],
    });
    // The cloud keeps the secret: the key is the same one.
    expect(remediation?.calls[0].parameters).toEqual({ UserId: "200", UserAccessKeyId: "LTAIalice" });
    expect(account.sandbox.keyOf("alice").accessKeyId).toBe("LTAIalice");
  });

  it("through Ims is put to a person as well", async () => {
    await isAsked(account, () => ims("DeleteAccessKey", keyOfAlice), "grants-privilege", {
      sent: ["RestoreAccessKeyFromRecycleBin"],
    });
  });

  it("of the account owner's own key is beside the matter", async () => {
    await account.asRoot("Ram", "CreateAccessKey");
    await account.catchUp();
    const told = (await account.incidents()).length;
    const id = account.sandbox.dump().rootKeys?.at(-1)?.accessKeyId;
    await account.asRoot("Ram", "DeleteAccessKey", { UserAccessKeyId: id });
    await account.catchUp();
    expect(await account.incidents()).toHaveLength(told);
  });
});

describe("the recycle bin", () => {
  it("RestoreAccessKeyFromRecycleBin is contained, though the event names its owner by the id alone", async () => {
    const [incident] = await isContained(account, () => ims("RestoreAccessKeyFromRecycleBin", gone), {
      sent: ["UpdateAccessKey"],
      standing: newestInactive("alice"),
    });
    expect(incident?.callsMade[0]?.call.parameters).toMatchObject({ UserName: "alice", UserAccessKeyId: "LTAIgone" });
  });

  it("RestoreAccessKeyFromRecycleBin that was taken back before anybody looked is told all the same", async () => {
    await ims("RestoreAccessKeyFromRecycleBin", gone);
    await ims("DeleteAccessKey", { ...upn("alice"), UserAccessKeyId: "LTAIgone" });
    await account.deliver(account.events("RestoreAccessKeyFromRecycleBin").at(-1));
    expect(await account.incidents()).toMatchObject([{ outcome: { kind: "transient" } }]);
  });

  it("RestoreAccessKeyFromRecycleBin for a protected user is left alone", async () => {
    await account.stop();
    const snapshot = withUser(accountWithCredentials(), "break-glass", () => ({
      userId: "300",
      recycledKeys: [{ accessKeyId: "LTAIglass", recycleDate: "2026-11-20T00:00:00Z" }],
    }));
    account = await keptAsCode({ snapshot });
    await isTold(
      account,
      () => ims("RestoreAccessKeyFromRecycleBin", { UserId: "300", UserAccessKeyId: "LTAIglass" }),
      "protected",
    );
  });

  it("DeleteAccessKeyInRecycleBin is told: it is gone for ever", () =>
    isTold(account, () => ims("DeleteAccessKeyInRecycleBin", gone), "not-reversible"));
});

describe("SetAccessKeyPolicy", () => {
  const set = (AccessKeyPolicy: string, as = "mallory") =>
    ims("SetAccessKeyPolicy", { ...keyOfAlice, AccessKeyPolicy }, as);

  it("that frees a key is put back, whatever the white space", async () => {
    await known("SetAccessKeyPolicy", { ...keyOfAlice, AccessKeyPolicy: limited("10.0.0.0/8") });
    await isReverted(account, () => set(noLimit), { sent: ["SetAccessKeyPolicy"] });
  });

  it("that limits a free key is put to a person, with the document that clears it", async () => {
    await known("SetAccessKeyPolicy", { ...keyOfAlice, AccessKeyPolicy: noLimit });
    await isAsked(account, () => set(limited("10.0.0.0/8")), "weakens-protection", { sent: ["SetAccessKeyPolicy"] });
  });

  it("that lets in others is put to a person", async () => {
    await known("SetAccessKeyPolicy", { ...keyOfAlice, AccessKeyPolicy: limited("10.0.0.0/8") });
    await isAsked(account, () => set(limited("0.0.0.0/0")), "weakens-protection", { sent: ["SetAccessKeyPolicy"] });
  });

  it("that says the same in other words is no change", async () => {
    await known("SetAccessKeyPolicy", { ...keyOfAlice, AccessKeyPolicy: limited("10.0.0.0/8") });
    const { Version, Status, Statements } = JSON.parse(limited("10.0.0.0/8")) as Record<string, unknown>;
    await set(JSON.stringify({ Statements, Status, Version }, undefined, 2));
    await account.catchUp();
    expect(await account.incidents()).toEqual([]);
  });

  it("of a key without a policy finds none to go back to but the clearing one", async () => {
    await account.stop();
    const snapshot = withUser(accountWithCredentials(), "alice", () => ({
      accessKeys: [{ accessKeyId: "LTAIalice" }],
    }));
    account = await keptAsCode({ snapshot });
    const read = await account.world().read({
      kind: "key-policy",
      accountId: "1234567890123456",
      route: "Ims",
      userName: "alice",
      accessKeyId: "LTAIalice",
    });
    expect(read).toEqual({ ok: true, value: { kind: "key-policy", document: JSON.parse(noLimit) } });
  });

  it("is told where nobody knows what was before", () =>
    isTold(account, () => set(limited("0.0.0.0/0")), "prior-state-unknown"));
});
