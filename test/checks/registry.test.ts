import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkById, checkStanding, checks } from "../../shared/checks/registry.ts";
import type { Language } from "../../shared/domain/finding.ts";
import { rules } from "../../shared/rules/registry.ts";
import { settings } from "../rules/changes.ts";
import { asOf, keyOf, part, unread, userStanding } from "./standings.ts";

const fileOf = (id: string): string =>
  id
    .replace(/^RAM\./, "")
    .replace(/(?<!^)[A-Z]/g, "-$&")
    .toLowerCase();
const constantOf = (id: string): string => id.replace(/^RAM\.(.)/, (_, first: string) => first.toLowerCase());
const filesIn = (path: string, ending: string): readonly string[] =>
  readdirSync(new URL(path, import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map(({ name }) => name.slice(0, -ending.length))
    .sort();

type Control = { readonly id: string; readonly severity: string };
const controls = JSON.parse(
  readFileSync(new URL("../fixtures/controls/controls.json", import.meta.url), "utf8"),
) as readonly Control[];

describe("the registry of checks", () => {
  const files = checks.map(({ id }) => fileOf(id)).sort();

  test("holds the checks that have a file of their own", () => {
    expect(filesIn("../../shared/checks", ".ts").filter((name) => !["registry", "practices"].includes(name))).toEqual(
      files,
    );
  });

  test("holds the checks that have a test file of their own", () => {
    expect(filesIn(".", ".test.ts").filter((name) => !["registry", "practices"].includes(name))).toEqual(files);
  });

  test("has each id once, and none that a rule has", () => {
    const ids = [...rules, ...checks].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const check of checks) expect(checkById(check.id)).toBe(check);
    expect(checkById("RAM.TrustForeignAccount")).toBeUndefined();
  });
});

describe.each(checks.map((check) => [check.id, check] as const))("%s", (id, check) => {
  test("is exported by its file under its name", async () => {
    const module = (await import(`../../shared/checks/${fileOf(id)}.ts`)) as { readonly [name: string]: unknown };
    expect(module[constantOf(id)]).toBe(check);
  });

  test("has a control of the catalogue, with its severity", () => {
    if (check.control.startsWith("RAM-OWN-")) return;
    expect(controls.find((one) => one.id === check.control)).toMatchObject({ severity: check.severity });
  });

  test.each<Language>(["en", "zh-CN"])("is explained in full in %s", (language) => {
    const { title, rationale, runbook, falsePositives } = check.text[language];
    for (const text of [title, rationale, falsePositives, ...runbook]) {
      expect(text.trim()).toBe(text);
      expect(text.length).toBeGreaterThan(3);
      expect(/[一-鿿]/.test(text), text).toBe(language === "zh-CN");
    }
    expect(runbook.length).toBeGreaterThanOrEqual(2);
    expect(runbook.length).toBe(check.text.en.runbook.length);
  });

  test("points to where the cloud is documented", () => {
    expect(check.references.length).toBeGreaterThan(0);
    for (const reference of check.references)
      expect(["www.alibabacloud.com", "help.aliyun.com"]).toContain(new URL(reference).hostname);
  });
});

describe("checking one thing", () => {
  const standing = userStanding({ keys: part([keyOf("LTAI1")]), policies: unread });
  const { ref } = standing;

  test("asks the checks of its kind, and says which could not decide", () => {
    const { findings, undecided } = checkStanding(standing, ref, { settings: settings(), asOf });
    expect(findings.map(({ finding }) => finding.rule)).toEqual(["RAM.BothAccessModesHeld"]);
    expect(findings[0]).toMatchObject({ subject: ref, finding: { response: "alert", severity: "medium" } });
    expect(undecided).toContain("RAM.PolicyHeldDirectly");
  });

  test("does not ask one that the settings switch off", () => {
    const off = settings({ responses: { "RAM.BothAccessModesHeld": "off", "RAM.PolicyHeldDirectly": "off" } });
    const checked = checkStanding(standing, ref, { settings: off, asOf });
    expect(checked.findings).toEqual([]);
    expect(checked.undecided).not.toContain("RAM.PolicyHeldDirectly");
  });

  test("a check that ends in a fault decides nothing, and what the others find stands", () => {
    const faulty = {
      ...userStanding({ keys: part([keyOf("LTAI1")]) }),
      get policies(): never {
        throw new TypeError("the text of a fault is nobody's business");
      },
    };
    const { findings, undecided } = checkStanding(faulty, ref, { settings: settings(), asOf });
    expect(findings.map(({ finding }) => finding.rule)).toEqual(["RAM.BothAccessModesHeld"]);
    expect(undecided).toEqual(["RAM.KeyFromAnywhere", "RAM.PolicyHeldDirectly"]);
  });
});
