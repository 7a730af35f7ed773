import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../shared/config.ts";
import type { Call } from "../shared/domain/plan.ts";
import { ok } from "../shared/domain/result.ts";
import type { Gone, RoleTrust } from "../shared/domain/subject.ts";
import { gone } from "../shared/domain/subject.ts";
import { takeFirstSight } from "../shared/first-sight.ts";
import { verifyLedger } from "../shared/ledger/verify.ts";
import { openSqliteStateStore } from "../shared/local/sqlite-state-store.ts";
import { newId, systemClock } from "../shared/local/system.ts";
import type { Receipt } from "../shared/pipeline.ts";
import { handlePayload } from "../shared/pipeline.ts";
import type { StateStore } from "../shared/ports/state-store.ts";
import type { World } from "../shared/ports/world.ts";

/**
 * What the ledger costs for each handled event: calls of the store, by method and by kind of row, and milliseconds on a
 * SQLite file with an fsync at each commit. The cloud is a map in memory that answers at once and the one channel takes
 * everything, so that what is left is the ledger and the judging. Each event is a payload of its own, as it arrives.
 */

const accountId = "1234567890123456";
const rounds = 200;

const read = readConfig(
  `mode: enforce\naccount: "${accountId}"\nroles: { looking: ram-warden-looking, acting: ram-warden-acting }\ntrusted: { services: [ecs.aliyuncs.com, fc.aliyuncs.com] }\nbudgets: { rule: 100000, actor: 100000, account: 100000, subject: 100000, failures: 100000 }\n`,
  "warden.yaml",
  {},
);
if (!read.ok) throw new Error(JSON.stringify(read.error));
const settings = read.value;

const trust = (principal: object): string =>
  JSON.stringify({ Version: "1", Statement: [{ Action: "sts:AssumeRole", Effect: "Allow", Principal: principal }] });
const clear = trust({ Service: ["ecs.aliyuncs.com"] });
const open = trust({ RAM: ["acs:ram::6660666066606660:root"] });

const roles = new Map<string, RoleTrust>();
const roleAs = (roleName: string, document: string): RoleTrust => ({
  kind: "role-trust",
  roleName,
  roleId: `3${roleName}`,
  document,
  description: "",
  maxSessionSeconds: 3600,
  serviceLinked: false,
  rest: {},
});

let counter = 0;
const nextId = (): string => {
  counter += 1;
  return `00000000-0000-4000-8000-${String(counter).padStart(12, "0")}`;
};

/** An UpdateRole as ActionTrail tells it. */
const updated = (roleName: string, document: string, userIdentity: object, requestId = nextId()) => ({
  eventId: requestId,
  requestId,
  eventVersion: 1,
  eventType: "ApiCall",
  eventRW: "Write",
  eventTime: new Date(systemClock.now()).toISOString().replace(/\.\d+/, ""),
  serviceName: "Ram",
  eventName: "UpdateRole",
  recipientAccountId: accountId,
  userIdentity,
  requestParameters: { RoleName: roleName, NewAssumeRolePolicyDocument: document },
  responseElements: {
    Role: {
      RoleName: roleName,
      RoleId: `3${roleName}`,
      AssumeRolePolicyDocument: document,
      Description: "",
      MaxSessionDuration: 3600,
    },
  },
});
const mallory = {
  type: "ram-user",
  accountId,
  principalId: "2",
  userName: "mallory",
  accessKeyId: "LTAIbench",
};

type Counts = { readonly byMethod: Map<string, number>; readonly byKind: Map<string, number>; total: number };
const noCounts = (): Counts => ({ byMethod: new Map(), byKind: new Map(), total: 0 });
let counts = noCounts();

const counted = (state: StateStore): StateStore => {
  const through =
    <Given extends readonly [string, ...unknown[]], Answer>(
      name: string,
      call: (...given: Given) => Promise<Answer>,
    ): ((...given: Given) => Promise<Answer>) =>
    (...given) => {
      const kind = given[0].slice(0, given[0].indexOf("/"));
      counts.byMethod.set(name, (counts.byMethod.get(name) ?? 0) + 1);
      counts.byKind.set(kind, (counts.byKind.get(kind) ?? 0) + 1);
      counts.total += 1;
      return call(...given);
    };
  return {
    get: through("get", state.get),
    putIfAbsent: through("putIfAbsent", state.putIfAbsent),
    compareAndSet: through("compareAndSet", state.compareAndSet),
    delete: through("delete", state.delete),
    list: through("list", state.list),
  };
};

/** The session under which the last write was made, and its RequestId: what the event of our own write carries. */
let ownWrite = { session: "", requestId: "" };

const worldOn = (state: StateStore): World => ({
  accountId,
  read: async (ref) =>
    ok((ref.kind === "role-trust" ? roles.get(ref.roleName.toLowerCase()) : undefined) ?? (gone as Gone)),
  policyDocument: async () => ok(gone),
  inventory: async (kind) =>
    ok({
      things:
        kind === "role-trust"
          ? [...roles.keys()].map((roleName) => ({ ref: { kind, accountId, route: "Ram" as const, roleName } }))
          : [],
      calls: 1,
    }),
  census: async () => ok({ seen: [], calls: 0 }),
  trail: async () => ok({ events: [] }),
  act: async (planId) =>
    ok({
      writer: { role: "ram-warden-acting", session: `warden-${planId}` },
      send: async ({ parameters }: Call) => {
        const name = String(parameters.RoleName).toLowerCase();
        const role = roles.get(name);
        if (role !== undefined) roles.set(name, { ...role, document: String(parameters.NewAssumeRolePolicyDocument) });
        ownWrite = { session: `warden-${planId}`, requestId: nextId() };
        return ok({ requestId: ownWrite.requestId });
      },
    }),
  state: counted(state),
  channels: [{ name: "quiet", send: async () => ({ kind: "sent" }) }],
  // What would be waited for is not the ledger's.
  clock: { now: systemClock.now, sleep: async () => undefined },
  newId,
  log: () => undefined,
});

/** The event of the write that was made last. */
const ownEvent = (n: number): object =>
  updated(
    `r${n}`,
    clear,
    {
      type: "assumed-role",
      accountId,
      principalId: `3:${ownWrite.session}`,
      userName: `ram-warden-acting:${ownWrite.session}`,
    },
    ownWrite.requestId,
  );

const mean = (sum: number): string => (sum / rounds).toFixed(2).replace(/\.?0+$/, "");
const shown = (map: Map<string, number>): string =>
  [...map]
    .sort(([, a], [, b]) => b - a)
    .map(([name, sum]) => `${name} ${mean(sum)}`)
    .join(", ");

const folder = mkdtempSync(join(tmpdir(), "ram-warden-bench-"));
const state = openSqliteStateStore(join(folder, "state.sqlite"), systemClock);
const world = worldOn(state);
const outcomes = ({ decisions, passedOver }: Receipt): string =>
  decisions[0]?.outcome ?? passedOver[0]?.reason.replace(/, of incident .*/, "") ?? "nothing";

const measure = async (name: string, expected: string, payload: (round: number) => unknown): Promise<void> => {
  counts = noCounts();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const given = payload(round);
    const from = performance.now();
    const receipt = await handlePayload(world, settings, given);
    times.push(performance.now() - from);
    if (outcomes(receipt) !== expected) throw new Error(`${name}: expected ${expected}, got ${outcomes(receipt)}`);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(2);
  const journal = (counts.byKind.get("journal") ?? 0) + (counts.byKind.get("journal-head") ?? 0);
  console.log(
    `| ${name} | ${mean(counts.total)} | ${mean(journal)} | ${shown(counts.byMethod)} | ${at(0.5)} | ${at(0.95)} |`,
  );
};

try {
  console.log(`Node ${process.version}, ${cpus()[0]?.model ?? "?"}, ${rounds} events of each\n`);
  console.log("| event | store calls | of these the journal | by method | ms, median | p95 |");
  console.log("|---|---|---|---|---|---|");
  for (let round = 0; round < rounds; round += 1) roles.set(`r${round}`, roleAs(`r${round}`, clear));
  const taken = await takeFirstSight(world, settings);
  if (!taken.ok || taken.value.accepted !== rounds) throw new Error("the roles were not taken as they stand");
  await measure("clear by the event alone, accepted as the state to go back to", "clear", (n) =>
    updated(`r${n}`, clear, mallory),
  );
  const attacks = Array.from({ length: rounds }, (_, n) => updated(`r${n}`, open, mallory));
  const own: object[] = [];
  await measure("a violation: intent, call, outcome, told", "reverted", (n) => {
    if (n > 0) own.push(ownEvent(n - 1));
    roles.set(`r${n}`, roleAs(`r${n}`, open));
    return attacks[n];
  });
  own.push(ownEvent(rounds - 1));
  await measure("the event of our own write", "our own write", (n) => own[n]);
  await measure("the same event again", "dealt with before: reverted", (n) => attacks[n]);
  await measure("a violation that is gone when it is looked at", "transient", (n) => {
    roles.delete(`gone${n}`);
    return updated(`gone${n}`, open, mallory);
  });
  await measure("a change that no rule in force judges", "clear", (n) => {
    const { requestParameters: _role, responseElements: _made, ...event } = updated(`r${n}`, clear, mallory);
    const name = `group${n}`;
    return {
      ...event,
      eventName: "CreateGroup",
      requestParameters: { GroupName: name },
      responseElements: { Group: { GroupName: name } },
    };
  });
  const bare: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await state.putIfAbsent(`bare/${accountId}/${round}`, { filler: "x".repeat(400) });
    bare.push(performance.now() - start);
  }
  console.log(`\none bare write of 400 bytes: median ${bare.sort((a, b) => a - b)[rounds / 2]?.toFixed(2)} ms`);
  const from = performance.now();
  const verified = await verifyLedger(state, accountId);
  console.log(
    `\`ledger verify\`: ${verified.intact ? "intact" : "NOT INTACT"}, ${verified.entries} entries and ${verified.rows} rows in ${(performance.now() - from).toFixed(0)} ms`,
  );
} finally {
  state.close();
  rmSync(folder, { recursive: true, force: true });
}
