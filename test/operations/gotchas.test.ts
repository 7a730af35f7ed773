import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** The traps of `ram-api.md` §9 that cannot be sprung here, each with the reason. */
const notApplicable: { readonly [gotcha: number]: string } = {};

it("each of the 39 gotchas of the reference has a test that bears its number, or a reason why not", () => {
  const names = readdirSync(new URL(".", import.meta.url))
    .filter((name) => /^gotchas-.*\.test\.ts$/.test(name))
    .flatMap((name) => [
      ...readFileSync(new URL(name, import.meta.url), "utf8").matchAll(/\bit(?:\.each\(.*\))?\(\s*"(\d+)\. /g),
    ])
    .map(([, number]) => Number(number));
  const all = Array.from({ length: 39 }, (_, at) => at + 1);
  expect([...new Set([...names, ...Object.keys(notApplicable).map(Number)])].sort((a, b) => a - b)).toEqual(all);
  expect(names.filter((number, at) => names.indexOf(number) !== at)).toEqual([]);
});
