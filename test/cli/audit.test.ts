import { afterEach, describe, expect, test } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import { accountBefore, accountId, openTrust } from "../support/guarded-account.ts";
import type { SandboxPlace } from "./sandbox-place.ts";
import { sandboxPlace } from "./sandbox-place.ts";
import { warden } from "./warden.ts";

let place: SandboxPlace;
afterEach(() => place.leave());

type Printed = {
  readonly looked: number;
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly subject: { readonly text: string };
    readonly evidence: readonly object[];
  }[];
  readonly undecided: readonly { readonly rule: string; readonly things: number }[];
  readonly unread: readonly string[];
};

const printed = (out: string): Printed => JSON.parse(out) as Printed;

const strongPasswords = {
  MinimumPasswordLength: 16,
  PasswordReusePrevention: 6,
  MaxLoginAttemps: 5,
  RequireLowercaseCharacters: true,
  RequireUppercaseCharacters: true,
  RequireNumbers: true,
  RequireSymbols: true,
};

/** An account that nothing is wrong with, apart from the administrators that every account has. */
const inOrder = (): Snapshot => ({
  version: 1,
  accountId,
  alias: "example",
  rootMfa: true,
  users: [
    { userName: "administrator", accessKeys: [{ accessKeyId: "LTAIadministrator" }] },
    { userName: "ann.lee", loginProfile: { mfaBindRequired: true } },
  ],
  groups: [
    { groupName: "administrators", members: [{ userName: "administrator" }] },
    { groupName: "staff", members: [{ userName: "ann.lee" }] },
  ],
  roles: [],
  attachments: [
    {
      policyType: "System",
      policyName: "AdministratorAccess",
      principalType: "group",
      principalName: "administrators",
    },
    { policyType: "System", policyName: "ReadOnlyAccess", principalType: "group", principalName: "staff" },
  ],
  passwordPolicy: strongPasswords,
  securityPreference: {
    AllowUserToManagePersonalDingTalk: false,
    MaxIdleDaysForUsers: 90,
    MaxIdleDaysForAccessKeys: 90,
  },
});

/** Administrators are found by the rules as what they are; every account has some, and so do sandboxes. */
const settings = `
mode: observe
account: "${accountId}"
rules:
  RAM.HighRiskPolicyOnGroup: { response: off }
  RAM.HighRiskPolicyOnUser: { response: off }
  RAM.PolicyHeldDirectly: { response: off }
  RAM.KeyFromAnywhere: { response: off }
`;

describe("warden audit", () => {
  test("judges the account as it stands, by rules and by checks, the worst first", async () => {
    const before = accountBefore();
    place = await sandboxPlace({
      snapshot: {
        ...before,
        roles: [...(before.roles ?? []), { roleName: "door", assumeRolePolicyDocument: openTrust }],
      },
    });
    const { code, out } = await warden("audit", "--json");
    expect(code).toBe(1);
    const { findings, unread, looked } = printed(out);
    expect(unread).toEqual([]);
    expect(looked).toBeGreaterThan(20);
    const found = findings.map(({ rule, subject }) => `${rule}: ${subject.text}`);
    expect(found).toContain("RAM.TrustForeignAccount: trust policy of role door");
    expect(found).toContain("RAM.HighRiskPolicyOnUser: system policy AdministratorAccess on user mallory");
    expect(found).toContain("RAM.KeyGrownOld: AccessKey LTAIalice of user alice");
    expect(found).toContain("RAM.RootKeyHeld: AccessKey (id not in the event) of the account owner (root)");
    expect(found).toContain("RAM.PasswordPolicyWeakened: password policy of the account");
    // The three roles of our own are as they are deployed.
    expect(found.filter((line) => line.includes("ram-warden-"))).toEqual([]);
    const ranks = ["critical", "high", "medium", "low", "info"];
    const order = findings.map(({ severity }) => ranks.indexOf(severity));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    for (const { evidence } of findings) expect(evidence.length).toBeGreaterThan(0);
  });

  test("says how things stand, in both languages, where nobody is known to have made them so", async () => {
    const before = accountBefore();
    place = await sandboxPlace({
      snapshot: {
        ...before,
        roles: [
          ...(before.roles ?? []),
          { roleName: "door", assumeRolePolicyDocument: openTrust, maxSessionDuration: 43_200 },
        ],
        attachments: [
          ...(before.attachments ?? []),
          { policyType: "System", policyName: "AliyunECSFullAccess", principalType: "group", principalName: "staff" },
        ],
      },
    });
    const { out } = await warden("audit");
    expect(out).toContain("  - `AdministratorAccess` is attached to user `mallory`: a policy that");
    expect(out).toContain("  - `AliyunECSFullAccess` is attached to group `staff`, which allows every action of `ecs`");
    expect(out).toContain("  - there is a custom policy `disguised`, which controls all of RAM");
    expect(out).toContain("  - sessions of role `door` may last 43200 s, above");
    expect(out).not.toMatch(/unknown|somebody|` (attached|made|let|added) /);
    const chinese = (await warden("audit", "--lang", "zh-CN")).out;
    expect(chinese).toContain("  - 策略 `AdministratorAccess` 已授予用户 `mallory`：");
    expect(chinese).toContain("  - 存在自定义策略 `disguised`，");
    expect(chinese).toContain("  - 角色 `door` 的最大会话时长为 43200 秒");
    expect(chinese).toMatch(/^严重 {6}RAM-ROOT-004/m);
    expect(chinese).not.toMatch(/unknown|critical|medium/);
  });

  test("says on stdout that exemptions cannot be read, and exempts nothing", async () => {
    place = await sandboxPlace();
    place.folder.file("exemptions.yaml", "exemptions: 3\n");
    const { out, code } = await warden("audit");
    expect(code).toBe(1);
    expect(out).toMatch(/^some exemptions cannot be read, and exempt nothing here; .*\n {2}.*exemptions\.yaml:1:1: /);
    expect(JSON.parse((await warden("audit", "--json")).out)).toMatchObject({
      unreadableExemptions: [expect.stringContaining("exemptions.yaml:1")],
    });
    expect((await warden("audit", "--lang", "zh-CN")).out).toMatch(/^部分豁免无法读取/);
  });

  test("finds nothing in an account in order, and is done", async () => {
    place = await sandboxPlace({ snapshot: inOrder() });
    place.folder.file("settings.yaml", settings);
    const { code, out, err } = await warden("audit");
    expect(out).toMatch(/^\d+ things looked at, nothing found\n$/);
    expect(err).not.toContain("not ");
    expect(code).toBe(0);
  });

  test("is read in the language that is asked for", async () => {
    place = await sandboxPlace();
    const { out } = await warden("audit", "--lang", "zh-CN");
    expect(out).toContain("主账号（root）未启用 MFA");
    expect(out).toMatch(/已检查 \d+ 项，发现 \d+ 个问题/);
  });

  test("writes nothing, and needs no state", async () => {
    place = await sandboxPlace();
    await warden("audit");
    const called = place.sandbox.calls.list().map(({ operation }) => operation);
    expect(called.length).toBeGreaterThan(50);
    expect(called.filter((operation) => !/^(Get|List)/.test(operation))).toEqual([]);
    expect(await place.incidents()).toEqual([]);
    // Three administrators hold one policy, whose text is read once.
    const texts = place.sandbox.calls.list().filter(({ operation }) => operation === "GetPolicy");
    expect(texts.length).toBeLessThan(15);
  });

  test("says what may not be read, and does not call it fine", async () => {
    const { attachments = [], ...rest } = inOrder();
    const denied = { policyType: "Custom", policyName: "denied" } as const;
    const policyDocument = {
      Version: "1",
      Statement: [{ Effect: "Deny", Action: ["ram:GetAccountMFAInfo"], Resource: ["*"] }],
    };
    place = await sandboxPlace({
      snapshot: {
        ...rest,
        policies: [{ ...denied, versions: [{ versionId: "v1", policyDocument }] }],
        attachments: [...attachments, { ...denied, principalType: "user", principalName: "administrator" }],
      },
    });
    place.folder.file("settings.yaml", settings);
    const { code, out, err } = await warden("audit");
    expect(code).toBe(3);
    expect(out).toContain("nothing found in what could be read");
    expect(err).toContain("not read: Ims.GetAccountMFAInfo ended `forbidden`");
    expect(err).toContain("not decided by RAM.RootWithoutMfa: 1");
  });

  test("fails where the cloud does not answer", async () => {
    place = await sandboxPlace();
    place.sandbox.faults.inject({ match: { operation: "ListUsers" }, kind: "unavailable", times: 100 });
    const { code, err, out } = await warden("audit");
    expect(code).toBe(3);
    expect(out).toBe("");
    expect(err).toContain("the account could not be read: Ims.ListUsers");
  });
});
