import type { Check } from "../shared/checks/kit/check.ts";
import type { Language } from "../shared/domain/finding.ts";

/** `RAM.KeyGrownOld` is told in `docs/checks/key-grown-old.md`. */
export const checkPageOf = ({ id }: Check): string =>
  `${id
    .replace(/^RAM\./, "")
    .replace(/(?<!^)[A-Z]/g, "-$&")
    .toLowerCase()}.md`;

const words = {
  en: {
    control: "Control",
    severity: "Severity",
    why: "Why it matters",
    todo: "What to do",
    falsePositives: "False positives",
    settings: "Settings",
  },
  "zh-CN": {
    control: "控制项",
    severity: "严重程度",
    why: "为何重要",
    todo: "处置步骤",
    falsePositives: "误报",
    settings: "设置",
  },
} as const;

const section = (check: Check, language: Language): string => {
  const text = check.text[language];
  const word = words[language];
  const { cis = [], cloudConfig = [], attack = [] } = check.controls;
  const rows: readonly (readonly [string, string])[] = [
    [word.control, check.control],
    [word.severity, check.severity],
    ["CIS", cis.join(", ")],
    ["Cloud Config", cloudConfig.map((id) => `\`${id}\``).join(", ")],
    ["ATT&CK", attack.join(", ")],
  ];
  return [
    `## ${text.title}`,
    "",
    ...rows.filter(([, value]) => value !== "").map(([name, value]) => `- ${name}: ${value}`),
    "",
    `**${word.why}** ${text.rationale}`,
    "",
    `**${word.todo}**`,
    "",
    ...text.runbook.map((step, index) => `${index + 1}. ${step}`),
    "",
    `**${word.falsePositives}** ${text.falsePositives}`,
    "",
    `**${word.settings}** \`rules: { ${check.id}: { response: off } }\``,
  ].join("\n");
};

/** The page of one check, in both languages. */
export const checkPage = (check: Check): string =>
  [
    `# ${check.id}`,
    "",
    "<!-- made by `npm run docs` from shared/checks; change it there -->",
    "",
    "Judged by `warden audit` and by the sweep; told, and never written upon.",
    "",
    section(check, "en"),
    "",
    section(check, "zh-CN"),
    "",
    "## References",
    "",
    ...check.references.map((reference) => `- <${reference}>`),
    "",
  ].join("\n");
