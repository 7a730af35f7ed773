import { isJsonObject, type Json } from "../domain/json.ts";

const hidden = "[redacted]";

/** Names, compared without case and punctuation, whose values are secret whatever they look like. */
const secretNames =
  /password|passwd|secret|token|signature|authorization|cookie|webhook|credential|privatekey|seed|apikey|accesskey$/;

/** Names that the list above would take by accident, and that say nothing secret. */
const plainNames = new Set(["nexttoken", "tokencount", "webhookid"]);

const isSecretName = (name: string): boolean => {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return secretNames.test(plain) && !plainNames.has(plain);
};

/** What a secret looks like inside a text, and what is shown in its place. The order matters: whole URLs come first. */
const secretShapes: readonly (readonly [RegExp, string])[] = [
  // A URL's user, query and fragment carry tokens; so do long path segments of the chat services' webhooks.
  [/\b(https?|wss?):\/\/[^\s"'<>`]+/gi, "url"],
  [/\bBearer\s+[\w.~+/=-]{8,}/gi, `Bearer ${hidden}`],
  [
    /\b(access_?token|security_?token|sts_?token|access_?key_?secret|client_?secret|secret|password|passwd|signature|sign|sig|token)(["'\\]*\s*[:=]\s*["'\\]*)[^\s"'\\,;&}]+/gi,
    `$1$2${hidden}`,
  ],
  [/\bSTS\.[A-Za-z0-9]{8,}/g, hidden],
  // STS security tokens are base64 and start so.
  [/\bCAI[A-Za-z][A-Za-z0-9+/]{16,}={0,2}/g, hidden],
  [/\bSEC[A-Za-z0-9]{16,}/g, hidden],
  [/\bwhsec_[A-Za-z0-9+/=]{8,}/g, hidden],
  // An AccessKey secret is 30 letters and digits of mixed case; a name of that form is lost from a log with it.
  [
    /(?<![A-Za-z0-9])(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])(?=[A-Za-z0-9]*[0-9])[A-Za-z0-9]{30}(?![A-Za-z0-9])/g,
    hidden,
  ],
];

const shownUrl = (url: string): string => {
  const [, scheme = "", authority = "", path = ""] = /^(\w+:\/\/)([^/?#]*)([^?#]*)/.exec(url) ?? [];
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const shownPath = path.replace(/[\w=%.~-]{8,}/g, (part) => (/\d/.test(part) ? "…" : part));
  return `${scheme}${host}${shownPath}${url.length > scheme.length + authority.length + path.length ? "?…" : ""}`;
};

/** The text with everything that looks like a secret taken out. */
export const redactText = (text: string): string =>
  secretShapes.reduce(
    (shown, [shape, instead]) => (instead === "url" ? shown.replace(shape, shownUrl) : shown.replace(shape, instead)),
    text,
  );

/** The value with secrets taken out: by the name of a member, and by the shape of a text, at any depth. */
export const redact = (value: Json): Json => {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isSecretName(name) && member !== null && typeof member !== "boolean" ? hidden : redact(member),
    ]),
  );
};
