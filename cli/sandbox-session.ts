import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A user of the sandbox, and a key of it. */
export type Person = { readonly userName: string; readonly accessKeyId: string; readonly accessKeySecret: string };

/** What a running `npm start` tells the other commands: where its cloud is and where its state. */
export type SandboxSession = {
  readonly endpoint: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** In whose names commands may be run besides, with `--as`. */
  readonly people?: readonly Person[];
  readonly inbox: string;
  readonly config: string;
  readonly statePath: string;
  readonly pid: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
};

/** Where sandboxes that run in a folder leave their sessions and states. */
export const sessionFolder = (folder: string): string => join(folder, ".warden");

const sessionName = /^sandbox-\d+\.json$/;

/** Each sandbox has a file of its own, so that one that ends, or cannot start, takes no other's away. */
export const sessionPath = (pid: number, folder = process.cwd()): string =>
  join(sessionFolder(folder), `sandbox-${pid}.json`);

const sessionsIn = (folder: string): readonly SandboxSession[] => {
  try {
    return readdirSync(sessionFolder(folder))
      .filter((name) => sessionName.test(name))
      .flatMap((name) => sessionAt(join(sessionFolder(folder), name)));
  } catch {
    return [];
  }
};

const sessionAt = (path: string): readonly SandboxSession[] => {
  try {
    const session: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isSession(session) ? [session] : [];
  } catch {
    return [];
  }
};

/** A process of somebody else's runs as well, though it takes no signal from here. */
const lives = ({ pid }: Pick<SandboxSession, "pid">): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};

const leavings = /^sandbox-(\d+)\.(json|sqlite(-wal|-shm)?)$/;

/** What sandboxes that were killed left in a folder: sessions, with the keys in them, and states. */
export const leftBehind = (folder = process.cwd()): readonly string[] => {
  try {
    return readdirSync(sessionFolder(folder))
      .filter((name) => {
        const pid = Number(leavings.exec(name)?.[1] ?? 0);
        return Number.isSafeInteger(pid) && pid > 0 && !lives({ pid });
      })
      .map((name) => join(sessionFolder(folder), name));
  } catch {
    return [];
  }
};

/** Removes it: nothing of it is of use once its sandbox is gone. */
export const removeLeftBehind = (folder = process.cwd()): void => {
  for (const path of leftBehind(folder)) rmSync(path, { force: true });
};

/** The session of the newest sandbox that runs in this folder right now, if one does. */
export const runningSession = (folder = process.cwd()): SandboxSession | undefined =>
  sessionsIn(folder)
    .filter(lives)
    .reduce<SandboxSession | undefined>(
      (newest, one) => (newest === undefined || one.startedAt > newest.startedAt ? one : newest),
      undefined,
    );

const texts = ["endpoint", "accountId", "accessKeyId", "accessKeySecret", "inbox", "config", "statePath"] as const;

/** A number that is no process id would stand for a group of processes, and one always exists. */
const isSession = (value: unknown): value is SandboxSession => {
  if (typeof value !== "object" || value === null || !("pid" in value)) return false;
  const session = value as { readonly [name: string]: unknown };
  return (
    Number.isSafeInteger(session.pid) &&
    Number(session.pid) > 0 &&
    typeof session.startedAt === "number" &&
    (session.people === undefined || (Array.isArray(session.people) && session.people.every(isPerson))) &&
    texts.every((name) => typeof session[name] === "string")
  );
};

const isPerson = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  ["userName", "accessKeyId", "accessKeySecret"].every(
    (name) => typeof (value as { readonly [name: string]: unknown })[name] === "string",
  );

/** The session as another of its people has it; undefined where none bears the name. */
export const sessionAs = (session: SandboxSession, userName: string): SandboxSession | undefined => {
  const person = session.people?.find((one) => one.userName === userName);
  if (person === undefined) return undefined;
  const { accessKeyId, accessKeySecret } = person;
  return { ...session, accessKeyId, accessKeySecret };
};

/** Writes the session for this user alone: it holds the key of a sandbox. */
export const writeSession = (session: SandboxSession, folder = process.cwd()): void => {
  const path = sessionPath(session.pid, folder);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(session, undefined, 2)}\n`, { mode: 0o600 });
};

/** Removes a process's session. */
export const removeSession = (pid = process.pid, folder = process.cwd()): void =>
  rmSync(sessionPath(pid, folder), { force: true });

/** Removes the folder of sessions and states where nothing is left in it. */
export const removeEmptyFolder = (folder = process.cwd()): void => {
  try {
    rmdirSync(sessionFolder(folder));
  } catch {
    // Somebody else's things are in it, or it never was there.
  }
};
