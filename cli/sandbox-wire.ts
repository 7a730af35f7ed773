import { createHash, createHmac } from "node:crypto";
import type { Received, Reply } from "../sandbox/index.ts";
import type { Outgoing } from "../shared/aliyun/transport.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A request as the SDK signs and sends it, by the same reading of ACS3-HMAC-SHA256, without its sockets. */
export const requestOf = (
  { operation, version, host, parameters, credentials }: Outgoing,
  at: number,
  nonce: string,
): Received => {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.append(name, String(value));
  const body = form.toString();
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const bodyHash = sha256(body);
  const headers: Record<string, string> = {
    "content-type": "application/x-www-form-urlencoded",
    host,
    "user-agent": "ram-warden",
    "x-acs-action": operation,
    "x-acs-content-sha256": bodyHash,
    "x-acs-date": `${new Date(at).toISOString().slice(0, 19)}Z`,
    ...(securityToken === undefined ? {} : { "x-acs-security-token": securityToken }),
    "x-acs-signature-nonce": nonce,
    "x-acs-version": version,
  };
  const names = Object.keys(headers)
    .filter((name) => name === "host" || name === "content-type" || name.startsWith("x-acs-"))
    .sort();
  const canonical = [
    "POST",
    "/",
    "",
    ...names.map((name) => `${name}:${headers[name] ?? ""}`),
    "",
    names.join(";"),
    bodyHash,
  ].join("\n");
  const signature = createHmac("sha256", accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest("hex");
  const authorization = `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names.join(";")},Signature=${signature}`;
  return { method: "POST", pathname: "/", query: [], headers: { ...headers, authorization }, body: Buffer.from(body) };
};

/** An error as the runtime of the SDK names it. */
export const errorNamed = (name: string, message: string, more: object): Error => {
  const error = new Error(message);
  error.name = name;
  return Object.assign(error, more);
};

/** A reply as the SDK's runtime gives it to its caller. Throws what the runtime throws. */
export const answerOf = (reply: Reply): { readonly statusCode: number; readonly body: unknown } => {
  if (reply.kind !== "answer") throw errorNamed("Error", "socket hang up", { code: "ECONNRESET" });
  // An HTML or empty body ends in a bare SyntaxError.
  const body = JSON.parse(reply.body) as { readonly Code?: string; readonly RequestId?: string };
  if (reply.status < 400) return { statusCode: reply.status, body };
  const name =
    body.Code?.includes("Throttling") === true
      ? "ThrottlingError"
      : reply.status >= 500
        ? "ServerError"
        : "ClientError";
  throw errorNamed(name, `${body.Code}: code: ${reply.status}`, {
    code: body.Code,
    statusCode: reply.status,
    requestId: body.RequestId,
  });
};
