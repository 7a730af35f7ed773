import { readFileSync, readSync } from "node:fs";
import { BadInput } from "./output.ts";

/** A file that is not there, or cannot be read; `because` says why without its name. */
export class UnreadableInput extends BadInput {
  readonly because: string;
  constructor(path: string, because: string) {
    super(`cannot read \`${path}\`: ${because}`);
    this.because = because;
  }
}

/** A file's bytes, or stdin's for `-`. */
export const readInput = (path: string): Buffer => {
  try {
    return path === "-" ? readStdin() : readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UnreadableInput(path, reasons[code] ?? code);
  }
};

/** A pipe whose writer is slower than we are says EAGAIN in place of waiting, where it was opened so. */
const readStdin = (): Buffer => {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(65_536);
    let length: number;
    try {
      length = readSync(0, chunk);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
      continue;
    }
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, length));
  }
};

const reasons: { readonly [code: string]: string } = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "it may not be read",
  EBADF: "there is no standard input",
  ENAMETOOLONG: "there is no such file",
  ERR_INVALID_ARG_VALUE: "there is no such file",
  ERR_FS_FILE_TOO_LARGE: "it is too large",
};
