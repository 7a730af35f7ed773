import { spawnSync } from "node:child_process";

/** What a built module exports, found by a Node of its own that starts in `cwd`: nothing of this process helps it. */
export const exportsOf = (file: string, cwd: string): readonly string[] => {
  const script = "import(process.argv[1]).then((built) => console.log(JSON.stringify(Object.keys(built))))";
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script, file], {
    cwd,
    encoding: "utf8",
    env: {},
  });
  if (run.status !== 0) throw new Error(`\`${file}\` does not load: ${run.stderr}`);
  return JSON.parse(run.stdout.trim().split("\n").at(-1) ?? "") as readonly string[];
};
