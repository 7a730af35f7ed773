import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import type { Sandbox, Snapshot } from "../../sandbox/index.ts";
import { createDingtalkStandIn, startSandbox } from "../../sandbox/index.ts";
import { inboxMount, snapshotMount } from "../mounts.ts";
import { languageOption } from "../options.ts";
import { BadInput, exit, print, printJson, runCommand } from "../output.ts";
import { readInput } from "../read-input.ts";

type Options = {
  readonly snapshot?: string;
  readonly readyFile?: string;
  readonly port: string;
  readonly seed?: string;
  readonly json?: boolean;
};

export const addSandbox = (program: Command): void => {
  program
    .command("sandbox")
    .description("run an Alibaba Cloud in a box on 127.0.0.1 for others to use, until interrupted")
    .option("--snapshot <file>", "the account to begin with (docs/snapshot.md)")
    .option(
      "--ready-file <file>",
      "write endpoint, account, key, inbox and snapshot as one JSON object once it listens",
    )
    .option("--port <number>", "0 for any", "0")
    .option("--seed <number>", "what ids, delays and faults are made from")
    .option("--json", "print the same JSON object on stdout")
    .addOption(languageOption())
    .action((options: Options) => runCommand(() => run(options)));
};

const numberOption = (text: string, name: string, most: number): number => {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < 0 || value > most)
    throw new BadInput(`\`--${name}\` is a number from 0 to ${most}`);
  return value;
};

const run = async (options: Options): Promise<number> => {
  const robot = createDingtalkStandIn({ accessToken: "sandbox", secret: "SECsandbox" });
  const sandbox: Sandbox = await startSandbox({
    port: numberOption(options.port, "port", 65_535),
    ...(options.seed === undefined ? {} : { seed: numberOption(options.seed, "seed", 2 ** 31) }),
    ...(options.snapshot === undefined ? {} : { snapshot: snapshotFrom(options.snapshot) }),
    mounts: [
      { path: "/robot/send", handle: robot.handle },
      inboxMount(robot.messages),
      snapshotMount(() => sandbox.dump()),
    ],
  }).catch((error: unknown) => {
    throw new BadInput(`the sandbox cannot start: ${error instanceof Error ? error.message : "unknown"}`);
  });
  const { endpoint, accountId, administrator, url, seed } = sandbox;
  const { accessKeyId, accessKeySecret } = administrator;
  const ready = {
    endpoint,
    accountId,
    accessKeyId,
    accessKeySecret,
    inbox: `${url}/inbox`,
    snapshot: `${url}/snapshot`,
    seed,
  };
  if (options.readyFile !== undefined) {
    try {
      writeFileSync(options.readyFile, `${JSON.stringify(ready)}\n`, { mode: 0o600 });
    } catch (error) {
      await sandbox.stop();
      throw new BadInput(
        `cannot write \`${options.readyFile}\`: ${error instanceof Error && "code" in error ? String(error.code) : "unknown"}`,
      );
    }
  }
  if (options.json === true) printJson(ready);
  else for (const [name, value] of Object.entries(ready)) print(`${name.padEnd(16)} ${value}`);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await sandbox.stop();
  return exit.done;
};

const snapshotFrom = (path: string): Snapshot => {
  try {
    return JSON.parse(readInput(path).toString("utf8")) as Snapshot;
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(`\`${path}\` is not JSON`);
  }
};
