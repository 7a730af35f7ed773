import * as models from "@alicloud/ram20150501";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import { type KeptAsCode, keptAsCode } from "../support/kept-as-code.ts";
import { isAsked, isContained, isReverted, isTold } from "../support/outcomes.ts";
import { accountWithCredentials, device, upn, withUser } from "./account-with-credentials.ts";

let account: KeptAsCode;
beforeEach(async () => {
  account = await keptAsCode({ snapshot: accountWithCredentials() });
});
afterEach(() => account.stop());

const { BindMFADeviceRequest, UnbindMFADeviceRequest, CreateVirtualMFADeviceRequest, DeleteVirtualMFADeviceRequest } =
  models;
const mallory = () => account.ramAs("mallory");
const ims = (operation: string, parameters: Record<string, unknown>, as = "mallory") =>
  account.as(as)("Ims", operation, parameters);
const codes = { AuthenticationCode1: "123456", AuthenticationCode2: "654321" };

const suspended = (changed: Snapshot, userName = "alice"): Snapshot =>
  withUser(changed, userName, ({ loginProfile }) => ({ loginProfile: { ...loginProfile, status: "Inactive" } }));

describe("BindMFADevice", () => {
  it("through Ram is put to a person: unbinding takes a factor from somebody", async () => {
    const request = new BindMFADeviceRequest({
      userName: "bob",
      serialNumber: device("free"),
      authenticationCode1: "123456",
      authenticationCode2: "654321",
    });
    const { remediation } = await isAsked(account, () => mallory().bindMFADevice(request), "weakens-protection", {
      sent: ["UnbindMFADevice"],
    });
    expect(remediation?.calls).toEqual([
      { service: "Ram", operation: "UnbindMFADevice", parameters: { UserName: "bob" } },
    ]);
  });

  it("through Ims is put to a person, with the call of Ims", async () => {
    const { remediation } = await isAsked(
      account,
      () => ims("BindMFADevice", { ...codes, ...upn("bob"), SerialNumber: device("free") }),
      "weakens-protection",
      { sent: ["UnbindMFADevice"] },
    );
    expect(remediation?.calls[0]).toMatchObject({ service: "Ims", parameters: upn("bob") });
  });
});

/** The logon that lost its factor is contained; the factor itself is told, as only the person can bind it again. */
const losesFactor = async (change: () => Promise<unknown>) => {
  const incidents = await isContained(account, change, { sent: ["UpdateLoginProfile"], standing: suspended });
  expect(incidents.map(({ subject, outcome, because }) => [subject.kind, outcome?.kind, because?.kind])).toEqual([
    ["login", "contained", undefined],
    ["mfa", "alerted", "not-reversible"],
  ]);
  expect(incidents[0]?.callsMade[0]?.call).toMatchObject({ service: "Ims", operation: "UpdateLoginProfile" });
};

describe("what takes a factor away", () => {
  it("Ram.UnbindMFADevice shuts the logon", () =>
    losesFactor(() => mallory().unbindMFADevice(new UnbindMFADeviceRequest({ userName: "alice" }))));

  it("Ims.UnbindMFADevice shuts the logon", () => losesFactor(() => ims("UnbindMFADevice", upn("alice"))));

  it("Ims.DisableVirtualMFA shuts the logon", () => losesFactor(() => ims("DisableVirtualMFA", upn("alice"))));

  it("from a user without a logon is told", async () => {
    await ims("BindMFADevice", { ...codes, ...upn("bob"), SerialNumber: device("free") }, "administrator");
    await account.catchUp();
    const before = account.standing();
    await ims("UnbindMFADevice", upn("bob"));
    await account.catchUp();
    const incidents = await account.incidents();
    expect(incidents.map(({ subject, outcome, because }) => [subject.kind, outcome?.kind, because?.kind])).toEqual([
      ["login", "alerted", "nothing-to-write"],
      ["mfa", "alerted", "not-reversible"],
    ]);
    expect(account.actingWrites()).toEqual([]);
    expect(account.standing()).not.toEqual(before);
  });

  it("from the caller itself leaves the logon to a person", async () => {
    await ims("BindMFADevice", { ...codes, ...upn("mallory"), SerialNumber: device("free") }, "administrator");
    await account.catchUp();
    await ims("UnbindMFADevice", upn("mallory"));
    await account.catchUp();
    const [login] = await account.incidents();
    expect(login).toMatchObject({ outcome: { kind: "asked" }, because: { kind: "disrupts-logon" } });
  });
});

describe("CreateVirtualMFADevice", () => {
  it("through Ram is put back: nobody has bound it", async () => {
    const request = new CreateVirtualMFADeviceRequest({ virtualMFADeviceName: "new" });
    await isReverted(account, () => mallory().createVirtualMFADevice(request), {
      sent: ["DeleteVirtualMFADevice"],
      undo: false,
    });
  });

  it("through Ims is put back by Ims", async () => {
    const { callsMade } = await isReverted(
      account,
      () => ims("CreateVirtualMFADevice", { VirtualMFADeviceName: "new" }),
      { sent: ["DeleteVirtualMFADevice"], undo: false },
    );
    expect(callsMade[0]?.call.service).toBe("Ims");
  });

  it("whose device is bound by now is put to a person, with both calls in their order", async () => {
    const before = account.standing();
    await ims("CreateVirtualMFADevice", { VirtualMFADeviceName: "new" });
    await ims("BindMFADevice", { ...codes, ...upn("bob"), SerialNumber: device("new") });
    await account.deliver(account.events("CreateVirtualMFADevice").at(-1));
    const [incident] = await account.incidents();
    if (incident === undefined) throw new Error("no incident");
    expect(incident).toMatchObject({ outcome: { kind: "asked" }, because: { kind: "weakens-protection" } });
    expect(await account.approve(incident)).toMatchObject({ kind: "held" });
    expect(account.actingWrites().map(({ operation }) => operation)).toEqual([
      "UnbindMFADevice",
      "DeleteVirtualMFADevice",
    ]);
    expect(account.standing()).toEqual(before);
    expect(account.denied()).toEqual([]);
  });
});

describe("DeleteVirtualMFADevice", () => {
  it("through Ram is told: the seed is lost", async () => {
    const request = new DeleteVirtualMFADeviceRequest({ serialNumber: device("free") });
    await isTold(account, () => mallory().deleteVirtualMFADevice(request), "not-reversible");
  });

  it("through Ims is told as well", () =>
    isTold(account, () => ims("DeleteVirtualMFADevice", { SerialNumber: device("free") }), "not-reversible"));
});

describe("passkeys", () => {
  const passkey = { ...upn("alice"), PasskeyId: "PASSKEY-1" };

  it("UpdatePasskey is put back", async () => {
    await ims("UpdatePasskey", { ...passkey, PasskeyName: "laptop" }, "administrator");
    await account.catchUp();
    account.clock.advance(60_000);
    await isReverted(account, () => ims("UpdatePasskey", { ...passkey, PasskeyName: "mine" }), {
      sent: ["UpdatePasskey"],
    });
  });

  it("UpdatePasskey is told where nobody knows the former name", () =>
    isTold(account, () => ims("UpdatePasskey", { ...passkey, PasskeyName: "mine" }), "prior-state-unknown"));

  it("DeletePasskey is told: the private key is the person's", () =>
    isTold(account, () => ims("DeletePasskey", passkey), "not-reversible"));
});

describe("verification", () => {
  const email = { ...upn("alice"), VerifyType: "email" };
  const phone = { ...upn("alice"), VerifyType: "sms" };
  /** What is proposed again waits for the person's word. */
  const pending = (standing: Snapshot): Snapshot =>
    withUser(standing, "alice", () => ({ securityEmail: { value: "alice@corp.example", status: "pending" } }));

  it("SetVerificationInfo of one that was not there is put to a person, who unbinds it", async () => {
    await isAsked(
      account,
      () => ims("SetVerificationInfo", { ...phone, MobilePhone: "86-13900001234" }),
      "weakens-protection",
      { sent: ["UnbindVerification"] },
    );
  });

  it("SetVerificationInfo over another is put to a person, who proposes the former", async () => {
    await ims("SetVerificationInfo", { ...email, Email: "alice@corp.example" }, "administrator");
    await account.catchUp();
    account.clock.advance(60_000);
    await isAsked(
      account,
      () => ims("SetVerificationInfo", { ...email, Email: "mallory@evil.example" }),
      "weakens-protection",
      { sent: ["SetVerificationInfo"] },
    );
  });

  it("UnbindVerification is put to a person, who proposes what the request names", async () => {
    await isAsked(
      account,
      () => ims("UnbindVerification", { ...email, Email: "alice@corp.example" }),
      "grants-privilege",
      { sent: ["SetVerificationInfo"], standing: pending(account.standing()) },
    );
  });
});

it("UnbindUserPersonalDingTalk is told: no API reads or writes it", () =>
  isTold(account, () => ims("UnbindUserPersonalDingTalk", upn("alice")), "unreadable"));
