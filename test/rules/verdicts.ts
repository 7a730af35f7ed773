import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RuleId, Verdict } from "../../shared/domain/finding.ts";

/**
 * What the rules say of the rows of their tables, word for word, as `test/rules/verdicts` keeps it: one file for each rule,
 * so that a change of what people read is seen by whoever reviews it. Rows that comply say nothing, and are not kept.
 */
export type KeptVerdicts = { readonly [row: string]: Exclude<Verdict, { kind: "compliant" }> };

/** `RAM.TrustForeignAccount` as the name of its files, `trust-foreign-account`. */
export const fileOf = (id: string): string =>
  id
    .replace(/^RAM\./, "")
    .replace(/(?<!^)[A-Z]/g, "-$&")
    .toLowerCase();

const placeOf = (rule: RuleId): string => fileURLToPath(new URL(`./verdicts/${fileOf(rule)}.json`, import.meta.url));

/** Whether the rows are to be written as they are now, instead of being held to what was kept. */
export const isWriting = (): boolean => process.env.WARDEN_WRITE_VERDICTS === "1";

export const readVerdicts = (rule: RuleId): KeptVerdicts =>
  JSON.parse(readFileSync(placeOf(rule), "utf8")) as KeptVerdicts;

export const writeVerdicts = (rule: RuleId, verdicts: KeptVerdicts): void =>
  writeFileSync(placeOf(rule), `${JSON.stringify(verdicts, null, 2)}\n`);
