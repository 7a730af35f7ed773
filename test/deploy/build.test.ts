import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Built, buildFunctions } from "../../scripts/build-functions.ts";
import { exportsOf } from "./built.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), "warden-build-"));
  made.push(path);
  return path;
};

/** A tree with these files, and the packages of the project. */
const tree = (files: Readonly<Record<string, string>>): string => {
  const path = folder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  symlinkSync(join(root, "node_modules"), join(path, "node_modules"), "dir");
  cpSync(join(root, "package.json"), join(path, "package.json"));
  return path;
};

describe("the functions of the project", () => {
  let built: readonly Built[];
  let out: string;
  beforeAll(async () => {
    out = folder();
    built = await buildFunctions(root, out);
  });

  it("are one module each, with the settings beside it and nothing else", () => {
    expect(built.map(({ name }) => name)).toEqual(["guard", "sweep"]);
    expect(readdirSync(out).sort()).toEqual(built.map(({ name }) => name).sort());
    for (const { name } of built) {
      expect(readdirSync(join(out, name)).sort()).toEqual(["index.mjs", "warden.yaml"]);
      expect(readFileSync(join(out, name, "warden.yaml"))).toEqual(readFileSync(join(root, "warden.yaml")));
    }
  });

  it("load far from any package, and export a handler", () => {
    for (const { file } of built) expect(exportsOf(file, out)).toContain("handler");
  });

  // Nothing listens at the state's address: an event that cannot be kept must go back to the platform, which retries it.
  it.each(["guard", "sweep"])(
    "take an event as Function Compute hands it over, and throw what a retry can mend: %s",
    (which) => {
      const [one] = built.filter(({ name }) => name === which);
      const place = folder();
      cpSync(dirname(one?.file ?? ""), place, { recursive: true });
      const settings = readFileSync(join(place, "warden.yaml"), "utf8").replace(
        /^state:[\s\S]*/m,
        "state: { kind: tablestore, endpoint: 'http://127.0.0.1:1', instance: warden }\n",
      );
      writeFileSync(join(place, "warden.yaml"), settings);
      const event = {
        id: "1",
        specversion: "1.0",
        data: { eventId: "1", eventName: "StopInstance", serviceName: "Ecs" },
      };
      const credentials = { accessKeyId: "STS.key", accessKeySecret: "s3cr3t", securityToken: "t0k3n" };
      const script = `import { handler } from "./index.mjs";
await handler(Buffer.from(${JSON.stringify(JSON.stringify(event))}), ${JSON.stringify({ requestId: "1", credentials })}).then(
  () => console.log("an answer"),
  (error) => console.log(error.name + ": " + error.message),
);`;
      writeFileSync(join(place, "call.mjs"), script);
      const run = spawnSync(process.execPath, [join(place, "call.mjs")], {
        cwd: place,
        encoding: "utf8",
        env: { DINGTALK_WEBHOOK: "https://oapi.dingtalk.com/robot/send?access_token=x", DINGTALK_SECRET: "SECx" },
      });
      expect([run.status, run.stdout.trim()]).toEqual([0, "StoreUnavailable: no connection: `ECONNREFUSED`"]);
      expect(run.stderr).not.toMatch(/s3cr3t|t0k3n/);
    },
  );

  it("fit the platform: well under the 100 MB of a package", () => {
    for (const { file, bytes } of built) {
      expect(readFileSync(file).length).toBe(bytes);
      expect(bytes).toBeLessThan(8 * 1024 * 1024);
    }
  });

  it("are the same bytes each time", async () => {
    const again = await buildFunctions(root, folder());
    for (const [index, { file }] of again.entries()) {
      expect(readFileSync(file).equals(readFileSync(built[index]?.file ?? ""))).toBe(true);
    }
  });
});

describe("the build", () => {
  const settings = { "warden.yaml": "mode: observe\n" };

  it("bundles packages that still speak of `require` and `__dirname`", async () => {
    const out = folder();
    const probe =
      'import { RuntimeOptions } from "@darabonba/typescript";\nimport { $OpenApiUtil } from "@alicloud/openapi-core";\n' +
      "export const handler = () => [RuntimeOptions, $OpenApiUtil];\n";
    const [built] = await buildFunctions(tree({ ...settings, "functions/probe/index.ts": probe }), out);
    expect(exportsOf(built?.file ?? "", out)).toEqual(["handler"]);
  });

  it("bundles the way to the cloud so that it still works", async () => {
    const out = folder();
    const probe = `import { transport } from ${JSON.stringify(join(root, "shared/aliyun/transport.ts"))};
const send = transport({
  credentials: { accessKeyId: "a", accessKeySecret: "b", securityToken: "c" },
  clock: { now: () => 0, sleep: async () => {} },
  region: "cn-hangzhou",
  protocol: "http",
  endpoint: "127.0.0.1:1",
});
const answer = await send({ service: "Ram", operation: "UpdateRole", parameters: {}, effect: "write" });
const name = answer.ok ? "ok" : answer.error.kind + "_" + answer.error.code;
console.log(JSON.stringify([name]));
process.exit(0);
`;
    const [built] = await buildFunctions(tree({ ...settings, "functions/probe/index.ts": probe }), out);
    expect(exportsOf(built?.file ?? "", out)).toEqual(["unreachable_ECONNREFUSED"]);
  });

  it("ships the exemptions beside the settings, by the name that these give them", async () => {
    const probe = { "functions/probe/index.ts": "export const handler = 1;\n" };
    const shipped = async (files: Readonly<Record<string, string>>) => {
      const out = folder();
      await buildFunctions(tree({ ...probe, ...files }), out);
      return readdirSync(join(out, "probe")).sort();
    };
    expect(await shipped(settings)).toEqual(["index.mjs", "warden.yaml"]);
    expect(await shipped({ ...settings, "exemptions.yaml": "exemptions: []\n" })).toEqual([
      "exemptions.yaml",
      "index.mjs",
      "warden.yaml",
    ]);
    const named = { "warden.yaml": "exemptions: agreed.yaml\n", "exemptions.yaml": "" };
    expect(await shipped({ ...named, "agreed.yaml": "exemptions: []\n" })).toEqual([
      "agreed.yaml",
      "index.mjs",
      "warden.yaml",
    ]);
    await expect(shipped(named)).rejects.toThrow("`agreed.yaml`");
  });

  it.each([
    ["no function", settings, "functions/guard/index.ts"],
    ["no settings", { "functions/guard/index.ts": "export const handler = 1;\n" }, "warden.yaml"],
    [
      "native code",
      { ...settings, "functions/guard/index.ts": 'import Database from "libsql";\nexport const handler = Database;\n' },
      "native code",
    ],
    [
      "native code on demand",
      { ...settings, "functions/guard/index.ts": 'export const handler = () => import("libsql");\n' },
      "native code",
    ],
    [
      "a package that is not there",
      { ...settings, "functions/guard/index.ts": 'import "no-such-package";\nexport const handler = 1;\n' },
      "no-such-package",
    ],
  ])("refuses a tree with %s, and says so", async (_name, files, expected) => {
    await expect(buildFunctions(tree(files), folder())).rejects.toThrow(expected);
  });
});
