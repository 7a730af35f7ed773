import { expect, it } from "vitest";
import { storm } from "../scenarios/simulation/storm.ts";

it("a storm of 10,000 changes within a minute: each is judged, and the messages are tens", async () => {
  const { violations, changes, writes, messages } = await storm(10_000, 20, 14_400_000);
  console.log({ changes, writes, messages });
  expect(violations).toEqual([]);
  expect([changes, writes]).toEqual([10_000, 10_000]);
  expect(messages).toBeLessThan(200);
}, 7_200_000);
