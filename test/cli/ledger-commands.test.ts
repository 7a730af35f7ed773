import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sessionPath } from "../../cli/sandbox-session.ts";
import { callerOf } from "../sandbox/client.ts";
import { accountId, openTrust } from "../support/guarded-account.ts";
import type { SandboxPlace } from "./sandbox-place.ts";
import { sandboxPlace } from "./sandbox-place.ts";
import { spawnWarden, warden } from "./warden.ts";

let place: SandboxPlace;
/** Within the folder. */
const sessionFile = relative(process.cwd(), sessionPath(process.pid));

/** What a takeover does, and what everybody does. */
const attack = async (): Promise<void> => {
  const call = callerOf(place.sandbox, place.sandbox.keyOf("mallory"));
  await call("Ram", "AttachPolicyToGroup", {
    PolicyType: "System",
    PolicyName: "AliyunOSSReadOnlyAccess",
    GroupName: "staff",
  });
  await call("Ram", "UpdateRole", { RoleName: "Deploy", NewAssumeRolePolicyDocument: openTrust });
  await call("Ram", "CreateAccessKey", { UserName: "alice" });
  await call("ResourceManager", "AttachPolicy", {
    ResourceGroupId: accountId,
    PolicyType: "System",
    PolicyName: "AdministratorAccess",
    PrincipalType: "IMSUser",
    PrincipalName: "alice@example.onaliyun.com",
  });
  await call("Ims", "GenerateCredentialReport");
};

const trailFile = (): string => place.folder.file("trail.json", place.sandbox.trail);
const standing = (): unknown => {
  const { trail: _, ...account } = place.sandbox.dump({ secrets: true }) as { trail?: unknown };
  return JSON.parse(JSON.stringify(account, (key, value) => (/updateDate|lastUsed/.test(key) ? undefined : value)));
};
const isPutBack = () => {
  const account = place.sandbox.dump();
  const role = account.roles?.find(({ roleName }) => roleName === "Deploy");
  return {
    trust: String(role?.assumeRolePolicyDocument).includes("role/ci"),
    description: role?.description,
    keys: account.users
      ?.find(({ userName }) => userName === "alice")
      ?.accessKeys?.filter(({ status }) => status === "Active").length,
    grants: account.attachments?.filter(({ principalName }) => principalName === "alice").length,
  };
};
const allPutBack = { trust: true, description: "of the pipeline", keys: 1, grants: 0 };
const nonePutBack = { trust: false, description: expect.any(String), keys: 2, grants: 1 };

type Printed = {
  readonly decisions: readonly { readonly outcome: string; readonly operation: string; readonly incidentId?: string }[];
  readonly passedOver: readonly { readonly eventId: string | null; readonly reason: string }[];
  readonly refusals: readonly unknown[];
  readonly deferred: readonly unknown[];
};
const printed = (out: string): Printed => {
  const receipt: unknown = JSON.parse(out);
  isReceipt(receipt);
  expect(isReceipt.errors ?? []).toEqual([]);
  return receipt as Printed;
};
const isReceipt = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync(new URL("../../docs/receipt.schema.json", import.meta.url), "utf8")),
);
const outcomes = (out: string) => printed(out).decisions.map(({ outcome }) => outcome);

/** Each test has an account of its own, whose roles were taken as they stood, and which was then attacked. */
const attacked = (): void => {
  beforeEach(async () => {
    place = await sandboxPlace();
    expect((await warden("baseline")).code).toBe(0);
    await attack();
  });
  afterEach(() => place.leave());
};
/** The tests share an account in which nothing happens. */
const quiet = (): void => {
  beforeAll(async () => {
    place = await sandboxPlace();
  });
  afterAll(() => place.leave());
};

describe("replay", () => {
  attacked();
  test("puts recorded events through the whole pipeline, once", async () => {
    const file = trailFile();
    const first = await warden("replay", file, "--json");
    expect(outcomes(first.out)).toEqual(["clear", "reverted", "contained", "reverted"]);
    expect(first.code).toBe(1);
    expect(isPutBack()).toEqual(allPutBack);
    expect(place.messages()).toHaveLength(3);
    expect(Object.keys(printed(first.out))).toEqual(["decisions", "passedOver", "refusals", "deferred"]);

    const second = await warden("replay", file, "--json");
    expect(second.code).toBe(0);
    expect(outcomes(second.out)).toEqual([]);
    expect(printed(second.out).passedOver.filter(({ reason }) => reason.startsWith("dealt with before"))).toHaveLength(
      4,
    );
    expect(place.messages()).toHaveLength(3);
  });

  test("says of a payload that there is no record in it", async () => {
    const empty = place.folder.file("empty.json", []);
    const { code, err } = await warden("replay", empty);
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(`there is no record in \`${empty}\`\n`) });
    expect((await warden("replay", trailFile(), "--dry-run")).err).not.toContain("there is no record");
  });

  test("with --dry-run says the same and touches nothing", async () => {
    const before = standing();
    const { code, out } = await warden("replay", trailFile(), "--dry-run", "--json");
    expect(code).toBe(1);
    expect(outcomes(out)).toEqual(["clear", "reverted", "contained", "reverted"]);
    expect(standing()).toEqual(before);
    expect(await place.incidents()).toEqual([]);
    expect(place.messages()).toEqual([]);
  });

  test("only tells where the settings observe", async () => {
    place.setMode("observe");
    const { out } = await warden("replay", trailFile(), "--json");
    expect(outcomes(out)).toEqual(["clear", "observed", "observed", "observed"]);
    expect(isPutBack()).toEqual(nonePutBack);
    expect(await place.incidents()).toHaveLength(3);
  });

  test("refuses what it cannot understand with 2, and deals with the rest", async () => {
    const { code, out } = await warden("replay", place.folder.file("odd.json", [5, ...place.sandbox.trail]), "--json");
    expect(code).toBe(2);
    expect(printed(out).refusals).toEqual([
      { where: expect.stringMatching(/odd\.json:\$\[0\]$/), reason: expect.any(String) },
    ]);
    expect(isPutBack()).toEqual(allPutBack);
  });

  test("does nothing about any file where one cannot be read", async () => {
    const before = standing();
    expect(await warden("replay", trailFile(), "nofile.json", "--json")).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("cannot read `nofile.json`"),
    });
    expect(standing()).toEqual(before);
    expect(await place.incidents()).toEqual([]);
  });

  test("prints nothing that is for the pipeline alone", async () => {
    const { out } = await warden("replay", trailFile(), "--json");
    for (const passed of printed(out).passedOver) {
      expect(Object.keys(passed)).toEqual(expect.arrayContaining(["eventId", "operation", "reason"]));
      expect(passed).not.toHaveProperty("write");
    }
    expect(printed(out).passedOver.length).toBeGreaterThan(0);
  });
});

describe("backfill", () => {
  attacked();
  test("says what it would do, and leaves the account and the ledger as they are", async () => {
    const before = standing();
    const { code, out } = await warden("backfill", "--from", "1h", "--json");
    expect(code).toBe(1);
    expect(outcomes(out)).toEqual(["clear", "reverted", "contained", "reverted"]);
    expect(standing()).toEqual(before);
    expect(await place.incidents()).toEqual([]);
    expect(place.messages()).toEqual([]);
  });

  test("does it with --enforce, and a second time there is nothing to do", async () => {
    const first = await warden("backfill", "--from", "1h", "--enforce", "--json");
    expect(outcomes(first.out)).toEqual(["clear", "reverted", "contained", "reverted"]);
    expect(isPutBack()).toEqual(allPutBack);
    const after = standing();

    const second = await warden("backfill", "--from", "1h", "--enforce", "--json");
    expect(second.code).toBe(0);
    expect(outcomes(second.out)).toEqual([]);
    expect(standing()).toEqual(after);
    expect(await place.incidents()).toHaveLength(3);
  });

  test("says after it that all was dealt with", async () => {
    await warden("backfill", "--from", "1h", "--enforce");
    const { code, out } = await warden("backfill", "--from", "1h", "--json");
    expect(new Set(outcomes(out))).toEqual(new Set(["clear"]));
    expect(code).toBe(0);
  });

  test("says of what was told, and stays as it is, that it was dealt with", async () => {
    place.setMode("observe");
    await warden("backfill", "--from", "1h", "--enforce");
    const { code, out } = await warden("backfill", "--from", "1h", "--json");
    expect(code).toBe(0);
    expect(outcomes(out)).toEqual([]);
    expect(printed(out).passedOver.filter(({ reason }) => reason === "dealt with before: observed")).toHaveLength(3);
  });

  test("says what would be done in the conditional, and what was done as done", async () => {
    const would = await warden("backfill", "--from", "1h");
    expect(would.out.match(/^ {2}would be put back$/gm)).toHaveLength(2);
    expect(would.out).not.toMatch(/^ {2}put back$/m);
    const done = await warden("backfill", "--from", "1h", "--enforce");
    expect(done.out.match(/^ {2}put back$/gm)).toHaveLength(2);
  });

  test("with --enforce writes nothing where the settings observe", async () => {
    place.setMode("observe");
    await warden("backfill", "--from", "1h", "--enforce");
    expect(isPutBack()).toEqual(nonePutBack);
  });
});

describe("backfill with a time that is none", () => {
  quiet();

  test.each<[string, ...string[]]>([
    ["no time at all"],
    ["a word", "--from", "yesterday"],
    ["a time without a zone", "--from", "2026-11-22T01:00:00"],
    ["a day that does not exist", "--from", "2026-02-30"],
    ["a month that does not exist", "--from", "2026-13-01"],
    ["an hour that does not exist", "--from", "2026-11-22T25:00:00Z"],
    ["a negative span", "--from", "-5h"],
    ["a span without a unit", "--from", "24"],
    ["an end before the start", "--from", "1h", "--to", "2h"],
    ["more than ActionTrail keeps", "--from", "91d"],
    ["an odd end", "--from", "1h", "--to", "soon"],
  ])("refuses %s with 2", async (_, ...args) => {
    const { code, out, err } = await warden("backfill", ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/--from|--to/);
    expect(err).not.toMatch(/^\s+at /m);
  });
});

describe("backfill between two times", () => {
  attacked();
  const now = Date.now();
  const minutesAgo = (minutes: number): string => `${new Date(now - minutes * 60_000).toISOString().slice(0, 19)}Z`;
  let template: { readonly [key: string]: unknown };

  const at = (minutes: number, index: number) => ({
    ...template,
    eventId: `old-${minutes}-${index}`,
    requestId: `old-${minutes}-${index}`,
    eventTime: minutesAgo(minutes),
  });
  const load = (events: readonly object[]): void => {
    const snapshot = place.sandbox.dump({ secrets: true });
    place.sandbox.load({ ...snapshot, trail: events as never });
  };
  const idsIn = async (...args: readonly string[]): Promise<readonly (string | null)[]> =>
    printed((await warden("backfill", ...args, "--json")).out).passedOver.map(({ eventId }) => eventId);

  beforeEach(() => {
    template = place.sandbox.trail.find(({ eventName }) => eventName === "GenerateCredentialReport") as typeof template;
  });

  test("includes both ends and nothing beyond", async () => {
    load([at(40, 0), at(30, 0), at(20, 0), at(10, 0), at(5, 0)]);
    expect(await idsIn("--from", minutesAgo(30), "--to", minutesAgo(10))).toEqual(["old-30-0", "old-20-0", "old-10-0"]);
    expect(await idsIn("--from", minutesAgo(20), "--to", minutesAgo(20))).toEqual(["old-20-0"]);
  });

  test("reads every page", async () => {
    load(Array.from({ length: 120 }, (_, index) => at(30, index)));
    const { out, err } = await warden("backfill", "--from", "1h", "--json");
    expect(printed(out).passedOver).toHaveLength(120);
    expect(err).toMatch(/page 4: Ims, 20 events/);
  });

  test("takes a day as the end to the end of that day", async () => {
    load([at(1, 0)]);
    const today = new Date(now - 60_000).toISOString().slice(0, 10);
    expect(await idsIn("--from", today, "--to", today)).toEqual(["old-1-0"]);
  });
});

describe("the cloud that does not answer", () => {
  quiet();
  test("is 3, without a stack", async () => {
    const session = JSON.parse(readFileSync(sessionPath(process.pid), "utf8")) as object;
    place.folder.file(sessionFile, { ...session, endpoint: "127.0.0.1:1" });
    const { code, err } = await warden("backfill", "--from", "1h");
    expect(code).toBe(3);
    expect(err).toMatch(/the history could not be read: ActionTrail\.LookupEvents ended/);
    expect(err).not.toMatch(/^\s+at /m);
  });
});

describe("incidents and undo", () => {
  attacked();
  test("there are none at first", async () => {
    expect(await warden("incidents")).toMatchObject({ code: 0, out: "no incidents\n" });
    expect(await warden("incidents", "--json")).toMatchObject({ code: 0, out: "[]\n" });
  });

  test("an unknown one is 2", async () => {
    for (const args of [
      ["incidents", "nope"],
      ["incidents", "nope", "--json"],
      ["undo", "nope"],
      ["undo", "\u001b[2J"],
    ]) {
      const { code, out, err } = await warden(...args);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toMatch(/no incident `/);
      expect(err).not.toContain("\u001b");
    }
  });

  test("each is listed, and told whole", async () => {
    await warden("replay", trailFile());
    const list = await warden("incidents");
    expect(list.code).toBe(0);
    expect(list.out.trim().split("\n")).toHaveLength(3);
    for (const { id } of await place.incidents()) {
      expect(list.out).toContain(id);
      const { code, out } = await warden("incidents", id, "--json");
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ id, status: expect.any(String), findings: expect.any(Array) });
      const told = await warden("incidents", id);
      expect(told.code).toBe(0);
      expect(told.out).toContain("mallory");
    }
  });

  test("one is taken back once; a second time, and one that wrote nothing, is refused with 1", async () => {
    await warden("replay", trailFile());
    const reverted = (await place.incidents()).filter(({ outcome }) => outcome?.kind === "reverted");
    for (const { id } of reverted) {
      const { code, out } = await warden("undo", id, "--json");
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ id: expect.any(String) });
      expect(await warden("undo", id)).toMatchObject({
        code: 1,
        err: expect.stringContaining("refused: it was undone before"),
      });
    }
    expect(isPutBack()).toMatchObject({ trust: false, grants: 1, keys: 1 });
    const undone = (await place.incidents()).find(({ outcome }) => outcome?.kind === "undone");
    expect(await warden("undo", undone?.id ?? "", "--json")).toMatchObject({
      code: 1,
      out: expect.stringContaining('"refused"'),
    });
  });

  test("what changed since is not taken back", async () => {
    await warden("replay", trailFile());
    const [first] = (await place.incidents()).filter(({ outcome }) => outcome?.kind === "reverted");
    const call = callerOf(place.sandbox);
    await call("Ram", "UpdateRole", { RoleName: "Deploy", NewDescription: "something else" });
    const { code, err } = await warden("undo", first?.id ?? "");
    expect(code).toBe(1);
    expect(err).toContain("the subject has changed since");
  });
});

describe("call", () => {
  quiet();
  test("calls the sandbox of this folder", async () => {
    const { code, out } = await warden("call", "Ram.GetUser", "UserName=alice");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ User: { UserName: "alice" } });
  });

  test("tells what the cloud says of a call that is wrong, with 2", async () => {
    expect(await warden("call", "Ram.GetUser", "UserName=nobody-here")).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringMatching(/EntityNotExist\.User.*: The specified User does not exist: nobody-here\./),
    });
    expect(await warden("call", "Ram.MakeCoffee")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/InvalidAction\.NotFound.*Ram:MakeCoffee/),
    });
    expect((await warden("call", "Ram.CreateUser", "UserName=alice")).code).toBe(2);
  });

  test("shows nothing that a terminal would obey", async () => {
    const { err } = await warden("call", "Ram.GetUser", "UserName=\u001b[2Jx");
    expect(err).not.toContain("\u001b");
  });

  test.each([
    ["GetUser"],
    ["Oss.PutObject"],
    ["Ram."],
    ["Ram.Get.User"],
    [""],
    ["Ram.GetUser", "UserName"],
    ["Ram.GetUser", "=x"],
  ])("refuses %s with 2", async (...args) => {
    expect(await warden("call", ...args)).toMatchObject({ code: 2, out: "" });
  });
});

describe("the ledger of a folder in which no sandbox runs", () => {
  attacked();
  test("is that of its settings, by a process of its own", async () => {
    await warden("replay", trailFile());
    const session = JSON.parse(readFileSync(sessionPath(process.pid), "utf8")) as { statePath: string };
    place.folder.file("warden.yaml", `account: "${accountId}"\nstate: { kind: sqlite, path: ${session.statePath} }\n`);
    place.folder.file(sessionFile, "{}");
    const { code, out } = await spawnWarden(["incidents", "--json"], { cwd: place.folder.path }).ended;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toHaveLength(3);
  });
});

describe("a state that is not there", () => {
  quiet();
  test("is not made by looking for it", async () => {
    place.folder.file("warden.yaml", `account: "${accountId}"\nstate: { kind: sqlite, path: none/state.sqlite }\n`);
    expect(await warden("incidents", "--cloud")).toEqual({
      code: 0,
      out: "no incidents\n",
      err: expect.stringContaining("there is no state at `none/state.sqlite` yet"),
    });
    expect(existsSync("none")).toBe(false);
  });
});

describe("baseline", () => {
  quiet();
  test("says what it remembered, and what it knew already", async () => {
    const first = await warden("baseline");
    const [, count] = /have a state to go back to from now on: (\d+)$/m.exec(first.out) ?? [];
    expect(Number(count)).toBeGreaterThan(3);
    expect((await warden("baseline")).out).toContain(
      `have a state to go back to from now on: 0\nleft as they are, since an accepted state is known already: ${count}`,
    );
  });
});

describe("settings with a robot that is not DingTalk's", () => {
  quiet();
  afterAll(() => {
    delete process.env.DINGTALK_WEBHOOK;
    delete process.env.DINGTALK_SECRET;
  });
  test("are refused with file and line, and 2", async () => {
    process.env.DINGTALK_WEBHOOK = "https://example.com/robot/send?access_token=x";
    process.env.DINGTALK_SECRET = "SECx";
    expect(await warden("replay", place.folder.file("none.json", []), "--config", "settings.yaml")).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringMatching(/settings\.yaml:\d+:\d+: .*`DINGTALK_WEBHOOK` names a host that is not DingTalk's/),
    });
  });
});

describe("a state that cannot be opened", () => {
  quiet();

  test.each<[string, string]>([
    ["a folder", "."],
    ["a file that is no state", "settings.yaml"],
    ["below a file", "settings.yaml/x/state.sqlite"],
  ])("is %s, which is told in a line", async (_, path) => {
    place.folder.file("warden.yaml", `account: "${accountId}"\nstate: { kind: sqlite, path: ${path} }\n`);
    const { code, out, err } = await warden("incidents", "--config", "warden.yaml");
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err.trim()).not.toBe("");
    expect(err).not.toMatch(/^\s+at /m);
  });
});

describe("baseline and incidents", () => {
  quiet();
  test("need no secret of a channel", async () => {
    const channel = "{ kind: webhook, url: { env: NOBODY_SET_THIS }, secrets: [{ env: NOR_THIS }] }";
    const roles = "roles: { looking: ram-warden-looking, acting: ram-warden-acting, approving: ram-warden-approving }";
    place.folder.file("settings.yaml", `account: "${place.sandbox.accountId}"\n${roles}\nchannels:\n  - ${channel}\n`);
    expect(await warden("baseline")).toMatchObject({ code: 0 });
    expect(await warden("incidents")).toMatchObject({ code: 0 });
  });
});
