import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Remediation } from "../../shared/domain/plan.ts";
import { ok } from "../../shared/domain/result.ts";
import { stateDigest } from "../../shared/operations/state-digest.ts";
import { readBack, spacedMs } from "../../shared/response/read-back.ts";
import { manualClock } from "../ports/manual-clock.ts";
import { allow, own, roleTrust, trusting } from "../rules/changes.ts";

const stateOf = (name: string) => roleTrust(trusting(allow({ RAM: `acs:ram::${own}:user/${name}` })));
const attacked = stateOf("attacked");
const half = stateOf("half");
const back = stateOf("back");
const foreign = stateOf("foreign");
const call = { service: "Ram", operation: "UpdateRole", parameters: {} } as const;

/** Two calls: what a lagging reading shows is the state before the attack, which is also the goal. */
const remediation: Remediation = {
  subject: { kind: "role-trust", accountId: own, roleName: "deploy", route: "Ram" },
  expects: stateDigest(attacked),
  was: attacked,
  becomes: back,
  calls: [call, call],
  between: [stateDigest(half)],
  undo: [],
};

const seen = async (states: readonly (typeof back)[], wanted: number, sure: boolean) => {
  const clock = manualClock();
  let reads = 0;
  const read = async () => {
    const state = states[Math.min(reads, states.length - 1)] ?? back;
    reads += 1;
    return ok(state);
  };
  const from = clock.now();
  const found = await readBack({ read, clock }, remediation, { wanted, sure });
  return { ...found, reads, tookMs: clock.now() - from };
};

describe("reading back", () => {
  test("believes at once what the cloud said", async () => {
    expect(await seen([half], 1, true)).toMatchObject({ kind: "stands", done: 1, reads: 1 });
    expect(await seen([back], 2, true)).toMatchObject({ kind: "stands", done: 2, reads: 1 });
  });

  test("believes in more than the cloud said at two spaced readings only", async () => {
    expect(await seen([back, half], 1, true)).toMatchObject({ kind: "stands", done: 1, reads: 2 });
    const found = await seen([back], 1, true);
    expect(found).toMatchObject({ kind: "stands", done: 2 });
    expect(found.tookMs).toBeGreaterThanOrEqual(spacedMs);
  });

  test("believes in a call whose answer was lost at two spaced readings only", async () => {
    expect(await seen([back, attacked], 2, false)).toMatchObject({ kind: "stands", done: 0 });
    expect(await seen([half, attacked], 1, false)).toMatchObject({ kind: "stands", done: 0 });
    const found = await seen([back], 2, false);
    expect(found).toMatchObject({ kind: "stands", done: 2 });
    expect(found.tookMs).toBeGreaterThanOrEqual(spacedMs);
  });

  test("believes in a state that it does not lead over at its second sight, the last reading included", async () => {
    expect(await seen([foreign], 1, true)).toMatchObject({ kind: "other", reads: 2 });
    const late = [...Array.from({ length: 8 }, () => attacked), foreign];
    expect(await seen([...late, foreign], 1, true)).toMatchObject({ kind: "other", reads: 10 });
    expect(await seen([...late, attacked], 1, true)).toMatchObject({ kind: "stands", done: 0, reads: 10 });
    expect(await seen([...late, stateOf("yet another")], 1, true)).toMatchObject({ kind: "unreadable" });
  });

  test("never takes readings for settled that hold no two spaced ones in a row", async () => {
    const states = fc.array(fc.constantFrom(attacked, half, foreign), { minLength: 1, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(states, fc.nat(9), async (others, at) => {
        // One stale reading among whatever else is read.
        const read = [...others.slice(0, at), back, ...others.slice(at), attacked];
        const found = await seen(read, 2, false);
        if (found.kind === "stands") expect(found.done).toBeLessThan(2);
      }),
    );
  });
});
