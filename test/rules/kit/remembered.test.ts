import { expect, test } from "vitest";
import { remembered } from "../../../shared/rules/kit/remembered.ts";

/** A function of texts that counts how often it was asked. */
const counted = (most?: number) => {
  const asked: string[] = [];
  const ask = remembered((...texts) => {
    asked.push(texts.join("|"));
    return `answer to ${texts.join("|")}`;
  }, most);
  return { ask, asked };
};

test("the same texts are asked about once, and answered the same", () => {
  const { ask, asked } = counted();
  expect([ask("a", "b"), ask("a", "b")]).toEqual(["answer to a|b", "answer to a|b"]);
  expect(asked).toEqual(["a|b"]);
});

test.each([
  [["ab"], ["a", "b"]],
  [
    ["a", "bc"],
    ["ab", "c"],
  ],
  [
    ["", "a"],
    ["a", ""],
  ],
  [["a"], ["b"]],
  [[], [""]],
  // Without what stands between the lengths, both would be `112` and the same letters.
  [
    ["x", "x".repeat(12)],
    ["x".repeat(11), "xx"],
  ],
])("lists of texts that are not the same are never taken for each other: %j and %j", (one, other) => {
  const { ask, asked } = counted();
  ask(...one);
  ask(...other);
  expect(asked).toEqual([one.join("|"), other.join("|")]);
});

test("the oldest answer goes when there are too many, and no other", () => {
  const { ask, asked } = counted(2);
  ask("a");
  ask("b");
  ask("a");
  expect(asked).toEqual(["a", "b"]);
  ask("c");
  ask("b");
  ask("c");
  expect(asked).toEqual(["a", "b", "c"]);
  ask("a");
  expect(asked).toEqual(["a", "b", "c", "a"]);
});
