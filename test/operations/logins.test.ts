import * as models from "@alicloud/ram20150501";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import { type KeptAsCode, keptAsCode } from "../support/kept-as-code.ts";
import { isAsked, isContained, isReverted, isTold } from "../support/outcomes.ts";
import { accountWithCredentials, upn, withUser } from "./account-with-credentials.ts";

let account: KeptAsCode;
beforeEach(async () => {
  account = await keptAsCode({ snapshot: accountWithCredentials() });
});
afterEach(() => account.stop());

const { CreateLoginProfileRequest, UpdateLoginProfileRequest, DeleteLoginProfileRequest, ChangePasswordRequest } =
  models;
const mallory = () => account.ramAs("mallory");
const ims = (operation: string, parameters: Record<string, unknown>, as = "mallory") =>
  account.as(as)("Ims", operation, parameters);

/** The pipeline sets alice's logon, so that its state is known. */
const known = async (parameters: Record<string, unknown> = {}) => {
  await ims("UpdateLoginProfile", { ...upn("alice"), MFABindRequired: true, ...parameters }, "administrator");
  await account.catchUp();
  account.clock.advance(60_000);
};

const login = (changed: Snapshot, userName: string, change: object): Snapshot =>
  withUser(changed, userName, ({ loginProfile }) => ({ loginProfile: { ...loginProfile, ...change } }));
const suspended = (changed: Snapshot): Snapshot => login(changed, "alice", { status: "Inactive" });

describe("CreateLoginProfile", () => {
  it("through Ram is put back: the logon was new", async () => {
    const request = new CreateLoginProfileRequest({ userName: "bob", password: "password-1" });
    await isReverted(account, () => mallory().createLoginProfile(request), {
      sent: ["DeleteLoginProfile"],
      undo: false,
    });
  });

  it("through Ims is put back by Ims", async () => {
    const { callsMade } = await isReverted(
      account,
      () => ims("CreateLoginProfile", { ...upn("bob"), Password: "password-1" }),
      { sent: ["DeleteLoginProfile"], undo: false },
    );
    expect(callsMade[0]?.call).toEqual({ service: "Ims", operation: "DeleteLoginProfile", parameters: upn("bob") });
  });

  it("and deleted again before anybody looked is told all the same", async () => {
    await ims("CreateLoginProfile", { ...upn("bob"), Password: "password-1" });
    const made = account.events("CreateLoginProfile").at(-1);
    await ims("DeleteLoginProfile", upn("bob"));
    await account.deliver(made);
    expect(await account.incidents()).toMatchObject([{ outcome: { kind: "transient" } }]);
  });

  it("of a protected user is left alone", async () => {
    const request = new CreateLoginProfileRequest({ userName: "break-glass", password: "password-1" });
    await isTold(account, () => mallory().createLoginProfile(request), "protected");
  });
});

describe("UpdateLoginProfile", () => {
  it("through Ram, which takes a demand away, is put back by Ram", async () => {
    await known();
    const request = new UpdateLoginProfileRequest({ userName: "alice", MFABindRequired: false });
    const incident = await isReverted(account, () => mallory().updateLoginProfile(request), {
      sent: ["UpdateLoginProfile"],
    });
    expect(incident.callsMade[0]?.call).toEqual({
      service: "Ram",
      operation: "UpdateLoginProfile",
      parameters: { UserName: "alice", MFABindRequired: true, PasswordResetRequired: false },
    });
  });

  it("through Ims, which opens a logon that was shut, is put back", async () => {
    await known({ Status: "Inactive" });
    await isReverted(account, () => ims("UpdateLoginProfile", { ...upn("alice"), Status: "Active" }), {
      sent: ["UpdateLoginProfile"],
    });
  });

  it("that sets a password is contained by Ims, whichever service it came by", async () => {
    await known();
    const request = new UpdateLoginProfileRequest({
      userName: "alice",
      password: "password-1",
      MFABindRequired: false,
    });
    const [incident] = await isContained(account, () => mallory().updateLoginProfile(request), {
      sent: ["UpdateLoginProfile"],
      // A demand that was made before is made again.
      standing: (changed) => login(changed, "alice", { status: "Inactive", mfaBindRequired: true }),
    });
    expect(incident?.callsMade[0]?.call).toMatchObject({ service: "Ims", parameters: { Status: "Inactive" } });
  });

  it("that sets a password is contained though nobody knows what was before", async () => {
    await isContained(account, () => ims("UpdateLoginProfile", { ...upn("alice"), Password: "password-1" }), {
      sent: ["UpdateLoginProfile"],
      standing: suspended,
    });
  });

  it("is put back to what the audit trail tells, where there is no baseline", async () => {
    await ims("UpdateLoginProfile", { ...upn("alice"), MFABindRequired: true }, "administrator");
    account.skipAll();
    account.clock.advance(60_000);
    const incident = await isReverted(
      account,
      () => ims("UpdateLoginProfile", { ...upn("alice"), MFABindRequired: false }),
      { sent: ["UpdateLoginProfile"] },
    );
    expect(incident.before).toMatchObject({ provenance: "history" });
  });

  it("of flags alone is told where nobody knows what was before", async () => {
    await isTold(
      account,
      () => ims("UpdateLoginProfile", { ...upn("alice"), MFABindRequired: false }),
      "prior-state-unknown",
    );
  });

  it("that shuts a logon is put to a person, as opening it gives access", async () => {
    await known();
    await isAsked(
      account,
      () => ims("UpdateLoginProfile", { ...upn("alice"), Status: "Inactive" }),
      "grants-privilege",
      { sent: ["UpdateLoginProfile"] },
    );
  });

  it("that demands more is put to a person, as putting it back demands less", async () => {
    await known();
    const request = new UpdateLoginProfileRequest({ userName: "alice", passwordResetRequired: true });
    await isAsked(account, () => mallory().updateLoginProfile(request), "weakens-protection", {
      sent: ["UpdateLoginProfile"],
    });
  });
});

describe("UpdateLoginProfile that sets what is set already", () => {
  it("is no change, though its event does not tell whose logon it is by the id", async () => {
    await known();
    await ims("UpdateLoginProfile", { ...upn("alice"), Status: "Active" });
    await account.catchUp();
    expect(await account.incidents()).toEqual([]);
  });
});

describe("DeleteLoginProfile", () => {
  it("through Ram is told: the password is lost", async () => {
    await isTold(
      account,
      () => mallory().deleteLoginProfile(new DeleteLoginProfileRequest({ userName: "alice" })),
      "not-reversible",
    );
  });

  it("through Ims is told: the password is lost", async () => {
    await known();
    await isTold(account, () => ims("DeleteLoginProfile", upn("alice")), "not-reversible");
  });
});

describe("ChangePassword", () => {
  const byMallory = (changed: Snapshot): Snapshot => login(changed, "mallory", { status: "Inactive" });

  it("through Ram is put to a person: the user changed its own", async () => {
    const request = new ChangePasswordRequest({ oldPassword: "password-0", newPassword: "password-1" });
    await isAsked(account, () => mallory().changePassword(request), "disrupts-logon", {
      sent: ["UpdateLoginProfile"],
      standing: byMallory(account.standing()),
    });
  });

  it("through Ims is put to a person as well", async () => {
    const passwords = { OldPassword: "password-0", NewPassword: "password-1" };
    await isAsked(account, () => ims("ChangePassword", passwords), "disrupts-logon", {
      sent: ["UpdateLoginProfile"],
      standing: byMallory(account.standing()),
    });
  });
});
