import { isJsonObject, type Json } from "./json.ts";

/** What is shown in place of a secret. */
export const hidden = "[redacted]";

/** Names, compared without case and punctuation, whose values are secret whatever they look like. */
const secretNames =
  /password|passwd|secret|token|signature|authorization|cookie|webhook|credential|privatekey|seed|qrcode|authenticationcode|assertion|apikey|accesskey$/;

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

/**
 * The value without the texts that stand under a secret name, at any depth. What a text looks like does not matter here:
 * for what we made ourselves, where a document or a name must stay exact. Numbers are settings, not secrets.
 */
export const withoutNamedSecrets = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(withoutNamedSecrets);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isSecretName(name) && typeof member === "string" ? hidden : withoutNamedSecrets(member),
    ]),
  );
};

/**
 * A secret name and its value in a text that is no JSON, such as the rest of a record that was cut off. What repeats is
 * bounded, so that no text takes long.
 */
const namedInText =
  /((?:password|passwd|secret|token|signature|credential|privatekey|seed|qrcode|authenticationcode|assertion|apikey)[\w-]{0,40}\\{0,8}["']?\s{0,8}[:=]\s{0,8}\\{0,8}["']?)[^\s"'\\,;&}]+/gi;

const parsed = (text: string): Json | undefined => {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

/**
 * What came from outside and was not understood, with secrets taken out: by name and by shape, in JSON within texts as
 * well. More may go than had to: nothing is known of its form.
 */
export const redactForeign = (value: Json, depth = 8): Json => {
  if (typeof value === "string") {
    const inner = depth === 0 ? undefined : parsed(value);
    return inner === undefined
      ? redactText(value.replace(namedInText, `$1${hidden}`))
      : JSON.stringify(redactForeign(inner, depth - 1));
  }
  if (Array.isArray(value)) return value.map((member) => redactForeign(member, depth));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      redactText(name),
      isSecretName(name) && member !== null && typeof member !== "boolean" ? hidden : redactForeign(member, depth),
    ]),
  );
};
