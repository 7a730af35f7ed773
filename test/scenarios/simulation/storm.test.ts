import { expect, it } from "vitest";
import { storm } from "./storm.ts";

it("a storm of 300 changes within a minute, while RAM throttles: each is judged, and the messages are tens", async () => {
  const { violations, changes, writes, messages } = await storm(300, 20, 3_600_000);
  expect(violations).toEqual([]);
  expect([changes, writes]).toEqual([300, 300]);
  expect(messages).toBeLessThan(100);
}, 600_000);
