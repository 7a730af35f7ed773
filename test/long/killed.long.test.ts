import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { killRounds } from "../scenarios/processes/kill-rounds.ts";

const rounds = Number(process.env.WARDEN_KILL_ROUNDS ?? "200");

it(`${rounds} guards that are killed at work lose nothing, and do nothing twice`, { timeout: 0 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "ram-warden-killed-"));
  try {
    const killed = await killRounds(rounds, 77, join(folder, "state.sqlite"));
    console.log({ rounds, killedAtWork: killed.killedAtWork, incidents: killed.incidents });
    expect(killed).toMatchObject({ left: [], open: [], neverTold: [], twiceUnmarked: [] });
    expect(killed.writes).toEqual(killed.writes.map(() => 1));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
