import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fault, type Sandbox, sandboxInProcess, startSandbox } from "../../../sandbox/index.ts";
import { transport } from "../../../shared/aliyun/transport.ts";
import { manualClock } from "../../ports/manual-clock.ts";
import { stateStoreContract } from "../../ports/state-store-contract.ts";
import { accountBefore } from "../../support/guarded-account.ts";
import { memoryStateStore } from "../../support/memory-state-store.ts";
import { brokenGuards } from "./broken.ts";
import { type Simulated, simulate } from "./simulate.ts";
import { invariants } from "./watch.ts";
import { answerOf, cutOff, requestOf, timedOut } from "./wire.ts";

stateStoreContract("the store of a simulation", async (clock) => {
  const store = memoryStateStore(clock);
  return { handle: () => store, close: () => undefined };
});

describe("a simulation", () => {
  it("is the same each time for one seed, and another for another", async () => {
    const [first, again, other] = [await simulate(7), await simulate(7), await simulate(8)];
    expect(again).toEqual(first);
    expect(other.digest).not.toBe(first.digest);
  });

  it("lets something happen: changes, remediations, and much between them", async () => {
    const all: Simulated[] = [];
    for (let seed = 1; seed <= 20; seed += 1) all.push(await simulate(seed));
    const sum = (of: (one: Simulated) => number) => all.reduce((total, one) => total + of(one), 0);
    expect(sum(({ changes }) => changes)).toBeGreaterThan(100);
    expect(sum(({ writes }) => writes)).toBeGreaterThan(30);
    expect(sum(({ steps }) => steps)).toBeGreaterThan(20_000);
  });
});

describe("a guard that is broken is found out", () => {
  it.each(brokenGuards)("when it $name", async (broken) => {
    const found = new Set<string>();
    for (let seed = 1; seed <= 40 && !found.has(broken.finds); seed += 1)
      for (const { invariant } of (await simulate(seed, broken)).violations) found.add(invariant);
    expect([...found]).toContain(broken.finds);
  });

  it("by each of the invariants", () => {
    const proven = new Set(brokenGuards.map(({ finds }) => finds));
    // That it ends is the scheduler's own to see.
    expect(invariants.filter((one) => !proven.has(one))).toEqual(["the simulation ends"]);
  });
});

/** What a caller sees must be the same whether a request goes over a socket by the SDK, or is handed over. */
describe("requests that are handed over", () => {
  const clock = manualClock();
  const options = { seed: 3, clock, dateWindowMs: Number.POSITIVE_INFINITY, holdMs: 2_000, snapshot: accountBefore() };
  let listening: Sandbox;
  beforeEach(async () => {
    listening = await startSandbox(options);
  });
  afterEach(() => listening.stop());

  const kinds: readonly Fault["kind"][] = [
    "throttle",
    "server-error",
    "server-error-after",
    "html",
    "timeout-before",
    "timeout-after",
    "cut-before",
    "cut-after",
    "empty",
    "unavailable",
    "concurrent-call",
  ];

  it.each(["none", ...kinds])("end as those over HTTP do: %s", async (kind) => {
    const held = sandboxInProcess(options);
    // Only what is silent is waited for in vain; a busy machine may take its time over the others.
    const timeoutMs = kind.startsWith("timeout") ? 300 : 10_000;
    const common = { clock, region: "cn-hangzhou", attempts: 1, timeoutMs };
    const overHttp = transport({
      ...common,
      credentials: listening.keyOf("mallory"),
      endpoint: listening.endpoint,
      protocol: "http",
    });
    let nonce = 0;
    const handedOver = transport({
      ...common,
      credentials: held.keyOf("mallory"),
      sender: async (request) => {
        nonce += 1;
        const reply = held.answer(requestOf(request, clock.now(), String(nonce)));
        if (reply.kind === "hold") throw timedOut();
        if (reply.kind === "cut") throw cutOff();
        return answerOf(reply);
      },
    });
    const calls = [
      { service: "Ram", operation: "GetRole", parameters: { RoleName: "plain" }, effect: "read" },
      { service: "Ram", operation: "GetRole", parameters: { RoleName: "none-such" }, effect: "read" },
      {
        service: "Ram",
        operation: "CreateUser",
        parameters: { UserName: "neu", DisplayName: "ä+b*c~&=" },
        effect: "write",
      },
      { service: "Sts", operation: "AssumeRole", parameters: { RoleArn: "x", RoleSessionName: "y" }, effect: "read" },
    ] as const;
    for (const call of calls) {
      const ends = [];
      for (const [sandbox, send] of [
        [listening, overHttp],
        [held, handedOver],
      ] as const) {
        if (kind !== "none") sandbox.faults.inject({ match: {}, kind: kind as Fault["kind"] });
        const result = await send(call);
        ends.push(
          result.ok
            ? { ok: true, body: JSON.stringify(result.value.body).replaceAll(/[0-9A-F]{8}-[-0-9A-F]{27}/g, "id") }
            : { ok: false, ...result.error, requestId: result.error.requestId === undefined ? "none" : "some" },
        );
      }
      expect(ends[1]).toEqual(ends[0]);
    }
    const state = (sandbox: Pick<Sandbox, "dump">) => sandbox.dump().users?.map(({ userName }) => userName);
    expect(state(held)).toEqual(state(listening));
  });
});
