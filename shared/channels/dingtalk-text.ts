import type { Language, Severity } from "../domain/finding.ts";
import type { Message } from "../domain/message.ts";
import { dingtalkName, textOf } from "./neutralise.ts";

/** The robot refuses a longer body (error 460101). */
export const longestBody = 20_000;

type Words = {
  readonly severity: { readonly [name in Severity]: string };
  readonly incident: string;
  readonly message: string;
  readonly cut: string;
  readonly minimal: string;
};

const words: { readonly [language in Language]: Words } = {
  en: {
    severity: { critical: "Critical", high: "High", medium: "Medium", low: "Low", info: "Info" },
    incident: "Incident",
    message: "Message",
    cut: "… (cut: too long for this channel, the incident has all of it)",
    minimal: "An incident was recorded. The channel did not accept its details: read them in the incident.",
  },
  "zh-CN": {
    severity: { critical: "严重", high: "高危", medium: "中危", low: "低危", info: "提示" },
    incident: "事件",
    message: "消息",
    cut: "……（内容过长已截断，完整内容请查看事件）",
    minimal: "已记录一个事件。该渠道未接受其详细内容，请在事件中查看。",
  },
};

const marks: { readonly [name in Severity]: string } = {
  critical: "🔴",
  high: "🟠",
  medium: "🟡",
  low: "🔵",
  info: "⚪",
};

export type DingtalkForm = {
  readonly language: Language;
  readonly keyword?: string | undefined;
  readonly atAll?: boolean | undefined;
  /** At most this many bytes of JSON. */
  readonly longest?: number;
};

/** A title is shown in the notification of a phone. */
const longestTitle = 100;

/**
 * The request body of a markdown message, at most `longest` bytes as sent. Too long a text is cut between characters
 * with a mark; the incident id and the message id are never cut.
 */
export const dingtalkBody = (message: Message, form: DingtalkForm): Buffer => {
  const said = words[form.language];
  const name = ourLine(textOf(message.title, dingtalkName));
  const title = `${withKeyword(form)}${marks[message.severity]} ${said.severity[message.severity]}: ${name}`;
  const fields = message.fields.map(({ label, value }) => `- **${label}**: ${ourLine(textOf(value, dingtalkName))}`);
  return fitted(title, [`#### ${title}`, fields.join("\n")].join("\n\n"), message, form);
};

/** A body without anything from outside, for when the robot refuses the text of the whole one. */
export const minimalBody = (message: Message, form: DingtalkForm): Buffer => {
  const said = words[form.language];
  const title = `${withKeyword(form)}${marks[message.severity]} ${said.severity[message.severity]}: RAM Warden`;
  return fitted(title, `#### ${title}\n\n${said.minimal}`, message, form);
};

const withKeyword = ({ keyword }: DingtalkForm): string =>
  keyword === undefined || keyword === "" ? "" : `${keyword} `;

/** Our own texts may be of several lines; inside a title or a list item they are of one. */
const ourLine = (text: string): string => text.replace(/\s*\n\s*/g, " ");

const fitted = (title: string, text: string, message: Message, form: DingtalkForm): Buffer => {
  const said = words[form.language];
  const foot = `${said.incident} ${message.incidentId}  \n${said.message} ${message.id}`;
  const shortTitle = cutTo([...title], longestTitle);
  const body = (shown: string): Buffer =>
    Buffer.from(
      JSON.stringify({
        msgtype: "markdown",
        markdown: { title: shortTitle, text: `${shown}\n\n${foot}` },
        at: { isAtAll: form.atAll === true && message.severity === "critical" },
      }),
    );
  const longest = form.longest ?? longestBody;
  const whole = body(text);
  if (whole.length <= longest) return whole;
  const characters = [...text];
  const cut = (length: number): Buffer => body(`${closed(characters.slice(0, length).join(""))}\n\n${said.cut}`);
  let [fits, tooLong] = [0, characters.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (cut(middle).length <= longest) fits = middle;
    else tooLong = middle;
  }
  return cut(fits);
};

const cutTo = (characters: readonly string[], longest: number): string =>
  characters.length <= longest ? characters.join("") : closed(`${characters.slice(0, longest - 2).join("")}…`);

/** A cut inside a name leaves its bracket open. */
const closed = (text: string): string => (text.lastIndexOf("「") > text.lastIndexOf("」") ? `${text}」` : text);
