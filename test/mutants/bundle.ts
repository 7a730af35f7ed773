import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

/**
 * One script with all of the tests and the code that they test, in which `changed` stands for the file at `path`. It
 * evaluates to a function that gives a function for each test file, which runs the file; what the tests print is theirs.
 */
export const bundled = async (testFiles: readonly string[], path: string, changed: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: {
      contents: `module.exports = {${testFiles.map((file) => `${JSON.stringify(file)}: () => require(${JSON.stringify(resolve(file))})`).join(",\n")}};`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    platform: "node",
    target: "es2022",
    format: "cjs",
    logLevel: "error",
    plugins: [instead(resolve(path), changed)],
  });
  return `(function (require, module, console) { ${outputFiles[0]?.text}\nreturn module.exports; })`;
};

const instead = (path: string, changed: string): Plugin => ({
  name: "instead",
  setup: ({ onResolve, onLoad }) => {
    // What comes in packages is loaded once and for all.
    onResolve({ filter: /^[^./]/ }, (given) =>
      given.kind === "entry-point" ? undefined : { path: given.path, external: true },
    );
    onLoad({ filter: /\.ts$/ }, (given) => {
      const text = given.path === path ? changed : readFileSync(given.path, "utf8");
      const place = JSON.stringify(pathToFileURL(given.path).href);
      return { loader: "ts", contents: text.replaceAll("import.meta.url", place) };
    });
  },
});

/** Packages that a bundle may ask for. */
export const isOutside = (name: string): boolean => isBuiltin(name) || name === "fast-check";
