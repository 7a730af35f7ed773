import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JudgedJson } from "../../cli/decision-json.ts";
import {
  account,
  attachPolicy,
  attachToUser,
  byRoot,
  cloudEvent,
  createAccessKey,
  event,
  type Raw,
  slsRecord,
  trust,
  updateRole,
} from "../intake/synthetic.ts";
import type { Folder } from "./warden.ts";
import { newFolder, spawnWarden, warden } from "./warden.ts";

const settings = `account: "${account}"\nprovisioners: [role/identity-provisioner]\n`;
const samples = fileURLToPath(new URL("../fixtures/payloads", import.meta.url));

let folder: Folder;
let config: string;
beforeAll(() => {
  folder = newFolder();
  config = folder.file("settings.yaml", settings);
});
afterAll(() => folder.remove());

const isJudged = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync(new URL("../../docs/judge.schema.json", import.meta.url), "utf8")),
);

/** Judges payloads by the published form of the answer; fails where the answer is not of that form. */
const judgedWith = async (more: readonly string[], ...payloads: readonly unknown[]) => {
  const files = payloads.map((payload, index) => folder.file(`payload-${index}.json`, payload));
  const { code, out, err } = await warden("judge", ...files, "--config", config, "--json", ...more);
  const judged = JSON.parse(out) as JudgedJson;
  isJudged(judged);
  expect(isJudged.errors ?? []).toEqual([]);
  return { code, judged, err };
};
const judged = (...payloads: readonly unknown[]) => judgedWith([], ...payloads);

let ids = 100;
/** The same event with an id of its own. */
const distinct = (raw: Raw): Raw => {
  ids += 1;
  const id = `0A1B2C3D-0000-4000-8000-${String(ids).padStart(12, "0")}`;
  return { ...raw, eventId: id, requestId: id };
};

const snapshot = (roles: readonly object[] = [], more: object = {}) => ({
  version: 1,
  accountId: account,
  roles,
  ...more,
});
const liveRole = {
  roleName: "Deploy",
  roleId: "301234567890123456",
  assumeRolePolicyDocument: trust({ RAM: ["acs:ram::9999999999999999:root"] }),
  description: "deploys",
  maxSessionDuration: 7200,
};
const earlier = distinct(
  event("Ram", "CreateRole", {
    eventTime: "2026-10-20T08:00:00Z",
    requestParameters: {
      RoleName: "Deploy",
      AssumeRolePolicyDocument: trust({ Service: ["ecs.aliyuncs.com"] }),
      Description: "deploys",
      MaxSessionDuration: 7200,
    },
  }),
);

describe("what judge says of an event", () => {
  test("is the finding, the subject and the exact calls", async () => {
    const state = folder.file("state.json", snapshot([liveRole], { trail: [earlier] }));
    const { code, judged: said } = await judgedWith(["--state", state], updateRole());
    expect(code).toBe(1);
    expect(said.decisions).toMatchObject([
      {
        eventId: "0A1B2C3D-0000-4000-8000-000000000001",
        operation: "Ram.UpdateRole",
        subject: { kind: "role-trust", roleName: "Deploy", text: "trust policy of role Deploy" },
        outcome: "observed",
        findings: [
          { rule: "RAM.TrustForeignAccount", control: "RAM-ROLE-002", severity: "critical", verdict: "violation" },
          { rule: "RAM.TrustEntityAdded", control: "RAM-ROLE-001", severity: "critical", verdict: "violation" },
          { rule: "RAM.TrustEntityRemoved", control: "RAM-ROLE-003", severity: "medium", verdict: "violation" },
        ],
        plan: {
          response: "revert",
          because: null,
          calls: [
            {
              service: "Ram",
              operation: "UpdateRole",
              parameters: {
                RoleName: "Deploy",
                NewAssumeRolePolicyDocument: trust({ Service: ["ecs.aliyuncs.com"] }),
                NewDescription: "deploys",
                NewMaxSessionDuration: 7200,
              },
            },
          ],
        },
      },
    ]);
    expect(Object.keys(said)).toEqual(["decisions", "passedOver", "refusals"]);
  });

  test("takes an earlier event of the same input for what was before", async () => {
    const { judged: said } = await judged([earlier, updateRole()]);
    expect(said.decisions.map(({ outcome, plan }) => [outcome, plan.response])).toEqual([
      ["clear", "off"],
      ["observed", "revert"],
    ]);
  });

  test("is that what was before is not known, where nothing tells it", async () => {
    const { judged: said } = await judged(updateRole());
    expect(said.decisions).toMatchObject([
      { outcome: "alerted", plan: { response: "alert", because: { kind: "prior-state-unknown" }, calls: [] } },
    ]);
  });

  test("is that nothing is to do, and 0", async () => {
    const { code, judged: said } = await judged(earlier);
    expect(code).toBe(0);
    expect(said.decisions).toMatchObject([
      { outcome: "clear", findings: [], plan: { response: "off", because: null } },
    ]);
  });

  test("is of the published form for each kind of change", async () => {
    const { judged: said } = await judged([
      distinct(updateRole()),
      distinct(createAccessKey("Ram", { UserName: "bob" })),
      // Another key: ids are never used twice.
      distinct(createAccessKey("Ims", {}, { userIdentity: byRoot, responseElements: undefined })),
      distinct(attachToUser()),
      distinct(attachPolicy({ PrincipalType: "ServiceRole", PrincipalName: "ops", ResourceGroupId: "rg-acfm123" })),
    ]);
    expect(said.decisions.map(({ subject }) => subject.kind)).toEqual([
      "role-trust",
      "access-key",
      "access-key",
      "grant",
      "grant",
    ]);
    expect(said.decisions.map(({ outcome }) => outcome)).toEqual([
      "alerted",
      "observed",
      "alerted",
      "observed",
      "observed",
    ]);
  });

  test("never holds the secret of a new key", async () => {
    const payload = folder.file("key.json", createAccessKey("Ram", { UserName: "bob" }));
    for (const form of [["--json"], []]) {
      const { out, err } = await warden("judge", payload, "--config", config, ...form);
      expect(out + err).toContain("LTAI5tSyntheticKey0001");
      expect(out + err).not.toContain("the-secret-of-the-new-key");
    }
  });

  test("in Chinese is Chinese", async () => {
    const payload = folder.file("grant.json", attachToUser());
    const { out } = await warden("judge", payload, "--config", config, "--lang", "zh-CN");
    expect(out).toContain("授予用户");
  });
});

describe("every sample, as published", () => {
  test.each(readdirSync(samples).filter((name) => name.endsWith(".json")))("%s", async (name) => {
    const { judged: said } = await judged(readFileSync(`${samples}/${name}`));
    expect(said.decisions.length + said.passedOver.length + said.refusals.length).toBeGreaterThan(0);
  });
});

describe("records that are not judged", () => {
  test("are passed over with their id, operation and reason, and nothing else of theirs", async () => {
    const write = distinct(event("Ims", "GenerateCredentialReport"));
    const { code, judged: said } = await judged([write]);
    expect(code).toBe(0);
    expect(said.passedOver).toEqual([
      {
        eventId: write.eventId,
        operation: "Ims.GenerateCredentialReport",
        reason: "makes a report, which changes nothing that RAM keeps",
        where: expect.stringMatching(/payload-0\.json:\$\[0\]$/),
      },
    ]);
  });

  test("say null for the id and the operation that they do not have", async () => {
    const other = {
      type: "ebs:EventStream:Some",
      data: { some: "thing" },
      id: "1",
      source: "acs.ebs",
      specversion: "1.0",
    };
    const { judged: said } = await judged([other]);
    expect(said.passedOver).toMatchObject([{ eventId: null, operation: null }]);
  });

  test("of another account are passed over when the settings name one, and judged when none are given", async () => {
    const foreign = distinct(updateRole({ recipientAccountId: "7777777777777777" }));
    const { code, judged: said } = await judged([foreign]);
    expect(code).toBe(0);
    expect(said.passedOver).toMatchObject([
      { eventId: foreign.eventId, reason: expect.stringContaining("`7777777777777777`") },
    ]);
    const bare = await warden("judge", folder.file("foreign.json", foreign), "--json");
    expect((JSON.parse(bare.out) as JudgedJson).decisions).toHaveLength(1);
  });

  test("are in exactly one of the three lists, whatever there is", async () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const junk = fc.oneof(
      scalar,
      fc.dictionary(fc.constantFrom("a", "serviceName", "eventName", "eventTime", "userIdentity"), scalar),
      fc.constant({}),
    );
    const service = fc.constantFrom("Ram", "Ims", "ResourceManager", "Sts", "Ecs", "AasCustomer");
    const name = fc.constantFrom(
      "UpdateRole",
      "CreateRole",
      "CreateAccessKey",
      "AttachPolicy",
      "GetRole",
      "AttachPolicyToUser",
    );
    const record = fc.oneof(
      fc
        .tuple(
          service,
          name,
          fc.dictionary(
            fc.constantFrom(
              "eventTime",
              "errorCode",
              "requestParameters",
              "recipientAccountId",
              "userIdentity",
              "eventRW",
            ),
            junk,
          ),
        )
        .map(([one, call, more]) => event(one, call, more as Raw)),
      fc.constantFrom(
        updateRole(),
        createAccessKey("Ram", { UserName: "bob" }),
        attachToUser(),
        attachPolicy({}),
        earlier,
      ),
    );
    const wrapped = fc.tuple(record, fc.constantFrom("bare", "cloudEvent", "sls")).map(([raw, how]) => {
      const own = distinct(raw);
      return how === "bare" ? own : how === "sls" ? slsRecord(own) : cloudEvent(own);
    });
    // A string is a payload in a payload; text that holds none is refused as one record.
    const list = fc.array(fc.oneof({ weight: 3, arbitrary: wrapped }, { weight: 1, arbitrary: junk }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(list, async (records) => {
        const { code, judged: said } = await judged(records);
        const { decisions, passedOver, refusals } = said;
        expect(decisions.length + passedOver.length + refusals.length).toBe(records.length);
        if (refusals.length > 0) expect(code).toBe(2);
        else expect(code).toBe(decisions.some(({ outcome }) => outcome !== "clear") ? 1 : 0);
      }),
      { numRuns: 80 },
    );
  });
});

describe("a file that cannot be read", () => {
  test.each<[string, () => string, RegExp]>([
    ["is not there", () => "nofile.json", /there is no such file/],
    ["is a folder", () => folder.path, /it is a folder/],
    ["has a name that no file can have", () => "x\u0000", /there is no such file/],
  ])("because it %s is one refusal beside the good records", async (_, path, because) => {
    const good = folder.file("good.json", [distinct(updateRole())]);
    const { code, out, err } = await warden("judge", good, path(), "--config", config, "--json");
    expect(code).toBe(2);
    const said = JSON.parse(out) as JudgedJson;
    expect(said.decisions).toHaveLength(1);
    expect(said.refusals).toEqual([{ where: path(), reason: expect.stringMatching(because) }]);
    expect(err).toMatch(/^cannot read `/);
  });

  test("is said without `--json` as well", async () => {
    const { code, out } = await warden("judge", "nofile.json", "--config", config);
    expect(code).toBe(2);
    expect(out).toContain("refused      nofile.json: cannot be read: there is no such file");
  });
});

describe("what would be done", () => {
  const enforcing = () =>
    folder.file("enforce.yaml", `${settings}mode: enforce\nroles: { acting: ram-warden-acting }\n`);
  const records = () => folder.file("both.json", [earlier, updateRole()]);

  test("is by the mode of the settings", async () => {
    const { out } = await warden("judge", records(), "--config", enforcing(), "--json");
    const said = JSON.parse(out) as JudgedJson;
    expect(said.decisions.map(({ outcome, plan }) => [outcome, plan.response])).toEqual([
      ["clear", "off"],
      ["reverted", "revert"],
    ]);
    expect((await warden("judge", records(), "--config", enforcing())).out).toContain("  would be put back");
    expect((await warden("judge", records(), "--config", config)).out).toContain(
      "  would be told, and nothing written: the settings observe",
    );
  });

  test("is in Chinese from end to end", async () => {
    const inputs = [
      distinct(updateRole()),
      distinct(event("Ram", "CreateGroup", { requestParameters: { GroupName: "g" } })),
      distinct(attachToUser()),
      distinct(createAccessKey("Ims", {}, { userIdentity: byRoot })),
      distinct(event("Ram", "GetRole", { eventRW: "Read" })),
      distinct(event("Ecs", "DeleteDisk", {})),
      { nothing: 1 },
    ];
    const file = folder.file("zh.json", inputs);
    const { out } = await warden("judge", file, "--config", enforcing(), "--lang", "zh-CN");
    const words = out
      .replaceAll(file, "")
      .replace(/`[^`]*`|\{.*\}|\(RAM-[A-Z0-9-]+\)|\$\[\d\]/g, "")
      .match(/[A-Za-z]{2,}(?: [a-z]{2,})+/g);
    expect(words ?? []).toEqual([]);
    expect(out).toMatch(/已判定 \d 条，略过 \d 条，拒绝 \d 条/);
  });
});

describe("several files", () => {
  test("are one input, and each record says which it came from", async () => {
    const { code, judged: said } = await judged([distinct(earlier), 5], distinct(attachToUser()), "{");
    expect(code).toBe(2);
    expect(said.decisions).toHaveLength(2);
    expect(said.refusals.map(({ where }) => where.replace(folder.path, ""))).toEqual([
      "/payload-0.json:$[1]",
      "/payload-2.json:$",
    ]);
  });

  test("may have standard input among them", async () => {
    const file = folder.file("one.json", attachToUser());
    const { ended } = spawnWarden(["judge", file, "-", "--config", config, "--json"], {
      input: JSON.stringify(updateRole()),
    });
    const { code, out } = await ended;
    expect(code).toBe(1);
    expect((JSON.parse(out) as JudgedJson).decisions.map(({ operation }) => operation)).toEqual([
      "Ram.AttachPolicyToUser",
      "Ram.UpdateRole",
    ]);
  });
});

describe("an account's state", () => {
  test("that does not have the subject any more says that it broke a rule for a time", async () => {
    const state = folder.file("empty.json", snapshot());
    const { judged: said } = await judgedWith(["--state", state], updateRole());
    expect(said.decisions).toMatchObject([
      { outcome: "transient", plan: { because: { detail: "the subject is gone again" } } },
    ]);
  });

  test("tells what a custom policy allows", async () => {
    const custom = { PolicyType: "Custom", PolicyName: "ops", UserName: "alice" };
    const policyDocument = { Version: "1", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
    const state = folder.file(
      "custom.json",
      snapshot([], {
        policies: [{ policyName: "ops", policyType: "Custom", versions: [{ versionId: "v1", policyDocument }] }],
        attachments: [{ policyType: "Custom", policyName: "ops", principalType: "user", principalName: "alice" }],
      }),
    );
    const { judged: known } = await judgedWith(["--state", state], attachToUser({ requestParameters: custom }));
    expect(known.decisions[0]?.findings).toMatchObject([
      { rule: "RAM.HighRiskPolicyOnUser", verdict: "violation" },
      { rule: "RAM.PolicyAttachedToUser", verdict: "violation" },
    ]);
    const { judged: unknown } = await judged(attachToUser({ requestParameters: custom }));
    const named = unknown.decisions[0]?.findings.map(({ rule, verdict }) => [rule, verdict]);
    expect(named).toEqual([
      ["RAM.HighRiskPolicyOnUser", "undetermined"],
      ...[
        "PolicyAddsEscalation",
        "PassRoleUnrestricted",
        "AssumeAnyRole",
        "ProductAdminPolicy",
        "MessagingGrantedWhole",
      ].map((rule) => [`RAM.${rule}`, "undetermined"]),
      // That it went to a user itself needs no text.
      ["RAM.PolicyAttachedToUser", "violation"],
    ]);
  });

  test("tells of every kind of subject, and what was before from its audit trail", async () => {
    const rules = "rules: { RAM.ChangeOutsidePipeline: { response: revert } }";
    const strict = folder.file("strict.yaml", `${settings}pipelines: [user/pipeline]\n${rules}\n`);
    const comments = { GroupName: "ops", Comments: "made by the pipeline" };
    const date = "2026-10-20T08:00:00Z";
    const made = distinct(
      event("Ims", "CreateGroup", {
        eventTime: date,
        userIdentity: { type: "ram-user", accountId: account, principalId: "1", userName: "pipeline" },
        requestParameters: comments,
        responseElements: { Group: { ...comments, GroupId: "g-1", DisplayName: "", CreateDate: date } },
      }),
    );
    const requestParameters = { GroupName: "ops", NewComments: "changed by hand" };
    const payload = folder.file("changed.json", [distinct(event("Ims", "UpdateGroup", { requestParameters }))]);
    const groups = [{ groupName: "ops", groupId: "g-1", comments: "changed by hand" }];
    const state = folder.file("groups.json", snapshot([], { groups, trail: [made] }));
    const { out } = await warden("judge", payload, "--config", strict, "--json", "--state", state);
    expect((JSON.parse(out) as JudgedJson).decisions).toMatchObject([
      {
        subject: { kind: "group" },
        outcome: "observed",
        plan: { calls: [{ operation: "UpdateGroup", parameters: { NewComments: "made by the pipeline" } }] },
      },
    ]);
  });

  test("of another account than the settings' is refused", async () => {
    const state = folder.file("other.json", { version: 1, accountId: "1" });
    const payload = folder.file("p.json", updateRole());
    const { code, err } = await warden("judge", payload, "--config", config, "--state", state);
    expect(code).toBe(2);
    expect(err).toContain(`is of account \`1\`, and the settings guard \`${account}\``);
  });

  test("names the account that is judged, where no settings do", async () => {
    const state = folder.file("other.json", { version: 1, accountId: "7777777777777777" });
    const payload = folder.file("p.json", [
      distinct(updateRole()),
      distinct(updateRole({ recipientAccountId: "7777777777777777" })),
    ]);
    const { out } = await warden("judge", payload, "--state", state, "--json");
    const said = JSON.parse(out) as JudgedJson;
    expect([said.decisions.length, said.passedOver.length]).toEqual([1, 1]);
  });
});

describe("bad input is told in lines, with 2", () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  test.each<[string, string | Buffer]>([
    ["nothing", ""],
    ["blank", " \n\t"],
    ["text", "hello"],
    ["half of JSON", '{"eventName": "Upda'],
    ["bytes", Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x80, 0x81])],
    ["gzip", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
    ["nesting without end", deep],
    ["nesting of objects without end", `${'{"data":'.repeat(100_000)}1${"}".repeat(100_000)}`],
    ["a number", "12345678901234567890"],
    ["null", "null"],
    ["an event in an envelope that is cut", `[${JSON.stringify(cloudEvent(updateRole())).slice(0, -20)}`],
  ])("%s", async (_, payload) => {
    const { code, judged: said, err } = await judged(payload);
    expect(code).toBe(2);
    expect(said.refusals.length).toBeGreaterThan(0);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test("and the good records beside it are judged", async () => {
    const { code, judged: said } = await judged([5, distinct(attachToUser()), { a: 1 }]);
    expect(code).toBe(2);
    expect(said.decisions).toHaveLength(1);
    expect(said.refusals.map(({ where }) => where.replace(/^.*\/payload-0\.json:/, ""))).toEqual(["$[0]", "$[2]"]);
  });

  test.each<[string, () => readonly string[], RegExp]>([
    [
      "settings that are not there",
      () => [folder.file("p.json", "[]"), "--config", "none.yaml"],
      /^cannot read `none\.yaml`: there is no such file$/m,
    ],
    [
      "settings that are wrong",
      () => [folder.file("p.json", "[]"), "--config", folder.file("wrong.yaml", "account: 5\nfoo: 1")],
      /wrong\.yaml:1:1: `account`: an account id is text: put it in quotes\n.*wrong\.yaml:2:1: unknown key `foo`/,
    ],
    [
      "a state that is not there",
      () => [folder.file("p.json", "[]"), "--state", "none.json"],
      /^cannot read `none\.json`/m,
    ],
    [
      "a state that is no snapshot",
      () => [folder.file("p.json", "[]"), "--state", folder.file("s.json", "[]")],
      /is not an account snapshot:/,
    ],
    [
      "a state that is nested without end",
      () => [
        folder.file("p.json", "[]"),
        "--state",
        folder.file("s.json", `{"version":1,"accountId":"1","trail":${deep}}`),
      ],
      /nested too deep/,
    ],
    ["another language", () => [folder.file("p.json", "[]"), "--lang", "de"], /Allowed choices are en, zh-CN/],
    ["an unknown option", () => ["--nope"], /unknown option '--nope'\nsee `warden --help`/],
    ["no file at all", () => [], /missing required argument 'payload'\nsee `warden --help`/],
  ])("%s", async (_, args, said) => {
    const { code, out, err } = await warden("judge", ...args());
    expect(err).toMatch(said);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).not.toMatch(/^\s+at /m);
  });

  test("that holds terminal sequences shows none", async () => {
    const name = "\u001b[2Jevil\u202e";
    const payload = folder.file("evil.json", [
      distinct(
        attachToUser({
          requestParameters: { PolicyType: "System", PolicyName: "AdministratorAccess", UserName: name },
        }),
      ),
      { serviceName: name, eventName: name },
    ]);
    for (const form of [["--json"], []]) {
      const { out, err } = await warden("judge", payload, "--config", config, ...form);
      for (const character of ["\u001b", "\u202e"]) expect(out + err).not.toContain(character);
    }
    const wrong = folder.file("evil.yaml", `"${"\\u001b[2J"}": 1`);
    expect((await warden("judge", payload, "--config", wrong)).err).not.toContain("\u001b");
  });
});

describe("judging", () => {
  test("needs no secret of a channel", async () => {
    const withChannel = folder.file(
      "channel.yaml",
      `${settings}channels:\n  - { kind: dingtalk, url: { env: NOBODY_SET_THIS } }\n`,
    );
    expect((await warden("judge", folder.file("p.json", attachToUser()), "--config", withChannel)).code).toBe(1);
  });

  test("takes warden.yaml of the folder, and none where there is none", async () => {
    const place = newFolder();
    try {
      place.file("grant.json", attachToUser());
      const bare = await spawnWarden(["judge", "grant.json"], { cwd: place.path }).ended;
      expect(bare).toMatchObject({ code: 1, err: "" });
      place.file(
        "warden.yaml",
        `${settings}rules:\n  RAM.HighRiskPolicyOnUser: { response: "off" }\n  RAM.PolicyAttachedToUser: { response: "off" }\n`,
      );
      expect((await spawnWarden(["judge", "grant.json"], { cwd: place.path }).ended).code).toBe(0);
    } finally {
      place.remove();
    }
  });

  test("does not mind a reader who stops reading", async () => {
    const many = folder.file(
      "many.json",
      Array.from({ length: 3_000 }, () => distinct(event("Ecs", "RunInstances"))),
    );
    const { child, ended } = spawnWarden(["judge", many, "--config", config, "--json"]);
    child.stdout.once("data", () => child.stdout.destroy());
    expect((await ended).err).not.toMatch(/EPIPE|^\s+at /m);
  });
});
