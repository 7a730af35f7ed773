import { describe, expect, it } from "vitest";
import { duplicateMembers, memberPath, scanText } from "../../shared/policy/text-scan.ts";

describe("counting members and nesting", () => {
  it.each<[string, number, number]>([
    ["", 0, 0],
    ["5", 0, 0],
    ["{}", 0, 1],
    ["[]", 0, 1],
    ["[[],[[]]]", 0, 3],
    ['{"a":{"b":[]},"c":[]}', 3, 3],
    ["[{},{}]", 0, 2],
    ['{"a":[{"b":1},{"b":2}]}', 3, 3],
    ['["{:[",{":":":"}]', 1, 2],
    ['{"a\\"{":1}', 1, 1],
    ['{"a\\\\":{}}', 1, 2],
    ['{"a\\\\\\":[":1}', 1, 1],
    ['["never closed [[[ :', 0, 1],
    ['"\\', 0, 0],
    [']]]{"a":1}', 1, 0],
    ["}}[[", 0, 0],
  ])("%s", (text, members, depth) => {
    expect(scanText(text)).toEqual({ members, depth });
  });
});

describe("members that are there twice", () => {
  it.each<[string, readonly string[]]>([
    ["{}", []],
    ['[1,1,"a","a"]', []],
    ['"a"', []],
    ['{"a":1,"b":"a","c":["a","a"]}', []],
    ['{"a":1,"a":2}', ["$.a"]],
    ['{"a":1,"a":2,"a":3}', ["$.a", "$.a"]],
    ['{"a":{"b":1},"c":{"b":1}}', []],
    ['{"a":{"b":1,"b":2}}', ["$.a.b"]],
    ['{"x y":[0,{"b":1},{"b":1,"b":2}]}', ['$["x y"][2].b']],
    ['[[{"a":1,"a":1}],{"a":[],"a":{}}]', ["$[0][0].a", "$[1].a"]],
    ['{"a":[],"b":{},"a":0}', ["$.a"]],
    ['{"a":{"x":1},"a":0}', ["$.a"]],
    ['{"a":"b","b":1}', []],
    ['{"a":["b"],"b":1}', []],
    ['{"\\u0061":1,"a":2}', ["$.a"]],
    ['{"a\\"":1,"a\\"":2}', ['$["a\\""]']],
    [' { "a" : 1 , "a" : 2 } ', ["$.a"]],
    ['{"__proto__":1,"__proto__":2}', ["$.__proto__"]],
  ])("%s", (text, paths) => {
    expect(duplicateMembers(text)).toEqual(paths.map((path) => ({ path, what: "the member is there twice" })));
  });
});

it.each([
  ["Name_1", "$.Name_1"],
  ["_x", "$._x"],
  ["1a", '$["1a"]'],
  ["a:b", '$["a:b"]'],
  ["a b", '$["a b"]'],
  ["", '$[""]'],
  ["a\n", '$["a\\n"]'],
])("the path of %j", (name, path) => {
  expect(memberPath("$", name)).toBe(path);
});
