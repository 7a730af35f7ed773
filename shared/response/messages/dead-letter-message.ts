import type { Language } from "../../domain/finding.ts";
import type { Message, Span } from "../../domain/message.ts";
import type { Telling } from "../../domain/settings.ts";
import type { DeadLetter } from "../../ledger/dead-letters.ts";

type Words = {
  readonly title: (count: number) => string;
  readonly where: string;
  readonly more: (count: number) => string;
  readonly next: string;
  readonly kept: string;
};

const words: { readonly [language in Language]: Words } = {
  en: {
    title: (count) =>
      count === 1 ? "Record that could not be understood" : `${count} records that could not be understood`,
    where: "record",
    more: (count) => `and ${count} more`,
    next: "next",
    kept: "nothing in it was judged: see `warden dead list`, and `warden dead replay` when it can be read",
  },
  "zh-CN": {
    title: (count) => (count === 1 ? "无法理解的记录" : `${count} 条无法理解的记录`),
    where: "记录",
    more: (count) => `另有 ${count} 条`,
    next: "下一步",
    kept: "其中内容均未判定：请查看 `warden dead list`，可读取后执行 `warden dead replay`",
  },
};

/** As many records as a person reads. */
const shown = 5;

/** What is told about records that could not be understood: where and why, never what they hold. */
export const deadLetterMessage = ({ id, at, count, records }: DeadLetter, { language }: Telling): Message => {
  const said = words[language];
  const outside = (text: string): Span => ({ untrusted: text.slice(0, 200) });
  const first = records.slice(0, shown);
  return {
    id: `dead-${id}`,
    incidentId: `dead-${id}`,
    severity: "medium",
    title: [said.title(count)],
    fields: [
      ...first.map(({ where, reason }) => ({ label: said.where, value: [outside(where), ": ", outside(reason)] })),
      ...(count > first.length ? [{ label: said.where, value: [said.more(count - first.length)] }] : []),
      { label: said.next, value: [said.kept] },
    ],
    data: {
      deadLetter: id,
      at,
      count,
      records: first.map(({ where, reason }) => ({ where: where.slice(0, 200), reason: reason.slice(0, 200) })),
    },
  };
};
