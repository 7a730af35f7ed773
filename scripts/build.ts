import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { buildFunctions } from "./build-functions.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

try {
  for (const { file, bytes } of await buildFunctions(root, fileURLToPath(new URL("../dist", import.meta.url)))) {
    console.log(`${relative(root, file)}  ${Math.ceil(bytes / 1024)} kB`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
