import { createHmac } from "node:crypto";
import type { JsonObject } from "../domain/json.ts";
import type { Message, SendOutcome } from "../domain/message.ts";
import type { Channel, Clock } from "../ports/world.ts";
import { oneVisibleLine, textOf } from "./neutralise.ts";
import { type Post, type Posted, post as postOverHttp, retryAfterMs } from "./post.ts";

export type WebhookOptions = {
  readonly url: string;
  /** `whsec_…`: one, or while keys are changed the new one and the old. Never none. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  /** For local use: plain HTTP, and addresses that are not public. */
  readonly allowPrivate?: boolean | undefined;
  /** 15 s where absent. */
  readonly timeoutMs?: number;
  readonly post?: Post;
};

const longestBody = 20_000;
const firstRetryMs = 5000;

/**
 * Any receiver of Standard Webhooks 1.0.0. Throws where the address or a secret is not of the right form.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const webhookChannel = (options: WebhookOptions): Channel => {
  const url = checkedAddress(options);
  const keys = options.secrets.map(keyOf);
  if (keys.length === 0) throw new Error("a webhook needs at least one secret");
  const post = options.post ?? postOverHttp;

  const send = async (message: Message): Promise<SendOutcome> => {
    const now = options.clock.now();
    const id = webhookId(message.id);
    const timestamp = String(Math.floor(now / 1000));
    const body = webhookBody(message, now);
    const signatures = keys.map((key) => {
      const signature = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
      return `v1,${signature}`;
    });
    const posted = await post({
      url,
      headers: {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "ram-warden",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signatures.join(" "),
      },
      body,
      timeoutMs: options.timeoutMs ?? 15_000,
      publicOnly: options.allowPrivate !== true,
    });
    return outcome(posted, options.clock.now());
  };
  return { name: "webhook", send };
};

/** The same for each attempt. The signed content is cut at points, so the id may hold none. */
const webhookId = (id: string): string =>
  id.replace(/[^A-Za-z0-9_-]/gu, (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}_`);

/**
 * The message as data; without its details where they are too long, but never without the incidents that a digest lists.
 * What is left out can be read in the incident.
 */
const webhookBody = (message: Message, now: number): Buffer => {
  const body = (details: Message["data"]): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: "ram.incident",
        timestamp: new Date(now).toISOString(),
        data: {
          messageId: message.id,
          incidentId: message.incidentId,
          severity: message.severity,
          title: oneVisibleLine(textOf(message.title, oneVisibleLine), 1000),
          details,
        },
      }),
    );
  const whole = body(message.data);
  if (whole.length <= longestBody) return whole;
  const listed = message.data.incidents;
  return body(Array.isArray(listed) ? { cut: true, incidents: listed.flatMap(named) } : { cut: true });
};

/** A digest lists at most 40 incidents: by these names alone they are far from too long. */
const named = (incident: unknown): JsonObject[] => {
  if (typeof incident !== "object" || incident === null) return [];
  return [
    Object.fromEntries(
      Object.entries(incident).filter(([name]) => ["messageId", "incidentId", "severity", "outcome"].includes(name)),
    ) as JsonObject,
  ];
};

const outcome = (posted: Posted, now: number): SendOutcome => {
  switch (posted.kind) {
    case "refused-address":
      return { kind: "rejected", because: "the webhook's address is not public" };
    case "not-sent":
      return { kind: "retry", afterMs: firstRetryMs, because: posted.because };
    case "unknown":
      return { kind: "unknown", because: posted.because };
    case "answered": {
      const { status } = posted;
      const because = `HTTP status \`${status}\``;
      if (status >= 200 && status < 300) return { kind: "sent" };
      if (status === 410)
        return { kind: "rejected", because: `${because}: the endpoint is gone and should be disabled` };
      // A receiver knows a repeated message by its id, so what may have arrived can be sent again.
      if (status >= 500 || status === 429 || status === 408)
        return { kind: "retry", afterMs: retryAfterMs(posted.retryAfter, now) ?? firstRetryMs, because };
      return { kind: "rejected", because };
    }
  }
};

const checkedAddress = ({ url, allowPrivate }: WebhookOptions): URL => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) throw new Error("the webhook address is not a URL");
  if (parsed.protocol !== "https:" && !(parsed.protocol === "http:" && allowPrivate === true))
    throw new Error("the webhook address must start with `https://`");
  parsed.hash = "";
  return parsed;
};

const keyOf = (secret: string): Buffer => {
  const encoded = secret.startsWith("whsec_") ? secret.slice("whsec_".length) : "";
  const key = Buffer.from(encoded, "base64");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || key.length < 24 || key.length > 64)
    throw new Error("a webhook secret must be `whsec_` and 24 to 64 bytes in base64");
  return key;
};
