import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exampleAccount } from "../../cli/start/account.ts";
import type { DingtalkStandIn, Sandbox } from "../../sandbox/index.ts";
import { createDingtalkStandIn, startSandbox } from "../../sandbox/index.ts";
import { buildFunctions } from "../../scripts/build-functions.ts";
import { createTables } from "../../shared/aliyun/tablestore-tables.ts";
import { systemClock } from "../../shared/local/system.ts";
import { standInInstance, startTablestore } from "../aliyun/tablestore-stand-in.ts";
import { callerOf } from "../sandbox/client.ts";
import { deployer, rendered } from "./s-yaml-checks.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

type Deployed = "guard" | "sweep";

/** What a function finds in its environment: what `s.yaml` gives it, and nothing else. */
const environment = (name: Deployed = "guard"): { readonly [name: string]: string } => {
  const { resources } = rendered(readFileSync(join(root, "s.yaml"), "utf8")) as {
    resources: { [name in Deployed]: { props: { environmentVariables: { [name: string]: string } } } };
  };
  return resources[name].props.environmentVariables;
};

/** The public hosts, on this machine: the bundle itself is untouched, and asks for them over https as it would. */
const onThisMachine = (sandboxPort: number, tablestorePort: number): string => `
  import http from "node:http";
  import https from "node:https";
  import { syncBuiltinESMExports } from "node:module";
  https.request = (...given) => {
    const callback = given.find((one) => typeof one === "function");
    const url = given.find((one) => one instanceof URL);
    const named = given.find((one) => typeof one === "object" && !(one instanceof URL));
    const host = url?.hostname ?? String(named.hostname ?? named.host).split(":")[0];
    if (!/\\.(?:aliyuncs|dingtalk)\\.com$/.test(host)) throw new Error("asked for " + host);
    return http.request({
      ...named,
      ...(url === undefined ? {} : { path: url.pathname + url.search }),
      agent: undefined,
      protocol: "http:",
      host: "127.0.0.1",
      hostname: "127.0.0.1",
      port: host.endsWith(".ots.aliyuncs.com") ? ${tablestorePort} : ${sandboxPort},
      headers: { host, ...named.headers },
    }, callback);
  };
  syncBuiltinESMExports();
`;

const invocation = `
  const [file, event, credentials] = process.argv.slice(1);
  const { handler } = await import(file);
  const receipt = await handler(Buffer.from(event, "base64"), { requestId: "1", credentials: JSON.parse(credentials) });
  console.log(JSON.stringify(receipt));
`;

let folder: string;
let sandbox: Sandbox;
let robot: DingtalkStandIn;
let payloads: Buffer[];
/** How far the account's clock is behind, milliseconds: what happens then is older when it is looked at. */
let behindMs = 0;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "warden-deployed-"));
  payloads = [];
  behindMs = 0;
  const accessToken = new URL(deployer.DINGTALK_WEBHOOK ?? "").searchParams.get("access_token") ?? "";
  robot = createDingtalkStandIn({ accessToken, secret: deployer.DINGTALK_SECRET ?? "" });
  sandbox = await startSandbox({
    seed: 3,
    clock: { now: () => systemClock.now() - behindMs },
    snapshot: exampleAccount(),
    delivery: { minDelayMs: 0, maxDelayMs: 0, duplicateRate: 0 },
    mounts: [{ path: "/robot/send", handle: robot.handle }],
  });
  sandbox.registerFunction({
    name: "post",
    role: "ram-warden-looking",
    subscribesToTrail: true,
    handler: async (event) => void payloads.push(Buffer.from(event)),
  });
});
afterEach(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("what is deployed handles an event with the settings and the environment that it is deployed with", async () => {
  const credentials = sandbox.sessionOf("ram-warden-looking");
  const tablestore = await startTablestore({ credentials });
  try {
    const table = environment().WARDEN_TABLESTORE_TABLE ?? "";
    const { endpoint } = tablestore;
    expect(await createTables({ endpoint, instance: standInInstance, table, credentials, clock: systemClock })).toEqual(
      [],
    );
    const [guard] = await buildFunctions(root, folder);
    const preload = join(folder, "hosts.mjs");
    writeFileSync(preload, onThisMachine(Number(new URL(sandbox.url).port), Number(new URL(endpoint).port)));

    await callerOf(sandbox, sandbox.keyOf("platform-ops"))("Ram", "AttachPolicyToUser", {
      PolicyType: "System",
      PolicyName: "AdministratorAccess",
      UserName: "alice",
    });
    await sandbox.settle();
    const invoke = (payload = payloads[0], more = {}) =>
      run(
        ["--import", pathToFileURL(preload).href, "--input-type=module", "-e", invocation],
        [pathToFileURL(guard?.file ?? "").href, payload?.toString("base64") ?? "", JSON.stringify(credentials)],
        more,
      );
    const first = await invoke();
    expect(first).toMatchObject({ code: 0, receipt: { decided: 1, refused: 0, outcomes: { reverted: 1 } } });
    const held = sandbox.dump().attachments?.filter(({ principalName }) => principalName === "alice");
    expect(held).toEqual([]);
    expect(robot.messages()).toHaveLength(1);
    expect(tablestore.rowsOf(table).length).toBeGreaterThan(0);
    expect(await invoke()).toMatchObject({ code: 0, receipt: { decided: 0, passedOver: 1 }, logged: [] });
    // A slip in the mode stops all writing, and is said.
    const slip = await invoke(payloads[0], { WARDEN_MODE: "enforced" });
    expect(slip.code).toBe(0);
    expect(slip.logged).toEqual([
      expect.objectContaining({
        level: "warn",
        msg: "`WARDEN_MODE` in the environment: `enforced` is no mode: `observe`",
      }),
    ]);

    // Exemptions that lie beside the bundle and cannot be read: the guard works on, and writes nothing.
    writeFileSync(join(dirname(guard?.file ?? ""), "exemptions.yaml"), "exemptions: [oh");
    payloads.length = 0;
    await callerOf(sandbox, sandbox.keyOf("platform-ops"))("Ram", "AttachPolicyToUser", {
      PolicyType: "System",
      PolicyName: "AdministratorAccess",
      UserName: "alice",
    });
    await sandbox.settle();
    expect(await invoke()).toMatchObject({ code: 0, receipt: { decided: 1, outcomes: { alerted: 1 } } });
    expect(JSON.stringify(robot.messages().at(-1))).toContain("the exemptions cannot be read");
  } finally {
    await tablestore.close();
  }
});

test("the sweep that is deployed judges what no event told, with the settings and the environment that it is deployed with", async () => {
  const credentials = sandbox.sessionOf("ram-warden-looking");
  const tablestore = await startTablestore({ credentials });
  try {
    const table = environment("sweep").WARDEN_TABLESTORE_TABLE ?? "";
    const { endpoint } = tablestore;
    await createTables({ endpoint, instance: standInInstance, table, credentials, clock: systemClock });
    const sweep = (await buildFunctions(root, folder)).find(({ name }) => name === "sweep");
    const preload = join(folder, "hosts.mjs");
    writeFileSync(preload, onThisMachine(Number(new URL(sandbox.url).port), Number(new URL(endpoint).port)));
    // The sweep leaves to the guard what is younger than a minute.
    behindMs = 120_000;
    await callerOf(sandbox, sandbox.keyOf("platform-ops"))("Ram", "AttachPolicyToUser", {
      PolicyType: "System",
      PolicyName: "AdministratorAccess",
      UserName: "alice",
    });
    behindMs = 0;
    const tick = await run(
      ["--import", pathToFileURL(preload).href, "--input-type=module", "-e", invocation],
      [
        pathToFileURL(sweep?.file ?? "").href,
        Buffer.from('{"triggerName":"every-minute","payload":"sweep"}').toString("base64"),
        JSON.stringify(credentials),
      ],
      {},
      "sweep",
    );
    expect(tick).toMatchObject({ code: 0, receipt: { busy: false, finished: true, problems: 0 } });
    expect(sandbox.dump().attachments?.filter(({ principalName }) => principalName === "alice")).toEqual([]);
    expect(JSON.stringify(robot.messages())).toContain("AdministratorAccess");
    expect(tablestore.rowsOf(table).length).toBeGreaterThan(0);
  } finally {
    await tablestore.close();
  }
});

test("the step that makes the table says which variables it takes, and that they are those of `s.yaml`", () => {
  const script = join(root, "scripts/create-table.ts");
  const madeWith = (env: NodeJS.ProcessEnv, ...args: readonly string[]) =>
    spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), script, ...args], { encoding: "utf8", env });
  const help = madeWith({}, "--help");
  expect(help.status).toBe(0);
  for (const name of Object.keys(environment()).filter((one) => one.startsWith("WARDEN_TABLESTORE")))
    expect(help.stdout).toContain(name);
  const keys = { ALIBABA_CLOUD_ACCESS_KEY_ID: "id", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret" };
  const place = { WARDEN_TABLESTORE_ENDPOINT: "http://127.0.0.1:1", WARDEN_TABLESTORE_INSTANCE: "warden-test" };
  const refused = (env: NodeJS.ProcessEnv, ...args: readonly string[]): string => {
    const { status, stderr } = madeWith(env, ...args);
    expect({ status, usage: stderr.endsWith(`\n\n${help.stdout}`) }).toEqual({ status: 2, usage: true });
    return stderr.slice(0, -help.stdout.length).trim();
  };
  expect(refused({})).toBe(
    [...Object.keys(place), ...Object.keys(keys)].map((name) => `the environment has no \`${name}\``).join("\n"),
  );
  expect(refused({ ...place, ...keys, WARDEN_TABLESTORE_INSTANCE: "" })).toBe(
    "the environment has no `WARDEN_TABLESTORE_INSTANCE`",
  );
  expect(refused({ ...place, ...keys, WARDEN_TABLESTORE_TABLE: "ram-warden!" })).toMatch(
    /^what the environment has as `WARDEN_TABLESTORE_TABLE` is no name of a table: /,
  );
  expect(refused({ ...place, ...keys }, "--table", "x")).toBe(
    ["--table", "x"].map((one) => `it takes no argument \`${one}\`: all is in the environment`).join("\n"),
  );
  // An empty name is that of the usual table, here as for the settings.
  expect(madeWith({ ...place, ...keys, WARDEN_TABLESTORE_TABLE: "" })).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(
      /^the state in table `ram_warden` of instance `warden-test` at `127\.0\.0\.1:1` cannot be used: .*`ECONNREFUSED`\n$/,
    ),
  });
});

const run = (options: readonly string[], args: readonly string[], more: NodeJS.ProcessEnv, name: Deployed = "guard") =>
  new Promise<{ code: number | null; receipt: unknown; logged: readonly unknown[] }>((resolve) => {
    const child = spawn(process.execPath, [...options, ...args], {
      cwd: folder,
      env: { ...environment(name), ...more },
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (text: Buffer) => {
      out += text.toString();
    });
    child.stderr.on("data", (text: Buffer) => {
      err += text.toString();
    });
    child.on("close", (code) => {
      const last = out.trim().split("\n").at(-1) ?? "";
      // What Node says of itself is no line of the log.
      const logged = err.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as unknown] : []));
      resolve({ code, receipt: code === 0 ? (JSON.parse(last) as unknown) : undefined, logged });
    });
  });
