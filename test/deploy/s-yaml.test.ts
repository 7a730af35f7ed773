import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isScalar, parseDocument, visit } from "yaml";
import { buildFunctions } from "../../scripts/build-functions.ts";
import { exportsOf } from "./built.ts";
import { passes, problemsOf, rendered } from "./s-yaml-checks.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const text = readFileSync(join(root, "s.yaml"), "utf8");
const out = mkdtempSync(join(tmpdir(), "warden-deploy-"));
const modules = new Map<string, readonly string[]>();

beforeAll(async () => {
  for (const { name, file } of await buildFunctions(root, out)) {
    modules.set(`dist/${name}/index.mjs`, exportsOf(file, out));
  }
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

const problems = (changed: string): readonly string[] =>
  problemsOf(changed, (file) => modules.get(file.replace(/^\.\//, "")) ?? []);

/** The file with one piece changed. Throws when the piece is not there, so that no case passes by accident. */
const change = (from: string | RegExp, to: string): string => {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`s.yaml has no ${from}`);
  return changed;
};

describe("s.yaml", () => {
  it("has nothing wrong with it", () => {
    expect(problems(text)).toEqual([]);
  });

  it("deploys each function that is built, and no other", () => {
    const resources = Object.keys(rendered(text).resources as object);
    expect(resources.map((name) => `dist/${name}/index.mjs`).sort()).toEqual([...modules.keys()].sort());
  });
});

const reference = `$${"{env('DINGTALK_SECRET')}"}`;
const timer =
  "- triggerName: again\n          triggerType: timer\n          triggerConfig: {cronExpression: '@every 5m', enable: true, payload: x}\n";
const secondTrigger = text.slice(text.indexOf("- triggerName: ram-events"));

describe("a change for the worse is seen", () => {
  it.each<[string, string, string]>([
    ["another edition", change("edition: 3.0.0", "edition: 1.0.0"), "edition"],
    ["a key of the file that is none", change("access:", "acess:"), "unknown key acess"],
    ["a prop that is none", change("memorySize:", "memorysize:"), "unknown key memorysize"],
    ["a key twice", change("      timeout: 300", "      timeout: 300\n      timeout: 300"), "unique"],
    ["another component", change("component: fc3", "component: fc"), "component"],
    ["another runtime", change("nodejs20", "nodejs22"), "runtime"],
    ["a handler that is not built", change("index.handler", "main.handler"), "no handler"],
    ["a handler that is not exported", change("index.handler", "index.main"), "no handler"],
    ["code that is not built", change("./dist/guard", "./dist/gard"), "no handler"],
    ["an automatic role", change(/role: acs.*looking/, "role: auto"), "role"],
    ["a role in upper case", change(/role\/ram-warden-looking/, "role/RamWardenLooking"), "role"],
    ["automatic logs", change(/logConfig:[\s\S]*?None\n/, "logConfig: auto\n"), "logConfig"],
    ["memory off the steps", change("memorySize: 512", "memorySize: 500"), "memorySize"],
    ["too much cpu for the memory", change("cpu: 0.35", "cpu: 1"), "memory to cpu"],
    ["a timer that is off", change("enable: true", "enable: false"), "timer is off"],
    ["too little cpu for the memory", change("cpu: 0.35", "cpu: 0.1"), "memory to cpu"],
    ["no time", change("timeout: 300", "timeout: 0"), "timeout"],
    ["a disk of another size", change("diskSize: 512", "diskSize: 1024"), "diskSize"],
    ["an event that may wait for weeks", change("86400", "604801"), "maxAsyncEventAgeInSeconds"],
    ["no second try", change("maxAsyncRetryAttempts: 8", "maxAsyncRetryAttempts: 0"), "maxAsyncRetryAttempts"],
    ["a thousand at once", change("reservedConcurrency: 5", "reservedConcurrency: 1000"), "reservedConcurrency"],
    [
      "a number in the environment",
      change("environmentVariables:\n", "environmentVariables:\n        LIMIT: 5\n"),
      "LIMIT is not a text",
    ],
    [
      "a reserved variable",
      change("environmentVariables:\n", "environmentVariables:\n        FC_REGION: x\n"),
      "FC_REGION cannot",
    ],
    [
      "too large an environment",
      change("environmentVariables:\n", `environmentVariables:\n        RULES: ${"x y ".repeat(1000)}\n`),
      "bytes",
    ],
    [
      "a variable that nobody sets",
      change("vars.account}:role/ram-warden-looking", "vars.acount}:role/ram-warden-looking"),
      "refers to nothing",
    ],
    [
      "a secret with a default",
      change(reference, `${reference.slice(0, -2)}, 'abc')}`),
      "DINGTALK_SECRET is not a reference",
    ],
    ["a secret in clear", change(reference, "hunter2"), "DINGTALK_SECRET is not a reference"],
    [
      "an address of a robot in clear",
      change("# Serverless", "# https://oapi.dingtalk.com/robot/send?access_token=1\n# Serverless"),
      "looks like a secret",
    ],
    [
      "a key id in clear",
      change("DINGTALK_SECRET: ", "OTHER: LTAI5tExample00\n        DINGTALK_SECRET: "),
      "looks like a secret",
    ],
    [
      "a sweep that is not told where its state is",
      text.replace(/ {8}WARDEN_TABLESTORE_INSTANCE: .*\n/, ""),
      "do not share one environment",
    ],
    [
      "a sweep that keeps its state elsewhere",
      text.replace("'WARDEN_TABLESTORE_TABLE', 'ram_warden'", "'WARDEN_TABLESTORE_TABLE', 'another'"),
      "do not share one environment",
    ],
    ["a pattern that is not JSON", change('"data":{', '"data":'), "not JSON"],
    ["a pattern without lists", change('["Ram","Ims","ResourceManager"]', '"Ram"'), "no list of matches"],
    ["a pattern with a key that is none", change('"data":', '"detail":'), "unknown key detail"],
    ["a synchronous trigger", change("asyncInvocationType: true", "asyncInvocationType: false"), "asynchronously"],
    ["a trigger that is off", change("triggerEnable: true", "triggerEnable: false"), "is off"],
    ["another bus", change("eventSourceType: Default", "eventSourceType: MNS"), "default bus"],
    ["a key of the trigger that is none", change("triggerEnable:", "enable:"), "unknown key enable"],
    ["a timer after the eventbridge trigger", `${text}        ${timer}`, "not the last"],
    ["two eventbridge triggers", `${text}        ${secondTrigger}`, "more than one"],
    [
      "two triggers of one name",
      change("- triggerName: ram-events", `${timer.replace("again", "ram-events")}        - triggerName: ram-events`),
      "share a name",
    ],
  ])("%s", (_name, changed, expected) => {
    expect(problems(changed).join("\n")).toContain(expected);
  });

  it("while a timer before the eventbridge trigger is none", () => {
    expect(problems(change("- triggerName: ram-events", `${timer}        - triggerName: ram-events`))).toEqual([]);
  });
});

describe("the settings that travel with the function", () => {
  it("ask the environment for nothing that the function is not given", () => {
    const asked: string[] = [];
    visit(parseDocument(readFileSync(join(root, "warden.yaml"), "utf8")), {
      Pair: (_key, { key, value }) => {
        if (isScalar(key) && key.value === "env" && isScalar(value)) asked.push(String(value.value));
      },
    });
    const { resources } = rendered(text) as { resources: Record<string, { props: { environmentVariables: object } }> };
    for (const { props } of Object.values(resources)) {
      expect(Object.keys(props.environmentVariables)).toEqual(expect.arrayContaining(asked));
    }
  });
});

describe("the pattern", () => {
  const resources = rendered(text).resources as {
    guard: { props: { triggers: { triggerConfig: { eventRuleFilterPattern: string } }[] } };
  };
  const pattern: unknown = JSON.parse(
    resources.guard.props.triggers.at(-1)?.triggerConfig.eventRuleFilterPattern ?? "",
  );
  const event = (serviceName: string, type: string) => ({
    source: "acs.any",
    type,
    data: { serviceName, eventName: "X" },
  });

  it.each(["Ram", "Ims", "ResourceManager"])("passes calls and console operations of %s", (service) => {
    for (const kind of ["ApiCall", "ConsoleOperation", "AliyunServiceEvent"]) {
      expect(passes(pattern, event(service, `${service.toLowerCase()}:ActionTrail:${kind}`))).toBe(true);
    }
  });

  it("does not pass what is not ours", () => {
    expect(passes(pattern, event("Ecs", "ecs:ActionTrail:ApiCall"))).toBe(false);
    expect(passes(pattern, event("Ram", "ram:Config:NonCompliantNotification"))).toBe(false);
    expect(passes(pattern, { type: "ram:ActionTrail:ApiCall", data: {} })).toBe(false);
  });
});

describe("the schema of the component", () => {
  // It lies beside a checkout at times, and is no part of the project: where it is not, there is nothing to compare.
  const file = resolve(root, "../shared/reference/fc3-schema.json");
  const takes = (changed: string): boolean => {
    const check = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(readFileSync(file, "utf8")) as object);
    const { resources } = rendered(changed) as { resources: Record<string, { props: unknown }> };
    return Object.values(resources).every(({ props }) => check(props));
  };

  it("takes every function, and no runtime that is none", () => {
    if (!existsSync(file)) return;
    expect(takes(text)).toBe(true);
    expect(takes(change("nodejs20", "nodejs99"))).toBe(false);
  });
});
