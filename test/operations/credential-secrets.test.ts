import { afterEach, beforeEach, expect, it } from "vitest";
import type { Receipt } from "../../shared/pipeline.ts";
import { accountId } from "../support/guarded-account.ts";
import { type KeptAsCode, keptAsCode } from "../support/kept-as-code.ts";
import { accountWithCredentials, device, upn } from "./account-with-credentials.ts";

let account: KeptAsCode;
beforeEach(async () => {
  // Nobody knows whether ActionTrail masks secrets (`payloads.md` §a.5): here it does not.
  account = await keptAsCode({ snapshot: accountWithCredentials(), sandbox: { secretsInEvents: true } });
});
afterEach(() => account.stop());

const kinds = [
  "event",
  "incident",
  "lease",
  "last",
  "ours",
  "baseline",
  "waiting",
  "outbox",
  "told",
  "limit",
  "refusal",
];

/** Everything that the state store holds of the account. */
const rows = async (): Promise<readonly unknown[]> => {
  const { state } = account.world();
  const all: unknown[] = [];
  for (const kind of kinds) {
    let after: string | undefined;
    do {
      const from = after === undefined ? {} : { after };
      const page = await state.list(`${kind}/${accountId}/`, { limit: 100, ...from });
      all.push(...page.rows);
      after = page.next;
    } while (after !== undefined);
  }
  return all;
};

it("no password, secret, seed or code reaches the ledger, the log, a message or a receipt", async () => {
  const ims = (operation: string, parameters: Record<string, unknown>) =>
    account.as("mallory")("Ims", operation, parameters);
  const ram = (operation: string, parameters: Record<string, unknown>) =>
    account.as("mallory")("Ram", operation, parameters);
  const password = (name: string) => `CANARY-${name}-9f3`;
  const given: string[] = [];
  const secret = (name: string): string => {
    given.push(password(name));
    return password(name);
  };
  const codes = { AuthenticationCode1: "718293", AuthenticationCode2: "392817" };
  given.push(...Object.values(codes));

  await ram("CreateLoginProfile", { UserName: "bob", Password: secret("create-ram") });
  await account.as("mallory")("Ims", "DeleteLoginProfile", upn("bob"));
  await ims("CreateLoginProfile", { ...upn("bob"), Password: secret("create-ims") });
  await ram("UpdateLoginProfile", { UserName: "alice", Password: secret("update-ram") });
  await ims("UpdateLoginProfile", { ...upn("alice"), Password: secret("update-ims"), MFABindRequired: false });
  await ram("ChangePassword", { OldPassword: secret("old-ram"), NewPassword: secret("new-ram") });
  await ims("ChangePassword", { OldPassword: secret("old-ims"), NewPassword: secret("new-ims") });
  for (const made of [
    await ram("CreateAccessKey", { UserName: "bob" }),
    await ims("CreateAccessKey", upn("bob")),
    await ram("CreateVirtualMFADevice", { VirtualMFADeviceName: "one" }),
    await ims("CreateVirtualMFADevice", { VirtualMFADeviceName: "two" }),
    await ims("CreateServiceCredential", {
      ...upn("alice"),
      ServiceCredentialName: "new",
      ServiceName: "dashscope.aliyuncs.com",
    }),
  ]) {
    given.push(
      ...[
        made.AccessKey?.AccessKeySecret,
        made.VirtualMFADevice?.Base32StringSeed,
        made.ServiceCredential?.ServiceCredentialSecret,
      ].filter((one) => one !== undefined),
    );
  }
  await ram("BindMFADevice", { ...codes, UserName: "bob", SerialNumber: device("one") });
  await ram("UnbindMFADevice", { UserName: "alice" });
  await ims("BindMFADevice", { ...codes, ...upn("alice"), SerialNumber: device("two") });
  await ims("DisableVirtualMFA", upn("alice"));
  expect(given).toHaveLength(15);
  // The events themselves hold them.
  const events = JSON.stringify(account.events());
  for (const each of given) expect(events).toContain(each);

  const receipts: readonly Receipt[] = await account.catchUp();
  await account.flush();
  expect((await account.incidents()).length).toBeGreaterThan(12);
  const kept = await rows();
  expect(kept.length).toBeGreaterThan(40);
  const everything = [kept, receipts, account.logLines, account.robot.messages()].map((each) => JSON.stringify(each));
  expect(everything[0]).toContain(device("one"));
  for (const each of given) for (const text of everything) expect(text).not.toContain(each);
});
