import type { Command } from "commander";
import type { Rule } from "../../shared/rules/kit/rule.ts";
import { ruleById, rules } from "../../shared/rules/registry.ts";
import { languageOption } from "../options.ts";
import { BadInput, exit, print, printJson, runCommand, safe } from "../output.ts";

type Options = { readonly lang: "en" | "zh-CN"; readonly json?: boolean };

export const addRules = (program: Command): void => {
  program
    .command("rules")
    .description("list the rules, or explain one")
    .argument("[id]", "a rule, such as RAM.TrustForeignAccount")
    .addOption(languageOption())
    .option("--json", "one JSON document on stdout")
    .action((id: string | undefined, options: Options) => runCommand(async () => show(id, options)));
};

const show = (id: string | undefined, { lang, json }: Options): number => {
  if (id === undefined) {
    if (json === true) printJson(rules.map(asData));
    else
      for (const rule of rules)
        print(
          `${rule.control.padEnd(13)} ${rule.id.padEnd(30)} ${rule.severity.padEnd(9)} ${rule.response.padEnd(8)} ${rule.text[lang].title}`,
        );
    return exit.done;
  }
  const rule = ruleById(id);
  if (rule === undefined) throw new BadInput(`no rule \`${safe(id)}\`; \`warden rules\` lists them`);
  if (json === true) printJson(asData(rule));
  else explain(rule, lang);
  return exit.done;
};

const asData = ({ judge: _, ...data }: Rule): Omit<Rule, "judge"> => data;

const explain = (rule: Rule, lang: Options["lang"]): void => {
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
