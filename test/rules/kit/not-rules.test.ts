import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { notRules } from "../../../shared/rules/kit/not-rules.ts";
import { rules } from "../../../shared/rules/registry.ts";

const controls = JSON.parse(
  readFileSync(new URL("../../fixtures/controls/controls.json", import.meta.url), "utf8"),
) as readonly { id: string; title: string }[];

describe.each(Object.entries(notRules))("%s, which is no rule", (control, { title, because }) => {
  test("is in the catalogue, and judged by no rule", () => {
    expect(controls.map(({ id }) => id)).toContain(control);
    expect(rules.map((rule) => rule.control)).not.toContain(control);
  });

  test("has a title and a reason, each in its language", () => {
    for (const text of [title, because]) {
      expect(text.en.length).toBeGreaterThan(5);
      expect(/[\u4e00-\u9fff]/.test(text.en), text.en).toBe(false);
      expect(/[\u4e00-\u9fff]/.test(text["zh-CN"]), text["zh-CN"]).toBe(true);
    }
  });
});
