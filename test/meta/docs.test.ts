import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { generatedDocs, withRulesTable } from "../../scripts/generated-docs.ts";
import { rules } from "../../shared/rules/registry.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const docs = generatedDocs();

describe("generated documents are what the code says; `npm run docs` makes them so", () => {
  test.each(docs.map(({ path, text }) => [path, text] as const))("%s", (path, text) => {
    expect(read(path)).toBe(text);
  });

  test("the table of rules in README.md", () => {
    const readme = read("README.md");
    expect(withRulesTable(readme)).toBe(readme);
    for (const { id } of rules) expect(readme).toContain(`[\`${id}\`](docs/rules/`);
  });

  test.each(["docs/rules", "docs/chains", "docs/checks"])("no page in %s of what is gone", (folder) => {
    const pages = readdirSync(fileURLToPath(new URL(`../../${folder}`, import.meta.url)));
    expect(pages.map((name) => `${folder}/${name}`).sort()).toEqual(
      docs
        .map(({ path }) => path)
        .filter((path) => path.startsWith(`${folder}/`))
        .sort(),
    );
  });
});

describe("the place of the table in the README", () => {
  test("is between its marks, and all else stays", () => {
    const made = withRulesTable("before\n<!-- rules -->\nan older table\n<!-- /rules -->\nafter\n");
    expect(made).toMatch(/^before\n<!-- rules -->\n\| rule [\s\S]*\|\n<!-- \/rules -->\nafter\n$/);
    expect(made).not.toContain("an older table");
    expect(withRulesTable(made ?? "")).toBe(made);
  });
  test("has to be there", () => {
    expect(withRulesTable("no marks")).toBeUndefined();
    expect(withRulesTable("<!-- /rules --><!-- rules -->")).toBeUndefined();
  });
});
