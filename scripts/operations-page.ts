import { accessKeyOperations } from "../shared/operations/access-keys.ts";
import { attachmentOperations } from "../shared/operations/attachments.ts";
import { credentialsOperations } from "../shared/operations/credentials.ts";
import { directoryOperations } from "../shared/operations/directory.ts";
import type { Entries, OperationEntry } from "../shared/operations/entry.ts";
import { federationOperations } from "../shared/operations/federation.ts";
import { identitiesOperations } from "../shared/operations/identities.ts";
import { policiesOperations } from "../shared/operations/policies.ts";
import { sessionsOperations } from "../shared/operations/sessions.ts";
import { settingsOperations } from "../shared/operations/settings.ts";
import { trustOperations } from "../shared/operations/trust.ts";
import { understoodOperations } from "../shared/operations/understood.ts";

/** The families of operations in the order of the page. */
export const families: readonly { readonly title: string; readonly entries: Entries }[] = [
  { title: "Roles and whom they trust", entries: trustOperations },
  { title: "AccessKeys", entries: accessKeyOperations },
  { title: "Attachments of policies", entries: attachmentOperations },
  { title: "Policies and tags", entries: policiesOperations },
  { title: "Users, groups and memberships", entries: identitiesOperations },
  { title: "What users log on and sign with", entries: credentialsOperations },
  { title: "Settings of the account", entries: settingsOperations },
  { title: "Identity providers and applications", entries: federationOperations },
  { title: "Resource directory and resource groups", entries: directoryOperations },
  { title: "Sessions and reports", entries: sessionsOperations },
];

/** A text within a cell: a bar would end it. */
const cell = (text: string): string => text.replaceAll("|", "\\|");
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
const listed = (texts: readonly string[], separator: string): string =>
  texts.length === 0 ? "–" : texts.join(separator);

const operationRow = ([id, { subject, effect, lost, remedy }]: readonly [string, OperationEntry]): string =>
  row([
    `\`${id}\``,
    subject,
    effect,
    listed(lost, "; "),
    `**${remedy.level}**: ${remedy.why}`,
    listed(
      remedy.calls.map((call) => `\`${call}\``),
      ", ",
    ),
  ]);

const section = ({ title, entries }: (typeof families)[number]): string =>
  [
    `## ${title}`,
    "",
    row(["operation", "subject", "effect", "what is lost", "put back", "calls"]),
    row(["---", "---", "---", "---", "---", "---"]),
    ...Object.entries(entries).map(operationRow),
    "",
  ].join("\n");

const countOf = (level: OperationEntry["remedy"]["level"]): number =>
  Object.values(understoodOperations).filter(({ remedy }) => remedy.level === level).length;

const head = (): string => `Every write operation of Ram, Ims and Sts, and those of ResourceManager that bear on RAM:
${Object.keys(understoodOperations).length} in all. *Subject* is the kind of thing that the operation is about, and what is read when it was called;
*effect* what the call does to it; *lost* what neither the event nor the live subject tells afterwards, so that a baseline has
to. It can be put back in *full* (${countOf("full")}), in *part* (${countOf("partial")}), or not at all (*none*, ${countOf("none")}), where calls stop its use at most.
The *calls* are those that a remedy may send, in their order. Which of these changes are judged is told by
[the rules](rules); what no rule judges is taken as the new state, and a write that is not listed is passed over as
unknown, never guessed.`;

/** The page of all operations: what each does, what is lost by it, and how it is put back. */
export const operationsPage = (): string =>
  [
    "# Operations",
    "",
    "<!-- made by `npm run docs` from shared/operations; change it there -->",
    "",
    head(),
    "",
    ...families.map(section),
  ].join("\n");
