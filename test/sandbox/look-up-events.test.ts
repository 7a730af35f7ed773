import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { callerOf, refusal } from "./client.ts";

const first = Date.parse("2026-11-22T08:00:00Z");
const second = (offset: number) => new Date(first + offset * 1000).toISOString().replace(".000", "");

type Event = { eventId: string; eventTime: string; eventName: string };

describe("LookupEvents", () => {
  let sandbox: Sandbox;
  let call: ReturnType<typeof callerOf>;
  let now = first;
  beforeEach(async () => {
    now = first;
    sandbox = await startSandbox({ seed: 12, clock: { now: () => now }, dateWindowMs: Number.POSITIVE_INFINITY });
    call = callerOf(sandbox, sandbox.administrator, "query");
    for (let index = 0; index < 7; index += 1) {
      // Two events in each second, so that pages end within one.
      now = first + Math.floor(index / 2) * 1000;
      await call("Ram", "CreateUser", { UserName: `user-${index}` });
    }
    await call("Ram", "ListUsers");
    await call("Ims", "CreateGroup", { GroupName: "devs", DisplayName: "Devs" });
  });
  afterEach(() => sandbox.stop());

  const walk = async (query: Record<string, unknown>): Promise<Event[]> => {
    const events: Event[] = [];
    let token = "";
    do {
      const page = await call("Actiontrail", "LookupEvents", {
        ...query,
        ...(token === "" ? {} : { NextToken: token }),
      });
      events.push(...page.Events);
      token = page.NextToken ?? "";
    } while (token !== "");
    return events;
  };

  const writesOfRam = {
    "LookupAttribute.1.Key": "ServiceName",
    "LookupAttribute.1.Value": "Ram",
    "LookupAttribute.2.Key": "EventRW",
    "LookupAttribute.2.Value": "Write",
  };

  it.each(["FORWARD", "BACKWARD"])("pages %s through everything exactly once", async (direction) => {
    const events = await walk({ ...writesOfRam, MaxResults: "3", Direction: direction });
    expect(events).toHaveLength(7);
    expect(new Set(events.map((event) => event.eventId)).size).toBe(7);
    const times = events.map((event) => event.eventTime);
    expect(times).toEqual(direction === "FORWARD" ? [...times].sort() : [...times].sort().reverse());
  });

  it("goes on where it stopped although new events arrived", async () => {
    const query = { ...writesOfRam, MaxResults: "3", Direction: "BACKWARD" };
    const page = await call("Actiontrail", "LookupEvents", query);
    await call("Ram", "CreateUser", { UserName: "late" });
    const next = await call("Actiontrail", "LookupEvents", { ...query, NextToken: page.NextToken });
    const ids = [...page.Events, ...next.Events].map((event: Event) => event.eventId);
    expect(new Set(ids).size).toBe(6);
  });

  it("keeps to the window and to the attributes", async () => {
    const window = { StartTime: second(1), EndTime: second(2) };
    expect(await walk({ ...writesOfRam, ...window })).toHaveLength(4);
    const byName = { "LookupAttribute.1.Key": "ResourceName", "LookupAttribute.1.Value": "user-3" };
    expect((await walk(byName)).map((event) => event.eventName)).toEqual(["CreateUser"]);
    expect(await walk({ "LookupAttribute.1.Key": "ServiceName", "LookupAttribute.1.Value": "ram" })).toEqual([]);
  });

  it("refuses what the service refuses", async () => {
    const look = (query: Record<string, unknown>) => refusal(call("Actiontrail", "LookupEvents", query));
    expect(await look({ StartTime: second(2), EndTime: second(1) })).toBe("InvalidParameterCombination");
    expect(await look({ StartTime: second(1) })).toBe("InvalidParameterEndTime");
    expect(await look({ StartTime: "yesterday", EndTime: second(1) })).toBe("InvalidParameterStartTime");
    expect(await look({ MaxResults: "51" })).toBe("InvalidQueryParameter");
    expect(await look({ "LookupAttribute.1.Key": "Colour", "LookupAttribute.1.Value": "red" })).toBe(
      "InvalidQueryParameter",
    );
    const pair = {
      "LookupAttribute.1.Key": "EventRW",
      "LookupAttribute.1.Value": "Write",
      "LookupAttribute.2.Key": "User",
      "LookupAttribute.2.Value": "alice",
    };
    expect(await look(pair)).toBe("InvalidQueryParameter");
    const { NextToken } = await call("Actiontrail", "LookupEvents", { MaxResults: "1" });
    expect(await look({ MaxResults: "2", NextToken })).toBe("InvalidQueryParameter");
  });

  it("shows events only after the delay that was asked for", async () => {
    const slow = await startSandbox({
      seed: 12,
      clock: { now: () => now },
      dateWindowMs: Number.POSITIVE_INFINITY,
      lookupDelayMs: 600_000,
    });
    try {
      const ask = callerOf(slow);
      await ask("Ram", "CreateUser", { UserName: "alice" });
      expect((await ask("Actiontrail", "LookupEvents")).Events).toEqual([]);
      now += 600_000;
      expect((await ask("Actiontrail", "LookupEvents")).Events).toHaveLength(1);
    } finally {
      await slow.stop();
    }
  });

  it("says that somebody is watching", async () => {
    const { TrailList } = await call("Actiontrail", "DescribeTrails");
    expect((await call("Actiontrail", "GetTrailStatus", { Name: TrailList[0].Name })).IsLogging).toBe(true);
  });
});
