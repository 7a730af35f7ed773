import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generatedDocs, withRulesTable } from "./generated-docs.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const docs = generatedDocs();

for (const { path, text } of docs) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

// A rule, a chain or a check that is gone leaves no page behind.
for (const folder of ["docs/rules", "docs/chains", "docs/checks"])
  for (const name of readdirSync(join(root, folder)))
    if (!docs.some(({ path }) => path === `${folder}/${name}`)) rmSync(join(root, folder, name));

const readme = withRulesTable(readFileSync(join(root, "README.md"), "utf8"));
if (readme === undefined) {
  console.error("README.md has no `<!-- rules -->` and `<!-- /rules -->`, so it has no table of the rules");
  process.exitCode = 1;
} else writeFileSync(join(root, "README.md"), readme);

console.log(`${docs.length} documents`);
