import OpenApi, { $OpenApiUtil } from "@alicloud/openapi-core";
import RamSdk from "@alicloud/ram20150501";
import * as dara from "@darabonba/typescript";
import type { Sandbox } from "../../sandbox/index.ts";

/** CommonJS packages put their class one or two `default`s deep, depending on who loads them. */
const unwrap = <Value>(module: unknown): Value => {
  let value = module;
  while (typeof value === "object" && value !== null && "default" in value) value = value.default;
  return value as Value;
};

export type Keys = {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string | undefined;
};

type Answer = { readonly statusCode: number; readonly body: Record<string, never> };

type AnyClient = { callApi(params: unknown, request: unknown, runtime: unknown): Promise<Answer> };

const OpenApiClient = unwrap<new (config: unknown) => AnyClient>(OpenApi);
const RamClient = unwrap<typeof RamSdk extends { default: infer Client } ? Client : typeof RamSdk>(RamSdk);

const configOf = (sandbox: Sandbox, keys: Keys, timeoutMs: number) =>
  new $OpenApiUtil.Config({
    accessKeyId: keys.accessKeyId,
    accessKeySecret: keys.accessKeySecret,
    ...(keys.securityToken === undefined ? {} : { securityToken: keys.securityToken }),
    endpoint: sandbox.endpoint,
    protocol: "http",
    regionId: "cn-hangzhou",
    readTimeout: timeoutMs,
    connectTimeout: timeoutMs,
  });

/** The unmodified typed client of Ram. */
export const ramOf = (sandbox: Sandbox, keys: Keys = sandbox.administrator) =>
  new RamClient(configOf(sandbox, keys, 10_000));

const versions = {
  Ram: "2015-05-01",
  Ims: "2019-08-15",
  ResourceManager: "2020-03-31",
  Sts: "2015-04-01",
  Actiontrail: "2020-07-06",
} as const;

export type Wire = "query" | "body";

/** The SDK's generic call, with parameters in the query string or in a form body. Answers the body as it came. */
export const callerOf =
  (sandbox: Sandbox, keys: Keys = sandbox.administrator, wire: Wire = "body", timeoutMs = 10_000) =>
  // biome-ignore lint/suspicious/noExplicitAny: answers are read by name in tests.
  async (service: keyof typeof versions, action: string, params: Record<string, unknown> = {}): Promise<any> => {
    const client = new OpenApiClient(configOf(sandbox, keys, timeoutMs));
    const answer = await client.callApi(
      new $OpenApiUtil.Params({
        action,
        version: versions[service],
        protocol: "HTTP",
        pathname: "/",
        method: "POST",
        authType: "AK",
        style: "RPC",
        reqBodyType: "formData",
        bodyType: "json",
      }),
      new $OpenApiUtil.OpenApiRequest(wire === "query" ? { query: stringified(params) } : { body: params }),
      new dara.RuntimeOptions({}),
    );
    return answer.body;
  };

const stringified = (params: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));

/** The `Code` that a call is refused with; fails when it is accepted. */
export const refusal = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
  throw new Error("the call was accepted");
};

export const allowAll = JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });

export const policyOf = (...statements: readonly Record<string, unknown>[]): string =>
  JSON.stringify({ Version: "1", Statement: statements });

export const trustOf = (principal: Record<string, unknown>, condition?: Record<string, unknown>): string =>
  JSON.stringify({
    Version: "1",
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: principal,
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  });
