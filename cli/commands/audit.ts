import type { Command } from "commander";
import type { Audit, AuditFinding } from "../../shared/audit.ts";
import { auditAccount } from "../../shared/audit.ts";
import { cloudErrorText } from "../../shared/domain/cloud-error.ts";
import { untilText } from "../../shared/domain/exemption.ts";
import type { ExemptedBy, Language } from "../../shared/domain/finding.ts";
import { namesIn, subjectText } from "../../shared/domain/kinds.ts";
import { padded } from "../columns.ts";
import type { CommonOptions } from "../context.ts";
import { openState, placeOf, worldAt } from "../context.ts";
import { spoken } from "../language.ts";
import { settingsLanguageOption } from "../options.ts";
import { CloudFailed, exit, note, print, printJson, runCommand, safe } from "../output.ts";
import { severityWords } from "../words.ts";

type Options = CommonOptions & { readonly json?: boolean };

export const addAudit = (program: Command): void => {
  program
    .command("audit")
    .description("judge the whole account as it stands, by the rules and by checks of its state; it is only read")
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .option("--json", "one JSON document on stdout")
    .addOption(settingsLanguageOption())
    .action((options: Options) => runCommand(() => audit(options)));
};

const audit = async (options: Options): Promise<number> => {
  const place = placeOf(options, "left-out");
  const language = spoken();
  const state = await openState(place, true);
  try {
    const audited = await auditAccount(worldAt(place, state), place.config);
    if (!audited.ok) throw new CloudFailed(`the account could not be read: ${cloudErrorText(audited.error)}`);
    if (options.json === true) printJson(asData(audited.value));
    else show(audited.value, language);
    return codeOf(audited.value);
  } finally {
    state.close();
  }
};

/** What was not read is no finding, and never fine: a look with gaps that found nothing is one that the cloud failed. */
const codeOf = ({ findings, unread, undecided }: Audit): number => {
  if (findings.some(({ finding }) => finding.exemption === undefined)) return exit.findings;
  return unread.length > 0 || undecided.length > 0 ? exit.cloud : exit.done;
};

const asData = ({ looked, findings, undecided, unread, unreadableExemptions }: Audit): object => ({
  looked,
  findings: findings.map(({ subject, finding }) => ({
    rule: finding.rule,
    control: finding.control,
    severity: finding.severity,
    title: finding.title,
    subject: { ...subject, text: subjectText(subject) },
    evidence: finding.verdict.kind === "violation" ? finding.verdict.evidence : [],
    ...(finding.exemption === undefined ? {} : { exemption: finding.exemption }),
  })),
  undecided,
  unread,
  unreadableExemptions,
});

const words = {
  en: {
    looked: (things: number, found: number) => `${things} things looked at, ${found} findings`,
    nothing: (things: number) => `${things} things looked at, nothing found`,
    gaps: (things: number) => `${things} things looked at, nothing found in what could be read`,
    undecided: (rule: string, things: number) => `not decided by ${rule}: ${things}`,
    unread: (line: string) => `not read: ${line}`,
    exempt: (until: string, { id, owner }: ExemptedBy) => `exempt until ${until} by ${id} of ${owner}`,
    unreadable:
      "some exemptions cannot be read, and exempt nothing here; put right what is said of them, and ask again:",
  },
  "zh-CN": {
    looked: (things: number, found: number) => `已检查 ${things} 项，发现 ${found} 个问题`,
    nothing: (things: number) => `已检查 ${things} 项，未发现问题`,
    gaps: (things: number) => `已检查 ${things} 项，可读取的部分未发现问题`,
    undecided: (rule: string, things: number) => `${rule} 无法判定：${things} 项`,
    unread: (line: string) => `无法读取：${line}`,
    exempt: (until: string, { id, owner }: ExemptedBy) => `豁免至 ${until}（${id}，负责人 ${owner}）`,
    unreadable: "部分豁免无法读取，此处不予豁免；请改正后重试：",
  },
} as const;

const show = (audited: Audit, language: Language): void => {
  const { looked, findings, undecided, unread, unreadableExemptions } = audited;
  const word = words[language];
  if (unreadableExemptions.length > 0) {
    print(word.unreadable);
    for (const problem of unreadableExemptions) print(`  ${safe(problem)}`);
    print();
  }
  for (const [rule, together] of byRule(findings)) {
    const [first] = together;
    if (first === undefined) continue;
    const { severity, control, title } = first.finding;
    print(`${padded(severityWords[language][severity], 8)}  ${control.padEnd(12)}  ${rule}  ${title[language]}`);
    const lines = together.map(({ subject, finding }) => lineOf(subject, finding, language));
    for (const line of new Set(lines)) print(`          - ${safe(line)}`);
  }
  if (findings.length > 0) print();
  const gaps = unread.length + undecided.length > 0;
  print(findings.length > 0 ? word.looked(looked, findings.length) : gaps ? word.gaps(looked) : word.nothing(looked));
  for (const { rule, things } of undecided) note(word.undecided(rule, things));
  for (const line of unread) note(word.unread(safe(line)));
};

const byRule = (findings: readonly AuditFinding[]): ReadonlyMap<string, readonly AuditFinding[]> => {
  const groups = new Map<string, AuditFinding[]>();
  for (const one of findings) groups.set(one.finding.rule, [...(groups.get(one.finding.rule) ?? []), one]);
  return groups;
};

/** What a finding says, with what it is about where it does not say that itself. */
const withSubject = (subject: AuditFinding["subject"], said: string, language: Language): string => {
  const names = namesIn(subject).filter((name) => name !== "");
  if (names.length === 0 || names.some((name) => said.includes(`\`${name}\``))) return said;
  return `${subjectText(subject, language)}${language === "en" ? ": " : "："}${said}`;
};

const lineOf = (
  subject: AuditFinding["subject"],
  { verdict, exemption }: AuditFinding["finding"],
  language: Language,
): string => {
  const said =
    verdict.kind === "violation"
      ? withSubject(subject, verdict.evidence.map(({ sentence }) => sentence[language]).join("; "), language)
      : subjectText(subject, language);
  return exemption === undefined ? said : `${said} — ${words[language].exempt(untilText(exemption.until), exemption)}`;
};
