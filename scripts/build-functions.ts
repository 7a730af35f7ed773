import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { parseDocument } from "yaml";
import { usualExemptionsFile } from "../shared/exemptions.ts";

const builtIns = new Set(builtinModules);

const isBuiltIn = (path: string): boolean => builtIns.has(path.replace(/^node:/, ""));

export type Built = { readonly name: string; readonly file: string; readonly bytes: number };

/**
 * CommonJS packages within an ES module still ask for `require` and their own place. The names are unlikely on purpose:
 * esbuild does not know of them and could not rename its own.
 */
const banner = [
  'import { createRequire as wardenCreateRequire } from "node:module";',
  'import { fileURLToPath as wardenFileOf } from "node:url";',
  "const require = wardenCreateRequire(import.meta.url);",
  'const __filename = wardenFileOf(import.meta.url), __dirname = wardenFileOf(new URL(".", import.meta.url));',
].join("\n");

/** Function Compute's nodejs20 has glibc 2.28: what is built for a newer one does not load there, so nothing native goes in. */
const native = /(?:^|\/)node_modules\/(?:libsql|@libsql|better-sqlite3)\/|\.node$/;

/** What `ws`, which no function uses, takes along where it is: it goes on without. */
const optional = new Set(["bufferutil", "utf-8-validate"]);

const functionsOf = (root: string): readonly string[] => {
  const folder = join(root, "functions");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "index.ts")))
    .sort();
};

/**
 * Bundles each `functions/<name>/index.ts` into `<out>/<name>/index.mjs`, self-contained, with the settings and the
 * exemptions beside it. Rejects, naming the place, when there is nothing to build, settings or named exemptions are missing, or
 * native code would go in.
 */
export const buildFunctions = async (root: string, out: string): Promise<readonly Built[]> => {
  const names = functionsOf(root);
  if (names.length === 0)
    throw new Error("no function to build: expected `functions/guard/index.ts` or another like it");
  const settings = join(root, "warden.yaml");
  if (!existsSync(settings)) throw new Error("no settings to ship: expected `warden.yaml`");
  const exemptions = exemptionsBeside(settings);
  const built: Built[] = [];
  for (const name of names) {
    const folder = join(out, name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const bytes = await bundle(root, name, join(folder, "index.mjs"));
    copyFileSync(settings, join(folder, "warden.yaml"));
    if (exemptions !== undefined) copyFileSync(exemptions, join(folder, basename(exemptions)));
    built.push({ name, file: join(folder, "index.mjs"), bytes });
  }
  return built;
};

/** The file of exemptions that goes with the settings; undefined where there is none. One that they name has to be there. */
const exemptionsBeside = (settings: string): string | undefined => {
  const named: unknown = parseDocument(readFileSync(settings, "utf8")).get("exemptions");
  const file = join(dirname(settings), typeof named === "string" ? named : usualExemptionsFile);
  if (existsSync(file)) return file;
  if (named === undefined) return undefined;
  throw new Error(
    `no exemptions to ship: the settings name \`${String(named)}\`, and there is no such file beside them`,
  );
};

const bundle = async (root: string, name: string, outfile: string): Promise<number> => {
  const { metafile, warnings } = await build({
    absWorkingDir: root,
    entryPoints: [`functions/${name}/index.ts`],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // Not minified: what is deployed can be read, and a stack trace leads to a line.
    minify: false,
    legalComments: "eof",
    banner: { js: banner },
    metafile: true,
    logLevel: "silent",
  });
  const [warning] = warnings;
  if (warning !== undefined) throw new Error(`\`functions/${name}\` does not bundle cleanly: ${warning.text}`);
  const unfit = Object.keys(metafile.inputs).find((input) => native.test(input));
  const external = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .find(({ path, external: outside }) => outside === true && !isBuiltIn(path) && !optional.has(path));
  if (unfit !== undefined) throw new Error(`\`functions/${name}\` would ship native code: \`${unfit}\``);
  if (external !== undefined) throw new Error(`\`functions/${name}\` would need \`${external.path}\` beside it`);
  return Object.values(metafile.outputs)[0]?.bytes ?? 0;
};
