import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { startSandbox } from "../../../sandbox/index.ts";
import type { Json } from "../../../shared/domain/json.ts";
import type { Incident } from "../../../shared/ledger/incident.ts";
import { openLedger, rows } from "../../../shared/ledger/ledger.ts";
import { openSqliteStateStore } from "../../../shared/local/sqlite-state-store.ts";
import { callerOf } from "../../sandbox/client.ts";
import { accountBefore, accountId } from "../../support/guarded-account.ts";
import { drawsFrom } from "../simulation/scheduler.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export type Killed = {
  readonly rounds: number;
  /** Processes that were killed before they could say how it ended. */
  readonly killedAtWork: number;
  /** Users who are administrators although each was put back; none, it is hoped. */
  readonly left: readonly string[];
  /** Writes of ours that took effect, by the user that they are about. */
  readonly writes: readonly number[];
  readonly open: readonly string[];
  readonly neverTold: readonly string[];
  /** Incidents that came twice without a mark. */
  readonly twiceUnmarked: readonly string[];
  readonly incidents: number;
};

const settings = `
budgets: { rule: 1000, actor: 1000, account: 1000 }
mode: enforce
audit: off
account: "${accountId}"
roles: { looking: ram-warden-looking, acting: ram-warden-acting }
channels:
  - { kind: webhook, url: { env: HOOK }, secrets: [{ env: HOOK_SECRET }] }

`;

/** One bundle, so that a process starts quickly. It lies where Node finds the packages of the project. */
const bundled = async (): Promise<{ readonly file: string; readonly remove: () => void }> => {
  const folder = join(root, "node_modules", ".cache", `warden-worker-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "worker.mjs");
  await build({
    absWorkingDir: root,
    entryPoints: ["test/scenarios/processes/worker.ts"],
    outfile: file,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "silent",
  });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

type Worker = {
  readonly child: ChildProcess;
  readonly lines: Interface;
  readonly next: () => Promise<string | undefined>;
};

const started = (file: string, environment: Readonly<Record<string, string>>): Worker => {
  const child = spawn(process.execPath, [file], { env: environment, stdio: ["pipe", "pipe", "inherit"] });
  if (child.stdout === null) throw new Error("the worker has no output");
  // What is written to a process that is gone is lost, as it should be.
  child.stdin?.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout });
  const iterator = lines[Symbol.asyncIterator]();
  const next = async (): Promise<string | undefined> => {
    const { value, done } = await iterator.next();
    return done === true ? undefined : value;
  };
  return { child, lines, next };
};

/** Kills processes of guards at instants that a seed chooses, while they put changes back; then lets others finish. */
export const killRounds = async (count: number, seed: number, statePath: string): Promise<Killed> => {
  const draw = drawsFrom(seed);
  let aheadMs = 0;
  const clock = { now: () => Date.now() + aheadMs };
  const told: { readonly id: string; readonly marked: boolean }[] = [];
  const hook = (request: IncomingMessage, response: ServerResponse): void => {
    let body = "";
    request.on("data", (part) => {
      body += String(part);
    });
    request.on("end", () => {
      told.push({ id: String(request.headers["webhook-id"]), marked: body.includes("may be a repeat") });
      response.writeHead(200).end();
    });
  };
  const users = Array.from({ length: count }, (_, index) => `user-${index}`);
  const before = accountBefore();
  const sandbox = await startSandbox({
    seed,
    clock,
    dateWindowMs: Number.POSITIVE_INFINITY,
    snapshot: { ...before, users: [...(before.users ?? []), ...users.map((userName) => ({ userName }))] },
    mounts: [{ path: "/hook", handle: hook }],
  });
  const { file, remove } = await bundled();
  const environment = () => ({
    PATH: process.env.PATH ?? "",
    STATE: statePath,
    ENDPOINT: sandbox.endpoint,
    SETTINGS: settings,
    HOOK: `${sandbox.url}/hook`,
    HOOK_SECRET: `whsec_${Buffer.from("a secret of this test, and no other").toString("base64")}`,
    CREDENTIALS: JSON.stringify(sandbox.sessionOf("ram-warden-looking", "worker")),
    AHEAD_MS: String(aheadMs),
  });
  const worker = (): Worker => started(file, environment());
  const events = (): readonly Json[] =>
    sandbox.trail.filter(
      ({ eventRW, errorCode, serviceName }) => eventRW === "Write" && errorCode === undefined && serviceName === "Ram",
    ) as unknown as readonly Json[];

  const attach = callerOf(sandbox, sandbox.keyOf("mallory"));
  let killedAtWork = 0;
  let [spare, other] = [worker(), worker()];
  for (const UserName of users) {
    const [first, second] = [spare, other];
    [spare, other] = [worker(), worker()];
    await Promise.all([first.next(), second.next()]);
    await attach("Ram", "AttachPolicyToUser", { PolicyType: "System", PolicyName: "AdministratorAccess", UserName });
    const line = `${JSON.stringify(events().at(-1))}\n`;
    first.child.stdin?.write(line);
    const both = draw() < 0.3;
    if (both) second.child.stdin?.write(line);
    // Mostly soon: on a quick machine an event is dealt with in tens of milliseconds.
    await after(draw() * draw() * 250);
    let ended = 0;
    for (const one of both ? [first, second] : [first]) {
      const said = one.next();
      one.child.kill("SIGKILL");
      if ((await said) === "done") ended += 1;
    }
    if (ended === 0) killedAtWork += 1;
    second.child.kill("SIGKILL");
  }
  for (const { child } of [spare, other]) child.kill("SIGKILL");

  // Long after, the timer comes, and the platform brings everything once more.
  for (let tick = 0; tick < 4; tick += 1) {
    aheadMs += 15 * 60_000;
    const { child, next } = worker();
    await next();
    for (const event of tick === 1 ? events() : []) {
      child.stdin?.write(`${JSON.stringify(event)}\n`);
      await next();
    }
    child.stdin?.write("sweep\n");
    await next();
    child.kill("SIGKILL");
  }

  const state = openSqliteStateStore(statePath, { now: clock.now, sleep: async () => undefined });
  try {
    const all: readonly Incident[] = await openLedger(
      state,
      { ...clock, sleep: async () => undefined },
      accountId,
    ).incidents();
    const open: string[] = all.filter(({ status }) => status !== "settled").map(({ id }) => id);
    for (const kind of ["lease", "deferred", "outbox"])
      for await (const { key } of rows(state, `${kind}/${accountId}/`)) open.push(key);
    const kept = all.filter(({ abandoned }) => abandoned === undefined);
    const writes = sandbox.calls.list().filter(({ caller, operation, status }) => {
      return caller.startsWith("ram-warden-acting:") && operation === "DetachPolicyFromUser" && status === 200;
    });
    return {
      rounds: count,
      killedAtWork,
      left: (sandbox.dump().attachments ?? [])
        .map(({ principalName }) => principalName)
        .filter((name) => users.includes(name)),
      writes: users.map((name) => writes.filter(({ parameters }) => parameters.UserName === name).length),
      open,
      neverTold: kept.filter(({ id }) => !told.some((one) => one.id === id)).map(({ id }) => id),
      twiceUnmarked: kept
        .filter(({ id }) => told.filter((one) => one.id === id && !one.marked).length > 1)
        .map(({ id }) => id),
      incidents: kept.length,
    };
  } finally {
    state.close();
    remove();
    await sandbox.stop();
  }
};
