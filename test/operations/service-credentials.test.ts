import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import { type KeptAsCode, keptAsCode } from "../support/kept-as-code.ts";
import { isAsked, isContained, isReverted, isTold } from "../support/outcomes.ts";
import { accountWithCredentials, upn, withUser } from "./account-with-credentials.ts";

let account: KeptAsCode;
const start = async (sandbox: object = {}) => {
  account = await keptAsCode({ snapshot: accountWithCredentials(), sandbox });
};
beforeEach(() => start());
afterEach(() => account.stop());

const ims = (operation: string, parameters: Record<string, unknown>, as = "mallory") =>
  account.as(as)("Ims", operation, parameters);
const made = { ServiceCredentialName: "new", ServiceName: "dashscope.aliyuncs.com" };
const one = { ...upn("alice"), ServiceCredentialId: "SC1" };

const newestInactive =
  (userName: string) =>
  (changed: Snapshot): Snapshot =>
    withUser(changed, userName, ({ serviceCredentials = [] }) => ({
      serviceCredentials: serviceCredentials.map((each, at) =>
        at === serviceCredentials.length - 1 ? { ...each, status: "Inactive" } : each,
      ),
    }));

const known = async (Status: string) => {
  await ims("UpdateServiceCredential", { ...one, ServiceCredentialName: "one", Status }, "administrator");
  await account.catchUp();
  account.clock.advance(60_000);
};

describe("CreateServiceCredential", () => {
  it("is contained, never deleted", async () => {
    await isContained(account, () => ims("CreateServiceCredential", { ...upn("alice"), ...made }), {
      sent: ["UpdateServiceCredential"],
      standing: newestInactive("alice"),
    });
  });

  it("without a user concerns its caller", async () => {
    await isContained(account, () => ims("CreateServiceCredential", made), {
      sent: ["UpdateServiceCredential"],
      standing: newestInactive("mallory"),
    });
  });

  it("is found by its name where the event has no answer", async () => {
    await account.stop();
    await start({ dropResponseElements: true });
    await isContained(account, () => ims("CreateServiceCredential", { ...upn("alice"), ...made }), {
      sent: ["UpdateServiceCredential"],
      standing: newestInactive("alice"),
    });
  });

  it("is told where two have that name and the event has no answer", async () => {
    await account.stop();
    await start({ dropResponseElements: true });
    const again = { ...upn("alice"), ...made, ServiceCredentialName: "one" };
    await isTold(account, () => ims("CreateServiceCredential", again), "unreadable");
  });
});

describe("UpdateServiceCredential", () => {
  it("that puts one in use again is put back", async () => {
    await known("Inactive");
    await isReverted(account, () => ims("UpdateServiceCredential", { ...one, Status: "Active" }), {
      sent: ["UpdateServiceCredential"],
    });
  });

  it("that renames one is put back", async () => {
    await known("Active");
    await isReverted(account, () => ims("UpdateServiceCredential", { ...one, ServiceCredentialName: "other" }), {
      sent: ["UpdateServiceCredential"],
    });
  });

  it("that stops one is put to a person", async () => {
    await known("Active");
    await isAsked(account, () => ims("UpdateServiceCredential", { ...one, Status: "Inactive" }), "grants-privilege", {
      sent: ["UpdateServiceCredential"],
    });
  });

  it("of one that may have been in use before is put to a person, who stops it", async () => {
    await isAsked(account, () => ims("UpdateServiceCredential", { ...one, Status: "Active" }), "prior-state-unknown", {
      sent: ["UpdateServiceCredential"],
      standing: newestInactive("alice")(account.standing()),
    });
  });
});

it("DeleteServiceCredential is told: no call brings it back", () =>
  isTold(account, () => ims("DeleteServiceCredential", one), "not-reversible"));

describe("public keys, which no API reads", () => {
  const ram = (operation: string, parameters: Record<string, unknown>) =>
    account.as("mallory")("Ram", operation, parameters);
  const key = { UserName: "alice", UserPublicKeyId: "LTPK1" };

  it.each([
    ["UploadPublicKey", { UserName: "alice", PublicKeySpec: "-----BEGIN" }],
    ["UpdatePublicKey", { ...key, Status: "Inactive" }],
    ["DeletePublicKey", key],
  ])("%s is told", async (operation, parameters) => {
    const { after } = await isTold(account, () => ram(operation, parameters), "unreadable");
    expect(JSON.stringify(after)).not.toContain("BEGIN");
  });
});
