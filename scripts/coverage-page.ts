import { chains } from "../shared/chains/registry.ts";
import { checks } from "../shared/checks/registry.ts";
import type { Severity } from "../shared/domain/finding.ts";
import { notRules } from "../shared/rules/kit/not-rules.ts";
import { rules } from "../shared/rules/registry.ts";
import { checkPageOf } from "./check-pages.ts";
import { pageOf } from "./rule-pages.ts";

/** One thing in the code that judges a control. */
type Judging = {
  readonly id: string;
  readonly control: string;
  readonly title: string;
  readonly severity: Severity;
  readonly does: string;
  readonly page: string;
  readonly controls: {
    readonly cis?: readonly string[];
    readonly cloudConfig?: readonly string[];
    readonly attack?: readonly string[];
  };
};

const judging = (): readonly Judging[] => [
  ...rules.map((rule) => ({
    ...rule,
    title: rule.text.en.title,
    does: rule.response,
    page: `rules/${pageOf(rule)}`,
  })),
  ...chains.map((chain) => ({
    ...chain,
    title: chain.text.en.title,
    does: `${chain.response} (chain)`,
    page: `chains/${pageOf(chain)}`,
  })),
  ...checks.map((check) => ({
    ...check,
    title: check.text.en.title,
    does: "told (check)",
    page: `checks/${checkPageOf(check)}`,
  })),
];

/** The families of the catalogue, in its order; the project's own controls come last. */
const families = ["ROOT", "USER", "MFA", "AK", "GRP", "POL", "ROLE", "IDP", "SET", "AUTH", "PROT", "CHAIN", "OWN"];

const place = (control: string): number => {
  const [, family = "", number = "0"] = control.split("-");
  return families.indexOf(family) * 1_000 + Number(number);
};

/** A text within a cell: a bar would end it. */
const cell = (text: string): string => text.replaceAll("|", "\\|");
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
const listed = (texts: readonly string[]): string => (texts.length === 0 ? "–" : [...new Set(texts)].join(", "));

const rowOf = (control: string, all: readonly Judging[]): string => {
  const [first] = all;
  return row([
    control,
    first?.title ?? "",
    all.map(({ id, page, does }) => `[\`${id}\`](${page}) ${does}`).join("; "),
    first?.severity ?? "",
    listed(all.flatMap(({ controls }) => controls.cis ?? [])),
    listed(all.flatMap(({ controls }) => (controls.cloudConfig ?? []).map((id) => `\`${id}\``))),
    listed(all.flatMap(({ controls }) => controls.attack ?? [])),
  ]);
};

/** Every control, what judges it and how it maps; and those that nothing judges, with the reason. */
export const coveragePage = (): string => {
  const all = judging();
  const judged = [...new Set(all.map(({ control }) => control))].sort((a, b) => place(a) - place(b));
  const left = Object.entries(notRules).sort(([a], [b]) => place(a) - place(b));
  const ofCatalogue = judged.filter((control) => !control.startsWith("RAM-OWN-"));
  return [
    "# Controls, and what judges them",
    "",
    "<!-- made by `npm run docs` from the registries of rules, chains and checks; change it there -->",
    "",
    `Of the ${ofCatalogue.length + left.length} controls of the catalogue ${ofCatalogue.length} are judged and ${left.length} are not, each with its reason below. Controls`,
    "that begin with `RAM-OWN-` are the project's own. A rule judges a change as its event comes, and the account as it",
    "stands where its subject has a state; a chain judges several changes together; a check judges the account as it stands,",
    'in `warden audit` and in the sweep. "Supports" in the column CIS: it helps with the recommendation, and is not its test.',
    "",
    row([
      "control",
      "what it is",
      "judged by, and what it does by default",
      "severity",
      "CIS",
      "Cloud Config",
      "ATT&CK",
    ]),
    row(Array.from({ length: 7 }, () => "---")),
    ...judged.map((control) =>
      rowOf(
        control,
        all.filter((one) => one.control === control),
      ),
    ),
    "",
    "## Controls that nothing judges",
    "",
    row(["control", "what it is", "why not", "原因"]),
    row(Array.from({ length: 4 }, () => "---")),
    ...left.map(([control, { title, because }]) =>
      row([control, `${title.en} / ${title["zh-CN"]}`, because.en, because["zh-CN"]]),
    ),
    "",
  ].join("\n");
};
