import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Deferred, guardHandler } from "../functions/guard/handler.ts";
import { worldOf } from "../functions/wire.ts";
import { startSandbox } from "../sandbox/index.ts";
import { readConfig } from "../shared/config.ts";
import { openSqliteStateStore } from "../shared/local/sqlite-state-store.ts";
import { systemClock } from "../shared/local/system.ts";
import { callerOf } from "../test/sandbox/client.ts";
import { accountBefore, accountId } from "../test/support/guarded-account.ts";

/**
 * Judged events per second, end to end: real HTTP to a sandbox of this machine, one SQLite file, and 1, 4 and 16 guards
 * at once. One event in five is a grant that is put back; the others break no rule. Each guard has a handle of its own on
 * the file. Sandbox and guards share the machine, so this is a floor, and no promise of what the cloud's RAM would bear.
 */

const changes = Number(process.argv[2] ?? "400");

const settings = `
mode: enforce
budgets: { rule: 100000, actor: 100000, account: 100000, subject: 100000, failures: 100000 }
account: "${accountId}"
roles: { looking: ram-warden-looking, acting: ram-warden-acting }
channels: [{ kind: console }]
`;

const run = async (guards: number): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "ram-warden-bench-"));
  const before = accountBefore();
  const users = Array.from({ length: changes }, (_, index) => ({ userName: `user-${index}` }));
  const sandbox = await startSandbox({ seed: 1, snapshot: { ...before, users: [...(before.users ?? []), ...users] } });
  const read = readConfig(settings, "warden.yaml", {});
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const config = read.value;
  const call = callerOf(sandbox, sandbox.keyOf("mallory"));
  for (const [index, { userName: UserName }] of users.entries()) {
    const PolicyName = index % 5 === 0 ? "AdministratorAccess" : "ReadOnlyAccess";
    await call("Ram", "AttachPolicyToUser", { PolicyType: "System", PolicyName, UserName });
  }
  const events = sandbox.trail.filter(({ eventRW }) => eventRW === "Write").map((event) => JSON.stringify(event));
  const waits: number[] = [];
  const queue = [...events];
  const work = async (): Promise<void> => {
    const state = openSqliteStateStore(join(folder, "state.sqlite"), systemClock);
    const reach = { endpoint: sandbox.endpoint, protocol: "http" } as const;
    const log = (): void => undefined;
    const credentials = sandbox.sessionOf("ram-warden-looking");
    const world = async () => worldOf({ config, credentials, state, log, reach, write: () => undefined });
    const guard = guardHandler({ config, log, world });
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
      const from = performance.now();
      try {
        await guard(event, { requestId: "bench", credentials });
        waits.push(performance.now() - from);
      } catch (error) {
        if (!(error instanceof Deferred)) throw error;
        queue.push(event);
      }
    }
    state.close();
  };
  const from = performance.now();
  const cpuFrom = process.cpuUsage();
  await Promise.all(Array.from({ length: guards }, work));
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(cpuFrom);
  const reverted = sandbox.calls.list().filter(({ operation }) => operation === "DetachPolicyFromUser").length;
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
  if (waits.length !== changes || reverted !== Math.ceil(changes / 5)) throw new Error("not each event was judged");
  waits.sort((a, b) => a - b);
  const at = (share: number): string => (waits[Math.floor(waits.length * share)] ?? 0).toFixed(0).padStart(6);
  const perEvent = ((user + system) / 1000 / changes).toFixed(1);
  return `${String(guards).padStart(6)} ${(changes / seconds).toFixed(0).padStart(10)} ${at(0.5)} ${at(0.95)} ${perEvent.padStart(12)}`;
};

console.log(`${changes} events, ${cpus().length} × ${cpus()[0]?.model ?? "?"}, load ${loadavg()[0]?.toFixed(1)}`);
console.log("guards   events/s  median    p95  processor time, ms for each event");
for (const guards of [1, 4, 16]) console.log(await run(guards));
