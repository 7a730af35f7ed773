import { createHmac } from "node:crypto";
import { dingtalkHosts } from "../domain/dingtalk-hosts.ts";
import type { Language } from "../domain/finding.ts";
import type { Message, SendOutcome } from "../domain/message.ts";
import type { Channel, Clock } from "../ports/world.ts";
import { dingtalkVerdict } from "./dingtalk-answer.ts";
import { type DingtalkForm, dingtalkBody, longestBody, minimalBody } from "./dingtalk-text.ts";
import { type Post, post as postOverHttp } from "./post.ts";

export type DingtalkOptions = {
  /** The robot's webhook address with its `access_token`: a credential. */
  readonly url: string;
  /** Of the security setting "sign", `SEC…`. */
  readonly secret?: string | undefined;
  /** Of the security setting "keyword": put in front of title and text. */
  readonly keyword?: string | undefined;
  /** Mentions everybody, for critical severity only. */
  readonly atAll?: boolean | undefined;
  readonly language: Language;
  readonly clock: Clock;
  /** A host besides DingTalk's own, for local use; over plain HTTP only where it is this machine. */
  readonly allowHost?: string | undefined;
  /** 10 s where absent. */
  readonly timeoutMs?: number;
  readonly post?: Post;
};

const unsuitable = ({ because }: { readonly because: string }): SendOutcome => ({
  kind: "rejected",
  because,
  content: true,
});

const loopback = ["127.0.0.1", "localhost", "[::1]"];

/**
 * A DingTalk group, by its custom robot. Throws where the address is not a robot's; neither the address nor the secret
 * is ever in an error or an outcome.
 */
export const dingtalkChannel = (options: DingtalkOptions): Channel => {
  const address = checkedAddress(options);
  const post = options.post ?? postOverHttp;
  const form: DingtalkForm = { language: options.language, keyword: options.keyword, atAll: options.atAll };

  const attempt = async (body: Buffer) => {
    const posted = await post({
      url: signed(address, options.secret, options.clock.now()),
      headers: { "content-type": "application/json; charset=utf-8" },
      body,
      timeoutMs: options.timeoutMs ?? 10_000,
      // The host is one of a short list already.
      publicOnly: false,
    });
    return dingtalkVerdict(posted, options.clock.now());
  };

  const send = async (message: Message): Promise<SendOutcome> => {
    const first = await attempt(dingtalkBody(message, form));
    if (first.kind !== "send-shorter" && first.kind !== "send-minimal") return first;
    // One name among many is unsuitable: a body without names would hide all of them.
    if (first.kind === "send-minimal" && message.together !== undefined) return unsuitable(first);
    const second = await attempt(
      first.kind === "send-shorter"
        ? dingtalkBody(message, { ...form, longest: longestBody / 2 })
        : minimalBody(message, form),
    );
    return second.kind === "send-shorter" || second.kind === "send-minimal" ? unsuitable(second) : second;
  };

  // The robot takes 20 a minute and then is silent for ten; the rest is kept for other senders on the same robot.
  return { name: "dingtalk", limit: { messages: 15, perMs: 60_000 }, send };
};

const checkedAddress = ({ url, allowHost }: DingtalkOptions): URL => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) throw new Error("the DingTalk webhook address is not a URL");
  const allowed = allowHost !== undefined && (parsed.host === allowHost || parsed.hostname === allowHost);
  if (!allowed && !dingtalkHosts.includes(parsed.hostname))
    throw new Error("the DingTalk webhook address names a host that is not DingTalk's");
  if (parsed.protocol !== "https:" && !(parsed.protocol === "http:" && allowed && loopback.includes(parsed.hostname)))
    throw new Error("the DingTalk webhook address must start with `https://`");
  if ((parsed.searchParams.get("access_token") ?? "") === "")
    throw new Error("the DingTalk webhook address has no `access_token`");
  return parsed;
};

/** Signed anew for each attempt: the robot takes a timestamp (ms) of the last hour only. */
const signed = (address: URL, secret: string | undefined, now: number): URL => {
  const url = new URL(address);
  url.hash = "";
  if (secret === undefined || secret === "") return url;
  const sign = createHmac("sha256", secret).update(`${now}\n${secret}`).digest("base64");
  url.search = `${url.search}&timestamp=${now}&sign=${encodeURIComponent(sign)}`;
  return url;
};
