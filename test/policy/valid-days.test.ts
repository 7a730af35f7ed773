import { expect, it } from "vitest";
import { validDaysOf } from "../../shared/policy/valid-days.ts";

it.each([
  ["2026-01-01T00:00:00Z", "2026-01-31T00:00:00Z", 30],
  ["2026-01-01T00:00:00Z", undefined, "unlimited"],
  ["2026-01-01T00:00:00Z", "", "unlimited"],
  [undefined, "2026-01-31T00:00:00Z", undefined],
  ["2026-01-01T00:00:00Z", "some day", undefined],
  ["some day", "2026-01-31T00:00:00Z", undefined],
])("from %s to %s is valid for %s days", (made, ends, days) => {
  expect(validDaysOf(made, ends)).toBe(days);
});
