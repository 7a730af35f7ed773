import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runWarden } from "../../cli/program.ts";

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

const root = fileURLToPath(new URL("../..", import.meta.url));

/** `warden` as a process of its own, which costs about a second. */
export const spawnWarden = (
  args: readonly string[],
  options: { readonly input?: string | Buffer; readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
) => {
  const child = spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), join(root, "cli/warden.ts"), ...args],
    {
      cwd: options.cwd ?? root,
      env: { ...withoutSecrets(), ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const ended = new Promise<Ran>((resolve) => {
    child.on("close", (code) => resolve({ code, out, err }));
  });
  return { child, ended };
};

/** What the machine of a developer may hold is none of a test's business. */
const withoutSecrets = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(DINGTALK|ALIBABA_CLOUD|WARDEN)_|^(FORCE|NO)_COLOR$/.test(name)),
  );

/** `warden` in this process: the same command line, its output and its exit code. One at a time. */
export const warden = async (...args: readonly string[]): Promise<Ran> => {
  const written = { out: "", err: "" };
  const { exitCode } = process;
  const streams = { out: process.stdout, err: process.stderr } as const;
  const writes = { out: process.stdout.write, err: process.stderr.write };
  for (const name of ["out", "err"] as const)
    streams[name].write = ((text: string | Uint8Array): boolean => {
      written[name] += typeof text === "string" ? text : Buffer.from(text).toString("utf8");
      return true;
    }) as typeof process.stdout.write;
  try {
    process.exitCode = undefined;
    await runWarden(args);
    return { ...written, code: Number(process.exitCode ?? 0) };
  } finally {
    for (const name of ["out", "err"] as const) streams[name].write = writes[name];
    process.exitCode = exitCode;
  }
};

export type Folder = {
  readonly path: string;
  readonly file: (name: string, content: unknown) => string;
  readonly remove: () => void;
};

/** A folder of a test's own; what is written there as no text is written as JSON. */
export const newFolder = (): Folder => {
  const path = mkdtempSync(join(tmpdir(), "warden-cli-"));
  return {
    path,
    file: (name, content) => {
      const to = join(path, name);
      writeFileSync(to, typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content));
      return to;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
};
