import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TrailEvent } from "../../shared/domain/trail-event.ts";
import { takeIn } from "../../shared/intake/take-in.ts";
import { deadEvent, deadLetter } from "../../shared/ledger/dead-letters.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import { systemClock } from "../../shared/local/system.ts";
import { callerOf } from "../sandbox/client.ts";
import { accountId } from "../support/guarded-account.ts";
import type { SandboxPlace } from "./sandbox-place.ts";
import { sandboxPlace } from "./sandbox-place.ts";
import { warden } from "./warden.ts";

let place: SandboxPlace;
beforeEach(async () => {
  place = await sandboxPlace();
});
afterEach(async () => {
  const { code, out } = await warden("ledger", "verify");
  await place.leave();
  expect({ code, out }).toMatchObject({ code: 0 });
});

type Letter = {
  readonly id: string;
  readonly cause: string;
  readonly count: number;
  readonly records: readonly { readonly value?: unknown; readonly reason: string }[];
};
const listed = async (): Promise<readonly Letter[]> =>
  JSON.parse((await warden("dead", "list", "--json")).out) as readonly Letter[];

/** An event that could not be handled once, as it stands in the list. */
const unhandled = async (change: (event: TrailEvent) => TrailEvent = (event) => event): Promise<string> => {
  await callerOf(place.sandbox, place.sandbox.keyOf("mallory"))("Ram", "AttachPolicyToUser", {
    PolicyType: "System",
    PolicyName: "AdministratorAccess",
    UserName: "alice",
  });
  const [event] = takeIn(place.sandbox.trail).events;
  if (event === undefined) throw new Error("no event");
  const state = openSqliteStateStore(join(place.folder.path, "state.sqlite"), systemClock);
  const letter = deadLetter("not-handled", [deadEvent("could not be handled: TypeError", change(event))], Date.now());
  await openLedger(state, systemClock, accountId).keepDead(letter, async () => undefined);
  state.close();
  return letter.id;
};
const isAdministrator = (): boolean =>
  place.sandbox
    .dump()
    .attachments?.some(
      ({ principalName, policyName }) => principalName === "alice" && policyName === "AdministratorAccess",
    ) === true;

test("what cannot be understood is listed with its reason and what was received, told once, and stays until it can be", async () => {
  expect((await warden("dead", "list")).out).toBe("nothing that could not be handled\n");
  const file = place.folder.file("odd.json", [5, { eventName: "UpdateRole", Password: "hunter2" }]);
  for (let time = 0; time < 3; time += 1) expect((await warden("replay", file)).code).toBe(2);
  expect(place.messages()).toHaveLength(1);
  const letters = await listed();
  expect(letters).toMatchObject([
    {
      cause: "not-understood",
      count: 2,
      records: [
        { where: expect.stringMatching(/odd\.json:\$\[0\]$/), value: 5, altered: false },
        {
          where: expect.stringMatching(/odd\.json:\$\[1\]$/),
          value: { eventName: "UpdateRole", Password: "[redacted]" },
          altered: true,
        },
      ],
    },
  ]);
  expect((await warden("dead", "list")).out).toMatch(
    /^[0-9a-f]{32} {2}\S+Z {2}not-understood {2}\S*odd\.json:\$\[0\]: is a value .* and 1 more$/m,
  );
  expect((await warden("dead", "list")).out).toMatch(/^ {2}received: 5$/m);
  const replayed = await warden("dead", "replay");
  expect(replayed.code).toBe(1);
  expect(replayed.out).toMatch(/still on the list: 0 handled, 2 left/);
  expect(await listed()).toEqual(letters);
  expect(place.messages()).toHaveLength(1);
});

test("an event that could not be handled is replayed, acted upon, and leaves the list", async () => {
  const id = await unhandled();
  const { code, out } = await warden("dead", "replay", id, "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    letters: [{ id, handled: 1, left: 0 }],
    decisions: [{ outcome: "reverted" }],
    deferred: [],
  });
  expect(isAdministrator()).toBe(false);
  expect(await listed()).toEqual([]);
  expect((await warden("dead", "replay", id)).code).toBe(2);
  expect(await warden("dead", "replay")).toMatchObject({ code: 0, out: "nothing that could not be handled\n" });
});

test("of several records those that can be handled by now leave, and the others stay", async () => {
  await callerOf(place.sandbox, place.sandbox.keyOf("mallory"))("Ram", "AttachPolicyToUser", {
    PolicyType: "System",
    PolicyName: "AdministratorAccess",
    UserName: "alice",
  });
  const { serviceName: _, ...cut } = place.sandbox.trail.find(
    ({ eventName }) => eventName === "AttachPolicyToUser",
  ) as { readonly [name: string]: unknown };
  expect((await warden("replay", place.folder.file("cut.json", [cut, 7]))).code).toBe(2);
  // As if a later version understood it: what was kept says its service after all.
  const [letter] = await listed();
  const state = openSqliteStateStore(join(place.folder.path, "state.sqlite"), systemClock);
  const key = `dead/${accountId}/${letter?.id}`;
  const row = await state.get(key);
  const [first, second] = letter?.records ?? [];
  await state.compareAndSet(key, row?.version ?? 0, {
    ...(letter as object),
    records: [{ ...first, value: { ...(first?.value as object), serviceName: "Ram" } }, second],
  } as never);
  state.close();
  const { code, out } = await warden("dead", "replay", "--json");
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ letters: [{ handled: 1, left: 1 }], decisions: [{ outcome: "reverted" }] });
  expect(isAdministrator()).toBe(false);
  expect(await listed()).toMatchObject([{ id: letter?.id, count: 1, records: [{ value: 7 }] }]);
});

test("what cannot be done now stays, and says so with 3", async () => {
  const id = await unhandled();
  place.sandbox.faults.inject({ match: { operation: "ListPoliciesForUser" }, kind: "throttle", times: 1_000 });
  const { code } = await warden("dead", "replay", id);
  expect(code).toBe(3);
  expect((await listed()).map((letter) => letter.id)).toEqual([id]);
});

test("an event of which something was taken out is judged by the live subject alone", async () => {
  const id = await unhandled((event) => ({ ...event, claimed: { kind: "gone", token: "taken-out" } as never }));
  expect((await listed())[0]?.records[0]).toMatchObject({ altered: true });
  expect((await warden("dead", "replay", id)).code).toBe(0);
  expect(isAdministrator()).toBe(false);
});

test("what was received is shown with all that came around it, and keeps its place when it is replayed", async () => {
  const received = { id: "x-1", source: "acs.ram", type: "ram:ActionTrail:ApiCall", data: { eventName: "UpdateRole" } };
  expect((await warden("replay", place.folder.file("one.json", received))).code).toBe(2);
  const letters = await listed();
  expect(letters).toMatchObject([{ records: [{ value: received, altered: false }] }]);
  const text = (await warden("dead", "list")).out;
  expect(text).toContain(`\n  received: ${JSON.stringify(received)}\n`);
  expect((await warden("dead", "list", "--lang", "zh-CN")).out).toContain(
    `\n  收到的内容：${JSON.stringify(received)}\n`,
  );
  const places = (out: string) => out.match(/one\.json:\$[.\w]*/g);
  for (let time = 0; time < 2; time += 1)
    expect(places((await warden("dead", "replay")).out)).toEqual([expect.stringMatching(/one\.json:\$\.data$/)]);
  expect(await listed()).toEqual(letters);

  const secret = { eventName: "X", NewPassword: "hunter2-hunter2", more: "y".repeat(400) };
  await warden("replay", place.folder.file("two.json", secret));
  const [, , , line] = (await warden("dead", "list")).out.split("\n");
  expect(line).toMatch(
    /^ {2}received, without its secrets: \{"eventName":"X","NewPassword":"\[redacted\]","more":"y+…$/,
  );
});

describe("taken off without handling it", () => {
  test("is one by somebody, for a reason, which the record keeps", async () => {
    const id = await unhandled();
    const { out: done } = await warden("dead", "discard", id, "--because", " seen by hand ");
    expect(done).toBe(`${id} is off the list, and was not handled\n`);
    expect(await listed()).toEqual([]);
    expect(isAdministrator()).toBe(true);
    const { out } = await warden("ledger", "export");
    const entries = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { kind: string; body: object });
    expect(entries.find(({ kind }) => kind === "discarded")?.body).toMatchObject({
      id,
      by: "user administrator",
      because: "seen by hand",
    });
  });

  test("is none without a reason", async () => {
    const id = await unhandled();
    expect(await warden("dead", "discard", id)).toMatchObject({ code: 2, err: expect.stringContaining("--because") });
    for (const because of ["  ", "x".repeat(501)])
      expect(await warden("dead", "discard", id, "--because", because)).toMatchObject({
        code: 2,
        err: expect.stringContaining("`--because` takes a reason of 1 to 500 characters"),
      });
    expect((await listed()).map((letter) => letter.id)).toEqual([id]);
  });
});

test.each(["nonsense", "0".repeat(32), "../x"])("refuses %s, which is not on the list", async (id) => {
  for (const command of [["replay"], ["discard", "--because", "seen"]])
    expect(await warden("dead", ...command, id)).toMatchObject({
      code: 2,
      err: expect.stringContaining("no dead letter"),
    });
});
