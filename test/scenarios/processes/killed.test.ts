import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { killRounds } from "./kill-rounds.ts";

const rounds = Number(process.env.WARDEN_KILL_ROUNDS ?? "40");

it(`${rounds} guards that are killed at work lose nothing, and do nothing twice`, { timeout: 1_800_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "ram-warden-killed-"));
  try {
    const killed = await killRounds(rounds, 20_261, join(folder, "state.sqlite"));
    expect(killed).toMatchObject({ left: [], open: [], neverTold: [], twiceUnmarked: [] });
    expect(killed.writes).toEqual(killed.writes.map(() => 1));
    // Else nothing was interrupted, and this proves nothing.
    expect(killed.killedAtWork).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
