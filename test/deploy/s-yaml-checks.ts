import { isMap, isScalar, parseDocument, visit } from "yaml";

/** What a deployer would have set; every reference of the file must be one of these. */
export const deployer: Readonly<Record<string, string>> = {
  WARDEN_ACCOUNT_ID: "1234567890123456",
  WARDEN_LOG_PROJECT: "audit",
  DINGTALK_WEBHOOK: `https://oapi.dingtalk.com/robot/send?access_token=${"0".repeat(64)}`,
  DINGTALK_SECRET: `SEC${"0".repeat(64)}`,
  WARDEN_TABLESTORE_ENDPOINT: "https://warden-test.cn-hangzhou.ots.aliyuncs.com",
  WARDEN_TABLESTORE_INSTANCE: "warden-test",
};

type Map = { readonly [key: string]: unknown };

const isObject = (value: unknown): value is Map => typeof value === "object" && value !== null && !Array.isArray(value);

/** The file with its references resolved as Serverless Devs would, in two passes because `vars` refer to `env`. */
export const rendered = (text: string): Map => {
  const withEnv = text.replaceAll(
    /\$\{env\('(\w+)'(?:, *'([^']*)')?\)\}/g,
    (whole, name: string, fallback?: string) => {
      return deployer[name] ?? fallback ?? whole;
    },
  );
  const vars: unknown = parseDocument(withEnv).toJS().vars;
  const filled = withEnv.replaceAll(/\$\{vars\.(\w+)\}/g, (whole, name: string) => {
    const value = isObject(vars) ? vars[name] : undefined;
    return value === undefined ? whole : String(value);
  });
  return parseDocument(filled).toJS() as Map;
};

const known: Readonly<Record<string, readonly string[]>> = {
  file: ["edition", "name", "access", "vars", "resources"],
  resource: ["component", "props", "actions"],
  props: [
    "region",
    "functionName",
    "description",
    "runtime",
    "handler",
    "code",
    "cpu",
    "memorySize",
    "diskSize",
    "timeout",
    "internetAccess",
    "role",
    "environmentVariables",
    "logConfig",
    "concurrencyConfig",
    "asyncInvokeConfig",
    "triggers",
  ],
  logConfig: ["project", "logstore", "enableRequestMetrics", "enableInstanceMetrics", "logBeginRule"],
  concurrencyConfig: ["reservedConcurrency"],
  asyncInvokeConfig: ["maxAsyncRetryAttempts", "maxAsyncEventAgeInSeconds"],
  trigger: ["triggerName", "triggerType", "description", "triggerConfig"],
  eventbridge: ["triggerEnable", "asyncInvocationType", "eventRuleFilterPattern", "eventSourceConfig"],
  eventSourceConfig: ["eventSourceType"],
  timer: ["cronExpression", "enable", "payload"],
};

const unknownKeys = (value: unknown, kind: string, where: string): string[] => {
  if (!isObject(value)) return [`${where} is not a map`];
  return Object.keys(value)
    .filter((key) => known[kind]?.includes(key) !== true)
    .map((key) => `${where} has the unknown key ${key}`);
};

const whole = (value: unknown, from: number, to: number): boolean =>
  Number.isInteger(value) && (value as number) >= from && (value as number) <= to;

const secretShapes = [
  /LTAI[A-Za-z0-9]{8,}/,
  /access_token=/,
  /\bSEC[0-9a-f]{20,}/,
  /\bwhsec_/,
  /[0-9a-f]{32,}/i,
  /https:\/\/[^\s]*(?:hook|robot|webhook)/i,
];
const secretNames = /SECRET|TOKEN|PASSWORD|WEBHOOK|_KEY$/;
const reference = /^\$\{env\('\w+'\)\}$/;

/** No value of the file as written, comments included, may be a secret; what is named like one must be a reference. */
const secretProblems = (text: string): string[] => {
  const found = secretShapes
    .filter((shape) => shape.test(text))
    .map((shape) => `the file holds what looks like a secret: ${shape}`);
  visit(parseDocument(text), {
    Pair: (_key, pair) => {
      const name = isScalar(pair.key) ? String(pair.key.value) : "";
      const value = isScalar(pair.value) ? String(pair.value.value) : "";
      if (secretNames.test(name) && !isMap(pair.value) && !reference.test(value)) {
        found.push(`${name} is not a reference to the deployer's environment without a default`);
      }
    },
  });
  return found;
};

/** Sorted, to be compared with another function's: all of them work on one ledger and tell the same people. */
const environmentOf = (resource: unknown): readonly (readonly [string, unknown])[] => {
  const props = isObject(resource) ? resource.props : undefined;
  const environment = isObject(props) && isObject(props.environmentVariables) ? props.environmentVariables : {};
  return Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1));
};

const environmentProblems = (environment: unknown): string[] => {
  if (!isObject(environment)) return ["environmentVariables is not a map"];
  const found: string[] = [];
  let bytes = 0;
  for (const [name, value] of Object.entries(environment)) {
    if (!/^[A-Za-z]\w*$/.test(name) || name.startsWith("FC_") || name.startsWith("ALIBABA_CLOUD_")) {
      found.push(`${name} cannot name a variable`);
    }
    if (typeof value !== "string" || value === "") found.push(`${name} is not a text`);
    bytes += Buffer.byteLength(name) + Buffer.byteLength(String(value));
  }
  return bytes < 4096 ? found : [...found, `the environment takes ${bytes} bytes of less than 4096`];
};

const textList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string");

const matchers = (value: unknown): boolean =>
  textList(value) ||
  (Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => isObject(one) && Object.keys(one).every((key) => key === "suffix" || key === "prefix")));

/** An EventBridge pattern as JSON text: names of the envelope, or of the event within `data`, each with a list. */
const patternProblems = (value: unknown): string[] => {
  if (typeof value !== "string") return ["eventRuleFilterPattern is not a text"];
  let pattern: unknown;
  try {
    pattern = JSON.parse(value);
  } catch {
    return ["eventRuleFilterPattern is not JSON"];
  }
  if (!isObject(pattern) || Object.keys(pattern).length === 0) return ["eventRuleFilterPattern is not a map"];
  return Object.entries(pattern).flatMap(([key, part]) => {
    if (key === "data" && isObject(part)) {
      return Object.entries(part).flatMap(([field, list]) =>
        matchers(list) ? [] : [`data.${field} of the pattern is no list of matches`],
      );
    }
    if (!["source", "type", "subject"].includes(key)) return [`the pattern has the unknown key ${key}`];
    return matchers(part) ? [] : [`${key} of the pattern is no list of matches`];
  });
};

const triggerProblems = (triggers: unknown): string[] => {
  if (!Array.isArray(triggers)) return ["triggers is not a list"];
  const all = triggers.filter(isObject);
  const found = all.flatMap((trigger) => {
    const kind = String(trigger.triggerType);
    const config = trigger.triggerConfig;
    const problems = unknownKeys(trigger, "trigger", "a trigger");
    if (kind !== "eventbridge" && kind !== "timer") return [...problems, `the trigger type ${kind} is not used here`];
    problems.push(...unknownKeys(config, kind, `the ${kind} trigger`));
    if (!isObject(config)) return problems;
    if (kind === "timer") return config.enable === true ? problems : [...problems, "the timer is off"];
    problems.push(...unknownKeys(config.eventSourceConfig, "eventSourceConfig", "eventSourceConfig"));
    problems.push(...patternProblems(config.eventRuleFilterPattern));
    if (config.asyncInvocationType !== true) problems.push("the eventbridge trigger does not invoke asynchronously");
    if (config.triggerEnable !== true) problems.push("the eventbridge trigger is off");
    if (!isObject(config.eventSourceConfig) || config.eventSourceConfig.eventSourceType !== "Default") {
      problems.push("the eventbridge trigger is not on the default bus");
    }
    return problems;
  });
  const kinds = all.map(({ triggerType }) => triggerType);
  if (kinds.filter((kind) => kind === "eventbridge").length > 1)
    found.push("there is more than one eventbridge trigger");
  if (kinds.includes("eventbridge") && kinds.at(-1) !== "eventbridge")
    found.push("the eventbridge trigger is not the last");
  if (new Set(all.map(({ triggerName }) => triggerName)).size !== triggers.length)
    found.push("two triggers share a name");
  return found;
};

const sizeProblems = ({ memorySize, cpu, timeout, diskSize }: Map): string[] => {
  const found: string[] = [];
  if (!whole(memorySize, 128, 32_768) || (memorySize as number) % 64 !== 0)
    found.push("memorySize is no multiple of 64 from 128 to 32768");
  if (typeof cpu !== "number" || cpu < 0.05 || cpu > 16) found.push("cpu is not from 0.05 to 16");
  const ratio = Number(memorySize) / 1024 / Number(cpu);
  if (!(ratio >= 1 && ratio <= 4)) found.push("memory to cpu is not between 1:1 and 4:1");
  if (!whole(timeout, 1, 86_400)) found.push("timeout is not from 1 to 86400");
  if (diskSize !== 512 && diskSize !== 10_240) found.push("diskSize is not 512 or 10240");
  return found;
};

const propsProblems = (props: Map, exportsOf: (file: string) => readonly string[]): string[] => {
  const found = unknownKeys(props, "props", "props");
  const role = String(props.role);
  if (!/^acs:ram::\d+:role\/[a-z0-9.-]+$/.test(role)) found.push("role is not a whole ARN in lower case");
  if (props.runtime !== "nodejs20") found.push("runtime is not nodejs20");
  const [file, method, ...rest] = String(props.handler).split(".");
  if (rest.length > 0 || !exportsOf(`${String(props.code)}/${file}.mjs`).includes(method ?? "")) {
    found.push(`the build has no handler ${String(props.handler)} in ${String(props.code)}`);
  }
  if (!/^[A-Za-z_][\w-]{0,63}$/.test(String(props.functionName))) found.push("functionName cannot name a function");
  if (!/^[a-z]{2}-[a-z0-9-]+$/.test(String(props.region))) found.push("region is not the name of one");
  for (const part of ["logConfig", "concurrencyConfig", "asyncInvokeConfig"])
    found.push(...unknownKeys(props[part], part, part));
  const { reservedConcurrency } = isObject(props.concurrencyConfig) ? props.concurrencyConfig : {};
  if (!whole(reservedConcurrency, 1, 20)) found.push("reservedConcurrency does not protect the RAM API");
  const later = isObject(props.asyncInvokeConfig) ? props.asyncInvokeConfig : {};
  if (!whole(later.maxAsyncRetryAttempts, 1, 8)) found.push("maxAsyncRetryAttempts is not from 1 to 8");
  // The component's schema admits four times as much; the API does not.
  if (!whole(later.maxAsyncEventAgeInSeconds, 1, 604_800))
    found.push("maxAsyncEventAgeInSeconds is not from 1 to 604800");
  return [
    ...found,
    ...sizeProblems(props),
    ...environmentProblems(props.environmentVariables),
    ...triggerProblems(props.triggers),
  ];
};

/**
 * All that is wrong with a deployment file, in words; empty when nothing is. `exportsOf` names what a built module
 * exports, nothing where there is no such module.
 */
export const problemsOf = (text: string, exportsOf: (file: string) => readonly string[]): readonly string[] => {
  const document = parseDocument(text);
  if (document.errors.length > 0) return document.errors.map(({ message }) => message);
  const file = rendered(text);
  const found = [...secretProblems(text), ...unknownKeys(file, "file", "the file")];
  if (file.edition !== "3.0.0") found.push("edition is not 3.0.0");
  const left = JSON.stringify(file).match(/\$\{[^}]*\}/g) ?? [];
  found.push(...left.map((one) => `${one} refers to nothing`));
  const resources = isObject(file.resources) ? Object.values(file.resources) : [];
  if (resources.length === 0) found.push("there is nothing to deploy");
  const environments = resources.map((one) => JSON.stringify(environmentOf(one)));
  if (new Set(environments).size > 1) found.push("the functions do not share one environment");
  for (const resource of resources) {
    found.push(...unknownKeys(resource, "resource", "a resource"));
    if (!isObject(resource)) continue;
    if (!/^fc3(?:@\d+\.\d+\.\d+)?$/.test(String(resource.component))) found.push("component is not fc3");
    found.push(...(isObject(resource.props) ? propsProblems(resource.props, exportsOf) : ["props is not a map"]));
  }
  return found;
};

export type Pattern = { readonly type?: unknown; readonly source?: unknown; readonly data?: Map };

/** Whether EventBridge would pass an event on: keys are AND, lists are OR, and a key that the event lacks never matches. */
export const passes = (pattern: unknown, event: unknown): boolean => {
  if (Array.isArray(pattern)) {
    return pattern.some((one) => {
      if (typeof event !== "string") return false;
      if (!isObject(one)) return one === event;
      return typeof one.suffix === "string" ? event.endsWith(one.suffix) : event.startsWith(String(one.prefix));
    });
  }
  return (
    isObject(pattern) && isObject(event) && Object.entries(pattern).every(([key, part]) => passes(part, event[key]))
  );
};
