import * as RamSdk from "@alicloud/ram20150501";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { modelled } from "../../sandbox/operations.ts";
import { callerOf, ramOf, refusal } from "./client.ts";

describe("the table of operations", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ seed: 18 });
  });
  afterAll(() => sandbox.stop());

  const withoutKeys = ["Sts.AssumeRoleWithSAML", "Sts.AssumeRoleWithOIDC"];
  const methodOf = (name: string) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  const ofRam = modelled.filter((id) => id.startsWith("Ram.")).map((id) => id.slice(4));

  it("spells Ram's operations as its SDK does", () => {
    const client = ramOf(sandbox) as unknown as Record<string, unknown>;
    // What newer SDKs and the audit lists name, but the installed SDK does not have.
    const newer = [
      "CreateServiceLinkedRole",
      "DeletePublicKey",
      "DeleteServiceLinkedRole",
      "GetServiceLinkedRoleDeletionStatus",
      "UpdatePublicKey",
      "UploadPublicKey",
    ];
    expect(ofRam.filter((name) => typeof client[methodOf(name)] !== "function").sort()).toEqual(newer);
    expect(Object.keys(RamSdk).length).toBeGreaterThan(100);
  });

  it.each(modelled)("asks somebody without permissions for a permission: %s", async (id) => {
    const [service = "", name = ""] = id.split(".");
    const admin = callerOf(sandbox);
    if (sandbox.dump().users?.every((user) => user.userName !== "nobody")) {
      await admin("Ram", "CreateUser", { UserName: "nobody" });
      await admin("Ram", "CreateAccessKey", { UserName: "nobody" });
    }
    const nobody = callerOf(sandbox, sandbox.keyOf("nobody"));
    const call = nobody(service as "Ram", name, { RoleArn: "acs:ram::1234567890123456:role/x", RoleSessionName: "me" });
    if (id === "Sts.GetCallerIdentity") expect((await call).IdentityType).toBe("RAMUser");
    // These take the word of an identity provider instead.
    else if (withoutKeys.includes(id))
      expect(await refusal(call)).toMatch(/^MissingParameter\.(SAML|OIDC)ProviderArn$/);
    else expect(await refusal(call)).toBe("NoPermission");
  });

  it.each(modelled)("answers a call without parameters in the cloud's way, never with a bug: %s", async (id) => {
    const [service = "", name = ""] = id.split(".");
    sandbox.calls.clear();
    await callerOf(sandbox)(service as "Ram", name).catch(() => {});
    const { status, requestId } = sandbox.calls.list()[0] ?? { status: 0, requestId: "" };
    expect([200, 400, 403, 404, 409]).toContain(status);
    expect(requestId).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
  });
});
