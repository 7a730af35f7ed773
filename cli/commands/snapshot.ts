import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { languageOption } from "../options.ts";
import { BadInput, CloudFailed, exit, note, printJson, runCommand, safe } from "../output.ts";
import { runningSession } from "../sandbox-session.ts";

type Options = { readonly url?: string };

export const addSnapshot = (program: Command): void => {
  program
    .command("snapshot")
    .description("write the account of a running sandbox as one JSON document (docs/snapshot.md), without secrets")
    .argument("[file]", "where to; stdout unless given")
    .option(
      "--url <url>",
      "the `snapshot` that `warden sandbox` printed; that of `npm start` in this folder unless given",
    )
    .addOption(languageOption())
    .action((file: string | undefined, options: Options) => runCommand(() => snapshot(file, options)));
};

const snapshot = async (file: string | undefined, options: Options): Promise<number> => {
  const account = await dumpAt(addressOf(options));
  if (file === undefined) {
    printJson(account);
    return exit.done;
  }
  try {
    writeFileSync(file, `${JSON.stringify(account, undefined, 2)}\n`);
  } catch (error) {
    throw new BadInput(
      `cannot write \`${file}\`: ${error instanceof Error && "code" in error ? String(error.code) : "unknown"}`,
    );
  }
  note(`the account is in \`${file}\``);
  return exit.done;
};

/** A sandbox listens on this machine, and nothing else is asked. */
const addressOf = ({ url }: Options): URL => {
  if (url !== undefined) {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed?.protocol !== "http:" || parsed.hostname !== "127.0.0.1")
      throw new BadInput(`\`${safe(url)}\` is no address of a sandbox: it reads \`http://127.0.0.1:PORT/snapshot\``);
    return parsed;
  }
  const session = runningSession();
  if (session === undefined)
    throw new BadInput("no sandbox runs in this folder; start one with `npm start`, or give `--url`");
  return new URL(`http://${session.endpoint}/snapshot`);
};

const dumpAt = async (address: URL): Promise<object> => {
  try {
    const answer = await fetch(address, { redirect: "error" });
    const account: unknown = await answer.json();
    if (answer.ok && typeof account === "object" && account !== null && "accountId" in account) return account;
  } catch {
    throw new CloudFailed(`no sandbox answers at \`${address.host}\``);
  }
  throw new CloudFailed(`what answers at \`${address.host}\` is no sandbox that tells its account`);
};
