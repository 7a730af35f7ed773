import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { chainById, chainNeeds, chains, recogniseChains } from "../../shared/chains/registry.ts";
import { checks } from "../../shared/checks/registry.ts";
import type { Language } from "../../shared/domain/finding.ts";
import { rules } from "../../shared/rules/registry.ts";
import { settings } from "../rules/changes.ts";
import { facts, grantTo, joined, newKey, newLogin, newUser } from "./changes.ts";

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
    .filter((name) => name !== "registry")
    .sort();

const controls = JSON.parse(
  readFileSync(new URL("../fixtures/controls/controls.json", import.meta.url), "utf8"),
) as readonly { readonly id: string; readonly severity: string; readonly response: string }[];

describe("the registry of chains", () => {
  const files = chains.map(({ id }) => fileOf(id)).sort();

  test("holds the chains that have a file and a test file of their own", () => {
    expect(filesIn("../../shared/chains", ".ts")).toEqual(files);
    expect(filesIn(".", ".test.ts")).toEqual(files);
  });

  test("has each id once, and none that a rule or a check has", () => {
    const ids = [...rules, ...chains, ...checks].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const chain of chains) expect(chainById(chain.id)).toBe(chain);
  });
});

describe.each(chains.map((chain) => [chain.id, chain] as const))("%s", (id, chain) => {
  test("is exported by its file under its name", async () => {
    const module = (await import(`../../shared/chains/${fileOf(id)}.ts`)) as { readonly [name: string]: unknown };
    expect(Object.keys(module)).toEqual([constantOf(id)]);
    expect(module[constantOf(id)]).toBe(chain);
  });

  test("has a control of the catalogue, with its severity and its response", () => {
    const { control, severity, response } = chain;
    expect(controls.find((one) => one.id === control)).toMatchObject({ severity, response });
    expect(chain.responses).toContain(response);
    expect(chain.responses).toContain("off");
  });

  test.each<Language>(["en", "zh-CN"])("is explained in full in %s", (language) => {
    const { title, rationale, runbook, falsePositives } = chain.text[language];
    for (const text of [title, rationale, falsePositives, ...runbook]) {
      expect(text.trim()).toBe(text);
      expect(text.length).toBeGreaterThan(3);
      expect(/[一-鿿]/.test(text), text).toBe(language === "zh-CN");
    }
    expect(runbook.length).toBeGreaterThanOrEqual(2);
    expect(runbook.length).toBe(chain.text.en.runbook.length);
  });

  test("points to where the cloud is documented", () => {
    expect(chain.references.length).toBeGreaterThan(0);
    for (const reference of chain.references)
      expect(["www.alibabacloud.com", "help.aliyun.com"]).toContain(new URL(reference).hostname);
  });
});

describe("judging changes by all chains", () => {
  const backdoor = [newUser("eve"), newLogin("eve"), grantTo("user", "eve")];

  test("does not look for one that is off", () => {
    expect(recogniseChains(backdoor, facts()).map(({ chain }) => chain.id)).toEqual(["RAM.BackdoorAdministrator"]);
    const off = settings({ responses: { "RAM.BackdoorAdministrator": "off" } });
    expect(recogniseChains(backdoor, facts({ settings: off }))).toEqual([]);
    expect(chainNeeds([newUser("eve"), newKey("eve"), joined("eve", "ops")], off)).toEqual({
      groups: [],
      policies: [],
    });
  });

  test("asks the account once for what several need", () => {
    const changes = ["eve", "mal"].flatMap((name) => [newUser(name), newKey(name), joined(name, "ops")]);
    expect(chainNeeds(changes, settings()).groups).toEqual(["ops"]);
  });
});
