import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundled } from "./bundle.ts";
import { instrumented } from "./instrument.ts";
import { type Run, readied, type Verdict } from "./run.ts";

const source = `
export const limits: readonly number[] = [10];
export const isBig = (value: number): boolean => value > (limits[0] as number);
export const countTo = (end: number): number => {
  let at = 0;
  while (at < end) at += 1;
  return at;
};
export const unused = (): string => "x";
`;
const tests = `
import { describe, expect, it, test } from "vitest";
import { countTo, isBig } from "./code.ts";
describe("numbers", () => {
  it.each([[20, true], [5, false]])("%d is big: %s", (value, big) => {
    expect(isBig(value)).toBe(big);
  });
  test("are counted", () => expect({ at: countTo(3) }).toMatchObject({ at: expect.any(Number) }));
  test("to the end", () => expect(countTo(3)).toBe(3));
});
`;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mutants-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ready = async (
  code: string,
  test: string,
): Promise<{ readonly run: Run; readonly verdicts: readonly Verdict[] }> => {
  const [path, testFile] = [join(folder, "code.ts"), join(folder, "code.test.ts")];
  writeFileSync(path, code);
  writeFileSync(testFile, test);
  const { text, mutants } = await instrumented(path);
  const run = readied(await bundled([testFile], path, text), [testFile]);
  return { run, verdicts: mutants.map((mutant) => run.verdict(mutant, 60)) };
};

test("every mutant meets the tests that reach it, until one fails", async () => {
  const { run, verdicts } = await ready(source, tests);
  expect(run.tests.map(({ name }) => name)).toEqual([
    "numbers 20 is big: true",
    "numbers 5 is big: false",
    "numbers are counted",
    "numbers to the end",
  ]);
  const verdict = (original: string, replacement: string): Partial<Verdict> | undefined =>
    verdicts.find((one) => one.original === original && one.replacement === replacement);
  expect(verdict("[10]", "[]")).toMatchObject({ status: "only while loading", met: 0 });
  expect(verdict("value > (limits[0] as number)", "true")).toMatchObject({ status: "killed", reachedBy: 2 });
  expect(verdict("value > (limits[0] as number)", "value >= (limits[0] as number)")).toMatchObject({
    status: "survived",
    at: "3:50",
    reachedBy: 2,
    met: 2,
  });
  expect(verdict("at < end", "false")).toMatchObject({ status: "killed" });
  expect(verdict("at += 1", "at -= 1")).toMatchObject({ status: "timed out" });
  expect(verdict('"x"', '""')).toMatchObject({ status: "not reached", reachedBy: 0, met: 0 });
});

test("a test that fails without any mutant ends the run: it would kill whatever it meets", async () => {
  await expect(ready(source, `${tests}\ntest("wrong", () => expect(countTo(1)).toBe(2));`)).rejects.toThrow();
  const once = `${tests}
test("only the first time", () => {
  expect(countTo((globalThis as { seen?: number }).seen ?? 1)).toBe(1);
  (globalThis as { seen?: number }).seen = 7;
});`;
  await expect(ready(source, once)).rejects.toThrow("fails alone");
});
