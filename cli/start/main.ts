import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import pc from "picocolors";
import { Deferred, guardHandler } from "../../functions/guard/handler.ts";
import { worldOf } from "../../functions/wire.ts";
import type { Sandbox, SandboxOptions } from "../../sandbox/index.ts";
import { createDingtalkStandIn, startSandbox } from "../../sandbox/index.ts";
import type { Config } from "../../shared/config.ts";
import { cloudErrorText } from "../../shared/domain/cloud-error.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { openLog } from "../../shared/local/log.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import { systemClock } from "../../shared/local/system.ts";
import { flushOutbox } from "../../shared/response/tell.ts";
import { sweep } from "../../shared/sweep.ts";
import { loadConfig, sandboxEnvironment } from "../context.ts";
import { inboxMount, snapshotMount } from "../mounts.ts";
import { BadInput, exit, note, print, runCommand, safe } from "../output.ts";
import { removeEmptyFolder, removeLeftBehind, removeSession, writeSession } from "../sandbox-session.ts";
import { failingAt, whereFile } from "../state-failed.ts";
import { exampleAccount, people } from "./account.ts";
import { newsOf } from "./news.ts";
import { endState, otherThanUsual, playStory } from "./story.ts";

type Options = { readonly once?: boolean; readonly readyFile?: string; readonly port: string };

const configPath = fileURLToPath(new URL("../../warden.yaml", import.meta.url));

/** In the cloud it is a minute; here somebody sits and watches. */
const sweepEveryMs = 15_000;

/** What must be ended or taken away again, the last first. */
type Cleanup = { readonly add: (undo: () => unknown) => void; readonly run: () => Promise<void> };

const cleanup = (): Cleanup => {
  const undoes: (() => unknown)[] = [];
  return {
    add: (undo) => void undoes.push(undo),
    run: async () => {
      for (const undo of undoes.splice(0).reverse()) await undo();
    },
  };
};

const start = async (options: Options, ending: Cleanup): Promise<number> => {
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new BadInput("`--port` is a number from 0 (any) to 65535");
  const robot = createDingtalkStandIn({ accessToken: "sandbox", secret: "SECsandbox" });
  const startIn = async (options: SandboxOptions): Promise<Sandbox> => {
    try {
      return await startSandbox(options);
    } catch (error) {
      const code = codeOf(error);
      if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
      throw new BadInput(
        `cannot listen on port \`${port}\` of 127.0.0.1, \`${code}\`: take another with \`--port\`, or 0 for any`,
      );
    }
  };
  const sandbox: Sandbox = await startIn({
    port,
    snapshot: exampleAccount(),
    // As often as s.yaml asks Function Compute to try again, and sooner: a subject may be held by another delivery.
    delivery: { minDelayMs: 20, maxDelayMs: 150, duplicateRate: 0.25, retries: 8, retryDelayMs: 400 },
    mounts: [
      { path: "/robot/send", handle: robot.handle },
      inboxMount(robot.messages),
      snapshotMount(() => sandbox.dump()),
    ],
  });
  ending.add(() => sandbox.stop());
  const inbox = `${sandbox.url}/inbox`;
  // What is wrong with the sandbox's account as it stands is no part of the story.
  const config: Config = { ...loadConfig(configPath, "checked", sandboxEnvironment({ inbox })), audit: "off" };
  ending.add(() => removeEmptyFolder());
  removeLeftBehind();
  const statePath = stateFile();
  ending.add(() => removeState(statePath));
  const state = failingAt(whereFile(statePath), () => openSqliteStateStore(statePath, systemClock));
  ending.add(() => state.close());
  const log = openLog({ level: "error" });
  const reach = { endpoint: sandbox.endpoint, protocol: "http" } as const;
  const world = async (credentials: { accessKeyId: string; accessKeySecret: string; securityToken?: string }) =>
    worldOf({ config, credentials, state, log, reach });
  const looking = () => world(sandbox.sessionOf("ram-warden-looking"));
  const news = newsOf(sandbox, robot, openLedger(state, systemClock, sandbox.accountId));

  const handler = guardHandler({ config, log, world, onReceipt: news.show });
  sandbox.registerFunction({
    name: "ram-warden-guard",
    role: "ram-warden-looking",
    subscribesToTrail: true,
    handler: async (event, context) => {
      try {
        return await handler(event, context);
      } catch (error) {
        // Two deliveries of one event at once are ordinary: the second comes again. Anything else is worth seeing.
        if (!(error instanceof Deferred)) print(pc.red(`  the guard failed: ${safe(String(error))}`));
        throw error;
      }
    },
  });

  const first = await takeFirstSight(await looking(), config);
  if (!first.ok) throw new Error(cloudErrorText(first.error));
  // What a channel's limit held back goes out as soon as there is room; in the cloud a timer does this.
  const flushing = setInterval(async () => {
    await flushOutbox(await looking(), config.telling.language).catch(() => undefined);
    news.showRest();
  }, 2_000);
  ending.add(() => clearInterval(flushing));
  // And what no event told, which the guard has had its minute for: a timer of its own in the cloud.
  const sweeping = setInterval(async () => {
    const options = { until: Date.now() + sweepEveryMs, onReceipt: news.show };
    await sweep(await looking(), config, options).catch(() => undefined);
  }, sweepEveryMs);
  ending.add(() => clearInterval(sweeping));

  const { accountId, administrator, endpoint } = sandbox;
  const { accessKeyId, accessKeySecret } = administrator;
  const ready = {
    endpoint,
    accountId,
    accessKeyId,
    accessKeySecret,
    people: people.map((userName) => ({ userName, ...sandbox.keyOf(userName) })),
    inbox,
    snapshot: `${sandbox.url}/snapshot`,
  };
  if (options.readyFile !== undefined) writeReady(options.readyFile, ready);
  ending.add(() => removeSession());
  writeSession({ ...ready, config: configPath, statePath, pid: process.pid, startedAt: Date.now() });

  print(pc.bold("RAM Warden guards a sandbox account"));
  print(`  cloud     http://${endpoint}  (seed ${sandbox.seed})`);
  print(`  account   ${accountId}, ${first.value.accepted} roles taken as they stand`);
  print(`  settings  warden.yaml, mode ${config.guardrails.mode}`);
  print();
  print(pc.bold("The story: somebody has got hold of platform-ops's AccessKey"));
  let step = 0;
  await playStory(
    sandbox,
    (text) => {
      step += 1;
      print();
      print(`${pc.bold(`${step}.`)} ${pc.red("platform-ops")} ${text}`);
    },
    async () => {
      await sandbox.settle();
      await news.shown();
    },
  );
  const told = robot.messages().length;
  const checks = endState(sandbox.dump(), told);
  print();
  print(pc.bold("How the account stands now, read from the cloud itself"));
  for (const { what, holds } of checks) print(`  ${holds ? pc.green("ok  ") : pc.red("FAIL")} ${what}`);
  const good = checks.every(({ holds }) => holds);
  print();
  print(
    good
      ? pc.green("verdict: each change was put back, contained, told or put to a person, and nothing else was touched")
      : pc.red("verdict: NOT as it should be"),
  );
  if (!good) for (const reason of otherThanUsual(config)) print(pc.yellow(`  perhaps because ${reason}`));
  if (options.once === true) return good ? exit.done : exit.findings;
  print();
  printInvitation(ready);
  news.goLive();
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  return exit.done;
};

/** A fresh file for each sandbox: its account starts anew as well, and two may run in one folder. */
const stateFile = (): string => {
  try {
    mkdirSync(".warden", { recursive: true });
  } catch (error) {
    throw new BadInput(
      `cannot make the folder \`.warden\` here, \`${codeOf(error)}\`: start it in a folder that you may write to`,
    );
  }
  return `.warden/sandbox-${process.pid}.sqlite`;
};

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "unknown");

const removeState = (path: string): void => {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
};

const writeReady = (path: string, ready: object): void => {
  try {
    writeFileSync(path, `${JSON.stringify(ready)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new BadInput(`cannot write \`${path}\`: ${codeOf(error)}`);
  }
};

const printInvitation = (ready: {
  endpoint: string;
  accountId: string;
  accessKeyId: string;
  accessKeySecret: string;
  inbox: string;
}): void => {
  print(pc.bold("Your turn: any client of the cloud's API will do, and RAM Warden answers here"));
  print(`  endpoint          ${ready.endpoint}  (http, for every service)`);
  print(`  AccessKey id      ${ready.accessKeyId}`);
  print(`  AccessKey secret  ${ready.accessKeySecret}  (of this sandbox alone)`);
  print(`  DingTalk inbox    ${ready.inbox}`);
  print();
  print(
    "  npm run -s warden -- call Ram.AttachPolicyToUser PolicyType=System PolicyName=AdministratorAccess UserName=alice",
  );
  print("  npm run -s warden -- incidents");
  print(
    "  npm run -s warden -- approve <incident> --as security-lead   (nobody decides about what they did themselves)",
  );
  print();
  print(pc.dim("  Ctrl-C ends it"));
};

const program = new Command("npm start --")
  .description("a sandbox cloud, an attacker, and RAM Warden guarding")
  .option("--once", "play the story, check the end state, print a verdict, end")
  .option("--ready-file <path>", "write endpoint, account, key and inbox as one JSON object once all listens")
  .option("--port <number>", "where the sandbox listens on 127.0.0.1; 0 for any", "0")
  .action((options: Options) =>
    runCommand(async () => {
      const ending = cleanup();
      try {
        return await start(options, ending);
      } finally {
        await ending.run();
      }
    }),
  );

program.exitOverride((error) => {
  if (error.exitCode !== 0) note("see `npm start -- --help`");
  process.exit(error.exitCode === 0 ? exit.done : exit.badInput);
});
await program.parseAsync();
if (process.exitCode !== undefined) process.exit();
