import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { notJudgedLines } from "../../cli/doctor/not-judged.ts";
import { coveragePage } from "../../scripts/coverage-page.ts";
import { chains } from "../../shared/chains/registry.ts";
import { checks } from "../../shared/checks/registry.ts";
import { notRules } from "../../shared/rules/kit/not-rules.ts";
import { rules } from "../../shared/rules/registry.ts";

/** The catalogue's own list, of which test/fixtures/controls/README.md names the source. */
const catalogue = (
  JSON.parse(readFileSync(new URL("../fixtures/controls/controls.json", import.meta.url), "utf8")) as readonly {
    readonly id: string;
    readonly title: string;
  }[]
).map(({ id, title }) => ({ id, title }));

const judging = [...rules, ...chains, ...checks];
const judged = new Set(judging.map(({ control }) => control));

describe("the controls of the catalogue", () => {
  test("are 95, each once", () => {
    expect(catalogue).toHaveLength(95);
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(95);
  });

  test("are each judged, or left with a reason, and never both", () => {
    const left = Object.keys(notRules);
    expect(catalogue.map(({ id }) => id).filter((id) => !judged.has(id) && !left.includes(id))).toEqual([]);
    expect(left.filter((id) => judged.has(id))).toEqual([]);
  });

  test("that are left are counted by the README and by doctor as they are", () => {
    const left = Object.keys(notRules).length;
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    expect(readme).toContain(`${left} of the ${catalogue.length} controls of the catalogue are not judged`);
    expect(notJudgedLines("en")[0]).toContain(`: ${left} controls of the catalogue`);
  });

  test("are the only ones that are judged or left, but for the project's own", () => {
    const known = new Set(catalogue.map(({ id }) => id));
    const others = [...judged, ...Object.keys(notRules)].filter((id) => !known.has(id) && !id.startsWith("RAM-OWN-"));
    expect(others).toEqual([]);
  });

  test("that are left have the catalogue's title, and a reason in both languages", () => {
    for (const [id, { title, because }] of Object.entries(notRules)) {
      expect(title.en).toBe(catalogue.find((one) => one.id === id)?.title);
      for (const text of [title["zh-CN"], because["zh-CN"]]) expect(text).toMatch(/[\u4e00-\u9fff]/);
      expect(because.en.length).toBeGreaterThan(40);
      // A rule that a reason names is there.
      for (const [, named] of because.en.matchAll(/`(RAM\.\w+)`/g))
        expect([...judging.map((one) => one.id), "RAM.GuardSilent", "RAM.SweepSilent"]).toContain(named);
    }
  });
});

describe("the coverage page", () => {
  const rows = coveragePage()
    .split("\n")
    .filter((line) => line.startsWith("| RAM-"));

  test("has a row for each control, and for each of the project's own", () => {
    const own = [...judged].filter((id) => id.startsWith("RAM-OWN-"));
    const named = rows.map((line) => line.split("|")[1]?.trim());
    expect([...named].sort()).toEqual([...catalogue.map(({ id }) => id), ...own].sort());
  });

  test("names what judges each, with its mappings", () => {
    for (const { id, control, controls } of judging) {
      const line = rows.find((one) => one.startsWith(`| ${control} |`)) ?? "";
      for (const text of [id, ...(controls.cis ?? []), ...(controls.cloudConfig ?? []), ...(controls.attack ?? [])])
        expect(line, control).toContain(text);
    }
  });
});
