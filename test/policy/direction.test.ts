import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../shared/domain/json.ts";
import {
  amongWords,
  type Compare,
  choice,
  type Direction,
  lessIsStricter,
  moreIsStricter,
  movesOf,
  whereFlag,
} from "../../shared/policy/direction.ts";
import { passwordCompares, preferenceCompares } from "../../shared/policy/setting-directions.ts";

type Row = readonly [from: Json | undefined, to: Json | undefined, way: Direction];

const table = (name: string, compare: Compare, rows: readonly Row[]): void => {
  test.each(rows)(`${name}: from %j to %j is %s`, (from, to, way) => {
    expect(compare(from, to)).toBe(way);
  });
};

describe("which way one value moves", () => {
  table("a switch that protects when it is on", whereFlag(true), [
    [false, true, "stricter"],
    [true, false, "looser"],
    [true, true, "neutral"],
    [false, false, "neutral"],
    ["true", true, "unsure"],
    [true, "false", "unsure"],
    [undefined, true, "unsure"],
    [true, undefined, "unsure"],
  ]);
  table("a switch that protects when it is off", whereFlag(false), [
    [false, true, "looser"],
    [true, false, "stricter"],
    [false, false, "neutral"],
  ]);
  table("a number that should be high", moreIsStricter, [
    [8, 14, "stricter"],
    [14, 8, "looser"],
    [8, 8, "neutral"],
    ["8", 14, "unsure"],
    [8, "14", "unsure"],
    [8, undefined, "unsure"],
  ]);
  table("a limit that should be low", lessIsStricter(false), [
    [6, 24, "looser"],
    [24, 6, "stricter"],
    [6, 6, "neutral"],
    [6, 0, "stricter"],
    ["6", 24, "unsure"],
    [6, "24", "unsure"],
  ]);
  table("a limit that should be low and is none at 0", lessIsStricter(true), [
    [90, 0, "looser"],
    [0, 90, "stricter"],
    [0, 0, "neutral"],
    [90, 30, "stricter"],
    [1, 0, "looser"],
  ]);
  table("words in order", amongWords("off", "some", "all"), [
    ["off", "some", "stricter"],
    ["all", "some", "looser"],
    ["all", "all", "neutral"],
    ["off", "all", "stricter"],
    ["none", "all", "unsure"],
    ["off", "none", "unsure"],
    ["off", undefined, "unsure"],
  ]);
  table("a matter of choice", choice, [
    ["a", "b", "neutral"],
    [undefined, ["x"], "neutral"],
  ]);

  test("the other way about it moves the other way, whatever the values", () => {
    const turned = { stricter: "looser", looser: "stricter", neutral: "neutral", unsure: "unsure" } as const;
    const value = fc.oneof(fc.boolean(), fc.integer({ min: 0, max: 3 }), fc.constantFrom("off", "some", "all", "x"));
    const compares = [whereFlag(true), moreIsStricter, lessIsStricter(true), amongWords("off", "some", "all")];
    fc.assert(
      fc.property(fc.constantFrom(...compares), value, value, (compare, from, to) => {
        expect(compare(to, from)).toBe(turned[compare(from, to)]);
      }),
    );
  });
});

describe("which values of a setting move", () => {
  const compares = { on: whereFlag(true), length: moreIsStricter, kind: choice };

  test("by the way they move, in the order of their names, those that stay left out", () => {
    const from = { on: true, length: 8, kind: "a", same: { b: 1, a: [2] }, gone: 1, zeta: null };
    const to = { on: false, length: 14, kind: "b", same: { a: [2], b: 1 }, brand: "new" };
    expect(movesOf(from, to, compares)).toEqual({
      neutral: ["kind"],
      stricter: ["length"],
      looser: ["on"],
      unsure: ["brand", "gone"],
    });
  });

  test("each name once, and sorted", () => {
    expect(movesOf({ b: 1, c: 1, a: 1 }, { c: 2, a: 2, b: 2 }, {}).unsure).toEqual(["a", "b", "c"]);
  });

  test("a name that every object has is not taken for one that is known", () => {
    expect(movesOf({ toString: 1 }, { toString: 2 }, compares).unsure).toEqual(["toString"]);
    expect(movesOf({}, { constructor: 2 }, compares).unsure).toEqual(["constructor"]);
  });

  test("a value that is not there is none", () => {
    expect(movesOf({ length: null }, {}, compares)).toEqual({ neutral: [], stricter: [], looser: [], unsure: [] });
    expect(movesOf({ length: 8 }, {}, compares).unsure).toEqual(["length"]);
  });
});

describe("the settings of an account", () => {
  test.each<[keyof typeof preferenceCompares, Json | undefined, Json | undefined, Direction]>([
    ["AllowUserToManageAccessKeys", false, true, "looser"],
    ["EnforceMFAForLogin", false, true, "stricter"],
    ["LoginSessionDuration", 6, 24, "looser"],
    ["MaxIdleDaysForUsers", 90, 0, "looser"],
    ["MFAOperationForLogin", "mandatory", "independent", "looser"],
    ["MFAOperationForLogin", "adaptive", "mandatory", "stricter"],
    ["OperationForRiskLogin", "autonomous", "enforceVerify", "stricter"],
    ["VerificationTypes", ["sms"], ["email"], "neutral"],
    // Not spoken of is off.
    ["AllowUserToManagePublicKeys", undefined, true, "looser"],
    ["AllowUserToManagePublicKeys", true, undefined, "stricter"],
    ["AllowUserToManagePublicKeys", undefined, false, "neutral"],
    ["AllowUserToManagePublicKeys", true, "x", "unsure"],
    // No mask lets in everybody.
    ["LoginNetworkMasks", "10.0.0.0/8", undefined, "looser"],
    ["LoginNetworkMasks", undefined, "10.0.0.0/8", "stricter"],
    ["LoginNetworkMasks", undefined, "", "neutral"],
    ["LoginNetworkMasks", "10.0.0.0/8", "11.0.0.0/8", "unsure"],
  ])("%s from %j to %j is %s", (name, from, to, way) => {
    expect(preferenceCompares[name](from, to)).toBe(way);
  });

  test.each<[keyof typeof passwordCompares, Json, Json, Direction]>([
    ["MinimumPasswordLength", 8, 14, "stricter"],
    ["PasswordReusePrevention", 5, 0, "looser"],
    ["MaxPasswordAge", 90, 0, "looser"],
    ["RequireSymbols", true, false, "looser"],
    ["HardExpire", false, true, "stricter"],
  ])("of passwords: %s from %j to %j is %s", (name, from, to, way) => {
    expect(passwordCompares[name](from, to)).toBe(way);
  });
});
