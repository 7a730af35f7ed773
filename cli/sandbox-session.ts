import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a running `npm start` tells the other commands: where its cloud is and where its state. */
export type SandboxSession = {
  readonly endpoint: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly inbox: string;
  readonly config: string;
  readonly statePath: string;
  readonly pid: number;
};

const sessionPath = (folder: string): string => join(folder, ".warden", "sandbox.json");

/** The session of a sandbox that runs in this folder right now, if one does. */
export const runningSession = (folder = process.cwd()): SandboxSession | undefined => {
  try {
    const session: unknown = JSON.parse(readFileSync(sessionPath(folder), "utf8"));
    if (!isSession(session)) return undefined;
    process.kill(session.pid, 0);
    return session;
  } catch {
    return undefined;
  }
};

const texts = ["endpoint", "accountId", "accessKeyId", "accessKeySecret", "inbox", "config", "statePath"] as const;

/** A number that is no process id would stand for a group of processes, and one always exists. */
const isSession = (value: unknown): value is SandboxSession => {
  if (typeof value !== "object" || value === null || !("pid" in value)) return false;
  const session = value as { readonly [name: string]: unknown };
  return (
    Number.isSafeInteger(session.pid) &&
    Number(session.pid) > 0 &&
    texts.every((name) => typeof session[name] === "string")
  );
};

/** Writes the session for this user alone: it holds the key of a sandbox. */
export const writeSession = (session: SandboxSession, folder = process.cwd()): void => {
  const path = sessionPath(folder);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(session, undefined, 2)}\n`, { mode: 0o600 });
};

/** Removes this process's own session; another sandbox that was started here since keeps its own. */
export const removeSession = (folder = process.cwd()): void => {
  if (runningSession(folder)?.pid === process.pid) rmSync(sessionPath(folder), { force: true });
};
