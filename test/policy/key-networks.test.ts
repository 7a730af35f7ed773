import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../shared/domain/json.ts";
import { isKeyPolicyInForce, keyPolicyAdmitsMore, keyPolicyDirection } from "../../shared/policy/key-networks.ts";

const block = fc
  .tuple(fc.nat(3), fc.nat(3), fc.integer({ min: 8, max: 16 }))
  .map(([a, b, bits]) => `${a}.${b}.0.0/${bits}`);
const statement: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.array(block, { minLength: 1, maxLength: 2 }).map((IPList) => ({ Type: "ClassicWhiteList", IPList })),
  fc
    .tuple(fc.constantFrom("vpc-1", "vpc-2", "AllowAllVPC"), fc.array(block, { minLength: 1, maxLength: 2 }))
    .map(([Value, IPList]) => ({ Type: "VPCWhiteList", Value, IPList })),
);
const policy: fc.Arbitrary<JsonObject> = fc
  .tuple(fc.constantFrom("Active", "Inactive"), fc.array(statement, { minLength: 1, maxLength: 3 }))
  .map(([Status, Statements]) => ({ Version: 1, Status, Statements }));

describe("network policies of keys", () => {
  it("move the other way when they are turned about, and not at all to themselves", () => {
    const turned = { stricter: "looser", looser: "stricter", neutral: "neutral", unsure: "unsure" } as const;
    fc.assert(
      fc.property(policy, policy, (from, to) => {
        expect(keyPolicyDirection(to, from)).toBe(turned[keyPolicyDirection(from, to)]);
        expect(keyPolicyDirection(from, from)).toBe("neutral");
      }),
      { numRuns: 300 },
    );
  });

  it("never lets in more where it moves to more protection", () => {
    fc.assert(
      fc.property(policy, policy, (from, to) => {
        fc.pre(isKeyPolicyInForce(from) && isKeyPolicyInForce(to));
        const direction = keyPolicyDirection(from, to);
        expect(keyPolicyAdmitsMore(from, to)).toBe(direction === "looser" || direction === "unsure");
      }),
      { numRuns: 300 },
    );
  });

  it("are not guessed at", () => {
    const odd = (Statements: JsonObject[string]): JsonObject => ({ Version: 1, Status: "Active", Statements });
    const good = odd([{ Type: "ClassicWhiteList", IPList: ["10.0.0.0/8"] }]);
    for (const bad of [
      odd([]),
      odd("x"),
      odd([1]),
      odd([{ Type: "ClassicWhiteList" }]),
      odd([{ Type: "VPCWhiteList", IPList: [] }]),
    ]) {
      expect(keyPolicyDirection(good, bad)).toBe("unsure");
      expect(keyPolicyAdmitsMore(good, bad)).toBe(false);
    }
  });

  const active = (...Statements: JsonObject[]): JsonObject => ({ Version: 1, Status: "Active", Statements });
  const classic = (...IPList: string[]): JsonObject => ({ Type: "ClassicWhiteList", IPList });
  const vpc = (Value: string, ...IPList: string[]): JsonObject => ({ Type: "VPCWhiteList", Value, IPList });

  it.each<[string, JsonObject, JsonObject, string, boolean]>([
    ["one block less", active(classic("10.0.0.0/8", "11.0.0.0/8")), active(classic("10.0.0.0/8")), "stricter", false],
    ["another block", active(classic("10.0.0.0/8")), active(classic("11.0.0.0/8")), "unsure", true],
    [
      "the same in two halves",
      active(classic("10.0.0.0/8")),
      active(classic("10.0.0.0/9"), classic("10.128.0.0/9")),
      "neutral",
      false,
    ],
    ["another network", active(classic("10.0.0.0/8")), active(vpc("vpc-1", "10.0.0.0/8")), "unsure", true],
    [
      "one network more",
      active(classic("10.0.0.0/8")),
      active(classic("10.0.0.0/8"), vpc("vpc-1", "10.0.0.0/8")),
      "looser",
      true,
    ],
    ["another VPC", active(vpc("vpc-1", "10.0.0.0/8")), active(vpc("vpc-2", "10.0.0.0/8")), "unsure", true],
    [
      "any VPC instead of one",
      active(vpc("vpc-1", "10.0.0.0/8")),
      active(vpc("AllowAllVPC", "10.0.0.0/8")),
      "looser",
      true,
    ],
    [
      "one VPC instead of any",
      active(vpc("AllowAllVPC", "10.0.0.0/8")),
      active(vpc("vpc-1", "10.0.0.0/9")),
      "stricter",
      false,
    ],
    [
      "one VPC beside any",
      active(vpc("AllowAllVPC", "10.0.0.0/9")),
      active(vpc("AllowAllVPC", "10.0.0.0/9"), vpc("vpc-1", "10.0.0.0/8")),
      "looser",
      true,
    ],
    [
      "any VPC and the internet",
      active(vpc("AllowAllVPC", "10.0.0.0/8")),
      active(classic("10.0.0.0/8")),
      "unsure",
      true,
    ],
    [
      "halves of one and of any VPC",
      active(vpc("vpc-1", "10.0.0.0/9"), vpc("AllowAllVPC", "10.128.0.0/9")),
      active(vpc("vpc-1", "10.0.0.0/8"), vpc("AllowAllVPC", "10.128.0.0/9")),
      "neutral",
      false,
    ],
    ["no block at all", active(classic("10.0.0.0/8")), active(classic()), "stricter", false],
    ["a block that is none", active(classic("10.0.0.0/8")), active(classic("x")), "unsure", false],
    [
      "a block that is none beside one",
      active(classic("10.0.0.0/8")),
      active(classic("10.0.0.0/8", "x")),
      "unsure",
      false,
    ],
    [
      "a block that is no text",
      active(classic("10.0.0.0/8")),
      active({ Type: "ClassicWhiteList", IPList: [1] }),
      "unsure",
      false,
    ],
    ["a VPC without a name", active(vpc("vpc-1", "10.0.0.0/8")), active(vpc("", "10.0.0.0/8")), "unsure", false],
    [
      "a type that nobody knows",
      active(vpc("vpc-1", "10.0.0.0/8")),
      active({ Type: "Other", Value: "vpc-1", IPList: ["10.0.0.0/8"] }),
      "unsure",
      false,
    ],
    ["one that could not be read until now", active(classic("x")), active(classic("10.0.0.0/8")), "unsure", false],
  ])("%s", (_name, from, to, direction, more) => {
    expect(keyPolicyDirection(from, to)).toBe(direction);
    expect(keyPolicyAdmitsMore(from, to)).toBe(more);
  });

  it("are in force while their status says so, in whatever case", () => {
    for (const status of ["Active", "active", "ACTIVE"]) expect(isKeyPolicyInForce({ Status: status })).toBe(true);
    for (const status of ["Inactive", "", 1, null, true]) expect(isKeyPolicyInForce({ Status: status })).toBe(false);
    expect(isKeyPolicyInForce({})).toBe(false);
  });

  it("protect only while they are in force", () => {
    const on = active(classic("10.0.0.0/8"));
    const off = { ...on, Status: "Inactive" };
    expect(keyPolicyDirection(off, on)).toBe("stricter");
    expect(keyPolicyDirection(on, off)).toBe("looser");
    expect(keyPolicyDirection(off, { ...active(classic("x")), Status: "Inactive" })).toBe("neutral");
    const unread = active(classic("x"));
    expect(keyPolicyDirection(unread, { ...unread })).toBe("neutral");
  });
});
