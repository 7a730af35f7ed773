import { problemText } from "./config.ts";
import type { ConfigProblem } from "./config-problems.ts";
import { readSettingsFile, schemaProblems } from "./config-problems.ts";
import type { Exemption } from "./domain/exemption.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import { exemptionOf, exemptionsJsonSchema, exemptionsSchema } from "./exemptions-schema.ts";
import { exemptionsOf } from "./planning/exemptions.ts";
import type { ExemptionsRead } from "./settings.ts";

/** Where exemptions are looked for unless the settings name another file: beside the settings. */
export const usualExemptionsFile = "exemptions.yaml";

/** Reads the text of a file of exemptions. Whatever is wrong is said with its line; no text of the file is quoted. */
export const readExemptions = (text: string, file: string): Result<readonly Exemption[], readonly ConfigProblem[]> => {
  const read = readSettingsFile(text, file);
  if (!read.ok) return read;
  const parsed = exemptionsSchema.safeParse(read.value.value, { reportInput: true });
  return parsed.success
    ? ok(parsed.data.exemptions.map(exemptionOf))
    : failed(
        schemaProblems(parsed.error.issues, read.value, { whole: "the exemptions", schema: exemptionsJsonSchema }),
      );
};

/** A file as it was found: its text, that there is none, or why it cannot be read. */
export type FoundFile =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly because: string };

/**
 * What a found file says. A file that the settings name has to be there; the usual one need not. One that cannot be read is
 * no empty one: whatever it may have covered is then told and not written.
 */
export const exemptionsIn = (found: FoundFile, file: string, isNamed: boolean): ExemptionsRead => {
  if (found.kind === "unreadable") return unreadable([`${file}: cannot be read: ${found.because}`]);
  if (found.kind === "absent")
    return isNamed ? unreadable([`${file}: the settings name it, and there is no such file`]) : none;
  const read = readExemptions(found.text, file);
  return read.ok
    ? { kind: "read", exemptions: exemptionsOf(read.value) }
    : unreadable(read.error.map((problem) => problemText(problem)));
};

const none: ExemptionsRead = { kind: "read", exemptions: exemptionsOf([]) };

const unreadable = (problems: readonly string[]): ExemptionsRead => ({ kind: "unreadable", problems });
