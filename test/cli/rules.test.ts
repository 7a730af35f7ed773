import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ruleTestsJsonSchema } from "../../cli/rule-tests/format.ts";
import { chains } from "../../shared/chains/registry.ts";
import { checks } from "../../shared/checks/registry.ts";
import { rules } from "../../shared/rules/registry.ts";
import { callerOf } from "../sandbox/client.ts";
import { openTrust } from "../support/guarded-account.ts";
import { sandboxPlace } from "./sandbox-place.ts";
import type { Folder } from "./warden.ts";
import { newFolder, warden } from "./warden.ts";

let folder: Folder;
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => folder.remove());

const settings = (more: string): string => `account: "1234567890123456"\n${more}`;

describe("warden rules --effective", () => {
  type Effective = { rule: string; does: string; [part: string]: unknown };
  const effective = async (text: string): Promise<ReadonlyMap<string, Effective>> => {
    const file = folder.file("settings.yaml", settings(text));
    const { code, out } = await warden("rules", "--effective", "--json", "--config", file);
    expect(code).toBe(0);
    return new Map((JSON.parse(out) as Effective[]).map((one) => [one.rule, one]));
  };
  const enforced = "mode: enforce\nroles: { acting: act }\n";

  test("says of every rule what is in force and from where: the rule itself, or a line of the file", async () => {
    const found = await effective(
      `${enforced}rules:\n  RAM.AccessKeyUnapproved: { response: alert }\n  RAM.TrustForeignAccount:\n    maturity: trial\n`,
    );
    expect([...found.keys()]).toEqual([...rules, ...chains, ...checks].map(({ id }) => id));
    const file = join(folder.path, "settings.yaml");
    expect(found.get("RAM.AccessKeyUnapproved")).toMatchObject({
      does: "tells",
      response: { value: "alert", source: { kind: "file", file, line: 5 } },
      maturity: { value: "stable", source: { kind: "default" } },
      mode: { value: "enforce", source: { kind: "file", line: 2 } },
    });
    expect(found.get("RAM.TrustForeignAccount")).toMatchObject({
      does: "says what it would do",
      response: { value: "revert", source: { kind: "default" } },
      maturity: { value: "trial", source: { kind: "file", line: 7 } },
    });
    expect(found.get("RAM.TrustEntityAdded")).toMatchObject({ does: "puts back" });
    expect(found.get("RAM.AccessKeyForAnother")).toMatchObject({ does: "contains" });
    expect(found.get(chains[0]?.id ?? "")).toMatchObject({ response: { value: chains[0]?.response } });
    expect(found.get(checks[0]?.id ?? "")).toMatchObject({ does: "tells" });
    expect(found.get("RAM.UserSsoChanged")).toMatchObject({ does: "asks" });
    expect(found.get("RAM.ChangeOutsidePipeline")).toMatchObject({ does: "nothing" });
  });

  test("says that a rule observes, and where, with the response that it would give", async () => {
    const text = `${enforced}rules:\n  RAM.TrustForeignAccount: { response: observe }\n  RAM.ChangeOutsidePipeline: { response: observe }\n`;
    const found = await effective(text);
    expect(found.get("RAM.TrustForeignAccount")).toMatchObject({
      does: "says what it would do",
      response: { value: "revert", source: { kind: "default" } },
      observes: { value: true, source: { kind: "file", line: 5 } },
    });
    // What is off by itself shows the most that it may do.
    expect(found.get("RAM.ChangeOutsidePipeline")).toMatchObject({ does: "says what it would do" });
    expect(found.get("RAM.TrustEntityAdded")).not.toHaveProperty("observes");
    const { out } = await warden("rules", "--effective", "--config", join(folder.path, "settings.yaml"));
    expect(out).toMatch(
      /RAM\.TrustForeignAccount +says what it would do +response revert \(default\), observe \(.*:5\)/,
    );
  });

  test("says how long what a rule asks may be decided, where the settings give it a time of its own", async () => {
    const found = await effective(`${enforced}rules:\n  RAM.UserSsoChanged: { approvalHours: 24 }\n`);
    expect(found.get("RAM.UserSsoChanged")).toMatchObject({
      does: "asks",
      approvalHours: { value: 24, source: { kind: "file", line: 5 } },
    });
    expect(found.get("RAM.SamlProviderChanged")).not.toHaveProperty("approvalHours");
    const { out } = await warden("rules", "--effective", "--config", join(folder.path, "settings.yaml"));
    expect(out).toMatch(/RAM\.UserSsoChanged .*to be decided within 24 h \(.*:5\)/);
  });

  test("in mode observe says that nothing is written, by default", async () => {
    const found = await effective("");
    expect(found.get("RAM.TrustForeignAccount")).toMatchObject({
      does: "says what it would do",
      mode: { value: "observe", source: { kind: "default" } },
    });
    expect(found.get("RAM.RootAccessKey")).toMatchObject({ does: "tells" });
  });

  test("says of a mode of the environment that is none that it counts as observe", async () => {
    const file = folder.file("settings.yaml", settings(enforced));
    for (const [given, err] of [
      ["enforced", "`WARDEN_MODE` in the environment: `enforced` is no mode: `observe`\n"],
      ["enforce", ""],
      ["observe", ""],
    ] as const) {
      process.env.WARDEN_MODE = given;
      try {
        const found = await warden("rules", "RAM.MfaRemoved", "--effective", "--config", file);
        expect([given, found.code, found.err]).toEqual([given, 0, err]);
      } finally {
        delete process.env.WARDEN_MODE;
      }
    }
  });

  test("names the environment where that switches writing off", async () => {
    process.env.WARDEN_MODE = "observe";
    try {
      expect((await effective(enforced)).get("RAM.TrustForeignAccount")).toMatchObject({
        does: "says what it would do",
        mode: { value: "observe", source: { kind: "environment", variable: "WARDEN_MODE" } },
      });
      const file = folder.file("settings.yaml", settings(enforced));
      const { out } = await warden("rules", "RAM.MfaRemoved", "--effective", "--config", file);
      expect(out.split("\n")[1]).toMatch(
        /^RAM\.MfaRemoved +says what it would do +response contain \(default\), mode observe \(WARDEN_MODE in the environment\)$/,
      );
    } finally {
      process.env.WARDEN_MODE = undefined;
      delete process.env.WARDEN_MODE;
    }
  });

  test.each<[string, string, RegExp]>([
    [
      "an unknown rule",
      "rules:\n  RAM.Nope: { response: alert }",
      /settings\.yaml:3:3: unknown key `RAM\.Nope` under `rules`; allowed: /,
    ],
    [
      "a rule twice",
      "rules:\n  RAM.MfaRemoved: { response: alert }\n  RAM.MfaRemoved: { response: ask }",
      /settings\.yaml:4:3: this key stands here a second time/,
    ],
    [
      "a response that the rule cannot give",
      "rules:\n  RAM.RootAccessKey: { response: revert }",
      /settings\.yaml:3:24: `rules\.RAM\.RootAccessKey\.response`: must be one of `alert`, `off`/,
    ],
    [
      "an unknown maturity",
      "rules:\n  RAM.MfaRemoved: { maturity: ripe }",
      /settings\.yaml:3:21: .*must be one of `trial`, `stable`/,
    ],
    [
      "a channel for an unknown rule",
      "channels: [{ kind: console, rules: [RAM.Nope] }]",
      /settings\.yaml:2:\d+: `channels\.0\.rules\.0`: must be one of/,
    ],
    [
      "a channel for an unknown severity",
      "channels: [{ kind: console, severity: bad }]",
      /settings\.yaml:2:\d+: `channels\.0\.severity`: must be one of/,
    ],
  ])("settings with %s are refused, with the line", async (_, text, said) => {
    const ran = await warden("rules", "--effective", "--config", folder.file("settings.yaml", settings(text)));
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(said);
  });

  test("is asked by itself", async () => {
    expect((await warden("rules", "--effective", "--history")).code).toBe(2);
    expect((await warden("rules", "--since", "1d")).code).toBe(2);
  });
});

describe("warden rules --history", () => {
  test("shows what came of each rule's findings, by the ledger of the place", async () => {
    const place = await sandboxPlace();
    try {
      await warden("baseline");
      place.folder.file(
        "settings.yaml",
        `${readFileSync(join(place.folder.path, "settings.yaml"), "utf8")}rules: { RAM.AccessKeyForAnother: { maturity: trial }, RAM.AccessKeyUnapproved: { response: "off" } }\n`,
      );
      const call = callerOf(place.sandbox, place.sandbox.keyOf("mallory"));
      await call("Ram", "UpdateRole", { RoleName: "Deploy", NewAssumeRolePolicyDocument: openTrust });
      await call("Ram", "CreateAccessKey", { UserName: "alice" });
      const file = place.folder.file("trail.json", place.sandbox.trail);
      const { decisions } = JSON.parse((await warden("replay", file, "--json")).out) as {
        decisions: {
          outcome: string;
          incidentId: string;
          plan: { because: { kind: string } | null; calls: { operation: string }[] };
        }[];
      };
      // A rule on trial says what it would do, and does not.
      expect(decisions[1]).toMatchObject({
        outcome: "alerted",
        plan: { because: { kind: "trial" }, calls: [{ operation: "UpdateAccessKey" }] },
      });
      const active = place.sandbox.dump().users?.find(({ userName }) => userName === "alice")?.accessKeys;
      expect(active?.map(({ status }) => status ?? "Active")).toEqual(["Active", "Active"]);
      expect((await warden("undo", decisions[0]?.incidentId ?? "")).code).toBe(0);

      const history = JSON.parse((await warden("rules", "--history", "--json")).out) as { rule: string }[];
      const of = (id: string) => history.find(({ rule }) => rule === id);
      expect(history.map(({ rule }) => rule)).toEqual([...rules, ...chains, ...checks].map(({ id }) => id));
      expect(of("RAM.TrustForeignAccount")).toMatchObject({ seen: 1, acted: 1, overridden: { undone: 1 } });
      expect(of("RAM.AccessKeyForAnother")).toMatchObject({ seen: 1, acted: 0, wouldHave: 1, maturity: "trial" });
      expect(of("RAM.AccessKeyUnapproved")).toMatchObject({ seen: 0 });

      const { out } = await warden("rules", "RAM.AccessKeyForAnother", "--history");
      expect(out).toMatch(
        /^rule +seen +would have done +told +asked +acted +failed +undone +rejected +exempted +last\n/,
      );
      expect(out.split("\n")[1]).toMatch(/^RAM\.AccessKeyForAnother +1 +1 +0 +0 +0 +0 +0 +0 +0 +\d{4}-\d{2}-\d{2}$/);
      const later = JSON.parse((await warden("rules", "--history", "--json", "--since", "now")).out) as {
        seen: number;
      }[];
      expect(later.every(({ seen }) => seen === 0)).toBe(true);
    } finally {
      await place.leave();
    }
  });
});

const run = async (...args: readonly string[]) => {
  const { code, out, err } = await warden("rules", "test", ...args, "--json");
  const printed =
    out === ""
      ? undefined
      : (JSON.parse(out) as {
          tests: { name: string; line: number; passed: boolean; differences: string[] }[];
          passed: number;
          failed: number;
          problems: string[];
        });
  return { code, err, printed };
};

describe("the rule tests in examples", () => {
  test("hold", async () => {
    const { code, printed, err } = await run("examples/rule-tests");
    expect([code, err, printed?.problems]).toEqual([0, "", []]);
    expect(printed?.tests.filter(({ passed }) => !passed)).toEqual([]);
    expect(printed?.passed).toBeGreaterThanOrEqual(10);
  });
  test("fit the published schema", () => {
    const fits = new Ajv2020({ strict: false }).compile(ruleTestsJsonSchema());
    for (const name of ["changes", "events"]) {
      fits(parse(readFileSync(`examples/rule-tests/${name}.test.yaml`, "utf8")));
      expect(fits.errors ?? []).toEqual([]);
    }
  });
});

describe("warden rules test", () => {
  const change =
    "change: { kind: grant, to: group/staff, policy: System/AdministratorAccess, by: user/mallory, before: gone, after: present }";
  const written = (...tests: readonly string[]): string => {
    folder.file("settings.yaml", settings("mode: enforce\nroles: { acting: act }\n"));
    folder.file(
      "some.test.yaml",
      `settings: settings.yaml\ntests:\n${tests.map((one) => `  - ${one.replaceAll("\n", "\n    ")}\n`).join("")}`,
    );
    return folder.path;
  };
  const one = (expected: string, what = change): string => `name: one\n${what}\nexpect: ${expected}`;

  test.each<[string, string]>([
    ["its outcome", "{ outcome: reverted }"],
    ["its response, and that nothing stands in the way", "{ response: revert, because: nothing }"],
    ["a finding by name", "{ findings: [RAM.HighRiskPolicyOnGroup] }"],
    [
      "a finding with its evidence",
      "{ findings: [{ rule: RAM.HighRiskPolicyOnGroup, evidence: [AdministratorAccess], facts: { policy: AdministratorAccess } }] }",
    ],
    ["calls with parameters", "{ calls: [{ call: Ram.DetachPolicyFromGroup, parameters: { GroupName: staff } }] }"],
    ["a message in both languages", "{ message: { en: [put back], zh-CN: [已恢复] } }"],
  ])("expects %s", async (_, expected) => {
    const { code, printed, err } = await run(written(one(expected)));
    expect([code, err, printed?.tests.flatMap(({ differences }) => differences)]).toEqual([0, "", []]);
  });

  test.each<[string, string, RegExp]>([
    ["another outcome", "{ outcome: alerted }", /^outcome: expected `alerted`, found `reverted`$/],
    ["another response", "{ response: alert }", /^response: expected `alert`, found `revert`$/],
    ["another reason", "{ because: protected }", /^because: expected `protected`, found `nothing`$/],
    ["no findings", "{ findings: [] }", /^findings: expected none, found `RAM\.HighRiskPolicyOnGroup`$/],
    [
      "another finding",
      "{ findings: [RAM.MfaRemoved] }",
      /^findings: expected `RAM\.MfaRemoved`, found `RAM\.HighRiskPolicyOnGroup`$/,
    ],
    [
      "another verdict",
      "{ findings: [{ rule: RAM.HighRiskPolicyOnGroup, verdict: undetermined }] }",
      /expected `undetermined`, found `violation`$/,
    ],
    [
      "other evidence",
      "{ findings: [{ rule: RAM.HighRiskPolicyOnGroup, evidence: [the moon] }] }",
      /no evidence says `the moon`, but `/,
    ],
    [
      "another fact",
      "{ findings: [{ rule: RAM.HighRiskPolicyOnGroup, facts: { policy: x } }] }",
      /no fact `policy` is `x`$/,
    ],
    [
      "an exemption",
      "{ findings: [{ rule: RAM.HighRiskPolicyOnGroup, exempt: none }] }",
      /expected to be exempt by `none`, found that it is not exempt$/,
    ],
    ["no calls", "{ calls: [] }", /^calls: expected none, found `Ram\.DetachPolicyFromGroup`$/],
    [
      "another call",
      "{ calls: [{ call: Ram.DeleteUser }] }",
      /^calls: expected `Ram\.DeleteUser`, found `Ram\.DetachPolicyFromGroup`$/,
    ],
    [
      "another parameter",
      "{ calls: [{ call: Ram.DetachPolicyFromGroup, parameters: { GroupName: bob } }] }",
      /expected `GroupName` to be `bob`, found `staff`$/,
    ],
    ["another message", "{ message: { zh-CN: [月亮] } }", /^message in zh-CN: does not say `月亮`, but:/],
  ])("fails where it expects %s, and says what was found", async (_, expected, said) => {
    const { code, printed } = await run(written(one(expected)));
    expect(code).toBe(1);
    expect(printed?.tests).toHaveLength(1);
    expect(printed?.tests[0]).toMatchObject({ name: "one", line: 3, passed: false });
    expect(printed?.tests[0]?.differences.join("\n")).toMatch(said);
  });

  test.each<[string, string, RegExp]>([
    ["no expectation", `name: one\n${change}`, /some\.test\.yaml:3:5: `tests\.0\.expect`: is missing/],
    ["an empty expectation", one("{}"), /some\.test\.yaml:5:5: `tests\.0\.expect`: expects nothing/],
    [
      "an unknown rule",
      one("{ findings: [RAM.Nope] }"),
      /some\.test\.yaml:5:26: `tests\.0\.expect\.findings\.0`: a rule that there is/,
    ],
    [
      "an unknown outcome",
      one("{ outcome: fine }"),
      /some\.test\.yaml:5:15: `tests\.0\.expect\.outcome`: must be one of `clear`/,
    ],
    [
      "an unknown key",
      `${one("{ outcome: clear }")}\nwhen: now`,
      /some\.test\.yaml:6:5: unknown key `when` under `tests\.0`; allowed: `name`, `expect`, `change`/,
    ],
    ["neither an event nor a change", "name: one\nexpect: { outcome: clear }", /`tests\.0\.event`: /],
    [
      "an unknown kind of change",
      one("{ outcome: clear }", "change: { kind: moon }"),
      /some\.test\.yaml:4:15: `tests\.0\.change\.kind`: must be one of `role-trust`, `grant`/,
    ],
    [
      "a state of another form",
      one("{ outcome: clear }", "change: { kind: role-trust, role: r, before: gone, after: { documnt: {} } }"),
      /some\.test\.yaml:4:\d+: .*(unknown key `documnt`|`tests\.0\.change\.after\.document`)/,
    ],
    [
      "an event that is refused",
      one("{ outcome: clear }", "event: { moon: full }"),
      /some\.test\.yaml:3: the event is refused: /,
    ],
    [
      "an event that is nobody's business",
      one("{ outcome: clear }", "event: { eventId: a, serviceName: Ecs, eventName: StopInstance, eventRW: Write }"),
      /some\.test\.yaml:3: the event is passed over: /,
    ],
    [
      "a file that is not there",
      one("{ outcome: clear }", "event: moon.json"),
      /some\.test\.yaml:3: there is no file `moon\.json` beside it/,
    ],
    [
      "a snapshot of another form",
      one("{ outcome: clear }", "event: event.json\nstate: { users: 5 }"),
      /some\.test\.yaml:3: not an account snapshot: /,
    ],
    [
      "a snapshot of another account",
      one("{ outcome: clear }", 'event: event.json\nstate: { accountId: "99" }'),
      /some\.test\.yaml:3: the snapshot is of another account/,
    ],
  ])("refuses a test with %s, with its line", async (_, text, said) => {
    folder.file("event.json", readFileSync("examples/rule-tests/grant.event.json", "utf8"));
    const { code, err, printed } = await run(written(text));
    expect(code).toBe(2);
    expect(err).toMatch(said);
    expect(printed?.tests).toEqual([]);
    expect(printed?.problems.join("\n")).toMatch(said);
  });

  test("refuses two tests of one name, a file that is no YAML, a folder without tests and none", async () => {
    expect((await run(written(one("{ outcome: clear }"), one("{ outcome: reverted }")))).err).toMatch(
      /some\.test\.yaml:6:5: another test of this file has this name/,
    );
    folder.file("bad.test.yaml", "tests: [");
    expect((await run(join(folder.path, "bad.test.yaml"))).err).toMatch(/bad\.test\.yaml:1:\d+: not YAML/);
    mkdirSync(join(folder.path, "empty"));
    expect(await run(join(folder.path, "empty"))).toMatchObject({
      code: 2,
      err: expect.stringContaining("no tests in"),
    });
    expect(await run(join(folder.path, "nowhere"))).toMatchObject({
      code: 2,
      err: expect.stringContaining("no such file"),
    });
    expect((await warden("rules", "test")).code).toBe(2);
  });

  test("runs the good files beside a bad one, and prints for people", async () => {
    const path = written(one("{ outcome: alerted }"));
    folder.file("bad.test.json", { tests: [] });
    folder.file("good.test.json", {
      settings: "settings.yaml",
      tests: [
        {
          name: "json",
          change: {
            kind: "grant",
            to: "group/a",
            policy: "System/ReadOnlyAccess",
            document: { Version: "1", Statement: [] },
            before: "gone",
            after: "present",
          },
          expect: { outcome: "clear" },
        },
      ],
    });
    const { code, out, err } = await warden("rules", "test", path);
    expect(code).toBe(2);
    expect(out).toMatch(/^ok {5}.*good\.test\.json:1 {2}json$/m);
    expect(out).toMatch(/^FAILED .*some\.test\.yaml:3 {2}one\n {9}outcome: expected `alerted`, found `reverted`$/m);
    expect(out).toMatch(/^1 passed, 1 failed$/m);
    expect(err).toMatch(/bad\.test\.json:1:\d+: `tests`: has no test/);
  });

  test("judges by the exemptions beside the settings", async () => {
    const path = written(
      one("{ outcome: alerted, because: exempt, findings: [{ rule: RAM.HighRiskPolicyOnGroup, exempt: agreed }] }"),
    );
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    folder.file(
      "exemptions.yaml",
      `exemptions:\n  - { id: agreed, rules: [RAM.HighRiskPolicyOnGroup], subject: grant/group/staff/*, owner: o, reason: r, from: ${day(-1)}, until: ${day(9)} }\n`,
    );
    expect((await run(path)).printed?.tests[0]?.differences).toEqual([]);
    folder.file("exemptions.yaml", "exemptions: [");
    expect((await run(path)).printed?.tests[0]?.differences[0]).toBe(
      "because: expected `exempt`, found `exemptions-unreadable`",
    );
  });
});

describe("what is no rule of a single change", () => {
  test.each([
    ["RAM.BackdoorAdministrator", "RAM-CHAIN-001", "revert by default; may be set to revert, ask, alert, observe, off"],
    ["RAM.KeyGrownOld", "RAM-AK-004", "alert by default; may be set to alert, off"],
  ])("is explained by its id: %s", async (id, control, responses) => {
    const { code, out } = await warden("rules", id);
    expect(code).toBe(0);
    expect(out).toContain(`${id} (${control})`);
    expect(out).toContain(responses);
    const data = JSON.parse((await warden("rules", id, "--json")).out) as {
      readonly id: string;
      readonly judge?: unknown;
    };
    expect(data).toMatchObject({ id, control });
    expect(JSON.stringify(data)).not.toContain("recognise");
  });
});

describe("warden rules", () => {
  test("lists rules, chains and checks, each under what it judges", async () => {
    const { code, out } = await warden("rules");
    expect(code).toBe(0);
    const [ofOne = "", ofSeveral = "", ofState = ""] = out.split("\n\n");
    for (const [section, head, some] of [
      [ofOne, "rules, of a single change", rules],
      [ofSeveral, "chains, of several changes", chains],
      [ofState, "checks, of the account as it stands", checks],
    ] as const) {
      expect(section.split("\n")[0]).toContain(head);
      const ids = [...section.matchAll(/^ {2}(\S+) +(\S+) /gm)].map(([, control, id]) => [control, id]);
      expect(ids).toEqual(some.map(({ control, id }) => [control, id]));
    }
    const data = JSON.parse((await warden("rules", "--json")).out) as { readonly id: string }[];
    expect(data.map(({ id }) => id)).toEqual([...rules, ...chains, ...checks].map(({ id }) => id));
  });

  test("answers for a control with what judges it", async () => {
    const one = await warden("rules", "RAM-ROLE-002");
    expect(one.code).toBe(0);
    expect(one.out).toMatch(/^rules, of a single change\n {2}RAM-ROLE-002 {2}RAM\.TrustForeignAccount {2}critical/);
    const several = JSON.parse((await warden("rules", "RAM-USER-004", "--json")).out) as { readonly id: string }[];
    expect(several.map(({ id }) => id)).toEqual(["RAM.ServiceUserLogon", "RAM.ServiceUserLogonHeld"]);
    const file = folder.file("settings.yaml", settings(""));
    const { out } = await warden("rules", "RAM-USER-004", "--effective", "--config", file);
    expect(out.split("\n").map((line) => line.split(" ")[0])).toEqual([
      "rule",
      "RAM.ServiceUserLogon",
      "RAM.ServiceUserLogonHeld",
      "",
    ]);
  });

  test("says why nothing judges a control, and refuses what is neither", async () => {
    expect(await warden("rules", "RAM-AUTH-001")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^no rule judges `RAM-AUTH-001`: sign-ins are recorded as events/),
    });
    expect((await warden("rules", "RAM-NONE-001")).err).toBe(
      "no rule `RAM-NONE-001`, and no control of that id; `warden rules` lists both\n",
    );
    expect((await warden("rules", "toString")).code).toBe(2);
  });
});
