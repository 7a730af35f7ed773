/** What is wrong with a secret that the environment holds, never quoting it; undefined where nothing is to be seen. */
export type ProblemOf = (secret: string) => string | undefined;

const loopback = ["127.0.0.1", "localhost", "[::1]"];

/** An address to post to: `https://`, or plain HTTP towards this machine. */
export const addressProblem: ProblemOf = (address) => {
  if (!URL.canParse(address)) return "is not a URL";
  const { protocol, hostname } = new URL(address);
  if (protocol === "https:" || (protocol === "http:" && loopback.includes(hostname))) return undefined;
  return "must start with `https://`";
};

/** The address of a DingTalk robot. */
export const robotAddressProblem: ProblemOf = (address) =>
  addressProblem(address) ??
  ((new URL(address).searchParams.get("access_token") ?? "") === "" ? "has no `access_token`" : undefined);

/** A signing secret of Standard Webhooks. */
export const webhookSecretProblem: ProblemOf = (secret) => {
  const encoded = secret.startsWith("whsec_") ? secret.slice("whsec_".length) : "";
  const { length } = Buffer.from(encoded, "base64");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) && length >= 24 && length <= 64
    ? undefined
    : "must be `whsec_` and 24 to 64 bytes in base64";
};
