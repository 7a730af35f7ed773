import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { asked, usage } from "./simulation/arguments.ts";

test("what is asked for is a range of seeds", () => {
  expect(asked([])).toEqual({ kind: "run", count: 100, from: 1, verbose: false });
  expect(asked(["--seeds", "3", "--from", "0", "--verbose"])).toEqual({
    kind: "run",
    count: 3,
    from: 0,
    verbose: true,
  });
  for (const help of ["--help", "-h"]) expect(asked([help, "--seeds", "0"])).toEqual({ kind: "help" });
});

test.each([
  [["--bogus", "1"], "--bogus"],
  [["--from", "-3"], "--from"],
  [["--from=-3"], "from 0"],
  [["--seeds", "0"], "from 1"],
  [["--seeds", ""], "from 1"],
  [["--seeds", "1e3"], "from 1"],
  [["--from", "9007199254740991"], "from 0"],
  [["7"], "7"],
])("%j is said to be wrong", (args, because) => {
  expect(asked(args)).toEqual({ kind: "wrong", because: expect.stringContaining(because) });
});

test("the command says so with its usage, and without a stack", () => {
  const main = fileURLToPath(new URL("./simulation/main.ts", import.meta.url));
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), main, ...args], { encoding: "utf8" });
  expect(run("--help")).toMatchObject({ status: 0, stdout: `${usage}\n`, stderr: "" });
  const wrong = run("--from", "-3");
  expect(wrong).toMatchObject({ status: 2, stdout: "" });
  expect(wrong.stderr.endsWith(`\n${usage}\n`)).toBe(true);
  expect(wrong.stderr).not.toContain("    at ");
});
