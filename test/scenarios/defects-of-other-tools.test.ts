import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Actor } from "../../shared/domain/identity.ts";
import type { OperationId } from "../../shared/domain/operation-id.ts";
import { failed } from "../../shared/domain/result.ts";
import { readExemptions } from "../../shared/exemptions.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
import { stateDigest } from "../../shared/operations/state-digest.ts";
import { entryOf, understoodOperations } from "../../shared/operations/understood.ts";
import { actorScope } from "../../shared/planning/exemptions.ts";
import { reasonToAsk } from "../../shared/planning/guardrails.ts";
import { explainPermissions } from "../../shared/policy/explain.ts";
import { parseDocument } from "../../shared/policy/parse.ts";
import { undoIncident } from "../../shared/response/undo.ts";
import { passwordPolicyWeakened } from "../../shared/rules/password-policy-weakened.ts";
import { isJudged } from "../../shared/rules/registry.ts";
import { trustForeignAccount } from "../../shared/rules/trust-foreign-account.ts";
import { userAddedToPrivilegedGroup } from "../../shared/rules/user-added-to-privileged-group.ts";
import { guardrails } from "../planning/changes.ts";
import {
  allow,
  judged,
  membershipChange,
  own,
  roleTrust,
  settingChange,
  settings,
  system,
  trustChange,
  trusting,
} from "../rules/changes.ts";
import { accountId, ciTrust, type GuardedAccount, guardedAccount, openTrust } from "../support/guarded-account.ts";

// Fifteen defects that other tools had, or have, as a field study of them found it: read from their files and threads, none
// of them run. Each is a test that we do not have it.

let account: GuardedAccount;
const started = (more = ""): void => {
  beforeEach(async () => {
    account = await guardedAccount({ settings: more });
    const seen = await takeFirstSight(account.world(), account.config);
    if (!seen.ok) throw new Error("the account cannot be read");
    account.clock.advance(10 * 60_000);
  });
  afterEach(() => account.stop());
};

const open = (RoleName: string) =>
  account.as("mallory")("Ram", "UpdateRole", { RoleName, NewAssumeRolePolicyDocument: openTrust });
const makeKey = () => account.as("mallory")("Ram", "CreateAccessKey", { UserName: "alice" });
const trustOfRole = (name: string) =>
  account.sandbox.dump().roles?.find(({ roleName }) => roleName === name)?.assumeRolePolicyDocument;
const outcomes = async () => (await account.incidents()).map(({ outcome }) => outcome?.kind);

const stranger = "9876543210987654";
const ecs = trusting(allow({ Service: "ecs.aliyuncs.com" }));

describe("1: a check of role changes that asks for changes of policies alone (CIS 2.10 as published, cis_v200_2_10.md)", () => {
  test.each<OperationId>([
    "Ram.UpdateRole",
    "Ram.CreateRole",
    "Ram.AttachPolicyToRole",
    "Ram.AttachPolicyToUser",
    "Ram.AttachPolicyToGroup",
    "Ims.CreateAccessKey",
    "Ims.UpdateLoginProfile",
    "ResourceManager.UpdateRole",
    "ResourceManager.AttachPolicy",
  ])("%s is understood, and what it changes is judged", (operation) => {
    expect(entryOf(operation)).toBeDefined();
    for (const kind of ["role-trust", "grant", "access-key", "login", "policy"] as const)
      expect(isJudged(kind, settings())).toBe(true);
  });
});

describe("2: a name that is spelt wrongly in the check and in its test alike (Prowler, CIS 2.17: `addionalEventData`)", () => {
  test("each operation that we judge by is in the published list, which nobody wrote for us", () => {
    const published = JSON.parse(readFileSync("test/fixtures/operations/write-operations.json", "utf8")) as {
      operations: { id: string }[];
    };
    const names = new Set(published.operations.map(({ id }) => id.replace(":", ".")));
    expect(Object.keys(understoodOperations).filter((name) => !names.has(name))).toEqual([]);
  });
  test("each field of a record that we read is in a record as published", () => {
    const source = readFileSync("shared/intake/record.ts", "utf8");
    const published = [
      "ram-CreateGroup-ramuser-sdk-docs",
      "sts-AssumeRole-ramuser-sdk-docs",
      "ims-CreateUser-root-console-docs",
    ]
      .map((name) => readFileSync(`test/fixtures/payloads/${name}.json`, "utf8"))
      .join("\n");
    for (const field of [
      "eventId",
      "eventName",
      "serviceName",
      "eventTime",
      "requestId",
      "userIdentity",
      "requestParameters",
    ])
      expect([field, source.includes(field), published.includes(`"${field}"`)]).toEqual([field, true, true]);
  });
});

describe("3: a check that turns on how a text is quoted (Steampipe, CIS 2.10: quoted values against unquoted ones)", () => {
  test("a document is compared by what it says: white space, order and lists of one do not matter", () => {
    const spelt = `{ "Statement" : [ {"Principal":{"Service":["ecs.aliyuncs.com"]},\n "Effect":"Allow","Action":["sts:AssumeRole"]}], "Version":"1"}`;
    expect(stateDigest(roleTrust(spelt))).toBe(stateDigest(roleTrust(ecs)));
    expect(judged(trustForeignAccount, trustChange(ecs, spelt)).kind).toBe("compliant");
  });
});

describe("4: a trust rule that knows one spelling of a statement (CloudRec: `Action` as text, `Principal.RAM` as a list)", () => {
  const root = `acs:ram::${stranger}:root`;
  test.each<[string, unknown, unknown]>([
    ["the action as a list", ["sts:AssumeRole"], [root]],
    ["every action of sts", "sts:*", [root]],
    ["every action", "*", [root]],
    ["the principal as a text", "sts:AssumeRole", root],
    ["the action in other letters", "STS:assumerole", [root]],
  ])("%s", (_, Action, RAM) => {
    const document = trusting({ ...allow({ RAM }), Action } as ReturnType<typeof allow>);
    expect(judged(trustForeignAccount, trustChange(ecs, document)).kind).toBe("violation");
  });
});

const tiers = (...statements: readonly object[]) => {
  const parsed = parseDocument(JSON.stringify({ Version: "1", Statement: statements }), "permission");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const explained = explainPermissions([parsed.value]);
  return explained.kind === "permission" ? explained.tiers : [];
};

describe("5: a walk over statements that ends at a `NotAction` (CloudSploit's policy normaliser)", () => {
  test("a statement after it counts", () => {
    const notAction = { Effect: "Allow", NotAction: ["*"], Resource: "*" };
    const everything = { Effect: "Allow", Action: "*:*", Resource: "*" };
    expect(tiers(notAction, everything)).toContain("admin");
    expect(tiers(notAction)).not.toContain("admin");
  });
});

describe("6: alerts folded into the first of twelve hours for the whole account (Panther, `aws_iam_policy_modified`)", () => {
  started();
  test("a second change is put back and told as well, and none waits for what is told", async () => {
    account.wrap((world) => ({
      ...world,
      channels: world.channels.map((channel) => ({
        ...channel,
        send: async () => ({ kind: "retry", afterMs: 30_000, because: "full" }) as const,
      })),
    }));
    await open("Deploy");
    await open("plain");
    await open("Deploy");
    await account.catchUp();
    expect([trustOfRole("Deploy"), trustOfRole("plain")]).toEqual([ciTrust, ciTrust]);
    account.wrap(undefined);
    await account.flush();
    const text = account
      .messages()
      .map((message) => message.text)
      .join("\n");
    expect(text).toContain("Deploy");
    expect(text).toContain("plain");
  });
});

describe("7: administration known by the letter `*` alone (Prowler, Steampipe, CloudSploit)", () => {
  test.each<[string, string, readonly object[]]>([
    ["all but nothing", "admin", [{ Effect: "Allow", NotAction: ["none:*"], Resource: "*" }]],
    ["all of RAM", "identity-admin", [{ Effect: "Allow", Action: ["ram:*"], Resource: "*" }]],
    [
      "in halves",
      "admin",
      [
        { Effect: "Allow", Action: [..."abcdefghijklm"].map((letter) => `${letter}*`), Resource: "*" },
        { Effect: "Allow", Action: [..."nopqrstuvwxyz"].map((letter) => `${letter}*`), Resource: "*" },
      ],
    ],
    ["with a resource of stars", "admin", [{ Effect: "Allow", Action: "*:*", Resource: "**" }]],
  ])("%s", (_, tier, statements) => {
    expect(tiers(...statements)).toContain(tier);
  });
  test("by a group", () => {
    const carried = [{ policy: system("AdministratorAccess"), scope: "account", text: undefined }] as const;
    expect(judged(userAddedToPrivilegedGroup, { change: membershipChange("ops"), facts: { carried } }).kind).toBe(
      "violation",
    );
  });
});

describe("8: filters that fail open, into a remediation (Automated Security Response)", () => {
  started();
  test("where exemptions cannot be read nothing is written, and what would be is told", async () => {
    account.setExemptions({ kind: "unreadable", because: "EIO" });
    await open("Deploy");
    await account.catchUp();
    expect(await outcomes()).toEqual(["alerted"]);
    expect(account.actingWrites()).toEqual([]);
    expect(account.messages()).toHaveLength(1);
  });
});

describe("9: a failure on record as a success (Automated Security Response; guardian/security-hq #357)", () => {
  started();
  test("a write that is refused is told as not done", async () => {
    account.wrap((world) => ({
      ...world,
      act: async (planId, calls) => {
        const session = await world.act(planId, calls);
        if (!session.ok) return session;
        const refusing = async () =>
          failed({ kind: "forbidden", code: "NoPermission", operation: "Ram.UpdateAccessKey" } as const);
        return { ok: true, value: { ...session.value, send: refusing } };
      },
    }));
    await makeKey();
    await account.catchUp();
    expect(await outcomes()).toEqual(["failed"]);
    expect(account.messages()[0]?.text).toContain("NOT put back");
  });
});

describe("10: a roll-back that deletes what it restored (Repokid)", () => {
  started();
  test("what is put back stands, and so does what an undo brings back", async () => {
    const before = account.standing();
    await open("Deploy");
    const changed = account.standing();
    await account.catchUp();
    expect(account.standing()).toEqual(before);
    const [incident] = await account.incidents();
    const { world, ledger, config } = account;
    const undone = await undoIncident(account.approving(), ledger, config.telling, incident?.id ?? "");
    expect(undone).toMatchObject({ ok: true, value: { outcome: { kind: "undone" } } });
    expect(account.standing()).toEqual(changed);
    await account.catchUp();
    expect(account.standing()).toEqual(changed);
    expect((await world().read({ kind: "role-trust", accountId, roleName: "Deploy", route: "Ram" })).ok).toBe(true);
  });
});

describe("11: a list of names as an alternation that is not anchored (Google's Security Response Automation)", () => {
  test.each([`9${stranger}`, `${stranger}0`, stranger.slice(1)])("account %s is not the listed one", (other) => {
    const listed = { settings: settings({ trusted: { accounts: [stranger], services: [], entities: [] } }) };
    const document = trusting(allow({ RAM: `acs:ram::${other}:root` }));
    const toward = (text: string) => ({ change: trustChange(ecs, text), facts: listed });
    expect(judged(trustForeignAccount, toward(document)).kind).toBe("violation");
    expect(judged(trustForeignAccount, toward(trusting(allow({ RAM: `acs:ram::${stranger}:root` })))).kind).toBe(
      "compliant",
    );
  });
  test("nor is an exemption one for what is named like it", () => {
    const text = `exemptions:\n  - { id: a, rules: [RAM.MfaRemoved], subject: "mfa/alice|bob", owner: o, reason: r, from: 2026-11-01, until: 2026-11-02 }\n`;
    const read = readExemptions(text, "e.yaml");
    // The stroke is a letter like any other: it names one user who has it in his name, and nobody else.
    expect(read.ok && read.value[0]?.subject).toBe("mfa/alice|bob");
  });
});

describe("12: a threshold that only the exact number meets (Steampipe: `password_reuse_prevention = 5`)", () => {
  const strong = { MinimumPasswordLength: 14, PasswordReusePrevention: 5, MaxLoginAttemps: 5 };
  test("24 former passwords are no weaker than 5", () => {
    const change = settingChange("password-policy", "unknown", {
      ...strong,
      PasswordReusePrevention: 24,
      RequireLowercaseCharacters: true,
      RequireUppercaseCharacters: true,
      RequireNumbers: true,
      RequireSymbols: true,
    });
    expect(judged(passwordPolicyWeakened, change).kind).toBe("compliant");
    const weaker = settingChange("password-policy", { ...strong, PasswordReusePrevention: 24 }, strong);
    expect(judged(passwordPolicyWeakened, weaker).kind).toBe("violation");
  });
});

describe("13: a limit on what is done that does not count for events (Cloud Custodian, `max-resources`)", () => {
  started("budgets: { account: 1 }");
  test("the second write within an hour is told and not made", async () => {
    await open("Deploy");
    await account.catchUp();
    await open("plain");
    await account.catchUp();
    expect((await account.incidents()).map(({ outcome, because }) => [outcome?.kind, because?.kind])).toEqual([
      ["reverted", undefined],
      ["alerted", "account-budget"],
    ]);
    expect(account.actingWrites()).toHaveLength(1);
  });
});

describe("14: deployed, and never called (Cloud Custodian #5755)", () => {
  started();
  test("what is deployed asks for the events of all three services", () => {
    const { resources } = parse(readFileSync("s.yaml", "utf8")) as {
      resources: { guard: { props: { triggers: { triggerConfig: { eventRuleFilterPattern: string } }[] } } };
    };
    const pattern = resources.guard.props.triggers.at(-1)?.triggerConfig.eventRuleFilterPattern ?? "{}";
    expect(JSON.parse(pattern)).toMatchObject({ data: { serviceName: ["Ram", "Ims", "ResourceManager"] } });
  });
  test("a guard that is handed nothing is told of, and what it missed is dealt with", async () => {
    await account.sweep();
    await open("Deploy");
    for (let tick = 0; tick < 12; tick += 1) {
      account.clock.advance(5 * 60_000);
      await account.sweep();
    }
    expect(trustOfRole("Deploy")).toBe(ciTrust);
    const rules = (await account.incidents()).flatMap(({ findings }) => findings.map(({ rule }) => rule));
    expect(rules).toContain("RAM.GuardSilent");
  });
});

describe("15: an exclusion by what the caller says of itself (Elastic #5064, #6589: user agents)", () => {
  started("pipelines: [role/terraform]");
  test("whoever calls itself the pipeline is put back like anybody", async () => {
    await open("Deploy");
    const [event] = account.events("UpdateRole");
    const claimed = { ...event, userAgent: "HashiCorp-Terraform/1.9 terraform-provider-alicloud role/terraform" };
    expect((await account.deliver(claimed)).receipt?.decisions).toMatchObject([{ outcome: "reverted" }]);
  });
  test("neither a session's name nor a role that only the request names makes somebody the pipeline", () => {
    const pipelines = guardrails({ pipelines: [{ kind: "role", name: "terraform" }] });
    const asked = (actor: Actor) => reasonToAsk(trustChange(ecs, openTrust, actor), pipelines)?.kind;
    const role = { kind: "role", accountId: own, sessionName: "terraform" } as const;
    expect(asked({ ...role, name: "terraform" })).toBe("pipeline");
    expect(asked({ ...role, name: "other" })).toBeUndefined();
    expect(asked({ ...role, name: "terraform", namedBy: "request" })).toBeUndefined();
    expect(asked({ ...role, name: "terraform", accountId: "99" })).toBeUndefined();
    expect(actorScope({ ...role, name: "terraform", namedBy: "request" }, own)).toBeUndefined();
  });
});
