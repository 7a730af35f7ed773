import type { Command } from "commander";
import { readJournal } from "../../shared/ledger/journal-read.ts";
import { trimJournal } from "../../shared/ledger/journal-trim.ts";
import type { Flaw } from "../../shared/ledger/journal-verify.ts";
import type { Heads } from "../../shared/ledger/verify.ts";
import { verifyLedger } from "../../shared/ledger/verify.ts";
import { systemClock } from "../../shared/local/system.ts";
import type { CommonOptions, LocalState } from "../context.ts";
import { openStateThere, placeOf } from "../context.ts";
import { spoken } from "../language.ts";
import { settingsLanguageOption } from "../options.ts";
import { BadInput, exit, note, print, printJson, printJsonLine, runCommand, safe, say } from "../output.ts";
import { readInput } from "../read-input.ts";
import { said } from "../said.ts";
import { instantArgument } from "../time-argument.ts";
import { flawCount } from "../words.ts";

type Options = CommonOptions & { readonly json?: boolean };
type VerifyOptions = Options & { readonly since?: string };
type ExportOptions = CommonOptions & { readonly from?: string; readonly to: string };

export const addLedger = (program: Command): void => {
  const ledger = program.command("ledger").description("the record of every decision: verify, export, trim");
  const command = (name: string, description: string): Command =>
    ledger
      .command(name)
      .description(description)
      .option("--config <file>", "the settings; warden.yaml unless given")
      .option("--cloud", "the account of the settings, even while `npm start` runs here")
      .addOption(settingsLanguageOption());
  command("verify", "find any entry that was edited, dropped or reordered; 0 when there is none, else 1")
    .option("--since <file>", "what an earlier `ledger verify --json` printed: what it saw must still be there")
    .option("--json", "one JSON document on stdout")
    .action((options: VerifyOptions) => runCommand(() => inLedger(options, (state, id) => verify(state, id, options))));
  command("export", "every entry as JSON Lines, oldest first")
    .option("--json", "each line is a JSON document, with this and without it")
    .option("--from <time>", "2026-11-22T01:00:00Z, a date, or a span back such as 24h; from the start unless given")
    .option("--to <time>", "the same; both ends are included, a date as that whole day", "now")
    .action((options: ExportOptions) =>
      runCommand(() => inLedger(options, (state, id) => exportEntries(state, id, options))),
    );
  command("trim", "give up entries whose time is over, and expired rows; what is still open stays")
    .option("--json", "one JSON document on stdout")
    .action((options: Options) => runCommand(() => inLedger(options, (state, id) => trim(state, id, options), false)));
};

const inLedger = async (
  options: CommonOptions,
  work: (state: LocalState, accountId: string) => Promise<number>,
  toLook = true,
): Promise<number> => {
  const place = placeOf(options, "left-out");
  const state = await openStateThere(place, toLook);
  try {
    return await work(state, place.config.rules.accountId);
  } finally {
    state.close();
  }
};

const verify = async (state: LocalState, accountId: string, { since, json }: VerifyOptions): Promise<number> => {
  const earlier = since === undefined ? undefined : headsIn(since);
  const verified = await verifyLedger(state, accountId, earlier, systemClock.now());
  if (json === true) printJson(verified);
  else {
    for (const flaw of verified.flaws) print(safe(lineOf(flaw)));
    for (const [shard, seq] of Object.entries(verified.givenUp))
      say(`shard ${shard} entry ${seq}, which \`--since\` names, is not kept any more: nothing can be held against it`);
    const counts = `${verified.entries} entries, ${verified.rows} rows held against them`;
    say(verified.intact ? `intact: ${counts}` : `not intact: ${flawCount(verified.flaws)} in ${counts}`);
  }
  // A record that was emptied whole looks like one that nothing was written to yet: `--since` alone tells them apart.
  if (verified.intact && verified.entries === 0)
    note("there is no entry to verify: nothing was recorded here yet, or the record was emptied");
  return verified.intact ? exit.done : exit.findings;
};

const lineOf = ({ kind, shard, seq, row, because }: Flaw): string => {
  const place =
    row !== undefined
      ? said(`row \`${row}\``)
      : seq === undefined
        ? said(`shard ${shard}`)
        : said(`shard ${shard} entry ${seq}`);
  return `${kind.padEnd(12)} ${place}${spoken() === "en" ? ": " : "："}${said(because)}`;
};

/** The heads that an earlier verification printed. */
const headsIn = (path: string): Heads => {
  const wrong = new BadInput(`\`${path}\` is not what \`warden ledger verify --json\` printed`);
  let value: unknown;
  try {
    value = JSON.parse(readInput(path).toString("utf8"));
  } catch (error) {
    throw error instanceof BadInput ? error : wrong;
  }
  const heads: unknown = typeof value === "object" && value !== null && "heads" in value ? value.heads : undefined;
  if (typeof heads !== "object" || heads === null) throw wrong;
  const sound = Object.values(heads).every(
    (head: unknown) =>
      typeof head === "object" &&
      head !== null &&
      "seq" in head &&
      Number.isSafeInteger(head.seq) &&
      "hash" in head &&
      typeof head.hash === "string" &&
      // Files of an earlier version do not say when.
      (!("at" in head) || Number.isSafeInteger(head.at)),
  );
  if (!sound) throw wrong;
  return heads as Heads;
};

const exportEntries = async (state: LocalState, accountId: string, options: ExportOptions): Promise<number> => {
  const now = systemClock.now();
  const from = options.from === undefined ? 0 : instantArgument(options.from, "from", now);
  const to = options.to === "now" ? Number.POSITIVE_INFINITY : instantArgument(options.to, "to", now, "last");
  if (from > to) throw new BadInput("`--from` is after `--to`");
  for await (const entry of readJournal(state, accountId, { from, to })) printJsonLine(entry);
  return exit.done;
};

const trim = async (state: LocalState, accountId: string, { json }: Options): Promise<number> => {
  const { removed, carried } = await trimJournal(state, systemClock, accountId, Number.POSITIVE_INFINITY);
  const rows = await state.forgetExpired();
  if (json === true) printJson({ removed, carried, rows });
  else say(`${removed} entries given up, ${carried} still open and written again, ${rows} expired rows removed`);
  return exit.done;
};
