import { readFileSync } from "node:fs";

/** A file as it was found: its text, that there is none, or why it cannot be read. */
export type FoundFile =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly because: string };

const strict = new TextDecoder("utf-8", { fatal: true });

/** Reads a text file. That there is none is told from one that cannot be read; one that is no UTF-8 cannot. */
export const findFile = (path: string): FoundFile => {
  try {
    return { kind: "text", text: strict.decode(readFileSync(path)) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "it is no text";
    if (code === "ENOENT") return { kind: "absent" };
    return { kind: "unreadable", because: code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "it is no UTF-8" : code };
  }
};
