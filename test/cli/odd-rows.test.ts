import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runWarden } from "../../cli/program.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import { systemClock } from "../../shared/local/system.ts";

const accountId = "1234567890123456";
const oddId = "01a20145-4e4a-7656-9523-b308e5d8402f";

let out = "";
let config = "";

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), "warden-"));
  config = join(folder, "warden.yaml");
  writeFileSync(config, `account: "${accountId}"\nstate: { kind: sqlite, path: ${join(folder, "state.sqlite")} }\n`);
  const state = openSqliteStateStore(join(folder, "state.sqlite"), systemClock);
  await state.putIfAbsent(`incident/${accountId}/${oddId}`, { id: oddId });
  state.close();
  out = "";
  const take = (text: unknown): boolean => {
    out += String(text);
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(take);
  vi.spyOn(process.stderr, "write").mockImplementation(take);
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
});

test("a row of another form does not keep the others from being listed", async () => {
  await runWarden(["incidents", "--config", config]);
  expect(process.exitCode).toBe(0);
  expect(out).toContain(`${oddId}  not in a form that this version reads`);
});

test("a row of another form is refused in a line, and printed as it is on request", async () => {
  await runWarden(["incidents", oddId, "--config", config]);
  expect(process.exitCode).toBe(2);
  expect(out).not.toMatch(/\n\s+at /);
  out = "";
  await runWarden(["incidents", oddId, "--config", config, "--json"]);
  expect(JSON.parse(out)).toEqual({ id: oddId });
});

test.each(["incidents", "undo"])("%s refuses what is no incident's id", async (command) => {
  await runWarden([command, "x".repeat(1500), "--config", config]);
  expect(process.exitCode).toBe(2);
  expect(out).toMatch(/^no incident `x{64}`/);
});
