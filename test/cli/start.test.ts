import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runningSession, writeSession } from "../../cli/sandbox-session.ts";
import { otherThanUsual } from "../../cli/start/story.ts";
import { readConfig } from "../../shared/config.ts";
import type { Folder } from "./warden.ts";
import { newFolder, warden } from "./warden.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

let folder: Folder;
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => folder.remove());

/** `npm start` in the folder, as a process of its own. */
const start = (...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ["--import", import.meta.resolve("tsx"), join(root, "cli/start/main.ts"), ...args],
      { cwd: folder.path },
    );
    let [out, err] = ["", ""];
    child.stdout.on("data", (text: Buffer) => {
      out += text.toString();
    });
    child.stderr.on("data", (text: Buffer) => {
      err += text.toString();
    });
    child.on("close", (code) => resolve({ code, out, err }));
  });

test("what in the settings makes the story end otherwise is named, and nothing by those of the example", () => {
  const settings = (more: string) => {
    const read = readConfig(`account: "1"\n${more}`, "warden.yaml", {}, "left-out");
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    return read.value;
  };
  const example = readConfig(readFileSync(join(root, "warden.yaml"), "utf8"), "warden.yaml", {}, "left-out");
  expect(example.ok && otherThanUsual(example.value)).toEqual([]);
  const enforced = "mode: enforce\nroles: { acting: a }\n";
  expect(otherThanUsual(settings(`${enforced}rules: { RAM.MfaRemoved: { maturity: trial } }`))).toEqual([
    "the settings put `RAM.MfaRemoved` on trial, so that it says what it would do and does not",
  ]);
  expect(otherThanUsual(settings("mode: observe\nrules: { RAM.MfaRemoved: { response: alert } }"))).toEqual([
    "the mode is `observe`, in which nothing is written",
    "the settings let `RAM.MfaRemoved` do no more than `alert`",
  ]);
});

test("a port that is taken, and a folder that cannot be written, are said with what to do", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  try {
    expect(await start("--port", String(port))).toEqual({
      code: 2,
      out: "",
      err: `cannot listen on port \`${port}\` of 127.0.0.1, \`EADDRINUSE\`: take another with \`--port\`, or 0 for any\n`,
    });
  } finally {
    taken.close();
  }
  folder.file(".warden", "a file, where a folder would have to be");
  expect(await start()).toEqual({
    code: 2,
    out: "",
    err: "cannot make the folder `.warden` here, `EEXIST`: start it in a folder that you may write to\n",
  });
});

test("a start that fails leaves nothing behind", async () => {
  const { code, err } = await start("--ready-file", "/nodir/x");
  expect(code).toBe(2);
  expect(err).toContain("cannot write `/nodir/x`");
  expect(readdirSync(folder.path)).toEqual([]);
});

test("what sandboxes that were killed left is said by other commands, and removed by the next start; nothing else is", async () => {
  mkdirSync(join(folder.path, ".warden"));
  // No process bears a number above the largest that Linux gives.
  const left = ["", "-wal", "-shm"].map((suffix) => `sandbox-99999999.sqlite${suffix}`);
  const others = ["state.sqlite", `sandbox-${process.pid}.sqlite`, "sandbox-99999999.txt", "sandbox-0.sqlite"];
  for (const name of [...left, "sandbox-99999999.json", ...others]) folder.file(`.warden/${name}`, "{}");
  const settings = folder.file("warden.yaml", 'account: "1"\nstate: { kind: sqlite, path: none.sqlite }\n');
  const back = process.cwd();
  process.chdir(folder.path);
  try {
    const said =
      "a sandbox that was killed left its state at `.warden/sandbox-99999999.sqlite`, which is not looked at; the next `npm start` here removes it";
    expect((await warden("incidents")).err.split("\n")).toContain(said);
    for (const args of [["--cloud"], ["--config", settings]])
      expect((await warden("incidents", ...args)).err).not.toContain("killed");
  } finally {
    process.chdir(back);
  }
  expect((await start("--ready-file", "/nodir/x")).code).toBe(2);
  expect(readdirSync(join(folder.path, ".warden")).sort()).toEqual([...others].sort());
});

test("nor does it, or one that ends, take away the session of another that runs in the folder", async () => {
  const session = {
    endpoint: "127.0.0.1:1",
    accountId: "1",
    accessKeyId: "a",
    accessKeySecret: "b",
    inbox: "c",
    config: "d",
    statePath: "e",
    pid: process.pid,
    startedAt: 1,
  };
  writeSession(session, folder.path);
  expect((await start("--ready-file", "/nodir/x")).code).toBe(2);
  expect(runningSession(folder.path)).toEqual(session);
  const once = await start("--once");
  expect(once.code).toBe(0);
  expect(once.out).toContain("verdict: each change was put back, contained, told or put to a person");
  expect(runningSession(folder.path)).toEqual(session);
  expect(readdirSync(join(folder.path, ".warden"))).toEqual([`sandbox-${process.pid}.json`]);
}, 60_000);
