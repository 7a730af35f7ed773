import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Verdict } from "./run.ts";

/** What is known of one file's mutants, as it is kept between runs. */
export type Kept = {
  readonly path: string;
  /** A digest of the file: verdicts on another text of it are worth nothing. */
  readonly source: string;
  readonly mutants: number;
  readonly verdicts: readonly Verdict[];
};

export const digestOf = (path: string): string =>
  createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);

const placeOf = (folder: string, path: string): string => join(folder, `${basename(path, ".ts")}.json`);

/** What was kept of the file as it is now. */
export const keptOf = (folder: string, path: string): Kept | undefined => {
  const place = placeOf(folder, path);
  if (!existsSync(place)) return undefined;
  const kept = JSON.parse(readFileSync(place, "utf8")) as Kept;
  return kept.source === digestOf(path) ? kept : undefined;
};

export const keep = (folder: string, kept: Kept): void =>
  writeFileSync(placeOf(folder, kept.path), `${JSON.stringify(kept, null, 1)}\n`);
