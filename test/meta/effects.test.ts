import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const sourcesOf = (folder: string): readonly string[] =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts"))
    .sort();

/** What brings time, chance or the environment in by itself. */
const effects: readonly (readonly [string, RegExp])[] = [
  ["the time", /\bDate\.now\b/],
  ["the time", /\bnew Date\(\s*\)/],
  ["the time", /\bDate\(\s*\)/],
  ["the time", /\bperformance\b/],
  ["the time", /\bhrtime\b/],
  ["chance", /\bMath\.random\b/],
  ["chance", /\brandom(?:UUID|Bytes|Int)\b/],
  ["chance", /\bgetRandomValues\b/],
  ["chance", /from "uuid"/],
  ["waiting", /\bset(?:Timeout|Interval|Immediate)\b/],
  ["waiting", /node:timers/],
  ["the environment", /\bprocess\b\s*\./],
  ["the environment", /node:process/],
];

/** Comments and texts do nothing. */
const code = (path: string): string =>
  readFileSync(new URL(path, root), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|\s)\/\/.*$/gm, "$1");

const found = (text: string): readonly string[] =>
  effects.filter(([, pattern]) => pattern.test(text)).map(([name, pattern]) => `${name}: ${pattern.source}`);

const adapters = ["shared/aliyun/", "shared/channels/", "shared/local/"];

describe("time enters through Clock, chance through NewId or a seed, the environment through its reader", () => {
  const core = sourcesOf("shared").filter((path) => !adapters.some((folder) => path.startsWith(folder)));

  test("no file of the core takes them by itself", () => {
    expect(core.length).toBeGreaterThan(100);
    expect(core.flatMap((path) => found(code(path)).map((what) => `${path} takes ${what}`))).toEqual([]);
  });

  test("an adapter that takes them is one that has to", () => {
    const taking = sourcesOf("shared")
      .filter((path) => !core.includes(path))
      .filter((path) => found(code(path)).length > 0);
    expect(taking).toEqual([
      // Sockets know no Clock: a time-out of a request is of real time, whatever a test's clock says.
      "shared/aliyun/tablestore-client.ts",
      // Jitter, and marks by which a write whose answer was lost is known again.
      "shared/aliyun/tablestore-expired.ts",
      "shared/aliyun/tablestore-state-store.ts",
      "shared/aliyun/tablestore-tables.ts",
      "shared/aliyun/transport.ts",
      "shared/channels/post.ts",
      // How long a lock is waited for.
      "shared/local/sqlite-state-store.ts",
      // The machine's own clock and ids, which the rest is given.
      "shared/local/system.ts",
    ]);
  });
});

test.each([
  "const at = Date.now();",
  "const at = new Date();",
  "const at = new Date( ).getTime();",
  "const n = Math.random();",
  'import { randomUUID } from "node:crypto";',
  "setTimeout(() => {}, 5);",
  'import { setTimeout as after } from "node:timers/promises";',
  "const home = process.env.HOME;",
  "const from = performance.now();",
])("the check sees `%s`", (text) => {
  expect(found(text)).not.toEqual([]);
});

test.each(["new Date(at).toISOString()", "the process of judging", "clock.now()"])("and does not mind `%s`", (text) => {
  expect(found(text)).toEqual([]);
});
