import { expect, test } from "vitest";
import { takeIn } from "../shared/intake/take-in.ts";
import { claimedCloud, judgeIntake } from "../shared/judge.ts";
import { openSqliteStateStore } from "../shared/local/sqlite-state-store.ts";
import { StoreUnavailable } from "../shared/ports/state-store.ts";
import type { World } from "../shared/ports/world.ts";
import { account, attachToUser, updateRole } from "./intake/synthetic.ts";
import { guardrails } from "./planning/changes.ts";
import { manualClock } from "./ports/manual-clock.ts";
import { settings } from "./rules/changes.ts";

const worldWith = (read: World["read"]): World => {
  const clock = manualClock();
  const nobody = async (): Promise<never> => {
    throw new Error("judging writes nothing");
  };
  const events = takeIn([attachToUser()]).events;
  return {
    ...claimedCloud(events),
    read,
    accountId: account,
    act: nobody,
    state: openSqliteStateStore(":memory:", clock),
    channels: [],
    clock,
    newId: () => "id",
    log: () => undefined,
  };
};

const given = {
  rules: settings({ accountId: account }),
  guardrails: guardrails({ protected: [], ownRoles: { looking: undefined, acting: "acting" } }),
  telling: { language: "en", timeZone: "UTC" },
  approvals: { openForMs: 259_200_000 },
} as const;

const intake = takeIn([{ ...updateRole(), eventId: "bad", requestId: "bad" }, attachToUser()]);
const throwing =
  (fault: Error): World["read"] =>
  async (ref) => {
    if (ref.kind === "role-trust") throw fault;
    return claimedCloud(intake.events).read(ref);
  };

test("an event that ends in a fault is refused, and the good ones beside it are judged", async () => {
  const judged = await judgeIntake(worldWith(throwing(new TypeError("secret text"))), given, intake);
  expect(judged.decisions.map(({ eventId }) => eventId)).toEqual([intake.events[1]?.eventId]);
  expect(judged.refusals).toEqual([{ where: "event bad", reason: "could not be judged: TypeError" }]);
});

test("a state store that does not answer is no fault of one event", async () => {
  const fault = new StoreUnavailable("no answer");
  await expect(judgeIntake(worldWith(throwing(fault)), given, intake)).rejects.toBe(fault);
});
