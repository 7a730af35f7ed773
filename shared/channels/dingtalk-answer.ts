import { isJsonObject } from "../domain/json.ts";
import type { SendOutcome } from "../domain/message.ts";
import { type Posted, retryAfterMs } from "./post.ts";

/** What to do about an answer: an outcome, or another form of the same message, once. */
export type DingtalkVerdict =
  | SendOutcome
  | { readonly kind: "send-shorter"; readonly because: string }
  | { readonly kind: "send-minimal"; readonly because: string };

const tooFastMs = 60_000;

/**
 * Reads the robot's answer. It answers HTTP 200 for failures too, so only `errcode` 0 is success, and an answer without
 * one is never success. Nothing of the answer's own text goes into the outcome.
 */
export const dingtalkVerdict = (posted: Posted, now: number): DingtalkVerdict => {
  switch (posted.kind) {
    case "refused-address":
      return { kind: "rejected", because: "the robot's address is not public" };
    case "not-sent":
      return { kind: "retry", afterMs: 30_000, because: posted.because };
    case "unknown":
      return { kind: "unknown", because: posted.because };
    case "answered":
      return answered(posted, now);
  }
};

const answered = (posted: Posted & { kind: "answered" }, now: number): DingtalkVerdict => {
  const { status } = posted;
  if (status === 429)
    return { kind: "retry", afterMs: retryAfterMs(posted.retryAfter, now) ?? tooFastMs, because: "HTTP status `429`" };
  if (status >= 500) return { kind: "unknown", because: `HTTP status \`${status}\`` };
  if (status < 200 || status >= 300) return { kind: "rejected", because: `HTTP status \`${status}\`` };
  const answer = parsed(posted.text);
  if (!isJsonObject(answer)) return { kind: "unknown", because: "the answer was not JSON" };
  const code = integer(answer.errcode);
  if (code !== undefined) return byCode(code, typeof answer.errmsg === "string" ? answer.errmsg : "");
  // The gateway's own page for a caller that is too fast has no errcode.
  const wait = integer(answer.wait);
  if (answer.status === 1111 || answer.punish !== undefined)
    return {
      kind: "retry",
      afterMs: Math.min(Math.max(wait ?? 60, 1), 86_400) * 1000,
      because: "throttled by the gateway",
    };
  return { kind: "unknown", because: "the answer had no `errcode`" };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const integer = (value: unknown): number | undefined => {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  return typeof value === "string" && /^-?\d{1,9}$/.test(value) ? Number(value) : undefined;
};

const meanings: { readonly [code: number]: string } = {
  300001: "the robot's token is unknown",
  300005: "the robot's token is unknown",
  400101: "the robot's token is unknown",
  400013: "the group is dissolved",
  400102: "the robot is stopped",
  400106: "the robot is not in the group",
  40035: "a parameter is missing",
  43002: "not a POST",
  43004: "wrong content type",
  400105: "unknown message type",
  90030: "the robot's quota is used up",
};

const byCode = (code: number, text: string): DingtalkVerdict => {
  const because = `errcode \`${code}\``;
  switch (code) {
    case 0:
      return { kind: "sent" };
    case -1:
      return { kind: "retry", afterMs: 30_000, because: `${because}: system busy` };
    case 130101:
    case 410100:
    case 302033:
      return { kind: "retry", afterMs: tooFastMs, because: `${because}: too fast` };
    case 310000:
      return { kind: "rejected", because: `${because}: ${securityCheck(text)}` };
    case 460101:
      return { kind: "send-shorter", because: `${because}: too long` };
    case 430101:
    case 430102:
    case 430103:
    case 430104:
      return { kind: "send-minimal", because: `${because}: the content was found unsuitable` };
  }
  const meaning = meanings[code];
  if (meaning !== undefined) return { kind: "rejected", because: `${because}: ${meaning}` };
  if (/too fast|exceed|limit|限流/i.test(text)) return { kind: "retry", afterMs: tooFastMs, because };
  return { kind: "rejected", because };
};

/** One code has three causes; only the text tells them apart. */
const securityCheck = (text: string): string => {
  if (/keyword|关键词/i.test(text)) return "the configured keyword is not the robot's";
  if (/sign|timestamp|签名/i.test(text)) return "the signature does not match: check the secret and the clock";
  if (/\bip\b|whitelist|白名单/i.test(text)) return "this address is not on the robot's list";
  return "the robot's security check failed";
};
