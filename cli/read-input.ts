import { readFileSync } from "node:fs";
import { BadInput } from "./output.ts";

/** A file's bytes, or stdin's for `-`. */
export const readInput = (path: string): Buffer => {
  try {
    return readFileSync(path === "-" ? 0 : path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new BadInput(`cannot read \`${path}\`: ${reasons[code] ?? code}`);
  }
};

const reasons: { readonly [code: string]: string } = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "it may not be read",
};
