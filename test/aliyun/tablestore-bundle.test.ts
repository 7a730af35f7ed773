import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

const store = fileURLToPath(new URL("../../shared/aliyun/tablestore-state-store.ts", import.meta.url));

/** Asks every operation of nobody: each request is made, signed and fails to connect. */
const program = `
  import { tablestoreStateStore } from ${JSON.stringify(store)};
  const store = tablestoreStateStore({
    endpoint: "http://127.0.0.1:1", instance: "warden-test", table: "t",
    credentials: { accessKeyId: "a", accessKeySecret: "b" },
    clock: { now: () => 0, sleep: async () => {} },
  });
  const calls = [
    () => store.get("k/1/a"), () => store.putIfAbsent("k/1/a", 1), () => store.compareAndSet("k/1/a", 1, 2),
    () => store.delete("k/1/a", 1), () => store.list("k/1/", { limit: 1 }),
  ];
  const run = async () => {
    for (const call of calls) console.log(await call().then(() => "ok", (error) => error.name + ": " + error.message));
  };
  run();
`;

// The package assigns to undeclared names, which only the strict mode of an ES module notices.
test.each(["esm", "cjs"] as const)("one file of JavaScript holds the store (%s)", async (format) => {
  const folder = mkdtempSync(join(tmpdir(), "ram-warden-bundle-"));
  try {
    const outfile = join(folder, format === "esm" ? "store.mjs" : "store.cjs");
    await build({
      stdin: { contents: program, resolveDir: folder, loader: "ts" },
      bundle: true,
      platform: "node",
      target: "node20",
      format,
      outfile,
      logLevel: "silent",
      banner:
        format === "esm"
          ? { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' }
          : {},
    });
    const { stdout, stderr } = spawnSync(process.execPath, ["--no-deprecation", outfile], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n")).toEqual(Array(5).fill("StoreUnavailable: no connection: `ECONNREFUSED`"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
