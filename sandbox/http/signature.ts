import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { ApiError } from "../api-error.ts";

/** A request as it came, before anything of it is trusted. */
export type Received = {
  readonly method: string;
  readonly pathname: string;
  /** Pairs of the query string, decoded. */
  readonly query: readonly (readonly [string, string])[];
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

export type Signed = {
  readonly accessKeyId: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
};

const algorithm = "ACS3-HMAC-SHA256";

const sha256 = (data: Buffer | string): string => createHash("sha256").update(data).digest("hex");

/** RFC 3986, with `!'()*` escaped too (`ram-api.md` §2.1). */
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : a > b ? 1 : 0);

export const canonicalRequest = (request: Received, signedHeaders: readonly string[], bodyHash: string): string =>
  [
    request.method,
    request.pathname.replaceAll("+", "%20").replaceAll("*", "%2A").replaceAll("%7E", "~"),
    [...request.query]
      .sort(byName)
      .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
      .join("&"),
    ...signedHeaders.map((name) => `${name}:${(request.headers[name] ?? "").trim()}`),
    "",
    signedHeaders.join(";"),
    bodyHash,
  ].join("\n");

const incomplete = (what: string): ApiError =>
  new ApiError(400, "IncompleteSignature", `The request signature does not conform to Aliyun standards: ${what}.`);

/** Reads the Authorization header. Other algorithms than ACS3-HMAC-SHA256 are not modelled. */
export const readAuthorization = (request: Received): Signed => {
  const header = request.headers.authorization;
  if (header === undefined) throw incomplete("no Authorization header");
  const found = /^ACS3-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/.exec(
    header,
  );
  if (found === null) throw incomplete("the Authorization header is not of ACS3-HMAC-SHA256");
  const [, accessKeyId = "", names = "", signature = ""] = found;
  return { accessKeyId, signedHeaders: names.split(";"), signature };
};

/** Every `x-acs-` header and `host` must be under the signature, and the body must be the one that was hashed. */
export const checkSigned = (request: Received, signed: Signed): void => {
  for (const name of ["host", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"]) {
    if (request.headers[name] === undefined) throw incomplete(`no ${name} header`);
  }
  const mustBeSigned = Object.keys(request.headers).filter((name) => name === "host" || name.startsWith("x-acs-"));
  for (const name of mustBeSigned) {
    if (!signed.signedHeaders.includes(name)) throw incomplete(`the header ${name} is not signed`);
  }
  for (const name of signed.signedHeaders) {
    if (request.headers[name] === undefined) throw incomplete(`the signed header ${name} is not there`);
  }
  if (request.headers["x-acs-content-sha256"] !== sha256(request.body)) {
    throw incomplete("x-acs-content-sha256 is not the hash of the body");
  }
};

export const checkSignature = (request: Received, signed: Signed, secret: string): void => {
  const canonical = canonicalRequest(request, signed.signedHeaders, sha256(request.body));
  const expected = createHmac("sha256", secret)
    .update(`${algorithm}\n${sha256(canonical)}`)
    .digest();
  if (!timingSafeEqual(expected, Buffer.from(signed.signature, "hex"))) {
    throw new ApiError(
      400,
      "SignatureDoesNotMatch",
      "Specified signature does not match our calculation. Please check your signature method.",
    );
  }
};
