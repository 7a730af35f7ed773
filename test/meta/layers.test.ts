import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folders = ["shared", "functions", "cli", "sandbox", "scripts"];

type Report = {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
};

const depcruise = (cwd: string, ...options: readonly string[]) =>
  spawnSync(
    process.execPath,
    [
      join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs"),
      "--config",
      ".dependency-cruiser.cjs",
      ...options,
      ...folders,
    ],
    { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );

/** What `npm run layers` checks, as data. */
const cruise = (cwd: string): Report => JSON.parse(depcruise(cwd, "--output-type", "json").stdout) as Report;

const isCode = (path: string): boolean => /\.(?:ts|tsx|js|mjs|cjs)$/.test(path);

const sources = (cwd: string): readonly string[] =>
  folders
    .flatMap((folder) =>
      readdirSync(join(cwd, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
    )
    .map((path) => path.replaceAll("\\", "/"))
    .filter(isCode)
    .sort();

const ownModules = ({ modules }: Report): readonly string[] =>
  modules
    .map(({ source }) => source)
    // A module that could not be resolved stands in the list by the text of its import.
    .filter((source) => isCode(source) && folders.some((folder) => source.startsWith(`${folder}/`)))
    .sort();

describe("the layers", () => {
  // Without a parser for this TypeScript, dependency-cruiser finds no modules and calls that a pass.
  it("are checked on every source file, and are kept", () => {
    const report = cruise(root);
    expect(sources(root).length).toBeGreaterThan(20);
    expect(ownModules(report)).toEqual(sources(root));
    expect(report.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  });
});

describe("a violation", () => {
  const copy = mkdtempSync(join(tmpdir(), "warden-layers-"));
  afterAll(() => rmSync(copy, { recursive: true, force: true }));
  for (const folder of folders) {
    mkdirSync(join(copy, folder), { recursive: true });
  }
  cpSync(join(root, "shared/domain"), join(copy, "shared/domain"), { recursive: true });
  cpSync(join(root, ".dependency-cruiser.cjs"), join(copy, ".dependency-cruiser.cjs"));
  cpSync(join(root, "package.json"), join(copy, "package.json"));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "dir");

  const plant = (path: string, text: string): void => {
    mkdirSync(join(copy, path, ".."), { recursive: true });
    writeFileSync(join(copy, path), text);
  };
  plant("cli/a.ts", "export const a = 1;\n");
  plant("shared/domain/planted.ts", 'import { a } from "../../cli/a.ts";\nexport const b = a;\n');
  plant(
    "shared/policy/planted.ts",
    'import type { ApiError } from "@alicloud/openapi-core";\nexport type B = ApiError;\n',
  );
  plant("shared/rules/one.ts", "export const one = 1;\n");
  plant("shared/rules/two.ts", 'import { one } from "./one.ts";\nexport const two = one;\n');
  plant("shared/chains/one.ts", 'import { one } from "../rules/one.ts";\nexport const two = one;\n');
  plant("shared/chains/two.ts", 'import { two } from "./one.ts";\nexport const three = two;\n');
  plant("shared/checks/one.ts", 'import { two } from "../chains/one.ts";\nexport const three = two;\n');
  plant("shared/checks/two.ts", 'import { three } from "./one.ts";\nexport const four = three;\n');
  plant("shared/aliyun/planted.ts", 'import "../local/planted.ts";\n');
  plant("shared/local/planted.ts", 'import "../aliyun/planted.ts";\n');
  plant("shared/pipeline.ts", 'import "./aliyun/planted.ts";\n');
  plant("sandbox/planted.ts", 'import { ok } from "../shared/domain/result.ts";\nexport const c = ok(1);\n');
  plant("functions/planted.ts", 'import "../sandbox/planted.ts";\nimport "vitest";\nimport "./nowhere.ts";\n');

  it.each([
    ["domain-imports", "shared/domain/planted.ts"],
    ["policy-imports", "shared/policy/planted.ts"],
    ["a-rule-never-imports-another-rule", "shared/rules/two.ts"],
    ["chains-imports", "shared/chains/one.ts"],
    ["a-chain-never-imports-another-chain", "shared/chains/two.ts"],
    ["checks-imports", "shared/checks/one.ts"],
    ["a-check-never-imports-another-check", "shared/checks/two.ts"],
    ["aliyun-imports", "shared/aliyun/planted.ts"],
    ["local-imports", "shared/local/planted.ts"],
    ["no-circular", "shared/aliyun/planted.ts"],
    ["pipeline-and-config-know-no-adapter", "shared/pipeline.ts"],
    ["the-sandbox-knows-nothing-of-ours", "sandbox/planted.ts"],
    ["functions-imports", "functions/planted.ts"],
    ["not-to-dev-dep", "functions/planted.ts"],
    ["not-to-unresolvable", "functions/planted.ts"],
  ])("of %s is caught, in %s", (rule, from) => {
    expect(planted().summary.violations.map((violation) => `${violation.rule.name} ${violation.from}`)).toContain(
      `${rule} ${from}`,
    );
  });

  it("ends the command with an error", () => {
    expect(depcruise(copy).status).not.toBe(0);
  });

  let once: Report | undefined;
  const planted = (): Report => {
    once ??= cruise(copy);
    return once;
  };
});
