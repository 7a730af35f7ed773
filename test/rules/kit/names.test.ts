import { expect, test } from "vitest";
import { imitates, isGenericName } from "../../../shared/rules/kit/names.ts";

test.each(["admin", "ADMIN", "test1", "test-02", "root_7", "temp.1", "Temp"])("`%s` could be anybody's", (name) => {
  expect(isGenericName(name)).toBe(true);
});

test.each(["administrator", "my-admin", "admin-alice", "testing", "root--1", "temp1x", ""])(
  "`%s` says at least something",
  (name) => {
    expect(isGenericName(name)).toBe(false);
  },
);

// As the eye reads them these are the same name.
test.each([
  ["Break-Glass", "break-glass"],
  ["break_glass", "break.glass"],
  ["breakglass", "break-glass"],
  ["0ps", "ops"],
  ["al1ce", "alice"],
  ["aIice", "alice"],
  ["bob5", "bobs"],
  ["bob$", "bobs"],
  ["rnax", "max"],
  ["vvim", "wim"],
  ["a|i", "ali"],
])("`%s` reads as `%s`", (name, other) => {
  expect(imitates(name, other)).toBe(true);
  expect(imitates(other, name)).toBe(true);
});

test("a name is no imitation of itself", () => {
  expect(imitates("break-glass", "break-glass")).toBe(false);
});

test.each([
  ["a letter is changed", "deployer", "deplayer"],
  ["two letters are changed", "deployer", "depxxyer"],
  ["a letter is left out", "deployer", "deloyer"],
  ["two letters are added", "deployer", "xdeployerx"],
  ["two letters change places", "deployer", "dpeloyer"],
  ["one letter of a name of four", "dora", "dara"],
])("a name is near where %s", (_, other, name) => {
  expect(imitates(name, other)).toBe(true);
});

test.each([
  ["three letters are changed, however long the name is", "deployer-of-everything", "dxxxoyer-of-everything"],
  ["two letters are left out in front and one is changed", "xxdeployer", "dexloyer"],
  ["three letters are added", "deployer", "deployerxxx"],
  ["two letters of a name of seven are changed", "deploys", "dexxoys"],
  ["one letter of a name of three is changed", "ops", "ips"],
  ["one letter of a name of three is added", "ops", "opsa"],
  ["the letters are the same, in an order of their own", "deployer", "reyolped"],
  ["the beginning alone is the same", "deployer", "deployment"],
  ["both are as long and nothing else", "deployer", "marianne"],
])("a name is not near where %s", (_, other, name) => {
  expect(imitates(name, other)).toBe(false);
});
