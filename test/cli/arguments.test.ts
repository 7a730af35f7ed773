import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { removeSession, runningSession, sessionPath, writeSession } from "../../cli/sandbox-session.ts";
import { instantArgument } from "../../cli/time-argument.ts";
import { everyRule } from "../../shared/every-rule.ts";
import { rules } from "../../shared/rules/registry.ts";
import type { Folder } from "./warden.ts";
import { newFolder, spawnWarden, warden } from "./warden.ts";

let folder: Folder;
let back: string;
beforeAll(() => {
  back = process.cwd();
  folder = newFolder();
  // Nothing is there: no settings, no sandbox, no state.
  process.chdir(folder.path);
});
afterAll(() => {
  process.chdir(back);
  folder.remove();
});

describe("a command line that is wrong", () => {
  test.each<[string, readonly string[], RegExp]>([
    ["no command", [], /^Usage: warden/],
    ["an unknown command", ["nope"], /unknown command 'nope'\nsee `warden --help`/],
    ["an unknown option", ["rules", "--nope"], /unknown option '--nope'\nsee `warden --help`/],
    ["an argument too many", ["undo", "a", "b"], /too many arguments/],
    ["an argument too few", ["undo"], /missing required argument 'incident'/],
    ["an option without its value", ["judge", "x", "--config"], /argument missing/],
    [
      "an unknown rule",
      ["rules", "RAM.Nope"],
      /^no rule `RAM\.Nope`, and no control of that id; `warden rules` lists both/,
    ],
    ["an unknown command of policy", ["policy", "nope"], /unknown command|error/],
  ])("%s is 2", async (_, args, said) => {
    const { code, out, err } = await warden(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(said);
  });

  test.each([["judge", "x"], ["rules"], ["replay", "x"], ["backfill", "--from", "1h"]])(
    "another language is 2: %s",
    async (...args) => {
      for (const language of ["de", "EN", "zh", ""]) {
        const { code, out, err } = await warden(...args, "--lang", language);
        expect({ code, out }).toEqual({ code: 2, out: "" });
        expect(err).toContain("Allowed choices are en, zh-CN");
      }
    },
  );

  test("help is 0 and on standard output", async () => {
    const { code, out, err } = await warden("--help");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const command of ["judge", "policy", "rules", "replay", "backfill", "incidents", "undo", "sandbox"])
      expect(out).toMatch(new RegExp(`^  ${command}\\b`, "m"));
  });

  // Settings, state and credentials are all missing, so each command comes to an end before it does anything.
  test("ends with an answer, whatever the words", async () => {
    const word = fc.constantFrom(
      "judge",
      "rules",
      "replay",
      "backfill",
      "baseline",
      "incidents",
      "undo",
      "call",
      "policy",
      "compare",
      "explain",
      "help",
      "--json",
      "--lang",
      "en",
      "zh-CN",
      "de",
      "--config",
      "--state",
      "--cloud",
      "--from",
      "--to",
      "--enforce",
      "--dry-run",
      "--nope",
      "--",
      "RAM.RootAccessKey",
      "none.json",
      "Ram.GetUser",
      "UserName=x",
      "1h",
      "2026-02-30",
      "",
      " ",
      ".",
      "/dev/null",
      "\u0000",
      "\u001b[2J",
      "-",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (words) => {
        // Standard input of the test runner is nobody's to read.
        const { code, out, err } = await warden(...words.filter((one) => one !== "-"));
        expect([0, 1, 2, 3]).toContain(code);
        expect(err).not.toMatch(/^\s+at /m);
        expect(out + err).not.toContain("\u001b");
        if (code === 2) expect(out + err).not.toBe("");
      }),
      { numRuns: 250 },
    );
    expect(existsSync(".warden")).toBe(false);
  });

  test("is told by the process as well", async () => {
    const { code, out, err } = await spawnWarden(["judge", "none.json", "--config", "none.yaml"]).ended;
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toBe("cannot read `none.yaml`: there is no such file\n");
  });
});

describe("rules", () => {
  test("are listed, each on a line", async () => {
    for (const language of ["en", "zh-CN"] as const) {
      const { code, out } = await warden("rules", "--lang", language);
      expect(code).toBe(0);
      const lines = out.split("\n").filter((line) => line.startsWith("  "));
      expect(lines).toHaveLength(everyRule.length);
      everyRule.forEach((rule, index) => {
        for (const part of [rule.id, rule.control, rule.response, rule.text[language].title])
          expect(lines[index]).toContain(part);
      });
    }
  });

  test("are data with --json, all or one", async () => {
    const all = JSON.parse((await warden("rules", "--json")).out) as readonly object[];
    expect(all.map((rule) => ("id" in rule ? rule.id : undefined))).toEqual(everyRule.map(({ id }) => id));
    const one = JSON.parse((await warden("rules", "RAM.RootAccessKey", "--json")).out) as object;
    expect(one).toMatchObject({
      id: "RAM.RootAccessKey",
      control: "RAM-ROOT-003",
      responses: ["alert", "observe", "off"],
    });
    expect(one).not.toHaveProperty("judge");
  });

  test("are explained one by one, in both languages", async () => {
    for (const rule of rules)
      for (const language of ["en", "zh-CN"] as const) {
        const { code, out } = await warden("rules", rule.id, "--lang", language);
        expect(code).toBe(0);
        const { title, rationale, runbook, falsePositives } = rule.text[language];
        for (const text of [title, rationale, falsePositives, ...runbook]) expect(out).toContain(text);
      }
  });
});

describe("a time on the command line", () => {
  const now = Date.parse("2026-11-22T12:34:56.789Z");
  const at = (text: string, end?: "first" | "last") => new Date(instantArgument(text, "from", now, end)).toISOString();

  test.each([
    ["now", "2026-11-22T12:34:56.789Z"],
    ["90m", "2026-11-22T11:04:56.789Z"],
    ["24h", "2026-11-21T12:34:56.789Z"],
    ["7d", "2026-11-15T12:34:56.789Z"],
    ["2026-11-22", "2026-11-22T00:00:00.000Z"],
    ["2028-02-29", "2028-02-29T00:00:00.000Z"],
    ["2026-11-22T01:00:00Z", "2026-11-22T01:00:00.000Z"],
    ["2026-11-22T01:00Z", "2026-11-22T01:00:00.000Z"],
    ["2026-11-22T01:00:00.5Z", "2026-11-22T01:00:00.500Z"],
    ["2026-11-22T01:00:00+08:00", "2026-11-21T17:00:00.000Z"],
  ])("%s is %s", (text, instant) => {
    expect(at(text)).toBe(instant);
  });

  test("a day as the end is all of it", () => {
    expect(at("2026-11-22", "last")).toBe("2026-11-22T23:59:59.999Z");
    expect(at("2026-11-22T01:00:00Z", "last")).toBe("2026-11-22T01:00:00.000Z");
  });

  test.each([
    "",
    "today",
    "24",
    "5w",
    "-5h",
    "1.5h",
    "2026-11-22T01:00:00",
    "2026-11-22 01:00:00Z",
    "2026-02-30",
    "2027-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-11-22T24:01:00Z",
    "2026-11-22T01:60:00Z",
    "1763800000",
    "22.11.2026",
  ])("%s is none", (text) => {
    expect(() => instantArgument(text, "from", now)).toThrow("`--from` is not a time");
  });

  test("is an instant or bad input, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9T:Z.+-]{1,25}$/)), (text) => {
        try {
          expect(Number.isFinite(instantArgument(text, "to", now))).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ name: "BadInput" });
        }
      }),
    );
  });
});

describe("the session of a sandbox in this folder", () => {
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
  const written = (content: unknown): unknown => {
    const place = newFolder();
    try {
      writeSession(session, place.path);
      writeFileSync(
        sessionPath(process.pid, place.path),
        typeof content === "string" ? content : JSON.stringify(content),
      );
      return runningSession(place.path);
    } finally {
      place.remove();
    }
  };

  test("is the newest that lives, and one that ends takes no other's away", () => {
    const place = newFolder();
    try {
      const parent = { ...session, pid: process.ppid, startedAt: 2 };
      const dead = { ...session, pid: 2 ** 22 + 1, startedAt: 3 };
      for (const one of [session, parent, dead]) writeSession(one, place.path);
      expect(runningSession(place.path)).toEqual(parent);
      removeSession(process.ppid, place.path);
      expect(runningSession(place.path)).toEqual(session);
      removeSession(process.pid, place.path);
      expect(runningSession(place.path)).toBeUndefined();
    } finally {
      place.remove();
    }
  });

  test("is found while its process runs", () => {
    expect(written(session)).toEqual(session);
  });
  test.each<[string, unknown]>([
    ["of a process that ended", { ...session, pid: 2 ** 22 + 1 }],
    ["of no process", { ...session, pid: 0 }],
    ["of a group of processes", { ...session, pid: -1 }],
    ["without a place", { pid: process.pid }],
    ["with a number for a place", { ...session, config: 5 }],
    ["that is no JSON", "{"],
    ["that is nothing", "null"],
  ])("is none when it is one %s", (_, content) => {
    expect(written(content)).toBeUndefined();
  });
});

describe("sandbox", () => {
  test("writes where it is once it listens, and ends when it is told to", async () => {
    const ready = join(folder.path, "ready.json");
    const { child, ended } = spawnWarden(["sandbox", "--ready-file", ready, "--seed", "7", "--json"]);
    await new Promise<void>((resolve, reject) => {
      child.stdout.once("data", () => resolve());
      child.once("close", () => reject(new Error("the sandbox ended by itself")));
    });
    const said = JSON.parse(readFileSync(ready, "utf8")) as { readonly [name: string]: string };
    expect(said).toMatchObject({
      endpoint: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      accountId: expect.stringMatching(/^\d+$/),
      accessKeyId: expect.any(String),
      accessKeySecret: expect.any(String),
      seed: 7,
    });
    expect(await (await fetch(said.inbox ?? "")).json()).toEqual([]);
    child.kill("SIGTERM");
    const { code, out, err } = await ended;
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toEqual(said);
  });

  test.each<[string, () => readonly string[], RegExp]>([
    [
      "a snapshot that is not there",
      () => ["--snapshot", "none.json"],
      /^cannot read `none\.json`: there is no such file/,
    ],
    ["a snapshot that is no JSON", () => ["--snapshot", folder.file("s.json", "{")], /is not JSON/],
    [
      "a snapshot with an unknown key",
      () => ["--snapshot", folder.file("s.json", { version: 1, accountId: "1", nope: 1 })],
      /^the sandbox cannot start: .*nope/s,
    ],
    [
      "a snapshot that is nested without end",
      () => [
        "--snapshot",
        folder.file("s.json", `{"version":1,"accountId":"1","trail":${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
      ],
      /^the sandbox cannot start: /,
    ],
    ["a port that is none", () => ["--port", "70000"], /^`--port` is a number from 0 to 65535/],
    ["a port that is a word", () => ["--port", "http"], /^`--port` is a number/],
    ["a seed that is a word", () => ["--seed", "x"], /^`--seed` is a number/],
    ["a ready file that cannot be written", () => ["--ready-file", folder.path], /^cannot write `/],
  ])("refuses %s with 2", async (_, args, said) => {
    const { code, out, err } = await warden("sandbox", ...args());
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(said);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test("refuses a port that is taken with 2", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    try {
      const { code, err } = await warden("sandbox", "--port", String(port));
      expect(code).toBe(2);
      expect(err).toMatch(/^the sandbox cannot start: .*EADDRINUSE/);
    } finally {
      server.close();
    }
  });
});
