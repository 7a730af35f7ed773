import fc from "fast-check";
import { expect, test } from "vitest";
import { instantOf } from "../../shared/intake/time.ts";

test.each<[unknown, number | undefined]>([
  ["2021-08-05T06:59:52Z", Date.UTC(2021, 7, 5, 6, 59, 52)],
  ["2021-04-08T06:28:17.093Z", Date.UTC(2021, 3, 8, 6, 28, 17, 93)],
  ["2020-11-19T21:04:41+08:00", Date.UTC(2020, 10, 19, 13, 4, 41)],
  ["2020-11-19T21:04:41-0330", Date.UTC(2020, 10, 20, 0, 34, 41)],
  ["2020-08-17T16:04:46.149Asia/Shanghai", Date.UTC(2020, 7, 17, 8, 4, 46, 149)],
  ["2020-08-17T16:04:46", Date.UTC(2020, 7, 17, 16, 4, 46)],
  ["2020-08-17 16:04:46", Date.UTC(2020, 7, 17, 16, 4, 46)],
  [" 2020-08-17T16:04Z ", Date.UTC(2020, 7, 17, 16, 4)],
  ["2020-02-29T00:00:00Z", Date.UTC(2020, 1, 29)],
  ["2021-02-29T00:00:00Z", undefined],
  ["2021-13-01T00:00:00Z", undefined],
  ["2021-01-01T24:00:00Z", undefined],
  ["2021-01-01T00:00:00Mars/Olympus", undefined],
  ["1793520000", 1793520000000],
  [1793520000, 1793520000000],
  [1793520000123, 1793520000123],
  [0, undefined],
  [Number.NaN, undefined],
  ["", undefined],
  ["soon", undefined],
  [null, undefined],
  [{}, undefined],
])("%j", (value, instant) => {
  expect(instantOf(value)).toBe(instant);
});

test("reads every instant that ActionTrail can write", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date("2009-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }), (date) => {
      const seconds = Math.trunc(date.getTime() / 1000) * 1000;
      expect(instantOf(new Date(seconds).toISOString().replace(".000Z", "Z"))).toBe(seconds);
      expect(instantOf(date.toISOString())).toBe(date.getTime());
    }),
  );
});
