import type { Language, Severity } from "../domain/finding.ts";
import { severityRank } from "../domain/finding.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Message, Span } from "../domain/message.ts";

/** Messages to a digest: 40 titles stay well below the smallest channel's limit of bytes. */
export const digestLines = 40;
/** From this many on they are summed up: the worst are named, the others counted, so that a storm is a few messages. */
export const sumFrom = 3 * digestLines + 1;
/** Messages to one sum. */
export const sumSize = 500;
/** Messages to a digest that lists ids: that many are below the limit of bytes as well. */
export const listSize = 250;
/** Ids to a line of a digest, which a reader can still take in. */
const idsInLine = 20;

export type DigestForm = {
  /** For how long the oldest of them could not be told, milliseconds: then all are listed by their ids at least. */
  readonly lateMs?: number;
  /** By their ids alone, as a name among them was refused. */
  readonly plain?: boolean;
};

/** Many messages as one: their titles, the worst first; of very many, the worst by title and the others by number. */
export const digestMessage = (
  messages: readonly Message[],
  language: Language,
  { lateMs, plain = false }: DigestForm = {},
): Message => {
  const sorted = [...messages].sort((a, b) => severityRank(b.severity) - severityRank(a.severity));
  const [worst] = sorted;
  const named = plain ? 0 : sorted.length < sumFrom ? sorted.length : digestLines;
  const rest = sorted.slice(named);
  return {
    id: `digest-${messages.map((message) => message.id).sort()[0] ?? ""}-${messages.length}`,
    incidentId: worst?.incidentId ?? "",
    severity: worst?.severity ?? "info",
    together: sorted.map(({ incidentId }) => incidentId),
    title: [lateMs === undefined ? titles[language](sorted.length) : lateTitles[language](sorted.length, lateMs)],
    fields: [
      ...sorted.slice(0, named).map(({ severity, title: [...spans], incidentId }) => ({
        label: severity,
        value: [...spans, ` (${incidentId})`],
      })),
      ...(plain ? [{ label: plainLabel[language], value: [plainText[language]] }] : []),
      ...(lateMs === undefined && !plain ? countedFields(rest, language) : listedFields(rest)),
    ],
    data: { incidents: sorted.map(inShort) },
  };
};

const plainLabel: { readonly [language in Language]: string } = { en: "Note", "zh-CN": "说明" };
const plainText: { readonly [language in Language]: string } = {
  en: "the channel did not accept a name among them; `warden incidents` has all of them",
  "zh-CN": "该渠道未接受其中的某个名称；请用 `warden incidents` 查看全部内容",
};

const titles: { readonly [language in Language]: (count: number) => string } = {
  en: (count) => `RAM Warden: ${count} incidents`,
  "zh-CN": (count) => `RAM Warden：${count} 个事件`,
};

const lateTitles: { readonly [language in Language]: (count: number, ms: number) => string } = {
  en: (count, ms) => `RAM Warden: ${count} incidents could not be told for ${lasting.en(ms)}`,
  "zh-CN": (count, ms) => `RAM Warden：${count} 个事件延迟 ${lasting["zh-CN"](ms)}告警`,
};

const hourMs = 3_600_000;

const lasting: { readonly [language in Language]: (ms: number) => string } = {
  en: (ms) => (ms < 48 * hourMs ? `${Math.floor(ms / hourMs)} hours` : `${Math.floor(ms / (24 * hourMs))} days`),
  "zh-CN": (ms) => (ms < 48 * hourMs ? `${Math.floor(ms / hourMs)} 小时` : `${Math.floor(ms / (24 * hourMs))} 天`),
};

const more: { readonly [language in Language]: (count: number) => string } = {
  en: (count) => `${count} more, to be read with \`warden incidents\``,
  "zh-CN": (count) => `另有 ${count} 个，请用 \`warden incidents\` 查看`,
};

const severitiesOf = (messages: readonly Message[]): readonly Severity[] => [
  ...new Set(messages.map(({ severity }) => severity)),
];

/** How many more there are of each severity, the worst first. */
const countedFields = (rest: readonly Message[], language: Language): Message["fields"] =>
  severitiesOf(rest).map((severity) => ({
    label: severity,
    value: [more[language](rest.filter((one) => one.severity === severity).length)],
  }));

/** The incidents by their ids alone, the worst first. */
const listedFields = (messages: readonly Message[]): Message["fields"] =>
  severitiesOf(messages).flatMap((severity) => {
    const ids = messages.filter((one) => one.severity === severity).map(({ incidentId }) => incidentId);
    return Array.from({ length: Math.ceil(ids.length / idsInLine) }, (_, at) => ({
      label: severity,
      value: [ids.slice(at * idsInLine, (at + 1) * idsInLine).join(", ")],
    }));
  });

/** A title in a digest's data: 40 of them stay well below what a receiver takes. */
const longestTitle = 100;

const inShort = ({ id, incidentId, severity, title, data }: Message): JsonObject => ({
  messageId: id,
  incidentId,
  severity,
  ...(data.outcome === undefined ? {} : { outcome: data.outcome }),
  title: title
    .map((span) => (typeof span === "string" ? span : span.untrusted))
    .join("")
    .slice(0, longestTitle),
});

const marked = (message: Message, mark: Span): Message => ({ ...message, title: [mark, ...message.title] });

const repeatMark: { readonly [language in Language]: string } = {
  en: "[may be a repeat] ",
  "zh-CN": "[可能重复] ",
};

/** What may have been told before says so, so that people do not take it for a second change. */
export const markedAsRepeat = (message: Message, language: Language): Message => marked(message, repeatMark[language]);

const lateMark: { readonly [language in Language]: (ms: number) => string } = {
  en: (ms) => `[could not be told for ${lasting.en(ms)}] `,
  "zh-CN": (ms) => `[延迟 ${lasting["zh-CN"](ms)}告警] `,
};

/** What comes hours late says so, so that people do not take it for news. */
export const markedAsLate = (message: Message, language: Language, ms: number): Message =>
  marked(message, lateMark[language](ms));

const movedMark: { readonly [language in Language]: (channel: string) => string } = {
  en: (channel) => `[was for \`${channel}\`, which is not in the settings any more] `,
  "zh-CN": (channel) => `[原渠道 \`${channel}\` 已不在配置中] `,
};

/** What waited for a channel that is gone says for which, as people may see it in two places. */
export const markedAsMoved = (message: Message, language: Language, channel: string): Message =>
  marked(message, movedMark[language](channel));
