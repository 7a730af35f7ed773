import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/**
 * Runs a benchmark as the functions are deployed: bundled. A loader that compiles file by file keeps the names of all
 * functions by a call at each of them, which is a tenth of what is measured here and is not there in the cloud.
 */
const [entry = ""] = process.argv.slice(2);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const outfile = here(`node_modules/.cache/${entry.replace(/\.ts$/, ".mjs")}`);
mkdirSync(here("node_modules/.cache"), { recursive: true });
buildSync({
  entryPoints: [here(entry)],
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  outfile,
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
});
process.exitCode = spawnSync(process.execPath, [outfile], { stdio: "inherit" }).status ?? 1;
