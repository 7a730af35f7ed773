import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acts, writes as writesAt } from "../../cli/doctor/acts.ts";
import { lives } from "../../cli/doctor/remembers.ts";
import { sees } from "../../cli/doctor/sees.ts";
import { waits } from "../../cli/doctor/tells.ts";
import type { Config } from "../../shared/config.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import { systemClock } from "../../shared/local/system.ts";
import type { World } from "../../shared/ports/world.ts";
import { flushOutbox, tell } from "../../shared/response/tell.ts";
import { notRules } from "../../shared/rules/kit/not-rules.ts";
import { callerOf } from "../sandbox/client.ts";
import { accountId, guardedAccount } from "../support/guarded-account.ts";
import { memoryStateStore } from "../support/memory-state-store.ts";
import type { SandboxPlace } from "./sandbox-place.ts";
import { sandboxPlace } from "./sandbox-place.ts";
import { warden } from "./warden.ts";

type Printed = {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly status: string; readonly detail: string }[];
  readonly notJudged: readonly { readonly control: string }[];
};

let place: SandboxPlace;
beforeEach(async () => {
  place = await sandboxPlace();
});
afterEach(() => place.leave());

const doctor = async (...args: readonly string[]) => {
  const { code, out } = await warden("doctor", "--json", ...args);
  const printed = JSON.parse(out) as Printed;
  const found = (name: string) => printed.checks.find((one) => one.name === name);
  return { code, printed, found };
};
const writes = () => place.sandbox.trail.filter((event) => (event as { eventRW?: string }).eventRW === "Write").length;

test("an installation that is swept is well, and nothing was written to the account or sent", async () => {
  await warden("sweep");
  const before = writes();
  const { code, printed, found } = await doctor("--deep");
  expect(printed.checks.filter(({ status }) => status !== "ok" && status !== "warning")).toEqual([]);
  expect({ code, ok: printed.ok }).toEqual({ code: 0, ok: true });
  expect(found("credentials")?.detail).toBe("user administrator");
  expect(found("acting role")).toMatchObject({ status: "ok" });
  expect(found("ledger")?.detail).toMatch(/^\d+ entries, \d+ rows held against them$/);
  expect(found("sweep")?.detail).toBe("ended its last tick 0 min ago");
  expect(found("guard")?.status).toBe("warning");
  expect(printed.checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["read roles", "read grants", "read settings", "read audit trail", "channel dingtalk"]),
  );
  expect(writes()).toBe(before);
  expect(place.messages()).toEqual([]);
});

test("a mode of the environment that is none is named, beside what it comes to", async () => {
  const world = { state: memoryStateStore(systemClock), accountId };
  const guardrails = { mode: "observe" } as Config["guardrails"];
  expect((await writesAt(world, { guardrails })).filter(({ name }) => name === "mode")).toHaveLength(1);
  expect(await writesAt(world, { guardrails, unknownMode: "enforced" })).toEqual(
    expect.arrayContaining([
      {
        name: "mode",
        status: "warning",
        detail: "`WARDEN_MODE` in the environment: `enforced` is no mode: `observe`",
      },
    ]),
  );
});

test("what is not well is named: no sweep, writing switched off, and a text for people says the same", async () => {
  await warden("stop", "--because", "a migration");
  const { code, found } = await doctor();
  expect(code).toBe(1);
  expect(found("sweep")).toMatchObject({ status: "bad" });
  expect(found("kill switch")?.detail).toContain("by user administrator: a migration");
  expect(found("ledger")?.status).toBe("skipped");
  expect((await warden("doctor")).out).toMatch(/^bad {6}kill switch: writing is off since/m);
});

test("which controls nothing judges is said with the reason, and is no fault of the installation", async () => {
  await warden("sweep");
  const { code, printed } = await doctor();
  expect({ code, ok: printed.ok }).toEqual({ code: 0, ok: true });
  expect(printed.notJudged.map(({ control }) => control)).toEqual(Object.keys(notRules));
  expect(printed.notJudged.find(({ control }) => control === "RAM-AUTH-001")).toEqual({
    control: "RAM-AUTH-001",
    ...notRules["RAM-AUTH-001"],
  });
  const { out } = await warden("doctor");
  const [, section = ""] = out.split("\n\n");
  for (const [control, { title, because }] of Object.entries(notRules)) {
    expect(section).toContain(`    ${control}  ${title.en}\n`);
    expect(section.split(`  ${because.en}\n`)).toHaveLength(2);
  }
});

test("a test message is sent when it is asked for, and a channel that takes none is bad", async () => {
  const { found } = await doctor("--send-test");
  expect(found("channel dingtalk")).toMatchObject({ status: "ok" });
  expect(JSON.stringify(place.messages())).toContain("a test message, nothing happened");
});

test("what waits to be told is counted, and is bad after an hour and where its channel is gone", async () => {
  let now = Date.UTC(2026, 10, 22);
  const clock = { ...systemClock, now: () => now };
  const channels = [{ name: "chat", send: async () => ({ kind: "rejected", because: "errcode `400102`" }) as const }];
  const world = {
    state: memoryStateStore(clock),
    accountId,
    clock,
    channels,
    log: () => undefined,
  } as unknown as World;
  const message = { id: "m", incidentId: "i", severity: "medium", title: ["x"], fields: [], data: {} } as const;
  expect(await waits(world)).toEqual([]);
  await tell(world, message);
  expect(await waits(world)).toEqual([
    { name: "outbox chat", status: "ok", detail: "1 messages wait, the oldest for 0 min: not sent yet" },
  ]);
  await flushOutbox(world, "en");
  now += 3_600_000;
  expect(await waits(world)).toEqual([
    { name: "outbox chat", status: "bad", detail: "1 messages wait, the oldest for 60 min: errcode `400102`" },
  ]);
  now -= 3_600_000;
  expect(await waits({ ...world, channels: [] })).toMatchObject([
    { name: "outbox chat", status: "bad", detail: expect.stringContaining("the settings name no such channel") },
  ]);
});

test("doctor itself looks at the outbox", async () => {
  const state = openSqliteStateStore(join(place.folder.path, "state.sqlite"), systemClock);
  const world = { state, accountId, clock: systemClock, channels: [{ name: "old" }] } as unknown as World;
  await tell(world, { id: "m", incidentId: "i", severity: "medium", title: ["x"], fields: [], data: {} });
  state.close();
  const { code, found } = await doctor();
  expect({ code, outbox: found("outbox old")?.status }).toEqual({ code: 1, outbox: "bad" });
});

test("a family that may not be read is named, with the code of the cloud", async () => {
  place.sandbox.faults.inject({ match: { operation: "ListRoles" }, kind: "unavailable", times: 10 });
  const { code, found } = await doctor();
  expect(code).toBe(3);
  expect(found("read roles")?.status).toBe("failed");
  expect(found("read grants")?.status).toBe("ok");
});

test("what the sweep's last tick could not do is a warning each", async () => {
  const state = memoryStateStore(systemClock);
  const world = { state, accountId, clock: systemClock } as unknown as Parameters<typeof lives>[0];
  const did = { problems: ["walking over the account ended in a fault: TypeError", 7] };
  await state.putIfAbsent(`heartbeat/${accountId}/sweep`, { at: systemClock.now(), did });
  expect(await lives(world)).toEqual([
    expect.objectContaining({ name: "guard", status: "warning" }),
    { name: "sweep", status: "ok", detail: "ended its last tick 0 min ago" },
    {
      name: "last tick",
      status: "warning",
      detail: "could not do all of its work: walking over the account ended in a fault: TypeError",
    },
  ]);
});

test("credentials without rights see nothing, and the acting role's trust is not theirs", async () => {
  const call = callerOf(place.sandbox, place.sandbox.keyOf("administrator"));
  await call("Ram", "DetachPolicyFromUser", {
    PolicyType: "System",
    PolicyName: "AdministratorAccess",
    UserName: "administrator",
  });
  const { code, printed, found } = await doctor();
  expect(code).toBe(1);
  expect(found("acting role")?.status).toBe("bad");
  const families = printed.checks.filter(({ name }) => name.startsWith("read "));
  expect(families.every(({ status }) => status === "bad")).toBe(true);
});

test("the role that functions look with can assume the acting role, in a session that may do nothing", async () => {
  const account = await guardedAccount();
  try {
    const { sandbox, clock, config } = account;
    const credentials = sandbox.sessionOf("ram-warden-looking", "doctor");
    const options = {
      credentials,
      clock,
      region: config.region,
      endpoint: sandbox.endpoint,
      protocol: "http",
    } as const;
    expect(await acts(account.world(), config, options)).toEqual([
      { name: "acting role", status: "ok", detail: "`ram-warden-acting` can be assumed" },
    ]);
    expect((await sees(account.world())).filter(({ status }) => status !== "ok")).toEqual([]);
  } finally {
    await account.stop();
  }
});

test("an acting role that is not there is bad", async () => {
  const call = callerOf(place.sandbox, place.sandbox.keyOf("administrator"));
  for (const { policyName, policyType, principalName } of place.sandbox.dump().attachments ?? [])
    if (principalName === "ram-warden-acting")
      await call("Ram", "DetachPolicyFromRole", {
        PolicyType: policyType,
        PolicyName: policyName,
        RoleName: principalName,
      });
  await call("Ram", "DeleteRole", { RoleName: "ram-warden-acting" });
  expect((await doctor()).found("acting role")?.status).toBe("bad");
});

test("a state that cannot be opened is bad, and wrong settings are refused", async () => {
  mkdirSync(join(place.folder.path, "state.sqlite"));
  chmodSync(join(place.folder.path, "state.sqlite"), 0o500);
  expect((await doctor()).found("state store")?.status).toBe("bad");
  const wrong = place.folder.file("wrong.yaml", "mode: sometimes\n");
  expect((await warden("doctor", "--config", wrong)).code).toBe(2);
});
