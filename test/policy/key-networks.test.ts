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
});
