import { readFileSync } from "node:fs";
import { snapshotFaults } from "./check.ts";
import type { Snapshot } from "./format.ts";

/** Reads a snapshot from a file. Throws an Error that names the file and everything that is wrong with it. */
export const readSnapshot = (path: string): Snapshot => {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(
      `the snapshot \`${path}\` cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const faults = snapshotFaults(value);
  if (faults.length > 0) throw new Error(`the snapshot \`${path}\` cannot be loaded: ${faults.join("; ")}`);
  return value as Snapshot;
};
