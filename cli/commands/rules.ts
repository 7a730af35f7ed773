import type { Command } from "commander";
import { chains } from "../../shared/chains/registry.ts";
import { checks } from "../../shared/checks/registry.ts";
import { unknownModeText } from "../../shared/config.ts";
import type { Language, RuleId } from "../../shared/domain/finding.ts";
import type { EffectiveRule } from "../../shared/effective-rules.ts";
import { effectiveRules, sourceText } from "../../shared/effective-rules.ts";
import type { RuleInShort } from "../../shared/every-rule.ts";
import { everyRule, mayBeSetTo } from "../../shared/every-rule.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { systemClock } from "../../shared/local/system.ts";
import type { RuleHistory } from "../../shared/rule-history.ts";
import { ruleHistory } from "../../shared/rule-history.ts";
import { notRules } from "../../shared/rules/kit/not-rules.ts";
import { rules } from "../../shared/rules/registry.ts";
import { columns, padded } from "../columns.ts";
import type { CommonOptions } from "../context.ts";
import { openState, placeOf, settingsPathOf } from "../context.ts";
import { spoken } from "../language.ts";
import { settingsLanguageOption } from "../options.ts";
import { BadInput, exit, note, print, printJson, runCommand, safe, say } from "../output.ts";
import { readInput } from "../read-input.ts";
import { said } from "../said.ts";
import { instantArgument } from "../time-argument.ts";
import { severityWords } from "../words.ts";
import { addRulesTest } from "./rules-test.ts";

type Options = CommonOptions & {
  readonly json?: boolean;
  readonly effective?: boolean;
  readonly history?: boolean;
  readonly since?: string;
};

export const addRules = (program: Command): void => {
  const command = program
    .command("rules")
    .description("list the rules, chains and checks, or explain one")
    .argument("[id]", "a rule, such as RAM.TrustForeignAccount, or a control, such as RAM-ROLE-002")
    .option("--effective", "what is in force for each rule by the settings, and why")
    .option("--history", "what came of each rule's findings, by the ledger")
    .option("--since <time>", "of `--history`: only what came since then, a time or a span back such as `30d`")
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .addOption(settingsLanguageOption())
    .option("--json", "one JSON document on stdout")
    .action((id: string | undefined, options: Options) => runCommand(() => run(id, options)));
  addRulesTest(command);
};

const run = async (id: string | undefined, options: Options): Promise<number> => {
  if (options.effective === true && options.history === true)
    throw new BadInput("`--effective` and `--history` are two questions: ask one at a time");
  if (options.since !== undefined && options.history !== true) throw new BadInput("`--since` goes with `--history`");
  if (options.effective === true) return effective(idsOf(named(id)), options);
  if (options.history === true) return history([...idsOf(named(id))], options);
  return show(id, options);
};

const idsOf = (some: readonly { readonly id: RuleId }[]): ReadonlySet<RuleId> => new Set(some.map(({ id }) => id));

/** What is asked about: a rule, or all that judge a control. */
const named = (id: string | undefined): readonly RuleInShort[] => {
  const found = everyRule.filter((one) => id === undefined || one.id === id || one.control === id);
  if (id === undefined || found.length > 0) return found;
  const control = Object.hasOwn(notRules, id) ? notRules[id] : undefined;
  throw new BadInput(
    control === undefined
      ? `no rule \`${safe(id)}\`, and no control of that id; \`warden rules\` lists both`
      : `no rule judges \`${id}\`: ${control.because[spoken()]}`,
  );
};

const show = (id: string | undefined, { json }: Options): number => {
  const found = named(id);
  const [rule] = found;
  if (rule !== undefined && rule.id === id) {
    if (json === true) printJson(asData(rule));
    else explain(rule, spoken());
    return exit.done;
  }
  if (json === true) printJson(found.map(asData));
  else list(found, spoken());
  return exit.done;
};

/** What is judged, by how: one change, several that belong together, or how a thing stands. */
const kinds: readonly { readonly head: string; readonly ids: ReadonlySet<RuleId> }[] = [
  { head: "rules, of a single change", ids: idsOf(rules) },
  { head: "chains, of several changes that belong together", ids: idsOf(chains) },
  { head: "checks, of the account as it stands (`warden audit`)", ids: idsOf(checks) },
];

const list = (found: readonly RuleInShort[], lang: Language): void => {
  const widths = {
    id: Math.max(...found.map(({ id }) => id.length)),
    control: Math.max(...found.map(({ control }) => control.length)),
  };
  let isFirst = true;
  for (const { head, ids } of kinds) {
    const together = found.filter(({ id }) => ids.has(id));
    if (together.length === 0) continue;
    if (!isFirst) print();
    isFirst = false;
    say(head);
    for (const { control, id, severity, response, text } of together)
      print(
        `  ${control.padEnd(widths.control)}  ${id.padEnd(widths.id)}  ${padded(severityWords[lang][severity], 8)}  ${response.padEnd(7)}  ${text[lang].title}`,
      );
  }
};

/** What it judges by is code, and no part of what is said of it. */
const asData = (rule: RuleInShort): object => ({
  ...Object.fromEntries(Object.entries(rule).filter(([, value]) => typeof value !== "function")),
  responses: mayBeSetTo(rule),
});

const explain = (rule: RuleInShort, lang: Language): void => {
  const text = rule.text[lang];
  print(`${rule.id} (${rule.control})  ${text.title}`);
  print(
    `  ${severityWords[lang][rule.severity]}${lang === "en" ? ", " : "，"}${said(rule.maturity)}${lang === "en" ? "; " : "；"}${said(`${rule.response} by default; may be set to ${mayBeSetTo(rule).join(", ")}`)}`,
  );
  print();
  print(text.rationale);
  print();
  for (const [index, step] of text.runbook.entries()) print(`${index + 1}. ${step}`);
  print();
  print(`${lang === "en" ? "False positives: " : "误报："}${text.falsePositives}`);
  const { cis = [], cloudConfig = [], attack = [] } = rule.controls;
  for (const [name, ids] of Object.entries({ CIS: cis, "Cloud Config": cloudConfig, "ATT&CK": attack }))
    if (ids.length > 0) print(`${name}: ${ids.join(", ")}`);
  for (const reference of rule.references) print(reference);
};

/** A table for people: columns as wide as what is in them. */
const printTable = (heads: readonly string[], lines: readonly (readonly string[])[]): void => {
  const named = heads.map((head) => said(head));
  const widths = named.map((head, at) => Math.max(columns(head), ...lines.map((line) => columns(line[at] ?? ""))));
  for (const line of [named, ...lines])
    print(
      safe(
        line
          .map((cell, at) => padded(cell, widths[at] ?? 0))
          .join("  ")
          .trimEnd(),
      ),
    );
};

const effective = (ids: ReadonlySet<RuleId>, options: Options): number => {
  const place = placeOf(options, "left-out");
  const path = settingsPathOf(options, place);
  const all = effectiveRules(place.config, readInput(path).toString("utf8"), path, process.env);
  const wanted = all.filter(({ rule }) => ids.has(rule));
  const { unknownMode } = place.config;
  if (unknownMode !== undefined) note(unknownModeText(unknownMode));
  if (options.json === true) printJson(wanted);
  else printTable(["rule", "does", "because"], wanted.map(effectiveLine));
  return exit.done;
};

/** Only what makes a difference to what the rule does is a reason; what the file says is always said. */
const effectiveLine = ({
  rule,
  does,
  response,
  maturity,
  observes,
  approvalHours,
  mode,
}: EffectiveRule): readonly string[] => {
  const isHeldBack = does === "says what it would do";
  const reasons = [
    [`response ${response.value}`, response.source] as const,
    ...(maturity.source.kind !== "default" || (isHeldBack && maturity.value === "trial")
      ? [[maturity.value === "trial" ? "on trial" : "stable", maturity.source] as const]
      : []),
    ...(observes === undefined ? [] : [["observe", observes.source] as const]),
    ...(approvalHours === undefined
      ? []
      : [[`to be decided within ${approvalHours.value} h`, approvalHours.source] as const]),
    ...(isHeldBack && mode.value === "observe" ? [["mode observe", mode.source] as const] : []),
  ].map(
    ([what, source]) =>
      `${said(what)}${spoken() === "en" ? ` (${sourceText(source)})` : `（${said(sourceText(source))}）`}`,
  );
  return [rule, said(does), reasons.join(spoken() === "en" ? ", " : "，")];
};

const history = async (ids: readonly RuleId[], options: Options): Promise<number> => {
  const since = options.since === undefined ? undefined : instantArgument(options.since, "since", systemClock.now());
  const place = placeOf(options, "left-out");
  const state = await openState(place, true);
  try {
    const ledger = openLedger(state, systemClock, place.config.rules.accountId);
    const all = ruleHistory(ids, await ledger.incidents(), since);
    if (options.json === true) printJson(all);
    else printTable(historyHeads, all.map(historyLine));
    return exit.done;
  } finally {
    state.close();
  }
};

const historyHeads = [
  "rule",
  "seen",
  "would have done",
  "told",
  "asked",
  "acted",
  "failed",
  "undone",
  "rejected",
  "exempted",
  "last",
] as const;

const historyLine = ({ rule, overridden, last, ...of }: RuleHistory): readonly string[] => [
  rule,
  ...[of.seen, of.wouldHave, of.told, of.asked, of.acted, of.failed].map(String),
  ...[overridden.undone, overridden.rejected, overridden.exempted].map(String),
  last === undefined ? "" : new Date(last).toISOString().slice(0, 10),
];
