import type { Command } from "commander";
import type { Language, RuleId } from "../../shared/domain/finding.ts";
import type { EffectiveRule } from "../../shared/effective-rules.ts";
import { effectiveRules, sourceText } from "../../shared/effective-rules.ts";
import type { RuleInShort } from "../../shared/every-rule.ts";
import { anyRuleById, everyRule } from "../../shared/every-rule.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { systemClock } from "../../shared/local/system.ts";
import type { RuleHistory } from "../../shared/rule-history.ts";
import { ruleHistory } from "../../shared/rule-history.ts";
import { rules } from "../../shared/rules/registry.ts";
import type { CommonOptions } from "../context.ts";
import { openState, placeOf, settingsPathOf } from "../context.ts";
import { languageOption } from "../options.ts";
import { BadInput, exit, print, printJson, runCommand, safe } from "../output.ts";
import { readInput } from "../read-input.ts";
import { instantArgument } from "../time-argument.ts";
import { addRulesTest } from "./rules-test.ts";

type Options = CommonOptions & {
  readonly lang: Language;
  readonly json?: boolean;
  readonly effective?: boolean;
  readonly history?: boolean;
  readonly since?: string;
};

export const addRules = (program: Command): void => {
  const command = program
    .command("rules")
    .description("list the rules, or explain one")
    .argument("[id]", "a rule, such as RAM.TrustForeignAccount")
    .option("--effective", "what is in force for each rule by the settings, and why")
    .option("--history", "what came of each rule's findings, by the ledger")
    .option("--since <time>", "of `--history`: only what came since then, a time or a span back such as `30d`")
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .addOption(languageOption())
    .option("--json", "one JSON document on stdout")
    .action((id: string | undefined, options: Options) => runCommand(() => run(id, options)));
  addRulesTest(command);
};

const run = async (id: string | undefined, options: Options): Promise<number> => {
  if (options.effective === true && options.history === true)
    throw new BadInput("`--effective` and `--history` are two questions: ask one at a time");
  if (options.since !== undefined && options.history !== true) throw new BadInput("`--since` goes with `--history`");
  if (options.effective === true) return effective(chosen(id), options);
  if (options.history === true) return history(chosen(id), options);
  const rule = id === undefined ? undefined : anyRuleById(id);
  if (id !== undefined && rule === undefined) throw noSuch(id);
  return show(rule, options);
};

const noSuch = (id: string): BadInput => new BadInput(`no rule \`${safe(id)}\`; \`warden rules\` lists them`);

/** The ids that are asked about: of rules, of chains of changes and of checks of the account. */
const chosen = (id: string | undefined): readonly RuleId[] => {
  const found = everyRule.filter((one) => id === undefined || one.id === id).map((one) => one.id);
  if (id !== undefined && found.length === 0) throw noSuch(id);
  return found;
};

const show = (rule: RuleInShort | undefined, { lang, json }: Options): number => {
  if (rule === undefined) {
    if (json === true) printJson(rules.map(asData));
    else
      for (const one of rules)
        print(
          `${one.control.padEnd(13)} ${one.id.padEnd(30)} ${one.severity.padEnd(9)} ${one.response.padEnd(8)} ${one.text[lang].title}`,
        );
    return exit.done;
  }
  if (json === true) printJson(asData(rule));
  else explain(rule, lang);
  return exit.done;
};

/** What it judges by is code, and no part of what is said of it. */
const asData = (rule: RuleInShort): object =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => typeof value !== "function"));

const explain = (rule: RuleInShort, lang: Language): void => {
  const text = rule.text[lang];
  print(`${rule.id} (${rule.control})  ${text.title}`);
  print(
    `  ${rule.severity}, ${rule.maturity}; ${rule.response} by default; may be set to ${rule.responses.join(", ")}`,
  );
  print();
  print(text.rationale);
  print();
  for (const [index, step] of text.runbook.entries()) print(`${index + 1}. ${step}`);
  print();
  print(`${lang === "en" ? "False positives" : "误报"}: ${text.falsePositives}`);
  const { cis = [], cloudConfig = [], attack = [] } = rule.controls;
  for (const [name, ids] of Object.entries({ CIS: cis, "Cloud Config": cloudConfig, "ATT&CK": attack }))
    if (ids.length > 0) print(`${name}: ${ids.join(", ")}`);
  for (const reference of rule.references) print(reference);
};

/** A table for people: columns as wide as what is in them. */
const printTable = (heads: readonly string[], lines: readonly (readonly string[])[]): void => {
  const widths = heads.map((head, at) => Math.max(head.length, ...lines.map((line) => (line[at] ?? "").length)));
  for (const line of [heads, ...lines])
    print(
      safe(
        line
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join("  ")
          .trimEnd(),
      ),
    );
};

const effective = (ids: readonly RuleId[], options: Options): number => {
  const place = placeOf(options, "left-out");
  const path = settingsPathOf(options, place);
  const all = effectiveRules(place.config, readInput(path).toString("utf8"), path, process.env);
  const wanted = all.filter(({ rule }) => ids.includes(rule));
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
    `response ${response.value} (${sourceText(response.source)})`,
    ...(maturity.source.kind !== "default" || (isHeldBack && maturity.value === "trial")
      ? [`${maturity.value === "trial" ? "on trial" : "stable"} (${sourceText(maturity.source)})`]
      : []),
    ...(observes === undefined ? [] : [`observe (${sourceText(observes.source)})`]),
    ...(approvalHours === undefined
      ? []
      : [`to be decided within ${approvalHours.value} h (${sourceText(approvalHours.source)})`]),
    ...(isHeldBack && mode.value === "observe" ? [`mode observe (${sourceText(mode.source)})`] : []),
  ];
  return [rule, does, reasons.join(", ")];
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
