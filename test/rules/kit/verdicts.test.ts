import { expect, test } from "vitest";
import { unreadable } from "../../../shared/rules/kit/trust.ts";
import { violationOf } from "../../../shared/rules/kit/verdicts.ts";

const evidence = { sentence: { en: "a thing", "zh-CN": "一件事" }, facts: { thing: "a" } };

test("evidence is a violation", () => {
  expect(violationOf([evidence, evidence], undefined)).toEqual({ kind: "violation", evidence: [evidence, evidence] });
});

test("no evidence is compliance", () => {
  expect(violationOf([], undefined)).toEqual({ kind: "compliant" });
});

test("no evidence from a comparison that did not decide is undetermined", () => {
  expect(violationOf([], "more than 10 steps of search")).toEqual({
    kind: "undetermined",
    because: {
      en: "whether the change lets anybody new in could not be decided: more than 10 steps of search",
      "zh-CN": "无法判定该变更是否引入了新的主体：more than 10 steps of search",
    },
  });
});

// Undetermined never writes: a revert must rest on a request that shows what is new.
test("evidence from a comparison that did not decide is undetermined, and told all the same", () => {
  const verdict = violationOf([evidence], "more than 10 steps of search");
  expect(verdict).toMatchObject({ kind: "undetermined", because: { en: expect.stringMatching(/; a thing$/) } });
});

// The place of an error is made of the names of members, which whoever wrote the document chose.
test("a document that cannot be read is told with the place in quotes", () => {
  const verdict = unreadable([{ path: '$["[click](http://evil.example)"]', what: "not an object" }]);
  expect(verdict).toMatchObject({
    kind: "undetermined",
    because: {
      en: 'the trust document cannot be read: `$["[click](http://evil.example)"]: not an object`',
      "zh-CN": '无法读取信任策略：`$["[click](http://evil.example)"]: not an object`',
    },
  });
});
