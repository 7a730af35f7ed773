import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faultsFrom } from "../../sandbox/faults.ts";
import { type FaultKind, type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { callerOf, refusal } from "./client.ts";

describe("faults", () => {
  let sandbox: Sandbox;
  let now = Date.now();
  beforeEach(async () => {
    now = Date.now();
    sandbox = await startSandbox({ seed: 13, holdMs: 5_000, staleReadMs: 2_000, clock: { now: () => now } });
  });
  afterEach(() => sandbox.stop());

  const create = (userName: string, timeoutMs = 10_000) =>
    callerOf(sandbox, sandbox.administrator, "body", timeoutMs)("Ram", "CreateUser", { UserName: userName });
  const exists = (userName: string) => sandbox.dump().users?.some((user) => user.userName === userName);

  it.each<[FaultKind, string | RegExp, boolean]>([
    ["throttle", "Throttling.User", false],
    ["unavailable", "ServiceUnavailable", false],
    ["concurrent-call", "ConcurrentCallNotSupported", false],
    ["server-error", "InternalError", false],
    ["server-error-after", "InternalError", true],
    ["html", /SyntaxError/, false],
    ["empty", /SyntaxError|TypeError|Error/, true],
    ["cut-before", /ECONNRESET|socket hang up/, false],
    ["cut-after", /ECONNRESET|socket hang up/, true],
    ["timeout-before", /Timeout/i, false],
    ["timeout-after", /Timeout/i, true],
  ])("%s is seen as %s, and the effect is there: %s", async (kind, seen, effect) => {
    sandbox.faults.inject({ match: { service: "Ram", operation: "CreateUser" }, kind });
    expect(await refusal(create("alice", kind.startsWith("timeout") ? 1_000 : 10_000))).toMatch(seen);
    expect(exists("alice")).toBe(effect);
    const struck = sandbox.calls.list().find((call) => call.fault === kind);
    expect(struck?.operation).toBe("CreateUser");
    expect(sandbox.trail.filter((event) => event.eventName === "CreateUser")).toHaveLength(effect ? 1 : 0);
    // Once is enough: the next call goes through.
    await create("bob");
  });

  it("strikes the call that was meant: by caller, by count, as often as asked", async () => {
    await callerOf(sandbox)("Ram", "CreateUser", { UserName: "alice" });
    await callerOf(sandbox)("Ram", "CreateAccessKey", { UserName: "alice" });
    const asAlice = callerOf(sandbox, sandbox.keyOf("alice"));
    sandbox.faults.inject({ match: { caller: "alice", nth: 2 }, kind: "throttle", times: 2 });
    const seen: string[] = [];
    for (let index = 0; index < 4; index += 1) seen.push(await refusal(asAlice("Ram", "ListUsers")));
    expect(seen).toEqual(["NoPermission", "Throttling.User", "Throttling.User", "NoPermission"]);
    await callerOf(sandbox)("Ram", "ListUsers");
    sandbox.faults.inject({ match: {}, kind: "throttle", times: Number.POSITIVE_INFINITY });
    expect(await refusal(create("bob"))).toBe("Throttling.User");
    expect(await refusal(create("bob"))).toBe("Throttling.User");
    sandbox.faults.clear();
    await create("bob");
  });

  it("answers reads from before the last write, by fault and for a while after each write", async () => {
    const call = callerOf(sandbox);
    const comments = async () => (await call("Ram", "GetUser", { UserName: "administrator" })).User.Comments;
    const write = (text: string) => call("Ram", "UpdateUser", { UserName: "administrator", NewComments: text });
    await write("one");
    expect(await comments()).toBe("");
    now += 2_000;
    expect(await comments()).toBe("one");
    await write("two");
    now += 2_000;
    sandbox.faults.inject({ match: { operation: "GetUser" }, kind: "stale-read" });
    expect(await comments()).toBe("one");
    expect(await comments()).toBe("two");
    // Permission is asked of the present, never of the past.
    expect(sandbox.calls.list().filter((each) => each.denied)).toEqual([]);
  });

  it("strikes by chance the same calls for the same seed", () => {
    const strikes = (seed: number) => {
      const faults = faultsFrom(0);
      faults.control.random(seed, { throttle: 0.2, "cut-after": 0.2, "stale-read": 0.1 });
      expect(faults.control.seed).toBe(seed);
      return Array.from({ length: 200 }, (_, index) =>
        faults.next({ service: "Ram", operation: "X", caller: "a", access: index % 2 === 0 ? "Read" : "Write" }),
      );
    };
    expect(strikes(5)).toEqual(strikes(5));
    expect(strikes(5)).not.toEqual(strikes(6));
    const struck = strikes(5).filter((kind) => kind !== undefined).length;
    expect(struck).toBeGreaterThan(40);
    expect(struck).toBeLessThan(160);
    // A write has no stale reading.
    expect(strikes(5).filter((kind, index) => kind === "stale-read" && index % 2 === 1)).toEqual([]);
  });

  it("makes the same ids and secrets of the same seed", async () => {
    const again = await startSandbox({ seed: 13 });
    try {
      expect(again.administrator).toEqual(sandbox.administrator);
      expect(again.seed).toBe(13);
    } finally {
      await again.stop();
    }
  });
});
